// The chart: how many texts have which label.

import { draw } from "./dom.js";
import { number, percent } from "./i18n.js";
import { classOf, nameOf, shapeOf } from "./labels.js";

const ROW_PX = 46;

/** @param counts by label, as [label, count] */
export function chart(counts) {
	const total = counts.reduce((sum, [, count]) => sum + count, 0);
	const told = [];
	const rows = counts.map(([label, count], index) => {
		const share = total ? count / total : 0;
		const figures = `${number(count)} · ${percent(share)}`;
		told.push(`${nameOf(label)}: ${figures}`);
		const bar = { y: index * ROW_PX + 24, height: 10, rx: 5 };
		return draw(
			"g",
			{ class: classOf(label) },
			draw("text", { y: bar.y - 8 }, `${shapeOf(label)} ${nameOf(label)}`),
			draw("text", { y: bar.y - 8, x: "100%", "text-anchor": "end" }, figures),
			draw("rect", { ...bar, width: "100%", class: "ground" }),
			draw("rect", { ...bar, width: `${share * 100}%`, class: "share" }),
		);
	});
	return draw("svg", { class: "chart", role: "img", "aria-label": told.join("; "), height: rows.length * ROW_PX }, ...rows);
}
