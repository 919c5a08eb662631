// CSV by RFC 4180, as spreadsheets write it: quotes, line ends within quotes, other separators, other encodings.

const SNIFFED_CHARS = 65536;
const TEXT_COLUMN = /text|review|comment|content|sentence|body|评论|内容|文本|正文/i;

/** The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8 if it is that, else what Chinese Excel writes. */
export function decode(bytes) {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** @returns rows of cells; blank lines are left out. Within quotes "" is a quote; a quote within a bare cell is itself. */
export function parse(text, separator = sniff(text)) {
  const rows = [];
  let row = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const endRow = () => {
    if (row.length > 1 || row[0].trim()) rows.push(row);
    row = [];
  };
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      let end = at;
      do {
        const start = end + 1;
        end = text.indexOf('"', start);
        if (end < 0) end = text.length; // never closed
        cell += text.slice(start, end);
        at = end + 1;
      } while (text[at] === '"' && (cell += '"') && (end = at));
    }
    const start = at;
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
    row.push(cell + text.slice(start, at));
    if (text[at] === separator) {
      if (++at === text.length) row.push("");
      continue;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    endRow();
  }
  if (row.length) endRow();
  return rows;
}

/** The separator by which most rows are as wide as the first; none if commas are but punctuation. */
export function sniff(text) {
  const head = text.slice(0, SNIFFED_CHARS);
  let best = ["", 0.6];
  for (const separator of ["\t", ";", ","]) {
    const rows = parse(head, separator);
    if (text.length > head.length) rows.pop();
    const width = rows[0]?.length ?? 0;
    const share = width > 1 ? rows.filter((row) => row.length === width).length / rows.length : 0;
    if (share > best[1]) best = [separator, share];
  }
  return best[0];
}

/** @returns hasHeader and textColumn, as far as can be told */
export function guess(rows) {
  const named = rows[0].findIndex((cell) => TEXT_COLUMN.test(cell) && cell.length < 40);
  const isShort = rows[0].every((cell) => cell.trim() && cell.length < 40 && Number.isNaN(Number(cell)));
  const hasHeader = rows.length > 1 && (named >= 0 || (isShort && rows[0].length > 1));
  const sizes = rows[0].map((_, column) => rows.slice(1, 50).reduce((sum, row) => sum + (row[column]?.length ?? 0), 0));
  return { hasHeader, textColumn: hasHeader && named >= 0 ? named : sizes.indexOf(Math.max(...sizes)) };
}

/** With a mark in front, by which Excel knows UTF-8. */
export function format(rows) {
  const quote = (cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return "\ufeff" + rows.map((row) => row.map((cell) => quote(String(cell))).join(",") + "\r\n").join("");
}

/** A cell of ours that no spreadsheet takes for a formula. Cells of the user's own file stay as they are: a file that
    comes back changed is worse than one that does what it did before. */
export const guard = (cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
