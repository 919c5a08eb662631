// The verdict: label and probability bars of the whole text.

import { find, make } from "./dom.js";
import { number, percent, t } from "./i18n.js";
import { classOf, nameOf, shapeOf } from "./labels.js";

/** @param reply of the service, or null while there is none
    @param elapsedMs from asking to the answer */
export function showVerdict(reply, elapsedMs) {
  const panel = find("verdict");
  if (!reply) {
    panel.replaceChildren(make("p", { class: "empty muted" }, t("verdict.empty")));
    return;
  }
  const heading = make(
    "p",
    { class: `label ${classOf(reply.label)}` },
    make("span", { "aria-hidden": "true" }, shapeOf(reply.label)),
    make("b", {}, nameOf(reply.label)),
    make("span", { class: "score" }, percent(reply.score)),
  );
  const bars = make("ul", { class: "bars", "aria-label": t("verdict.bars") });
  for (const [label, probability] of Object.entries(reply.scores)) bars.append(bar(label, probability));
  const facts = [
    t(`language.${reply.language}`, {}, reply.language),
    t("tokens", { n: number(reply.tokens) }),
    reply.windows > 1 ? t("windows", { n: number(reply.windows) }) : "",
    t("elapsed", { n: number(Math.round(elapsedMs)) }),
  ];
  panel.replaceChildren(heading, bars);
  if (reply.mixed) panel.append(make("p", { class: "mixed" }, t("mixed")));
  panel.append(make("p", { class: "muted facts" }, facts.filter(Boolean).join(" · ")));
}

function bar(label, probability) {
  const track = make("span", { class: "track", "aria-hidden": "true" }, make("span", { class: "bar" }));
  track.firstChild.style.inlineSize = `${probability * 100}%`;
  return make(
    "li",
    { class: classOf(label) },
    make("span", { class: "name" }, make("span", { "aria-hidden": "true" }, shapeOf(label)), " ", nameOf(label)),
    track,
    make("span", { class: "value" }, percent(probability)),
  );
}
