// The section for tables: read one, have its texts classified, show what came of it, give it back.

import { ask } from "./api.js";
import { classifyAll } from "./batches.js";
import { chart } from "./chart.js";
import { decode, format, guard, guess, parse } from "./csv.js";
import { button, find, make } from "./dom.js";
import { number, onLanguage, percent, t } from "./i18n.js";
import { badge } from "./labels.js";
import { sortableTable } from "./table.js";

const MOST_ROWS = 5000;
const MOST_MB = 64;

/** Everything in the section follows from it. stop: there while texts are on their way. message: says it anew. */
const state = { rows: [], hasHeader: true, column: 0, labels: [], results: [], stop: null, message: null };

const body = () => (state.hasHeader ? state.rows.slice(1) : state.rows);
const header = () => state.rows[0].map((cell, index) => (state.hasHeader && cell) || t("Column {n}", { n: index + 1 }));
const textOf = (row) => row[state.column] ?? "";
const answered = () => state.results.filter(Boolean).length;

function change(values) {
	const focused = document.activeElement?.id;
	Object.assign(state, values);
	render();
	if (focused) [focused, "stop", "save", "run"].map(find).find(Boolean)?.focus();
}

function load(text) {
	const rows = parse(text);
	const { hasHeader, textColumn: column } = guess(rows);
	const n = rows.length - Number(hasHeader);
	if (n > MOST_ROWS) refuse("The table has {n} rows; the limit is {most}.", { n: number(n), most: number(MOST_ROWS) });
	else begin({ rows, hasHeader, column });
}

const refuse = (phrase, values) => begin({ message: () => t(phrase, values) });

function begin(values) {
	state.stop?.abort();
	change({ rows: [], results: [], stop: null, message: null, ...values });
}

async function loadFile(file) {
	if (!file) return;
	find("file-name").textContent = file.name;
	if (file.size > MOST_MB << 20) refuse("The file is larger than {n} MB.", { n: MOST_MB });
	else load(decode(new Uint8Array(await file.arrayBuffer())));
}

async function run() {
	const stop = new AbortController();
	const texts = body().map(textOf);
	const open = [...texts.keys()].filter((index) => !state.results[index]);
	let message = null;
	change({ stop, message });
	try {
		const { labels, limits } = await ask("v1/model", undefined, stop.signal);
		state.labels = labels;
		const take = (place, result) => {
			state.results[open[place]] = result;
			showProgress();
		};
		await classifyAll(open.map((index) => texts[index]), limits, take, stop.signal);
	} catch (error) {
		message = () => (error.name === "AbortError" ? t("Stopped.") : (error.words ?? String(error)));
	}
	if (state.stop === stop) change({ stop: null, message }); // else there is another table
}

function render() {
	const parts = [];
	if (state.message) parts.push(make("p.notice", { role: "alert" }, state.message()));
	if (state.rows.length) parts.push(state.stop ? progress() : setup());
	if (answered() && !state.stop) parts.push(...outcome());
	find("sheet").replaceChildren(...parts);
	if (state.stop) showProgress();
}

/** Which column, and the button that starts. */
function setup() {
	const column = make("select", { id: "column" }, ...header().map((name, index) => make("option", { value: index }, name)));
	column.value = state.column;
	column.addEventListener("change", () => change({ column: Number(column.value), results: [] }));
	const named = make("input", { type: "checkbox", id: "named" });
	named.checked = state.hasHeader;
	named.addEventListener("change", () => change({ hasHeader: named.checked, results: [] }));
	const left = body().length - answered();
	return make(
		"div.row.setup",
		make("label", t("Column with the texts"), " ", column),
		make("label", named, " ", t("The first row has names")),
		left ? button({ id: "run", class: "strong" }, t("Classify {n} texts", { n: number(left) }), run) : "",
	);
}

function progress() {
	const bar = make("progress", { id: "progress", max: body().length, "aria-label": t("Texts answered") });
	const stop = button({ id: "stop" }, t("Stop"), () => state.stop.abort());
	return make("div.row.setup", bar, make("span", { id: "done" }), stop);
}

const told = () => t("{n} of {of} texts answered.", { n: number(answered()), of: number(body().length) });

function showProgress() {
	find("progress").value = answered();
	find("done").textContent = told();
}

/** Chart, table and download. */
function outcome() {
	const rows = body().map((row, index) => ({ ...state.results[index], index, text: textOf(row) }));
	const failed = rows.filter((row) => row.error).length;
	find("sheet-said").textContent = told();
	const columns = [
		["#", (row) => row.index, (row) => number(row.index + 1)],
		[header()[state.column], (row) => row.text, (row) => make("div.clamp", { dir: "auto" }, row.text)],
		[t("Label"), (row) => (row.scores ? state.labels.indexOf(row.label) : null), labelOf],
		[t("Probability"), (row) => row.score ?? null, (row) => (row.scores ? percent(row.score) : "")],
	];
	const save = button({ id: "save", class: "strong" }, t("Download with labels"), download);
	const failures = failed ? t("{n} failed.", { n: number(failed) }) : "";
	return [
		make("div.row", make("b", told()), failures, save),
		chart(state.labels.map((label) => [label, rows.filter((row) => row.label === label).length])),
		...sortableTable(t("Results by row"), columns, rows),
	];
}

function labelOf({ scores, label, error }) {
	if (scores) return badge(label);
	// The service names the place in our request, which is none that the reader knows.
	return make("span.muted", error ? `⚠ ${error.message.replace(/^texts\[\d+\] /, "")}` : t("not asked"));
}

/** The rows as they came, with our columns behind them. */
function download() {
	const { rows, labels, results } = state;
	const width = Math.max(...rows.map((row) => row.length));
	const pad = (row) => [...row, ...Array(width - row.length).fill("")];
	const names = ["label", "score", ...labels, "error"].map((name) => `sentiment_${name}`);
	const lines = body().map((row, index) => {
		const { label = "", score = "", scores = {}, error } = results[index] ?? {};
		return [...pad(row), guard(label), score, ...labels.map((name) => scores[name] ?? ""), guard(error?.message ?? "")];
	});
	const link = make("a", { download: "sentiment.csv" });
	link.href = URL.createObjectURL(new Blob([format([[...pad(header()), ...names], ...lines])], { type: "text/csv" }));
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function startSheet() {
	const box = find("table");
	find("file").addEventListener("change", async ({ target }) => {
		await loadFile(target.files[0]);
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
