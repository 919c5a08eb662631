// The card: what runs, how good it was, and what it takes at most, all from GET /v1/model.

import { find, make } from "./dom.js";
import { languageName, number, percent, t, tag } from "./i18n.js";
import { badge } from "./labels.js";

/** @param model the reply of GET /v1/model */
export function showCard(model) {
	const facts = [
		[t("Version"), model.version],
		[t("Made on"), new Date(model.created_at).toLocaleDateString(tag(), { dateStyle: "medium" })],
		[t("Labels"), make("span", ...model.labels.map(badge))],
		[t("Languages"), model.languages.map(languageName).join(" · ")],
		[t("Runs by"), `${model.backend} · ${model.device} · ${t("threads: {n}", { n: number(model.threads) })}`],
		[t("Window"), t("{n} tokens", { n: number(model.max_tokens) })],
	];
	const limits = Object.entries(model.limits).map(([name, value]) => [make("code", name), number(value)]);
	find("card").replaceChildren(
		panel(t("Running now"), list(facts)),
		panel(t("Limits"), list(limits)),
		panel(t("Scores on dev sets"), scores(Object.entries(model.dev_metrics))),
	);
}

const panel = (title, content) => make("div.panel", make("h3", title), content);
const list = (rows) => make("dl", ...rows.flatMap(([name, value]) => [make("dt", name), make("dd", value)]));

function scores(sets) {
	const names = ["Set", "Texts", "Labels", "Accuracy", "Macro recall", "ECE"];
	const heads = names.map((name) => make("th", { scope: "col" }, t(name)));
	const rows = sets.map(([name, score]) => {
		const shares = [share(score, "accuracy"), share(score, "macro_recall")];
		const figures = [score.n && number(score.n), score.labels?.length, ...shares, score.ece?.toFixed(3)];
		return make("tr", make("th", { scope: "row" }, name), ...figures.map((figure) => make("td", figure ?? "")));
	});
	const table = make("table", make("thead", make("tr", ...heads)), make("tbody", ...rows));
	return make("div.wide", { tabindex: 0, role: "group", "aria-label": t("Scores on dev sets") }, table);
}

/** With its 95 % interval. */
function share(score, name) {
	if (score[name] == null) return "";
	const interval = score[`${name}_interval`]?.map((end) => (end * 100).toFixed(1)).join(", ");
	return make("span", percent(score[name]), make("span.muted", interval ? ` [${interval}]` : ""));
}
