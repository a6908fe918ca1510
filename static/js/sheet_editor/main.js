// Entry of a sheet beyond what the plain form does. Without this script the form works as it is.
import { offerAgain } from "./drafts.js";
import { changedInputs, form } from "./grid.js";
import * as keys from "./keys.js";
import * as panel from "./panel.js";
import * as paste from "./paste.js";
import { changed, flush, listen } from "./save.js";

paste.listen(changed);
keys.listen({ changed, save: flush, about: panel.about });
listen();
panel.listen();
offerAgain(changed);
if (changedInputs().length) changed();

// 保存 saves as typing does; another unit is shown once everything that can be saved is.
form.addEventListener("submit", async (event) => {
  const { name, value } = event.submitter || {};
  if (name === "add") return;
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
  } else if (changedInputs().length) {
    event.preventDefault();
    await flush();
    location.assign(link.href);
  }
});
