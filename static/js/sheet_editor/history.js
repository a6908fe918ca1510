// Undo and redo over typing and paste. A step is a list of [input, before, after]; rows that come
// and go are {input, undo, redo}.
const past = [];
const future = [];
let open = null; // the step of the cell being typed in, until it is left

/** Typing in one cell is one step; Escape gives it back whole. */
export function typed(input, before) {
  if (open && open[0][0] === input) open[0][2] = input.value;
  else {
    open = [[input, before, input.value]];
    past.push(open);
  }
  future.length = 0;
}

export function close() {
  open = null;
}

export function record(step) {
  close();
  if (!step.length) return;
  past.push(step);
  future.length = 0;
}

function walk(from, to, side) {
  close();
  const step = from.pop();
  if (!step) return null;
  const ordered = side === 1 ? [...step].reverse() : step;
  ordered.forEach((change) => {
    if (Array.isArray(change)) change[0].value = change[side];
    else (side === 1 ? change.undo : change.redo)();
  });
  to.push(step);
  const [first] = step;
  return Array.isArray(first) ? first[0] : first.input();
}

/** Take one step back or forth; returns the first cell that changed. */
export const undo = () => walk(past, future, 1);
export const redo = () => walk(future, past, 2);
