// The text itself, with parts of it marked in place.

import { make } from "./dom.js";
import { number, percent, t } from "./i18n.js";
import { classOf, nameOf, shapeOf } from "./labels.js";
import { slicer } from "./offsets.js";
import { attachTip } from "./tip.js";

/** The text as nodes.
    @param spans with offset and length in code points, in order
    @param dress (mark, span, index) gives a span's element its look */
export function markText(text, spans, dress) {
  const slice = slicer(text);
  const nodes = [];
  let end = 0;
  spans.forEach((span, index) => {
    const start = Math.max(span.offset, end); // parts never overlap on the page
    const last = Math.max(span.offset + span.length, start);
    if (start > end) nodes.push(slice(end, start - end));
    if (last > start) {
      const mark = make("mark", { tabindex: nodes.some((node) => node.tabIndex === 0) ? -1 : 0 }, slice(start, last - start));
      dress(mark, span, index);
      nodes.push(mark);
    }
    end = last;
  });
  nodes.push(slice(end, slice.count - end));
  return nodes;
}

/** Sentences in place: colour, kind of underline, and a shape in front. */
export function sentenceView(text, sentences) {
  const nodes = markText(text, sentences, (mark, sentence, index) => {
    mark.className = `sentence ${classOf(sentence.label)}`;
    mark.style.setProperty("--strength", Math.max(0, (sentence.score - 0.3) / 0.7));
    mark.prepend(make("span", { class: "shape", "aria-hidden": "true" }, shapeOf(sentence.label)));
    const spoken = t("said", { label: nameOf(sentence.label), score: percent(sentence.score) });
    mark.append(make("span", { class: "unseen" }, ` (${spoken})`));
    attachTip(mark, () => [
      t("sentence", { n: number(index + 1), of: number(sentences.length) }),
      Object.entries(sentence.scores).map(([label, score]) => [`${shapeOf(label)} ${nameOf(label)}`, percent(score)]),
    ]);
  });
  return [make("div", { class: "text", dir: "auto" }, ...nodes), make("p", { class: "muted legend" }, t("sentences.legend"))];
}
