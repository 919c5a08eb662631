// A table that sorts by its headings and shows one page of its rows at a time.

import { button, make } from "./dom.js";
import { number, t } from "./i18n.js";

const PAGE_ROWS = 25;

/** @param columns of [name, value(row), show(row)]; value is what sorts, and null comes last */
export function sortableTable(caption, columns, rows) {
	let sorted = rows;
	let order = { column: 0, step: 1 };
	let page = 0;
	const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
	const body = make("tbody");
	const place = make("span.muted", { role: "status" });
	const back = button({}, t("← Back"), () => turn(page - 1));
	const forth = button({}, t("Next →"), () => turn(page + 1));

	function turn(to) {
		page = to;
		const first = page * PAGE_ROWS;
		const shown = sorted.slice(first, first + PAGE_ROWS);
		const cells = (row) => columns.map(([, , show]) => make("td", show(row)));
		body.replaceChildren(...shown.map((row) => make("tr", ...cells(row))));
		back.disabled = page === 0;
		forth.disabled = page === pages - 1;
		const values = { from: number(first + 1), to: number(first + shown.length), of: number(rows.length) };
		place.textContent = t("Rows {from} to {to} of {of}", values);
	}

	function sort(column) {
		order = { column, step: order.column === column ? -order.step : 1 };
		const [, value] = columns[column];
		sorted = [...rows].sort((a, b) => compare(value(a), value(b), order.step));
		heads.forEach((head, index) => {
			if (index !== column) head.removeAttribute("aria-sort");
			else head.setAttribute("aria-sort", order.step > 0 ? "ascending" : "descending");
		});
		turn(0);
	}

	const heads = columns.map(([name], index) => make("th", { scope: "col" }, button({}, name, () => sort(index))));
	heads[0].setAttribute("aria-sort", "ascending");
	turn(0);
	const head = make("thead", make("tr", ...heads));
	return [
		make("div.wide", { tabindex: 0, role: "group", "aria-label": caption }, make("table", head, body)),
		make("div.row", place, make("span", back, " ", forth)),
	];
}

function compare(a, b, step) {
	if (a === null || b === null) return (a === null) - (b === null);
	return step * (typeof a === "string" ? a.localeCompare(b) : a - b);
}
