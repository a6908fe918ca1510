// The ledger of reasons: adds rows on the spot and asks the server what they explain and leave open.
// Without it the same buttons give the page back with the row.
(() => {
  "use strict";
  const form = document.getElementById("words");
  const template = document.getElementById("reason-row");
  const total = form && form.querySelector('[name="reason-TOTAL_FORMS"]');
  if (!form || !form.dataset.check || !template || !total) return;
  const PAUSE = 400; // milliseconds after the last key
  let timer = 0;
  let asked = 0;

  function add(account, button) {
    const number = total.value;
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number);
    const row = holder.firstElementChild;
    const field = (name) => row.querySelector(`[name="reason-${number}-${name}"]`);
    field("subject").value = account.dataset.subject;
    field("amount").value = button.dataset.amount || "";
    field("text").value = button.dataset.text || "";
    total.value = String(Number(number) + 1);
    account.querySelector("[data-rows]").append(row);
    field(button.dataset.text ? "text" : "kind").focus();
    check();
  }

  async function check() {
    const mine = ++asked;
    let found;
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) });
      if (!answer.ok || answer.redirected) return;
      found = await answer.json();
    } catch {
      return; // no network: the sums stay as they were, saving will say so
    }
    if (mine !== asked) return;
    form.querySelectorAll("[data-subject]").forEach((account) => {
      const line = account.querySelector("[data-account]");
      const html = found.parts[account.dataset.subject];
      if (line && html !== undefined) line.innerHTML = html;
    });
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add]");
    if (!button) return;
    event.preventDefault();
    add(button.closest("[data-subject]"), button);
  });
  form.addEventListener("input", (event) => {
    if (!event.target.closest("[data-rows]")) return;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  });
})();
