// The section for tables: read one, have its texts classified, show what came of it, give it back.

import { ask } from "./api.js";
import { classifyAll } from "./batches.js";
import { chart } from "./chart.js";
import { decode, format, guard, guess, parse } from "./csv.js";
import { find, make } from "./dom.js";
import { number, onLanguage, percent, t } from "./i18n.js";
import { classOf, nameOf, shapeOf } from "./labels.js";
import { sortableTable } from "./table.js";

const MOST_ROWS = 5000;
const MOST_BYTES = 64 << 20;

/** What is shown; everything on the page follows from it. */
const state = { rows: [], hasHeader: true, column: 0, labels: [], results: [], stop: null, message: null };

const header = () => (state.hasHeader ? state.rows[0] : state.rows[0].map((_, index) => t("sheet.column", { n: index + 1 })));
const body = () => (state.hasHeader ? state.rows.slice(1) : state.rows);
const textOf = (row) => row[state.column] ?? "";
const hasResults = () => state.results.some(Boolean);

function load(text) {
  state.stop?.abort();
  Object.assign(state, { rows: parse(text), results: [], message: null });
  if (state.rows.length) {
    const { hasHeader, textColumn } = guess(state.rows);
    Object.assign(state, { hasHeader, column: textColumn });
  }
  render();
}

async function loadFile(file) {
  if (!file) return;
  find("file-name").textContent = file.name;
  if (file.size > MOST_BYTES) return say("sheet.bytes", { n: number(MOST_BYTES >> 20) });
  load(decode(new Uint8Array(await file.arrayBuffer())));
}

async function run() {
  const stop = (state.stop = new AbortController());
  state.message = null;
  const rows = body();
  const open = rows.map((_, index) => index).filter((index) => !state.results[index]);
  render();
  try {
    const model = await ask("v1/model", undefined, stop.signal);
    state.labels = model.labels;
    const take = (place, result) => {
      if (stop.signal.aborted) return;
      state.results[open[place]] = result;
      if (state.results.filter(Boolean).length % 20 === 0) showProgress();
    };
    await classifyAll(open.map((index) => textOf(rows[index])), model.limits, take, stop.signal);
  } catch (error) {
    if (state.stop !== stop) return; // another table is there by now
    if (error.code === "unauthorized") find("key-form").hidden = false;
    state.message = error.name === "AbortError" ? ["sheet.stopped", {}] : [error.code, { status: error.status }, error.message];
  }
  state.stop = null;
  render();
}

function render() {
  const { rows, message, stop } = state;
  const count = rows.length ? body().length : 0;
  const parts = [];
  if (count > MOST_ROWS) say("sheet.long", { n: number(count), most: number(MOST_ROWS) });
  else if (count) parts.push(stop ? progress() : setup(count));
  if (count && count <= MOST_ROWS && hasResults()) parts.push(...outcome());
  if (state.message) parts.unshift(make("p", { class: "notice", role: "alert" }, t(...state.message)));
  if (state.message !== message) return; // say() has rendered
  find("sheet").replaceChildren(...parts);
}

function say(key, values) {
  Object.assign(state, { rows: [], message: [key, values] });
  render();
}

/** Which column, and the button that starts. */
function setup(count) {
  const column = make("select", { id: "column" }, ...header().map((name, index) => make("option", { value: index }, name || t("sheet.column", { n: index + 1 }))));
  column.value = state.column;
  column.addEventListener("change", () => change({ column: Number(column.value) }));
  const named = make("input", { type: "checkbox", id: "named" });
  named.checked = state.hasHeader;
  named.addEventListener("change", () => change({ hasHeader: named.checked }));
  const left = count - state.results.filter(Boolean).length;
  const start = make("button", { type: "button", class: "strong", id: "run" }, t("sheet.run", { n: number(left) }));
  start.addEventListener("click", run);
  return make(
    "div",
    { class: "row setup" },
    make("label", {}, t("sheet.pick"), " ", column),
    make("label", {}, named, " ", t("sheet.named")),
    left ? start : "",
  );
}

