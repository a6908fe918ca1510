// What is not saved yet is kept in this browser, for this person and workbook, and offered again.
import { cellOf, changedInputs, form, inputOf, originalOf, placeOf, unit } from "./grid.js";

const KEY = `mingzhang/${form.dataset.draft}`;
const SHEET = form.dataset.sheet;
const offer = document.getElementById("draft-offer");
let waiting = null; // an earlier draft about which the person has not decided yet

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

function write(drafts) {
  try {
    if (Object.keys(drafts).length) localStorage.setItem(KEY, JSON.stringify(drafts));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false; // full or forbidden
  }
}

/** Keep the unsaved cells of this sheet; false when the browser does not let us. */
export function keep() {
  const cells = { ...(waiting ? waiting.cells : {}) };
  changedInputs().forEach((input) => {
    cells[placeOf(input)] = { text: input.value, original: originalOf(input) };
  });
  const drafts = read();
  delete drafts[SHEET];
  if (Object.keys(cells).length) {
    const time = new Date().toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" });
    const path = location.pathname;
    drafts[SHEET] = { unit: unit(), time, cells, title: form.dataset.title, path };
  }
  return write(drafts);
}

function forget(sheet) {
  const drafts = read();
  delete drafts[sheet];
  write(drafts);
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function address(draft) {
  const wanted = new URLSearchParams({ unit: draft.unit });
  const rows = new Set(Object.keys(draft.cells).map((place) => place.split(":")[0]));
  rows.forEach((row) => wanted.append("rows", row));
  return `${draft.path}?${wanted}#restore`;
}

const lacking = (draft) => Object.keys(draft.cells).filter((place) => !inputOf(place));
const isHere = (draft) => Object.entries(draft.cells).every(
  ([place, cell]) => inputOf(place)?.value === cell.text,
);

/** Put a draft back with the versions it was typed over, so that a colleague's edit shows. */
function restore(draft, changed) {
  Object.entries(draft.cells).forEach(([place, cell]) => {
    const input = inputOf(place);
    if (!input) return;
    input.value = cell.text;
    input.nextElementSibling.value = cell.original;
    cellOf(input).classList.add("changed");
  });
  waiting = null;
  offer.hidden = true;
  const left = lacking(draft);
  if (left.length) {
    offer.hidden = false;
    const words = left.map((place) => `${place.replace(":", " ")}：${draft.cells[place].text}`);
    offer.replaceChildren(`有 ${left.length} 格在表中已找不到：${words.join("；")}`);
  }
  changed();
}

function show(sheet, draft, changed) {
  const count = Object.keys(draft.cells).length;
  const words = document.createElement("p");
  words.textContent = `${draft.title}有 ${count} 格没有保存，${draft.time} 留在本机。`;
  const fits = sheet === SHEET && draft.unit === unit() && !lacking(draft).length;
  const back = () => (fits ? restore(draft, changed) : location.assign(address(draft)));
  words.append(" ", button("恢复", back), " ", button("放弃", () => {
    if (sheet === SHEET) waiting = null;
    forget(sheet);
    words.remove();
    offer.hidden = !offer.childElementCount;
  }));
  offer.append(words);
  offer.hidden = false;
}

/** Offer what an earlier visit left, on whichever sheet of the workbook. */
export function offerAgain(changed) {
  Object.entries(read()).forEach(([sheet, draft]) => {
    if (sheet === SHEET && isHere(draft)) return;
    if (sheet === SHEET) waiting = draft;
    const comesBack = sheet === SHEET && location.hash === "#restore" && draft.unit === unit();
    if (comesBack) restore(draft, changed);
    else show(sheet, draft, changed);
  });
  if (location.hash === "#restore") history.replaceState(null, "", location.pathname + location.search);
}
