// The form of a declaration: shares, totals and findings while someone types. It works without.
const form = document.getElementById("declaration");
const state = document.getElementById("save-state");
const PAUSE = 400; // milliseconds after the last key before the server is asked
let timer = 0;
let asked = 0;
let running = null; // the question that is under way
let isUnsaved = false;

const originalOf = (input) => form.elements[`o:${input.name.slice(2)}`]?.value.split("|").slice(1).join("|");
const typed = () => Array.from(form.querySelectorAll('[name^="c:"]'))
  .filter((input) => input.value.replace(/\r\n?/g, "\n").trim() !== (originalOf(input) || "").trim());

function body() {
  const sent = new FormData();
  ["csrfmiddlewaretoken", "unit"].forEach((name) => sent.append(name, form.elements[name].value));
  typed().forEach((input) => {
    sent.append(input.name, input.value);
    sent.append(`o:${input.name.slice(2)}`, form.elements[`o:${input.name.slice(2)}`].value);
  });
  return sent;
}

async function ask() {
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: body() });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const found = await answer.json();
    if (mine === asked) show(found);
  } catch {
    if (mine === asked) state.textContent = "暂时不能核对，填写的内容不受影响，请保存。";
  }
}

function show(found) {
  form.querySelectorAll("[data-figure]").forEach((cell) => {
    const text = found.derived[cell.dataset.figure];
    if (text !== undefined) cell.textContent = text;
  });
  form.querySelectorAll('[name^="c:"]').forEach((input) => {
    setError(input, found.errors[input.name.slice(2)] || "");
  });
  document.getElementById("declaration-findings").innerHTML = found.findings;
  document.getElementById("progress").textContent = found.progress;
}

function setError(input, words) {
  input.setAttribute("aria-invalid", words ? "true" : "false");
  let note = input.parentElement.querySelector(".cell-error");
  if (!words) note?.remove();
  else {
    if (!note) {
      note = document.createElement("small");
      note.className = "cell-error";
      input.parentElement.append(note);
    }
    note.textContent = words;
  }
}

form.addEventListener("input", () => {
  const count = typed().length;
  isUnsaved = count > 0;
  state.textContent = count ? `有 ${count} 处未保存` : "没有未保存的修改";
  clearTimeout(timer);
  timer = setTimeout(() => { running = ask().finally(() => { running = null; }); }, PAUSE);
});
// A question under way would write the session back as it was before saving, and lose the message.
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  isUnsaved = false;
  if (!running) return;
  event.preventDefault();
  await running;
  form.requestSubmit(event.submitter);
});
addEventListener("beforeunload", (event) => { if (isUnsaved) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.requestSubmit();
  }
});
