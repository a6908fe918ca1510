// While someone types: computed cells and findings as they would be, asked of the server.
import { MOST, bodyOf, changedInputs, form, inputOf } from "./grid.js";
import { showDerived, showErrors, showFindings } from "./marks.js";

const PAUSE = 250; // milliseconds after the last key before the server is asked
const live = document.getElementById("live");
let timer = 0;
let asked = 0;

function say(words) {
  live.hidden = false;
  document.getElementById("live-state").textContent = words;
}

async function ask() {
  const changed = changedInputs();
  asked += 1;
  const mine = asked;
  if (changed.length > MOST) {
    say("修改较多，保存后一并核对。");
    return;
  }
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: bodyOf(changed) });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const found = await answer.json();
    if (mine === asked) show(found);
  } catch {
    if (mine === asked) say("暂时不能核对，填写的内容不受影响。");
  }
}

function show(found) {
  showDerived(found.derived);
  showErrors(found.errors);
  showFindings(found.cells);
  propose(found.proposed || {});
  document.getElementById("live-findings").innerHTML = found.findings;
  say(found.count ? `涉及 ${found.count} 个问题：` : live.dataset.fine || "涉及的勾稽关系都成立。");
}

/** What an empty cell of a row would hold, read from what was typed beside it. */
function propose(texts) {
  Object.entries(texts).forEach(([place, text]) => {
    const input = inputOf(place);
    if (input) input.placeholder = text;
  });
}

/** Ask soon; every further key puts it off. */
export function soon() {
  if (!live) return; // a list is checked when it is saved
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

/** Saving begins, and will say more. */
export const stop = () => clearTimeout(timer);

/** What was typed is saved: the sheet as stored says it all. */
export function done() {
  clearTimeout(timer);
  asked += 1;
  if (live) live.hidden = true;
}
