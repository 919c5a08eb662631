// The card: what runs, how good it was, and what it takes at most, all from GET /v1/model.

import { find, make } from "./dom.js";
import { number, percent, t } from "./i18n.js";
import { classOf, nameOf, shapeOf } from "./labels.js";

/** @param model the reply of GET /v1/model */
export function showCard(model) {
  const labels = model.labels.map((label) =>
    make("span", { class: `tag ${classOf(label)}` }, make("span", { "aria-hidden": "true" }, shapeOf(label)), " ", nameOf(label)),
  );
  const facts = [
    ["version", model.version],
    ["created", new Date(model.created_at).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium" })],
    ["labels", make("span", {}, ...labels)],
    ["languages", model.languages.map((name) => t(`language.${name}`, {}, name)).join(" · ")],
    ["runs", `${model.backend} · ${model.device} · ${t("threads", { n: number(model.threads) })}`],
    ["window", t("tokens", { n: number(model.max_tokens) })],
    ["temperature", number(model.temperature)],
  ];
  const limits = Object.entries(model.limits).map(([name, value]) => [t(`limit.${name}`, {}, name), number(value)]);
  find("card").replaceChildren(
    panel("facts", list(facts.map(([key, value]) => [t(`card.${key}`), value]))),
    panel("limits", list(limits)),
    panel("scores", scores(model.dev_metrics)),
  );
}

const panel = (key, content) => make("div", { class: `panel ${key}` }, make("h3", {}, t(`card.${key}`)), content);

const list = (rows) => make("dl", {}, ...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));

function scores(sets) {
  const heads = ["set", "n", "labels", "accuracy", "recall", "ece"].map((key) => make("th", { scope: "col" }, t(`card.${key}`)));
  const rows = Object.entries(sets).map(([name, score]) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      ...[
        number(score.n),
        score.labels?.length ?? "",
        interval(score, "accuracy"),
        interval(score, "macro_recall"),
        score.ece?.toFixed(3) ?? "",
      ].map((cell) => make("td", { class: "figure" }, cell)),
    ),
  );
  if (!rows.length) return make("p", { class: "muted" }, t("card.none"));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  return make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": t("card.scores") }, table);
}

/** A share with its 95 % interval. */
function interval(score, name) {
  if (score[name] == null) return "";
  const [low, high] = score[`${name}_interval`] ?? [];
  const range = low == null ? "" : ` [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`;
  return make("span", {}, percent(score[name]), make("span", { class: "muted" }, range));
}
