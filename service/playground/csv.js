// CSV by RFC 4180, as spreadsheets write it: quotes, line ends within quotes, other separators, other encodings.

const SNIFFED_CHARS = 65536;
const TEXT_COLUMN = /text|review|comment|content|sentence|评论|内容|文本/i;

/** The text of a file: UTF-16 by its mark, UTF-8 if it is that, else what Chinese Excel writes. */
export function decode(bytes) {
	const encodings = [bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8", "gb18030"];
	try {
		return new TextDecoder(encodings[0], { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder(encodings[1]).decode(bytes);
	}
}

/** @returns rows of cells, blank lines left out. In quotes "" is a quote; a quote inside a bare cell is itself. */
export function parse(text, separator = sniff(text)) {
	const rows = [];
	let row = [];
	let at = text.startsWith("\ufeff") ? 1 : 0;
	const endRow = () => {
		if (row.length > 1 || row[0]?.trim()) rows.push(row);
		row = [];
	};
	while (at < text.length) {
		let cell = "";
		if (text[at] === '"') {
			for (let isOpen = true; isOpen; ) {
				let end = text.indexOf('"', at + 1);
				if (end < 0) end = text.length; // never closed
				cell += text.slice(at + 1, end);
				at = end + 1;
				isOpen = text[at] === '"';
				if (isOpen) cell += '"';
			}
		}
		const start = at;
		while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
		row.push(cell + text.slice(start, at));
		if (text[at] === separator) {
			if (++at === text.length) row.push("");
			continue;
		}
		at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
		endRow();
	}
	endRow();
	return rows;
}

/** The separator by which most rows are as wide as the first, or none. */
export function sniff(text) {
	let best = ["", 0.6];
	for (const separator of ["\t", ";", ","]) {
		const rows = parse(text.slice(0, SNIFFED_CHARS), separator);
		const width = rows[0]?.length;
		const share = width > 1 ? rows.filter((row) => row.length === width).length / rows.length : 0;
		if (share > best[1]) best = [separator, share];
	}
	return best[0];
}

/** @returns hasHeader and textColumn, as far as can be told */
export function guess(rows) {
	const [first = [], ...others] = rows;
	const named = first.findIndex((cell) => TEXT_COLUMN.test(cell) && cell.length < 40);
	const isNames = first.length > 1 && first.every((cell) => cell.trim() && cell.length < 40 && isNaN(cell));
	if (others.length && named >= 0) return { hasHeader: true, textColumn: named };
	const sizes = first.map((_, column) => others.slice(0, 50).reduce((sum, row) => sum + (row[column] ?? "").length, 0));
	return { hasHeader: others.length > 0 && isNames, textColumn: sizes.indexOf(Math.max(...sizes)) };
}

/** With a mark in front, by which Excel knows UTF-8. */
export function format(rows) {
	const quote = (cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : cell);
	return "\ufeff" + rows.map((row) => row.map(quote).join(",") + "\r\n").join("");
}

/** A cell of ours that no spreadsheet takes for a formula. The user's own stay as they are: a file that comes back
		changed is worse than one that does what it did before. */
export const guard = (cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
