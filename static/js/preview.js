// The preview keeps up with what is filed: sections below are fetched when they come near, and
// after an edit, here or in another window, those that say something else are drawn again.
(() => {
  "use strict";
  const form = document.getElementById("preview");
  if (!form) return;
  const LOOK = 3000; // milliseconds between two looks at a page that is in sight
  const NEAR = "1200px";
  const revision = form.elements.revision;
  const state = document.getElementById("preview-state");
  const elsewhere = document.getElementById("elsewhere");
  const sections = new Map();
  document.querySelectorAll("[data-anchor]").forEach((each) => sections.set(each.dataset.anchor, each));
  let looking = false;

  function draw(found) {
    const section = sections.get(found.anchor);
    if (!section) return null;
    section.innerHTML = found.html;
    section.dataset.fingerprint = found.fingerprint;
    delete section.dataset.waiting;
    return section;
  }

  async function fetchSections(anchors) {
    const wanted = anchors.filter((anchor) => sections.get(anchor)?.dataset.waiting === "");
    if (!wanted.length) return;
    wanted.forEach((anchor) => { sections.get(anchor).dataset.waiting = "asked"; });
    const query = new URLSearchParams(wanted.map((anchor) => ["section", anchor]));
    try {
      const answer = await fetch(`${form.dataset.sections}?${query}`);
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      (await answer.json()).sections.forEach(draw);
    } catch {
      wanted.forEach((anchor) => { sections.get(anchor).dataset.waiting = ""; });
    }
  }

  const observer = new IntersectionObserver((entries) => {
    const near = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    near.forEach((section) => observer.unobserve(section));
    fetchSections(near.map((section) => section.dataset.anchor));
  }, { rootMargin: NEAR });
  document.querySelectorAll("[data-waiting]").forEach((section) => observer.observe(section));

  async function jump() {
    const anchor = decodeURIComponent(location.hash.slice(1));
    if (!anchor) return;
    await fetchSections([anchor.split("b")[0]]);
    const place = document.getElementById(anchor);
    document.querySelectorAll(".found").forEach((each) => each.classList.remove("found"));
    if (!place) return;
    if (/b\d+/.test(anchor)) place.classList.add("found");
    place.scrollIntoView({ block: "center" });
    const target = place.matches("a, [tabindex]") ? place : place.querySelector("a");
    target?.focus({ preventScroll: true });
  }
  addEventListener("hashchange", jump);
  jump();

  async function look() {
    if (looking || document.hidden) return;
    looking = true;
    try {
      const body = new FormData(form);
      const shown = [...sections.values()].filter((section) => !("waiting" in section.dataset));
      body.set("seen", JSON.stringify(Object.fromEntries(
        shown.map((section) => [section.dataset.anchor, section.dataset.fingerprint]))));
      const answer = await fetch(form.action, { method: "POST", body });
      if (answer.ok && !answer.redirected && answer.status !== 204) show(await answer.json());
    } catch {
      state.textContent = "暂时连不上，稍后再试";
    } finally {
      looking = false;
    }
  }

  function show(found) {
    if (found.order.join() !== [...sections.keys()].join()) {
      location.reload();
      return;
    }
    revision.value = found.revision;
    elsewhere.innerHTML = found.elsewhere;
    document.querySelectorAll(".changed").forEach((each) => each.classList.remove("changed"));
    found.sections.forEach((each) => draw(each)?.classList.add("changed"));
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    state.textContent = `${time} 已更新 ${found.sections.length} 节`;
  }

  setInterval(look, LOOK);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
})();
