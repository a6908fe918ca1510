// Entry of a sheet beyond what the plain form does: arrows, Enter, paste of a block, live check.
// Without this script the form works as it is.
(function () {
  "use strict";
  const form = document.getElementById("sheet-form");
  const table = form && form.querySelector("table.sheet");
  if (!table) return;

  const PAUSE = 350; // milliseconds after the last key before the server is asked
  const inputs = () => Array.from(table.querySelectorAll('input[name^="c:"]'));
  const placeOf = (input) => input.name.slice(2);
  const original = (input) => input.nextElementSibling.value.split("|").slice(1).join("|");
  const isChanged = (input) => input.value.trim() !== original(input);

  function inputAt(row, column) {
    const cell = table.tBodies[0].rows[row] && table.tBodies[0].rows[row].cells[column];
    return cell ? cell.querySelector('input[type="text"]') : null;
  }

  function position(input) {
    const cell = input.closest("td");
    return [cell.parentElement.sectionRowIndex, cell.cellIndex];
  }

  function move(input, down, right) {
    const rows = table.tBodies[0].rows;
    let [row, column] = position(input);
    row += down;
    column += right;
    while (row >= 0 && row < rows.length && column >= 0 && column < rows[row].cells.length) {
      const next = inputAt(row, column);
      if (next) {
        next.focus();
        next.select();
        return true;
      }
      row += down;
      column += right;
    }
    return false;
  }

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

  table.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches('input[type="text"]') || event.isComposing) return;
    let step = STEPS[event.key];
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (event.key === "ArrowLeft" && (whole || input.selectionEnd === 0)) step = [0, -1];
    if (event.key === "ArrowRight" && (whole || input.selectionStart === input.value.length)) step = [0, 1];
    if (!step) return;
    if (event.key === "Enter" && event.shiftKey) step = [-1, 0];
    event.preventDefault();
    move(input, step[0], step[1]);
  });

  // A block copied from Excel or WPS: rows by line ends, columns by tabs. Computed cells are passed over.
  table.addEventListener("paste", (event) => {
    const input = event.target;
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!text || !input.matches('input[type="text"]') || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const [top, left] = position(input);
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const target = inputAt(top + down, left + right);
        if (target) target.value = value.trim();
      });
    });
    refresh();
  });

  let timer = 0;
  let asked = 0;

  function refresh() {
    const changed = inputs().filter(isChanged);
    inputs().forEach((input) => input.closest("td").classList.toggle("changed", isChanged(input)));
    document.getElementById("save-state").textContent = changed.length
      ? `有 ${changed.length} 格未保存` : "没有未保存的修改";
    clearTimeout(timer);
    timer = setTimeout(() => ask(changed), PAUSE);
  }

  async function ask(changed) {
    const body = new FormData();
    ["csrfmiddlewaretoken", "unit"].forEach((name) => body.append(name, form.elements[name].value));
    changed.forEach((input) => {
      body.append(input.name, input.value);
      body.append(`o:${placeOf(input)}`, input.nextElementSibling.value);
    });
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (mine === asked) show(found, changed.length);
    } catch {
      if (mine === asked) say("暂时不能核对，保存不受影响。");
    }
  }

  function say(words) {
    document.getElementById("live").hidden = false;
    document.getElementById("live-state").textContent = words;
  }

  function show(found, count) {
    restoreDerived();
    Object.entries(found.derived).forEach(([place, text]) => {
      const cell = table.querySelector(`[data-derived="${CSS.escape(place)}"] .value`);
      if (cell) cell.textContent = text;
    });
    inputs().forEach((input) => setError(input, found.errors[placeOf(input)] || ""));
    const list = document.getElementById("live-findings");
    list.replaceChildren(...found.findings.map(findingItem));
    document.getElementById("live").hidden = !count;
    if (count) say(found.findings.length ? `涉及 ${found.findings.length} 个问题：` : "涉及的勾稽关系都成立。");
  }

  const stored = new Map(Array.from(table.querySelectorAll("[data-derived] .value"), (v) => [v, v.textContent]));
  const restoreDerived = () => stored.forEach((text, value) => { value.textContent = text; });

  function setError(input, words) {
    const cell = input.closest("td");
    let note = cell.querySelector(".cell-error");
    input.setAttribute("aria-invalid", words ? "true" : "false");
    if (!words && note) note.remove();
    if (!words) return;
    if (!note) {
      note = document.createElement("small");
      note.className = "cell-error";
      cell.append(note);
    }
    note.textContent = words;
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function findingItem(finding) {
    const item = element("li", `finding finding-${finding.severity}`, "");
    const head = element("div", "finding-head", "");
    head.append(element("span", `severity severity-${finding.severity}`, finding.label),
      element("span", "", finding.title), element("span", "mono", finding.id));
    item.append(head, element("p", "", finding.message), element("p", "muted", finding.hint));
    if (finding.cells.length) {
      const link = element("a", "", "到这一格");
      link.href = `#cell-${finding.cells[0].replace(":", "-")}`;
      item.append(link);
    }
    return item;
  }

  table.addEventListener("input", refresh);
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && inputs().some(isChanged)) event.preventDefault();
  });
  if (inputs().some(isChanged)) refresh();
})();
