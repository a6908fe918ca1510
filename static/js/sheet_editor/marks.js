// What is wrong, beside the cell: errors of what was typed, findings, a colleague's edit.
import { cellOf, inputs, placeOf, table } from "./grid.js";

const cells = () => Array.from(table.querySelectorAll("td[data-place]"));
const wordsIn = (cell) => Array.from(cell.querySelectorAll(".beside span"), (each) => each.textContent);
const stored = new Map(cells().map((cell) => [cell.dataset.place, wordsIn(cell)]));
const derived = () => Array.from(table.querySelectorAll("td[data-derived]"));
const valueIn = (cell) => cell.querySelector(".value");
const computed = new Map(derived().map((cell) => [cell.dataset.place, valueIn(cell).textContent]));

function part(cell, name, className) {
  const found = cell.querySelector(`.${className}`);
  if (found) return found;
  const made = document.createElement(name);
  made.className = className;
  cell.append(made);
  return made;
}

export function setError(input, words) {
  const cell = cellOf(input);
  input.setAttribute("aria-invalid", words || cell.querySelector(".conflict") ? "true" : "false");
  if (words) {
    const note = part(cell, "small", "cell-error");
    note.textContent = words;
    note.id = `error-${cell.id}`;
    input.setAttribute("aria-describedby", note.id);
  } else {
    cell.querySelector(".cell-error")?.remove();
    input.removeAttribute("aria-describedby");
  }
}

/** Findings as stored and, over them, those which unsaved edits touch. */
export function showFindings(live = {}) {
  cells().forEach((cell) => {
    const { place } = cell.dataset;
    const words = [...new Set([...(stored.get(place) || []), ...(live[place] || [])])];
    cell.querySelector(".beside")?.remove();
    cell.classList.toggle("wrong", words.length > 0 || cell.querySelector(".cell-error, .conflict") !== null);
    if (!words.length) return;
    part(cell, "span", "beside").replaceChildren(...words.map((text) => {
      const made = document.createElement("span");
      made.textContent = text;
      return made;
    }));
  });
}

export function showDerived(figures) {
  derived().forEach((cell) => {
    const { place } = cell.dataset;
    valueIn(cell).textContent = figures[place] ?? computed.get(place) ?? valueIn(cell).textContent;
  });
}

/** Take over the sheet as it is stored: computed figures and findings. */
export function keep(sheet) {
  Object.entries(sheet).forEach(([place, cell]) => {
    computed.set(place, cell.text);
    stored.set(place, cell.why);
  });
  cells().forEach((cell) => {
    const { anchor } = sheet[cell.dataset.place] || {};
    if (anchor) cell.id = anchor;
  });
  showDerived({});
}

export const showErrors = (errors) => inputs().forEach((input) => setError(input, errors[placeOf(input)] || ""));

/** Both values and a choice; nothing is overwritten before it is made. */
export function showConflict(input, html) {
  cellOf(input).querySelector(".conflict")?.remove();
  if (html) cellOf(input).insertAdjacentHTML("beforeend", html);
}
