// Comforts of the self-evaluation form, which works without them: a warning before what was typed
// is lost, saving by keyboard, and the score of what is being typed.
(() => {
  "use strict";
  const form = document.querySelector("form[data-unsaved]");
  if (!form) return;
  const PAUSE = 400; // milliseconds after the last key
  let unsaved = false;
  let timer = 0;
  let asked = 0;

  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      if (form.querySelector("button[type=submit]")) form.requestSubmit();
    }
  });
  form.addEventListener("submit", () => { unsaved = false; clearTimeout(timer); });
  form.addEventListener("input", () => {
    unsaved = true;
    clearTimeout(timer);
    if (form.dataset.check) timer = setTimeout(check, PAUSE);
  });

  async function check() {
    const mine = ++asked;
    let found;
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) });
      if (!answer.ok) return;
      found = await answer.json();
    } catch {
      return; // no network: the score stays as it was, saving will say so
    }
    if (mine === asked) show(found);
  }

  function show(found) {
    document.querySelectorAll("[data-part]").forEach((part) => {
      const html = found.parts[part.dataset.part];
      if (html === undefined) return;
      const open = part.querySelector("details")?.open;
      part.innerHTML = html;
      const details = part.querySelector("details");
      if (open && details) details.open = true;
    });
    found.asking.forEach((key) => {
      const fold = form.querySelector(`details[data-row="${CSS.escape(key)}"]`);
      if (fold) fold.open = true;
    });
    form.querySelectorAll(".results tbody").forEach((row) => {
      row.classList.toggle("asked", found.questions.includes(row.id));
    });
    form.querySelectorAll("[name]").forEach((field) => {
      const wrong = found.errors[field.name];
      field.toggleAttribute("aria-invalid", Boolean(wrong));
      field.title = wrong ? wrong.join("") : "";
    });
    form.querySelector("[data-unsaved-mark]").hidden = false;
  }
})();
