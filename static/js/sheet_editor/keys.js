// Keys of the grid: arrows, Enter, Tab, undo and redo, save, Escape, and the list of them all.
import { enter, inputs, isCell, move, table } from "./grid.js";
import * as history from "./history.js";

const dialog = document.getElementById("keys");
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };
let before = ""; // what the cell held when it was entered

function step(event) {
  const input = event.target;
  const { selectionStart: from, selectionEnd: to, value } = input;
  const whole = from === 0 && to === value.length;
  if (event.key === "ArrowLeft" && (whole || to === 0)) return [0, -1];
  if (event.key === "ArrowRight" && (whole || from === value.length)) return [0, 1];
  if (event.key === "Enter" && event.shiftKey) return [-1, 0];
  return STEPS[event.key];
}

/** The next input in reading order; beyond the last one Tab goes on as everywhere. */
function tab(event) {
  const all = inputs();
  const next = all[all.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  enter(next);
}

function restore(input, changed) {
  if (input.value === before) return;
  const left = input.value;
  input.value = before;
  history.record([[input, left, before]]);
  input.select();
  changed();
}

function walk(event, changed) {
  const again = event.key === "y" || event.key === "Y" || event.shiftKey;
  event.preventDefault();
  const input = again ? history.redo() : history.undo();
  if (!input) return;
  enter(input);
  before = input.value;
  changed();
}

function inCell(event, actions) {
  if (event.ctrlKey && (event.key === "Enter" || event.key === "Delete") && actions.rows) {
    event.preventDefault();
    const act = event.key === "Enter" ? actions.rows.insert : actions.rows.remove;
    act(event.target.closest("tr"));
  } else if (event.key === "Tab" && !event.ctrlKey && !event.altKey) tab(event);
  else if (event.key === "Escape") restore(event.target, actions.changed);
  else if (event.key === "F2" && event.shiftKey) {
    event.preventDefault();
    actions.about(event.target);
  } else if (!event.ctrlKey && !event.altKey && !event.metaKey) {
    const way = step(event);
    if (!way) return;
    event.preventDefault();
    move(event.target, ...way);
  }
}

function everywhere(event, actions) {
  const isCommand = event.ctrlKey || event.metaKey;
  const isWriting = event.target.matches("input, textarea, select") && !isCell(event.target);
  if (isCommand && event.key.toLowerCase() === "s") {
    event.preventDefault();
    actions.save();
  } else if (isCommand && !isWriting && /^[zy]$/i.test(event.key)) walk(event, actions.changed);
  else if (!isCommand && !isWriting && (event.key === "?" || event.key === "？")) {
    event.preventDefault();
    dialog.showModal();
  } else return false;
  return true;
}

/** `actions`: changed(), save(), about(input), and of a list rows: insert(line), remove(line). */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || dialog.open) return;
    if (!everywhere(event, actions) && isCell(event.target)) inCell(event, actions);
  });
  table.addEventListener("focusin", (event) => {
    if (!isCell(event.target)) return;
    history.close();
    before = event.target.value;
  });
  table.addEventListener("input", (event) => {
    if (!isCell(event.target)) return;
    history.typed(event.target, before);
    actions.changed();
  });
  const show = document.getElementById("show-keys");
  show.hidden = false;
  show.addEventListener("click", () => dialog.showModal());
}
