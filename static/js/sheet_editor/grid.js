// The table of a sheet: its inputs, where they stand, and what is changed in them.
export const form = document.getElementById("sheet-form");
export const table = form.querySelector("table.sheet");

export const MOST = 400; // cells in one request; a larger block is saved in parts
const EDITABLE = 'input[name^="c:"]';
const settled = new WeakMap(); // input → the text which the server read as what is stored

export const inputs = () => Array.from(table.querySelectorAll(EDITABLE));
export const isCell = (element) => element.matches(`table.sheet ${EDITABLE}`);
export const placeOf = (input) => input.name.slice(2);
export const rowOf = (input) => placeOf(input).split(":")[0];
export const isNewRow = (row) => /^n\d+$/.test(row); // of a list, not stored yet
export const cellOf = (input) => input.closest("td");
export const inputOf = (place) => table.querySelector(`input[name="c:${CSS.escape(place)}"]`);
export const unit = () => form.elements.unit.value;

/** "<version>|<text>" as the person was shown it; it travels with what is typed. */
export const originalOf = (input) => input.nextElementSibling.value;
export const storedText = (input) => originalOf(input).split("|").slice(1).join("|");

export function isChanged(input) {
  const text = input.value.trim();
  return text !== storedText(input) && text !== settled.get(input);
}

export const changedInputs = () => inputs().filter(isChanged);
/** Rows of a list that are to be removed, as fields of the form. */
export const removals = () => Array.from(form.querySelectorAll("#removed-rows input"));
export const hasChanges = () => changedInputs().length + removals().length > 0;
export const inConflict = (input) => cellOf(input).querySelector(".conflict:not(.question)") !== null;

/** Take over what is stored; the text as typed counts as the same while the cell is left alone. */
export function settle(input, original, typed) {
  input.nextElementSibling.value = original;
  settled.set(input, typed === undefined ? storedText(input) : typed.trim());
}

export function position(input) {
  const cell = cellOf(input);
  return [cell.parentElement.sectionRowIndex, cell.cellIndex];
}

/** The cell at a place of the table, undefined beyond it. */
export function cellAt(row, column) {
  const line = table.tBodies[0].rows[row];
  return line && line.cells[column];
}

export function inputAt(row, column) {
  const cell = cellAt(row, column);
  return cell ? cell.querySelector(EDITABLE) : null;
}

export function enter(input) {
  input.focus();
  input.select();
}

/** Go to the next input in a direction, passing over computed cells. */
export function move(input, down, right) {
  let [row, column] = position(input);
  for (;;) {
    row += down;
    column += right;
    if (row < 0 || column < 0 || !cellAt(row, column)) return;
    const next = inputAt(row, column);
    if (next) {
      enter(next);
      return;
    }
  }
}

/** The inputs as fields of a form, each with what the person was shown. */
export function bodyOf(chosen) {
  const body = new FormData();
  ["csrfmiddlewaretoken", "unit"].forEach((name) => body.append(name, form.elements[name].value));
  chosen.forEach((input) => {
    body.append(input.name, input.value);
    body.append(`o:${placeOf(input)}`, originalOf(input));
    cellOf(input).querySelectorAll(".question input:checked").forEach((each) => body.append(each.name, each.value));
  });
  new Set(chosen.map((input) => input.closest("tr"))).forEach((line) => {
    line.querySelectorAll('input[name^="a:"]').forEach((each) => body.append(each.name, each.value));
  });
  return body;
}
