// Labels: each has a name in the reader's language, a shape, and a class for its colour and underline.

import { make } from "./dom.js";
import { t } from "./i18n.js";

const NAMES = new Map([["positive", "Positive"], ["neutral", "Neutral"], ["negative", "Negative"]]);
const SHAPES = "▲●▼◆■★✚";
const met = [...NAMES.keys()];

/** A model's own labels get the shapes that are left, in the order in which they are met. */
function slot(label) {
	if (!met.includes(label)) met.push(label);
	const place = met.indexOf(label);
	return place < 3 ? place : 3 + ((place - 3) % 4);
}

export const shapeOf = (label) => SHAPES[slot(label)];
export const classOf = (label) => `l${slot(label)}`;
export const nameOf = (label) => (NAMES.has(label) ? t(NAMES.get(label)) : label);

/** Shape and name. */
export const badge = (label) =>
	make(`span.badge.${classOf(label)}`, make("span", { "aria-hidden": true }, shapeOf(label)), " ", make("b", nameOf(label)));
