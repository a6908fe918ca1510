// Entry of a list of records: the editor of sheets, with rows that come and go and look-ups.
import * as choices from "./choices.js";
import * as rows from "./rows.js";
import { start } from "./start.js";

choices.listen();
rows.listen();
start(rows);
