// The panel of one cell: how it is computed, its history, its note; and jumps to cells.
import { cellOf, enter, table } from "./grid.js";
import { flush } from "./save.js";

const panel = document.getElementById("cell-panel");
let opener = null;

function fill(html) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "关闭";
  close.addEventListener("click", shut);
  panel.innerHTML = html;
  panel.prepend(close);
  panel.hidden = false;
}

function shut() {
  panel.hidden = true;
  panel.replaceChildren();
  opener?.focus();
}

async function load(address, options) {
  try {
    const answer = await fetch(address, options);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    fill(await answer.text());
    return true;
  } catch {
    if (panel.hidden) fill("<p>暂时不能显示，请稍后再试。</p>");
    return false;
  }
}

async function show(link) {
  opener = link.closest("td, tr").querySelector('input[type="text"]') || link;
  await flush();
  await load(`${link.href}&part=1`);
  panel.focus();
}

/** The panel of a cell, or where cells have none, of its row. */
export function about(input) {
  const link = cellOf(input).querySelector(".about") || input.closest("tr").querySelector(".about");
  if (link && !link.hidden) show(link);
}

async function saveNote(form) {
  const isSaved = await load(`${form.action}&part=1`, { method: "POST", body: new FormData(form) });
  const note = panel.querySelector("#note");
  if (isSaved && note && opener) opener.closest("td").classList.toggle("noted", note.value !== "");
}

/** Go to a cell of this page and into its input. */
export function jump(hash) {
  const cell = hash.startsWith("#cell-") && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!cell) return false;
  const input = cell.querySelector('input[type="text"]');
  cell.scrollIntoView({ block: "center", inline: "center" });
  table.querySelector(".jumped")?.classList.remove("jumped");
  cell.classList.add("jumped");
  if (input) enter(input);
  else cell.focus();
  return true;
}

export function listen() {
  table.addEventListener("click", (event) => {
    const link = event.target.closest(".about");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(link);
  });
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    saveNote(event.target);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
  });
  window.addEventListener("hashchange", () => jump(location.hash));
  // The browser itself puts the focus on the cell, not into its input, and does so late.
  window.addEventListener("load", () => setTimeout(() => jump(location.hash), 0));
}
