// Entry of a list of records: the editor of sheets, with rows that come and go and look-ups.
import * as choices from "./choices.js";
import * as rows from "./rows.js";
import { start } from "./start.js";

choices.listen();
rows.listen();
start(rows);

// Enter in the words to search for means 查找 and not 保存, which comes first in the form.
document.getElementById("library-words")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit(document.getElementById("library-find"));
});
