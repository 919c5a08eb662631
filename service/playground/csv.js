// CSV by RFC 4180, as spreadsheets write it: quotes, line ends within quotes, other separators, other encodings.

const SNIFFED_CHARS = 65536;
const TEXT_COLUMN = /text|review|comment|content|sentence|评论|内容|文本/i;
const WORD = /^\s*(\w{1,40}|[评论内容文本]{2,4})\s*$/;
const FEW_WORDS = /^\s*([^\s.,!?。，！？]+\s*){1,3}$/;

/** The text of a file: UTF-16 by its mark, UTF-8 if it is that, else what Chinese or Western Excel writes. */
export function decode(bytes) {
	try {
		return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
	} catch {
		// Many Western letters beyond ASCII stand alone; of Chinese ones hardly any second byte is ASCII.
		const high = bytes.filter((byte) => byte > 127);
		const lone = bytes.filter((byte, at) => byte > 127 && !(bytes[at - 1] > 127 || bytes[at + 1] > 127));
		return new TextDecoder(lone.length * 4 > high.length ? "windows-1252" : "gb18030").decode(bytes);
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

/** The separator by which most rows are as wide as the first, or none. Commas of plain sentences are none: those of a
		lone row, and those that mostly stand before a space where no column has a name that we know. */
export function sniff(text) {
	let best = ["", 0.6];
	for (const separator of ["\t", ";", ","]) {
		const rows = parse(text.slice(0, SNIFFED_CHARS), separator);
		const width = rows[0]?.length;
		const ends = rows.flatMap((row) => row.slice(1));
		const spaced = ends.filter((cell) => cell.startsWith(" ")).length;
		const isProse = rows.length < 2 || (spaced * 2 > ends.length && !rows[0].some(isName));
		if (separator !== "\t" && isProse) continue;
		const share = width > 1 ? rows.filter((row) => row.length === width).length / rows.length : 0;
		if (share > best[1]) best = [separator, share];
	}
	return best[0];
}

const isName = (cell) => WORD.test(cell) && TEXT_COLUMN.test(cell);

/** @returns hasHeader and textColumn, as far as can be told */
export function guess(rows) {
	const [first = [], ...others] = rows;
	const isShort = first.length > 1 && first.every((cell) => cell.length < 40 && (!cell.trim() || isNaN(cell)));
	const isNames = isShort && first.every((cell) => cell.trim());
	let named = first.findIndex(isName);
	if (named < 0 && isShort) named = first.findIndex((cell) => TEXT_COLUMN.test(cell) && FEW_WORDS.test(cell));
	if (others.length && named >= 0) return { hasHeader: true, textColumn: named };
	const sizes = first.map((_, column) => others.slice(0, 50).reduce((sum, row) => sum + (row[column] ?? "").length, 0));
	const most = sizes.reduce((a, b) => Math.max(a, b), 0);
	return { hasHeader: others.length > 0 && isNames, textColumn: sizes.indexOf(most) };
}

/** With a mark in front, by which Excel knows UTF-8. */
export function format(rows) {
	const quote = (cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : cell);
	return "\ufeff" + rows.map((row) => row.map(quote).join(",") + "\r\n").join("");
}

/** A cell of ours that no spreadsheet takes for a formula. The user's own stay as they are: a file that comes back
		changed is worse than one that does what it did before. */
export const guard = (cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
