// The memory: over each token what the gates did when it was read, and what the cell held then.

import { make } from "./dom.js";
import { t } from "./i18n.js";
import { legend } from "./text-view.js";
import { attachTip } from "./tip.js";

const ARROWS = { forward: "→ ", backward: "← " };

/** A heat map that breaks into lines as the text does: forward rows above the tokens, backward rows below them. */
export function memoryView({ tokens, directions }) {
	const rows = directions.flatMap(({ layer, direction, ...figures }) =>
		Object.entries(figures).map(([name, values]) => {
			// Gates stay near the middle: shown from 0 to 1, all rows would look alike.
			const least = Math.min(...values);
			const span = Math.max(...values) - least || 1;
			const depth = directions.length > 2 ? ` ${layer + 1}` : "";
			return { direction, name: t(name.replace("_", " ")) + depth, values, strength: (step) => (values[step] - least) / span };
		}),
	);
	const column = (show, text) => {
		const cells = (wanted) => make("span.cells", ...rows.filter(({ direction }) => direction === wanted).map(show));
		return [cells("forward"), make("span.word", text), cells("backward")];
	};
	const steps = tokens.map(({ text }, step) => {
		const cell = ({ strength }) => {
			const box = make("i");
			box.style.setProperty("--strength", strength(step));
			return box;
		};
		const mark = make("mark.step", { tabindex: step ? -1 : 0 }, ...column(cell, text));
		attachTip(mark, text, rows.map((row) => [ARROWS[row.direction] + row.name, row.values[step].toFixed(3)]));
		return mark;
	});
	const names = make("span.step.names", { "aria-hidden": true }, ...column(({ name }) => make("span", name), ""));
	const explained = t("Above: read forward. Below: read backward. Each row goes from faint, its least, to strong.");
	return [make("div.memory", names, ...steps), legend(explained)];
}