function change(values) {
  const id = document.activeElement?.id;
  Object.assign(state, values, { results: [] });
  render();
  find(id)?.focus();
}

function progress() {
  const stop = make("button", { type: "button", id: "stop" }, t("sheet.stop"));
  stop.addEventListener("click", () => state.stop?.abort());
  const bar = make("progress", { id: "progress", max: body().length, "aria-label": t("sheet.progress") });
  queueMicrotask(showProgress);
  return make("div", { class: "row setup" }, bar, make("span", { id: "done" }), stop);
}

function showProgress() {
  if (!find("progress")) return;
  const values = { n: state.results.filter(Boolean).length, of: body().length };
  find("progress").value = values.n;
  find("done").textContent = t("sheet.done", { n: number(values.n), of: number(values.of) });
}

/** Chart, table and download. */
function outcome() {
  const counts = new Map(state.labels.map((label) => [label, 0]));
  const shown = body().map((row, index) => ({ index, text: textOf(row), result: state.results[index] }));
  let failed = 0;
  for (const { result } of shown) {
    if (result?.label !== undefined) counts.set(result.label, (counts.get(result.label) ?? 0) + 1);
    else if (result) failed++;
  }
  const save = make("button", { type: "button", class: "strong", id: "save" }, t("sheet.save"));
  save.addEventListener("click", download);
  const summary = t("sheet.done", { n: number(state.results.filter(Boolean).length), of: number(shown.length) });
  find("sheet-said").textContent = state.stop ? "" : summary;
  const errors = failed ? t("sheet.failed", { n: number(failed) }) : "";
  const order = (label) => state.labels.indexOf(label);
  const columns = [
    { name: "#", value: ({ index }) => index, show: ({ index }) => number(index + 1), isFigure: true },
    { name: header()[state.column], value: ({ text }) => text, show: ({ text }) => make("div", { class: "clamp", dir: "auto" }, text) },
    { name: t("sheet.label"), value: ({ result }) => (result?.label === undefined ? null : order(result.label)), show: ({ result }) => told(result) },
    { name: t("sheet.score"), value: ({ result }) => result?.score ?? null, show: ({ result }) => (result?.score === undefined ? "" : percent(result.score)), isFigure: true },
  ];
  return [
    make("div", { class: "row" }, make("p", {}, make("b", {}, summary), " ", errors), save),
    chart(counts),
    ...sortableTable(t("sheet.results"), columns, shown),
  ];
}

function told(result) {
  if (!result) return make("span", { class: "muted" }, t("sheet.unasked"));
  if (result.error) return make("span", { class: "muted" }, `⚠ ${result.error.message}`);
  return make("span", { class: `tag ${classOf(result.label)}` }, make("span", { "aria-hidden": "true" }, shapeOf(result.label)), " ", nameOf(result.label));
}

/** The rows as they came, with our columns behind them. */
function download() {
  const width = Math.max(...state.rows.map((row) => row.length));
  const pad = (row) => [...row, ...Array(width - row.length).fill("")];
  const names = ["sentiment_label", "sentiment_score", ...state.labels.map((label) => `sentiment_${label}`), "sentiment_error"];
  const lines = body().map((row, index) => {
    const { label = "", score = "", scores = {}, error } = state.results[index] ?? {};
    return [...pad(row), guard(label), score, ...state.labels.map((name) => scores[name] ?? ""), guard(error?.message ?? "")];
  });
  const link = make("a", { download: "sentiment.csv" });
  link.href = URL.createObjectURL(new Blob([format([[...pad(header()), ...names], ...lines])], { type: "text/csv" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function startSheet() {
  const box = find("table");
  find("file").addEventListener("change", ({ target }) => {
    loadFile(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });
  find("paste").addEventListener("input", ({ target }) => load(target.value));
  for (const name of ["dragenter", "dragover", "dragleave", "drop"])
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.toggle("over", name === "dragenter" || name === "dragover");
      if (name === "drop") loadFile(event.dataTransfer.files[0]);
    });
  onLanguage(render);
}
