// The text itself, with parts of it marked in place: its sentences, or its tokens.

import { make } from "./dom.js";
import { number, percent, t } from "./i18n.js";
import { badge, classOf, nameOf, shapeOf } from "./labels.js";
import { attachTip } from "./tip.js";

/** The service counts Unicode code points, JavaScript strings count UTF-16 units.
		@returns slice(offset, length) in code points, and slice.count of them */
export function slicer(text) {
	const starts = new Uint32Array(text.length + 1);
	let count = 0;
	for (let at = 0; at < text.length; at += text.codePointAt(at) > 0xffff ? 2 : 1) starts[count++] = at;
	starts.fill(text.length, count);
	const slice = (offset, length) => text.slice(starts[offset], starts[Math.min(offset + length, count)]);
	return Object.assign(slice, { count });
}

/** The text as nodes.
		@param spans with offset and length, in order; they never overlap on the page
		@param dress (mark, span, index) gives a span's element its look */
function markText(text, spans, dress) {
	const slice = slicer(text);
	const nodes = [];
	let end = 0;
	spans.forEach((span, index) => {
		const start = Math.max(span.offset, end);
		const last = Math.max(span.offset + span.length, start);
		nodes.push(slice(end, start - end));
		if (last > start) {
			const mark = make("mark", { tabindex: index ? -1 : 0 }, slice(start, last - start));
			dress(mark, span, index);
			nodes.push(mark);
		}
		end = last;
	});
	return make("div.text", { dir: "auto" }, ...nodes, slice(end, slice.count));
}

export const legend = (...children) => make("p.muted.legend", ...children);

/** Sentences: colour, kind of underline, and a shape in front. */
export function sentenceView(text, sentences) {
	const view = markText(text, sentences, (mark, { label, score, scores }, index) => {
		mark.className = `sentence ${classOf(label)}`;
		mark.style.setProperty("--strength", Math.max(0, (score - 0.3) / 0.7));
		mark.prepend(make("span.shape", { "aria-hidden": true }, shapeOf(label)));
		mark.append(make("span.unseen", ` (${t("{label}, {score}", { label: nameOf(label), score: percent(score) })})`));
		const title = t("Sentence {n} of {of}", { n: number(index + 1), of: number(sentences.length) });
		attachTip(mark, title, Object.entries(scores).map(([each, share]) => [badge(each), percent(share)]));
	});
	return [view, legend(t("Each is read alone. Point at one, or use the arrow keys, for figures."))];
}

/** Tokens: filled where they speak for the label, hatched and with a minus where they speak against it. */
export function tokenView(text, { label, margin, bias, tokens }) {
	const places = new Map(); // bytes of one character share its place
	for (const token of tokens) {
		const contribution = token.contribution + (places.get(token.offset)?.contribution ?? 0);
		places.set(token.offset, { ...token, contribution });
	}
	const spans = [...places.values()];
	const most = Math.max(...spans.map(({ contribution }) => Math.abs(contribution)), 1e-9);
	const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
	const dress = (mark, side, strength) => {
		mark.className = `token ${side} ${strength > 0.2 ? "strong-one" : ""} ${classOf(label)}`;
		mark.style.setProperty("--strength", strength);
		return mark;
	};
	const view = markText(text, spans, (mark, { contribution }) => {
		const side = contribution < 0 ? "against" : "for";
		attachTip(mark, mark.textContent, [[make("span", t(side), " ", badge(label)), signed(contribution)]]);
		dress(mark, side, Math.abs(contribution) / most);
	});
	const samples = ["for", "against"].map((side) => dress(make("mark", t(side)), side, 0.8));
	const sum = t("Bias {bias} and all tokens make {margin}.", { bias: signed(bias), margin: signed(margin) });
	return [view, legend(...samples, " ", badge(label), " · ", sum)];
}
