// Rows of a list: inserted, removed, numbered, and given the key under which they are stored.
import { cellAt, enter, form, inputAt, isNewRow, position, settle, table } from "./grid.js";
import * as history from "./history.js";
import { changed } from "./save.js";

const MOST_ROWS = 2000;
const body = table.tBodies[0];
const blank = document.getElementById("blank-row");
const removed = document.getElementById("removed-rows");
const gone = new Map(); // key → row taken out of the table, which undo may bring back
const keyOf = (line) => line.dataset.row;
const lineOf = (key) => body.querySelector(`tr[data-row="${CSS.escape(key)}"]`);
const isBlank = (line) => isNewRow(keyOf(line))
  && Array.from(line.querySelectorAll('input[name^="c:"]')).every((input) => !input.value.trim());

function freshKey() {
  const known = [...Array.from(body.rows, keyOf), ...gone.keys()];
  const used = known.filter(isNewRow).map((key) => Number(key.slice(1)));
  return `n${Math.max(0, ...used) + 1}`;
}

/** Everything in a row that bears its key. */
function rename(line, key) {
  const old = keyOf(line);
  line.dataset.row = key;
  line.querySelectorAll("[name]").forEach((each) => {
    each.name = each.name.replace(`:${old}:`, `:${key}:`).replace(new RegExp(`:${old}$`), `:${key}`);
  });
  line.querySelectorAll("td").forEach((cell) => {
    cell.id = cell.id.replace(`cell-${old}-`, `cell-${key}-`);
    ["place", "derived"].forEach((name) => {
      if (cell.dataset[name]) cell.dataset[name] = cell.dataset[name].replace(`${old}:`, `${key}:`);
    });
  });
  const about = line.querySelector(".about");
  if (!about) return;
  about.href = about.getAttribute("href").replace(/row=.*/, `row=${key}`);
  about.hidden = isNewRow(key);
}

function make() {
  const line = blank.content.firstElementChild.cloneNode(true);
  rename(line, freshKey());
  showButtons(line);
  return line;
}

function showButtons(line) {
  line.querySelectorAll(".insert, .remove").forEach((each) => { each.hidden = false; });
  line.querySelector(".drop")?.remove();
}

function number() {
  let count = 0;
  Array.from(body.rows).forEach((line) => {
    const isNew = isNewRow(keyOf(line));
    if (!isNew || !isBlank(line)) count += 1;
    line.querySelector(".no").textContent = isNew && isBlank(line) ? "新" : count;
    const after = line.querySelector('input[name^="a:"]');
    if (after) after.value = line.previousElementSibling ? keyOf(line.previousElementSibling) : "first";
  });
}

function put(line, before) {
  gone.delete(keyOf(line));
  removed.querySelector(`[name="d:${CSS.escape(keyOf(line))}"]`)?.remove();
  body.insertBefore(line, before && before.parentNode === body ? before : null);
  number();
}

function take(line) {
  const key = keyOf(line);
  gone.set(key, line);
  if (!isNewRow(key)) toRemove(key, line.dataset.version);
  line.remove();
  number();
}

function toRemove(key, version) {
  const made = document.createElement("input");
  made.type = "hidden";
  made.name = `d:${key}`;
  made.value = version;
  removed.append(made);
}

const firstIn = (line) => line?.querySelector('input[name^="c:"]');

/** Go to the same column of another row. */
function go(from, to) {
  const input = from.contains(document.activeElement) ? document.activeElement : firstIn(from);
  const target = to && cellAt(to.sectionRowIndex, position(input)[1]);
  const next = target?.querySelector('input[name^="c:"]') || firstIn(to);
  if (next) enter(next);
}

export function insert(line) {
  const made = make();
  const before = line.nextElementSibling;
  put(made, before);
  history.record([{ input: () => firstIn(line), undo: () => take(made), redo: () => put(made, line.nextElementSibling) }]);
  go(line, made);
  changed();
}

export function remove(line) {
  const before = line.nextElementSibling;
  const next = before || line.previousElementSibling;
  if (!next) return;
  go(line, next);
  take(line);
  history.record([{ input: () => firstIn(line) || firstIn(next), undo: () => put(line, before), redo: () => take(line) }]);
  changed();
}

/** Rows until there are so many; returns what undo needs. */
export function ensure(count) {
  const added = [];
  while (body.rows.length < Math.min(count, MOST_ROWS)) {
    const made = make();
    put(made, null);
    added.push({ input: () => firstIn(body.rows[0]), undo: () => take(made), redo: () => put(made, null) });
  }
  return added;
}

/** A block with the unit's code in front begins at that column, wherever the person stands. */
export function start(rows, input) {
  const [top, left] = position(input);
  const isWhole = rows.length && rows.every((row) => (row[0] || "").trim() === form.dataset.book);
  if (!isWhole) return [top, left];
  const cells = Array.from(body.rows[top].cells);
  const fixed = cells.findIndex((cell) => cell.matches(".as-fixed"));
  return [top, fixed < 0 || inputAt(top, fixed) ? left : fixed];
}

/** There is always an empty row at the end. */
function grow() {
  const last = body.rows[body.rows.length - 1];
  if (!last || !isBlank(last)) put(make(), null);
}

/** What the server has stored: new rows get their key, removed ones are gone for good. */
function stored(found) {
  Object.entries(found.rows).forEach(([key, id]) => {
    const line = lineOf(key) || gone.get(key);
    if (!line) return;
    const isGone = gone.delete(key);
    rename(line, id);
    line.querySelector('input[name^="a:"]')?.remove();
    if (isGone) {
      gone.set(id, line);
      toRemove(id, 1);
    }
  });
  found.removed.forEach((key) => forget(key));
  Array.from(body.rows).forEach((line) => {
    const [, version] = found.numbers[keyOf(line)] || [];
    if (version) line.dataset.version = version;
  });
  number();
}

/** A removed row may come back by undo, as a new one with all that stood in it. */
function forget(key) {
  removed.querySelector(`[name="d:${CSS.escape(key)}"]`)?.remove();
  const line = gone.get(key) || lineOf(key);
  if (!line) return;
  gone.delete(key);
  const fresh = freshKey();
  rename(line, fresh);
  line.querySelectorAll('input[name^="c:"]').forEach((each) => settle(each, "0|"));
  const after = document.createElement("input");
  after.type = "hidden";
  after.name = `a:${fresh}`;
  line.querySelector(".row-head").append(after);
  if (!line.isConnected) gone.set(fresh, line);
}

export function listen() {
  Array.from(body.rows).forEach(showButtons);
  const spare = Array.from(body.rows).filter(isBlank).slice(1);
  if (!location.search.includes("rows=")) spare.forEach((line) => line.remove());
  number();
  const add = form.querySelector(".add-row");
  add.hidden = true;
  grow();
  table.addEventListener("click", (event) => {
    const button = event.target.closest(".insert, .remove");
    if (!button) return;
    (button.matches(".insert") ? insert : remove)(button.closest("tr"));
  });
  table.addEventListener("input", () => { grow(); number(); });
  table.addEventListener("paste", () => { grow(); number(); });
  form.addEventListener("stored", (event) => { stored(event.detail); grow(); });
}
