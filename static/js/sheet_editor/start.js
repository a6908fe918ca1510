// What both editors do, that of a sheet and that of a list, beyond what the plain form does.
import { offerAgain } from "./drafts.js";
import { changedInputs, form, hasChanges } from "./grid.js";
import * as keys from "./keys.js";
import * as panel from "./panel.js";
import * as paste from "./paste.js";
import { changed, flush, listen } from "./save.js";

const ANSWERED = ["add", "find", "insert"]; // buttons answered with the page and all that is typed

/** `rows` is how a list takes in and gives up rows; a sheet has none. */
export function start(rows) {
  paste.listen(changed, rows);
  keys.listen({ changed, save: flush, about: panel.about, rows });
  listen();
  panel.listen();
  offerAgain(changed);
  if (changedInputs().length) changed();
}

// 保存 saves as typing does; another unit is shown once everything that can be saved is.
form.addEventListener("submit", async (event) => {
  const { name, value } = event.submitter || {};
  if (ANSWERED.includes(name)) return;
  event.preventDefault();
  await flush();
  if (name === "then") location.assign(`?unit=${value}`);
});

// A link to a cell of this sheet only jumps; any other is followed after saving.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.pathname === location.pathname && link.hash && panel.jump(link.hash)) {
    event.preventDefault();
  } else if (hasChanges()) {
    event.preventDefault();
    await flush();
    location.assign(link.href);
  }
});
