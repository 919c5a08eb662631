// The verdict: label and probability bars of the whole text.

import { find, make } from "./dom.js";
import { languageName, number, percent, t } from "./i18n.js";
import { badge, classOf } from "./labels.js";

export function showVerdict(reply, elapsedMs) {
	if (!reply) return find("verdict").replaceChildren(make("p.empty.muted", t("The answer appears here.")));
	const bars = Object.entries(reply.scores).map(([label, probability]) => {
		const bar = make("span.bar");
		bar.style.width = `${probability * 100}%`;
		const track = make(`span.track.${classOf(label)}`, { "aria-hidden": true }, bar);
		return make("li", badge(label), track, make("span.figure", percent(probability)));
	});
	const facts = [
		languageName(reply.language),
		t("{n} tokens", { n: number(reply.tokens) }),
		reply.windows > 1 && t("{n} windows", { n: number(reply.windows) }),
		t("{n} ms", { n: number(Math.round(elapsedMs)) }),
	];
	find("verdict").replaceChildren(
		make("p.label", badge(reply.label), make("span.figure", percent(reply.score))),
		make("ul.bars", { "aria-label": t("Calibrated probabilities") }, ...bars),
		reply.mixed ? make("p.mixed", t("Mixed: plainly positive and plainly negative sentences.")) : "",
		make("p.muted.facts", facts.filter(Boolean).join(" · ")),
	);
}
