// What is wrong, beside the cell: errors of what was typed, findings, a colleague's edit.
import { cellOf, inputs, placeOf, table } from "./grid.js";

const cells = () => Array.from(table.querySelectorAll("td[data-place]"));
const wordsIn = (cell) => Array.from(cell.querySelectorAll(".beside span"), (each) => each.textContent);
const stored = new Map(cells().map((cell) => [cell.dataset.place, wordsIn(cell)]));
const computed = new Map(
  cells().filter((cell) => cell.dataset.derived).map((cell) => [cell, cell.querySelector(".value").textContent]),
);

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
  computed.forEach((text, cell) => {
    cell.querySelector(".value").textContent = figures[cell.dataset.place] ?? text;
  });
}

/** Take over the sheet as it is stored: computed figures and findings. */
export function keep(sheet) {
  computed.forEach((_, cell) => {
    if (sheet[cell.dataset.place]) computed.set(cell, sheet[cell.dataset.place].text);
  });
  Object.entries(sheet).forEach(([place, cell]) => stored.set(place, cell.why));
  showDerived({});
}

export const showErrors = (errors) => inputs().forEach((input) => setError(input, errors[placeOf(input)] || ""));

/** Both values and a choice; nothing is overwritten before it is made. */
export function showConflict(input, html) {
  cellOf(input).querySelector(".conflict")?.remove();
  if (html) cellOf(input).insertAdjacentHTML("beforeend", html);
}
