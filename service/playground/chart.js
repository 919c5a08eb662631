// The chart: how many texts have which label.

import { draw } from "./dom.js";
import { number, percent, t } from "./i18n.js";
import { classOf, nameOf, shapeOf } from "./labels.js";

const ROW_PX = 46;

/** @param counts Map of label to how many texts have it */
export function chart(counts) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const told = [];
  const rows = [...counts].map(([label, count], index) => {
    const share = total ? count / total : 0;
    const figures = `${number(count)} · ${percent(share)}`;
    told.push(`${nameOf(label)}: ${figures}`);
    const top = index * ROW_PX;
    return draw(
      "g",
      { class: classOf(label) },
      draw("text", { x: 0, y: top + 16 }, `${shapeOf(label)} ${nameOf(label)}`),
      draw("text", { x: "100%", y: top + 16, "text-anchor": "end" }, figures),
      draw("rect", { class: "ground", x: 0, y: top + 24, width: "100%", height: 10, rx: 5 }),
      draw("rect", { class: "share", x: 0, y: top + 24, width: `${share * 100}%`, height: 10, rx: 5 }),
    );
  });
  const name = `${t("chart")} ${told.join("; ")}`;
  return draw("svg", { class: "chart", role: "img", "aria-label": name, height: rows.length * ROW_PX }, ...rows);
}
