// Look-ups: what an input offers is searched by code or by name, and chosen with the arrow keys.
import { isCell, table } from "./grid.js";

const MOST = 50;
const box = document.createElement("ul");
box.id = "choices";
box.className = "choices";
box.setAttribute("role", "listbox");
box.hidden = true;
let input = null;

const options = (of) => Array.from(document.getElementById(of.dataset.choices)?.options || [], (each) => each.value);
const active = () => box.querySelector('[aria-selected="true"]');

/** What begins with the words comes first, then what has them within. */
function found(of, words) {
  const wanted = words.trim().toLowerCase();
  const all = options(of);
  if (!wanted) return all.slice(0, MOST);
  const holds = all.filter((text) => text.toLowerCase().includes(wanted));
  const begins = holds.filter((text) => text.toLowerCase().startsWith(wanted));
  return [...new Set([...begins, ...holds])].slice(0, MOST);
}

function open(of, words) {
  const texts = found(of, words);
  if (!texts.length || (texts.length === 1 && texts[0] === of.value)) {
    shut();
    return;
  }
  input = of;
  box.replaceChildren(...texts.map((text, at) => {
    const made = document.createElement("li");
    made.id = `choice-${at}`;
    made.setAttribute("role", "option");
    made.textContent = text;
    return made;
  }));
  box.hidden = false;
  place();
  input.setAttribute("aria-expanded", "true");
}

function place() {
  const at = input.getBoundingClientRect();
  const isLow = at.bottom + 260 > innerHeight && at.top > 260;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${isLow ? at.top - box.offsetHeight : at.bottom}px`;
}

function shut() {
  box.hidden = true;
  input?.setAttribute("aria-expanded", "false");
  input?.removeAttribute("aria-activedescendant");
  input = null;
}

function step(by) {
  const all = Array.from(box.children);
  const at = all.indexOf(active());
  const next = all[(at + by + all.length + (at < 0 && by < 0 ? 1 : 0)) % all.length];
  active()?.setAttribute("aria-selected", "false");
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", next.id);
}

function choose(option) {
  const of = input;
  shut();
  of.value = option.textContent;
  of.dispatchEvent(new Event("input", { bubbles: true }));
  shut();
}

function onKey(event) {
  const of = event.target;
  if (!isCell(of) || !of.dataset.choices || event.isComposing) return;
  const isOpen = !box.hidden && input === of;
  if (!isOpen) {
    if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault();
      event.stopPropagation();
      open(of, "");
    }
    return;
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Escape") shut();
  else if ((event.key === "Enter" || event.key === "Tab") && active()) {
    choose(active());
    if (event.key === "Tab") return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function prepare(of) {
  if (!of.hasAttribute("list")) return;
  of.dataset.choices = of.getAttribute("list");
  of.removeAttribute("list"); // the browser's own list does not go with the keys of the grid
  of.setAttribute("role", "combobox");
  of.setAttribute("aria-autocomplete", "list");
  of.setAttribute("aria-controls", box.id);
  of.setAttribute("aria-expanded", "false");
}

export function listen() {
  document.body.append(box);
  table.querySelectorAll("input[list]").forEach(prepare);
  document.getElementById("blank-row").content.querySelectorAll("input[list]").forEach(prepare);
  table.addEventListener("keydown", onKey);
  table.addEventListener("input", (event) => {
    if (event.target.dataset.choices) open(event.target, event.target.value);
  });
  table.addEventListener("focusout", () => setTimeout(() => {
    if (input && document.activeElement !== input) shut();
  }, 0));
  table.parentElement.addEventListener("scroll", () => { if (input) place(); });
  box.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option && input) choose(option);
  });
}
