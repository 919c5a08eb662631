// A table that sorts by its headings and shows one page of its rows at a time.

import { make } from "./dom.js";
import { number, t } from "./i18n.js";

const PAGE_ROWS = 50;

/** @param columns of {name, value(row), show(row), isFigure}; value is what sorts, null comes last either way */
export function sortableTable(caption, columns, rows) {
  let sorted = rows;
  let order = { column: 0, step: 1 };
  let page = 0;
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
  const body = make("tbody");
  const place = make("span", { role: "status", class: "muted" });
  const [back, forth] = [-1, 1].map((step) => {
    const button = make("button", { type: "button" }, t(step < 0 ? "table.back" : "table.forth"));
    button.addEventListener("click", () => turn(page + step));
    return button;
  });

  function turn(to) {
    page = to;
    const first = page * PAGE_ROWS;
    const shown = sorted.slice(first, first + PAGE_ROWS);
    body.replaceChildren(
      ...shown.map((row) =>
        make("tr", {}, ...columns.map(({ show, isFigure }) => make("td", { class: isFigure && "figure" }, show(row)))),
      ),
    );
    back.disabled = page === 0;
    forth.disabled = page === pages - 1;
    const values = { from: number(first + 1), to: number(first + shown.length), of: number(rows.length) };
    place.textContent = t("table.place", values);
  }

  function sort(column) {
    order = { column, step: order.column === column ? -order.step : 1 };
    const { value } = columns[column];
    sorted = [...rows].sort((a, b) => compare(value(a), value(b), order.step));
    heads.forEach((head, index) => {
      if (index !== column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", order.step > 0 ? "ascending" : "descending");
    });
    turn(0);
  }

  const heads = columns.map(({ name }, index) => {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => sort(index));
    return make("th", { scope: "col", "aria-sort": index === 0 && "ascending" }, button);
  });
  turn(0);
  const table = make("table", { class: "sortable" }, make("caption", { class: "unseen" }, caption), make("thead", {}, make("tr", {}, ...heads)), body);
  return [
    make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption }, table),
    make("div", { class: "row pager" }, place, make("span", {}, back, " ", forth)),
  ];
}

function compare(a, b, step) {
  if (a === null || b === null) return (a === null) - (b === null);
  return step * (typeof a === "string" ? a.localeCompare(b) : a - b);
}
