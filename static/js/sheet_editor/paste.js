// Put a pasted block into the cells. Blanks leave a filled cell alone unless the person says so.
import { blockOf } from "./clipboard.js";
import { cellAt, inputAt, isCell, position, table } from "./grid.js";
import { record } from "./history.js";

const report = document.getElementById("paste-report");
const BLANK = new Set(["", "-", "--", "—", "－", "/", "\\", "无"]); // as the server reads them

/** Sort a block by what becomes of it: set, blank over a figure, or without a cell. */
function plan(rows, top, left) {
  const found = { set: [], blank: [], derived: [], beyond: [] };
  rows.forEach((row, down) => row.forEach((text, right) => {
    if (text === null) return;
    const target = inputAt(top + down, left + right);
    const place = `第 ${down + 1} 行第 ${right + 1} 列：${text}`;
    if (target && !BLANK.has(text)) found.set.push([target, target.value, text]);
    else if (target && target.value.trim()) found.blank.push([target, target.value, ""]);
    else if (!target && !BLANK.has(text)) {
      const cell = cellAt(top + down, left + right);
      (cell && cell.dataset.derived ? found.derived : found.beyond).push(place);
    }
  }));
  return found;
}

function put(step, added = []) {
  step.forEach(([input, , text]) => { input.value = text; });
  record([...added, ...step]);
}

function line(text) {
  const made = document.createElement("p");
  made.textContent = text;
  report.append(made);
  return made;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function list(words, places) {
  const made = document.createElement("details");
  const head = document.createElement("summary");
  head.textContent = words;
  made.append(head, places.join("；"));
  report.append(made);
}

/** What became of the block, in words; nothing of it is passed over in silence. */
function tell(found, changed) {
  report.replaceChildren();
  report.hidden = false;
  line(`已粘贴 ${found.set.length} 格，Ctrl+Z 可以撤销。`);
  if (found.blank.length) {
    const words = line(`块里有 ${found.blank.length} 个空白格对着已填的格，原来的数没有动。 `);
    words.append(button(`清空这 ${found.blank.length} 格`, () => {
      put(found.blank);
      words.remove();
      changed();
    }));
  }
  if (found.derived.length) list(`${found.derived.length} 个数落在灰色格，由系统计算，没有写入`, found.derived);
  if (found.beyond.length) list(`${found.beyond.length} 项超出可填的范围，没有写入`, found.beyond);
  report.append(button("知道了", () => { report.hidden = true; }));
}

/** `lines` of a list: where a block starts, and the lines it needs below. A sheet has none. */
export function listen(changed, lines) {
  table.addEventListener("paste", (event) => {
    if (!event.clipboardData || !isCell(event.target)) return;
    const rows = blockOf(event.clipboardData);
    if (rows.length < 2 && (rows[0] || []).length < 2) return; // one value: as in any input
    event.preventDefault();
    const [top, left] = lines ? lines.start(rows, event.target) : position(event.target);
    const added = lines ? lines.ensure(top + rows.length) : [];
    const found = plan(rows, top, left);
    put(found.set, added);
    tell(found, changed);
    changed();
  });
}
