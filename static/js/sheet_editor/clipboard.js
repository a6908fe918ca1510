// A block from the clipboard as rows of texts. `null` is the rest of a merged cell: not a blank.
const WIDEST = 1000;

/** Rows of texts, from the HTML table which Excel and WPS leave, else from the tabbed text. */
export function blockOf(data) {
  const found = fromTable(data.getData("text/html"));
  return found.length ? found : fromText(data.getData("text/plain"));
}

/** Cells are parted by tabs, rows by line ends; a cell with either in it stands in quotes. */
export function fromText(text) {
  const rows = [[""]];
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < plain.length; at += 1) {
    const row = rows[rows.length - 1];
    const last = row.length - 1;
    const letter = plain[at];
    if (quoted && letter === '"' && plain[at + 1] === '"') {
      row[last] += '"';
      at += 1;
    } else if (letter === '"' && (quoted || row[last] === "")) quoted = !quoted;
    else if (!quoted && letter === "\t") row.push("");
    else if (!quoted && letter === "\n") rows.push([""]);
    else row[last] += letter;
  }
  return rows.map((row) => row.map(tidy));
}

const tidy = (text) => text.replace(/\s+/g, " ").trim();

/** The first table of a page; its styles are taken off, which our policy would refuse. */
export function fromTable(html) {
  const bare = html.replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
  const table = new DOMParser().parseFromString(bare, "text/html").querySelector("table");
  if (!table) return [];
  const rows = Array.from(table.rows, () => []);
  Array.from(table.rows).forEach((line, down) => {
    let right = 0;
    Array.from(line.cells).forEach((cell) => {
      while (rows[down][right] !== undefined) right += 1;
      spread(rows, down, right, cell);
    });
  });
  return rows.map((row) => Array.from(row, (text) => text ?? null));
}

function spread(rows, down, right, cell) {
  const height = Math.min(cell.rowSpan || rows.length, rows.length - down);
  const width = Math.min(cell.colSpan, WIDEST);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      rows[down + row][right + column] = row || column ? null : tidy(cell.textContent);
    }
  }
}
