// Autosave: soon after the last key, at once when asked. The state is always said in words.
import * as check from "./check.js";
import { keep as keepDraft } from "./drafts.js";
import {
  MOST, bodyOf, changedInputs, form, inConflict, inputOf, inputs, isChanged, isNewRow,
  placeOf, removals, rowOf, settle,
} from "./grid.js";
import * as marks from "./marks.js";

const PAUSE = 1500; // milliseconds after the last key before saving
const RETRY = 10000; // milliseconds before trying again after a failure
const state = document.getElementById("save-state");
const refused = new WeakMap(); // input → the text which the server did not take
let timer = 0;
let running = null;
let isKept = true;

const isRefused = (input) => refused.get(input) === input.value;

/** What is to be sent. A new row goes as a whole once anything in it is new to the server. */
function pending() {
  const open = changedInputs().filter((input) => !inConflict(input));
  const rows = new Set(open.filter((input) => !isRefused(input)).map(rowOf));
  return open.filter((input) => !isRefused(input) || (isNewRow(rowOf(input)) && rows.has(rowOf(input))));
}

/** As much as one request takes, no row cut in two. */
function portion() {
  const all = pending();
  const last = all[MOST - 1];
  return last ? all.filter((input, at) => at < MOST || rowOf(input) === rowOf(last)) : all;
}

const isDue = () => pending().length + removals().length > 0;

/** Whether leaving the page would lose something. */
export const wouldLose = () => removals().length > 0 || (!isKept && changedInputs().length > 0);

function say(...words) {
  state.replaceChildren(...words);
}

function show(saved = "") {
  const conflicts = inputs().filter(inConflict).length;
  const left = changedInputs().filter((input) => !inConflict(input)).length;
  const gone = removals().length;
  const words = [];
  if (saved) words.push(`已保存 ${saved}`);
  if (left) words.push(pending().length ? `有 ${left} 格未保存` : `有 ${left} 格不能保存，原因在格中`);
  if (gone) words.push(`有 ${gone} 行待删除`);
  if (conflicts) words.push(`有 ${conflicts} 格与同事填的不同，请在格中选择`);
  say(words.join("，") || "没有未保存的修改");
}

/** A cell changed: keep it in the browser, ask what it does, save soon. */
export function changed() {
  inputs().forEach((input) => input.closest("td").classList.toggle("changed", isChanged(input)));
  isKept = keepDraft();
  show();
  check.soon();
  later(PAUSE);
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(() => { flush(); }, pause);
}

/** Save what can be saved now; resolves when nothing more is under way. */
export async function flush() {
  clearTimeout(timer);
  while (running) await running;
  if (!isDue()) return;
  running = send();
  const isDone = await running;
  running = null;
  if (isDone && isDue()) await flush();
}

async function send() {
  const sent = new Map(portion().map((input) => [input, input.value]));
  const body = bodyOf([...sent.keys()]);
  removals().forEach((each) => body.append(each.name, each.value));
  check.stop();
  say("正在保存…");
  let answer;
  try {
    answer = await fetch(form.dataset.save, { method: "POST", body });
  } catch {
    return failed("网络中断");
  }
  if (answer.redirected) return failed("登录已超时", "重新登录");
  if (answer.status === 403) return failed("服务器没有接受", "刷新本页");
  if (!answer.ok) return failed("服务器出错");
  take(await answer.json(), sent);
  return true;
}

/** 未保存：网络中断，已留在本机 */
function failed(reason, remedy) {
  isKept = keepDraft();
  const kept = isKept ? "已留在本机" : "请不要关闭本页";
  say(`未保存：${reason}，${kept}`);
  if (remedy) {
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = remedy;
    say(`未保存：${reason}，${kept}。`, link);
  } else later(RETRY);
  return false;
}

function take(found, sent) {
  form.dispatchEvent(new CustomEvent("stored", { detail: found }));
  Object.entries(found.options || {}).forEach(([column, texts]) => offer(column, texts));
  inputs().forEach((input) => takeCell(input, found, sent));
  marks.keep(found.cells);
  marks.showFindings();
  document.getElementById("sheet-findings").innerHTML = found.findings;
  document.getElementById("sheet-list").innerHTML = found.sheets;
  document.getElementById("progress").textContent = found.progress;
  isKept = keepDraft();
  inputs().forEach((input) => input.closest("td").classList.toggle("changed", isChanged(input)));
  check.done();
  show(found.time);
}

/** What a column offers may grow with what is stored in another. */
function offer(column, texts) {
  const list = document.getElementById(`choices-${column}`);
  list?.replaceChildren(...texts.map((text) => {
    const made = document.createElement("option");
    made.value = text;
    return made;
  }));
}

function takeCell(input, found, sent) {
  const place = placeOf(input);
  const stored = found.cells[place];
  const text = sent.get(input);
  if (text === undefined) {
    const words = found.errors[place] || "";
    if (words || !isChanged(input)) marks.setError(input, words);
    if (!stored || isChanged(input)) return;
    settle(input, stored.original);
    if (input !== document.activeElement) input.value = stored.text;
    return;
  }
  const error = found.errors[place] || "";
  const isAsked = found.conflicts[place]?.includes("question");
  if (error || isAsked || (found.waiting || []).includes(rowOf(input))) refused.set(input, text);
  marks.setError(input, error);
  marks.showConflict(input, found.conflicts[place] || "");
  if (error || found.conflicts[place] || !stored) return;
  const isLeft = input.value === text && input !== document.activeElement;
  settle(input, stored.original, text);
  if (isLeft) input.value = stored.text;
}

/** An answer to "which one is meant?", for every cell of the column with the same words. */
function answer(radio) {
  const { words } = radio.closest(".question").dataset;
  const column = radio.name.split(":")[2];
  form.querySelectorAll(".question").forEach((each) => {
    const input = each.closest("td").querySelector('input[type="text"]');
    if (each.dataset.words !== words || placeOf(input).split(":")[1] !== column) return;
    each.querySelectorAll("input").forEach((other) => { other.checked = other.value === radio.value; });
    refused.delete(input);
  });
  flush();
}

/** A choice between both values: mine over what the colleague filed, or theirs. */
function choose(radio) {
  const input = inputOf(radio.name.slice(2));
  const [whose, ...rest] = radio.value.split("|");
  const original = rest.join("|");
  settle(input, original);
  if (whose === "theirs") input.value = rest.slice(1).join("|");
  marks.showConflict(input, "");
  marks.setError(input, "");
  changed();
  flush();
}

export function listen() {
  form.addEventListener("change", (event) => {
    if (event.target.matches(".question input")) answer(event.target);
    else if (event.target.matches(".conflict input")) choose(event.target);
  });
  window.addEventListener("online", () => flush());
  window.addEventListener("beforeunload", (event) => {
    if (wouldLose()) event.preventDefault();
  });
}
