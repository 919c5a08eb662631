// Labels: each has a name in the reader's language, a shape, and a class for its colour and underline.

import { t } from "./i18n.js";

const SLOTS = { positive: 0, pos: 0, neutral: 1, neu: 1, negative: 2, neg: 2 };
const SHAPES = ["▲", "●", "▼", "◆", "■", "★", "✚", "◗"];
const own = new Map();

/** A model's own labels get the shapes that are left, in the order in which they are met. */
function slot(label) {
  if (Object.hasOwn(SLOTS, label.toLowerCase())) return SLOTS[label.toLowerCase()];
  if (!own.has(label)) own.set(label, 3 + (own.size % (SHAPES.length - 3)));
  return own.get(label);
}

export const shapeOf = (label) => SHAPES[slot(label)];
export const classOf = (label) => `l${slot(label)}`;
export const nameOf = (label) => t(`label.${label}`, {}, label);
