"""Drawings of the report, as SVG within its page: styled by the page's own classes, so that they follow light and dark.

What differs in colour differs in shape or words too. Widths suit a telephone: a chart is some 340 units wide, its
letters 12, and it is not drawn much larger than that.

Shapes in names: M confidence bins.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

MARKS = {"negative": "▼", "neutral": "■", "positive": "▲"}
OTHER_MARKS = "●◆★✚⬟⬢"
WIDTH, HEIGHT = 340, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 34
NAMES_WIDTH, MOST_NAME = 112, 18
"""Room beside lines for their names, and characters of a name there."""
MOST_POINTS = 12
"""Lines of more values have no sign at each."""


def mark_labels(labels: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A sign and a class of its own for each label; beyond six that have no sign by their name, they recur."""
    numbers = {label: index % len(OTHER_MARKS) for index, label in enumerate(labels)}
    return {
        label: (MARKS[label], label) if label in MARKS else (OTHER_MARKS[number], f"other{number}")
        for label, number in numbers.items()
    }


def curves(
    steps: Sequence[int], series: Mapping[str, Sequence[float]], y_name: str, title: str, strong: str = ""
) -> Markup:
    """Lines over steps, named at their ends if there are several. strong: the line that stands out."""
    values = [value for line in series.values() for value in line]
    ticks = round_ticks(min(values), max(values))
    low, high, first, last = ticks[0], ticks[-1], steps[0], steps[-1]
    right = WIDTH - RIGHT - (NAMES_WIDTH if len(series) > 1 else 0)
    bottom = HEIGHT - BOTTOM

    def x_of(step: int) -> float:
        return LEFT + (step - first) / max(1, last - first) * (right - LEFT)

    def y_of(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - TOP)

    parts = [_tick(f"{tick:g}", y_of(tick), right) for tick in ticks]
    parts.append(_text("tick", LEFT, bottom + 15, f"{first:,}"))
    if last > first:
        parts.append(_text("tick end", right, bottom + 15, f"{last:,}"))
    parts.append(_text("tick end", right, HEIGHT - 4, f"step; {y_name}"))
    ends = spread([y_of(line[-1]) for line in series.values()], gap=13.0, low=TOP + 4.0, high=float(bottom))
    for number, ((name, line), end) in enumerate(zip(series.items(), ends, strict=True)):
        is_strong = name == strong or len(series) == 1
        sign = OTHER_MARKS[0] if is_strong else OTHER_MARKS[1 + number % 5]
        places = [(x_of(step), y_of(value)) for step, value in zip(steps, line, strict=True)]
        parts.append(_line("line strong" if is_strong else f"line dash{number % 5}", places))
        if len(places) <= MOST_POINTS:
            parts += [_text("point strong" if is_strong else "point", x, y + 3, sign) for x, y in places]
        if len(series) > 1:
            parts.append(_text("name strong" if is_strong else "name", right + 10, end + 4, f"{sign} {_cut(name)}"))
    return _drawing(title, WIDTH, HEIGHT, parts)


def reliability(sums_3M: np.ndarray, title: str) -> Markup:
    """Accuracy by confidence, a point a bin, on the diagonal if probabilities are right; below, the rows of each.

    sums: rows, confidence and right answers by bin.
    """
    rows_M, confidence_M, right_M = sums_3M
    right, base, strip = WIDTH - RIGHT, HEIGHT - BOTTOM, 34
    bottom = base - strip

    def x_of(value: float) -> float:
        return LEFT + value * (right - LEFT)

    def y_of(value: float) -> float:
        return bottom - value * (bottom - TOP)

    quarters = [0.0, 0.25, 0.5, 0.75, 1.0]
    parts = [_tick(f"{quarter:g}", y_of(quarter), right) for quarter in quarters]
    parts += [_text("tick middle", x_of(quarter), base + 15, f"{quarter:g}") for quarter in quarters]
    parts.append(_text("tick end", right, HEIGHT - 4, "confidence; accuracy; bars: rows"))
    parts.append(_line("ideal", [(x_of(0), y_of(0)), (x_of(1), y_of(1))]))
    filled = [int(index) for index in np.flatnonzero(rows_M)]
    places = [(x_of(confidence_M[i] / rows_M[i]), y_of(right_M[i] / rows_M[i])) for i in filled]
    parts += [_line("line strong", places), *(_dot(x, y, 3.5) for x, y in places)]
    width = (right - LEFT) / len(rows_M)
    for index in filled:
        height = max(1.0, float(rows_M[index] / rows_M.max()) * (strip - 8))
        parts.append(_bar("bar", LEFT + index * width + 1, base - height, width - 2, height))
    return _drawing(title, WIDTH, HEIGHT, parts)


def histogram(counts: Sequence[int], names: Sequence[str], title: str) -> Markup:
    """Bars, each with its name below; the highest has its count above."""
    step, base, highest = 26.0, 50, max([*counts, 1])
    parts = []
    for index, (count, name) in enumerate(zip(counts, names, strict=True)):
        middle, height = (index + 0.5) * step, count / highest * 36
        if count:
            parts.append(_bar("bar", index * step + 1, base - max(height, 1.0), step - 2, max(height, 1.0)))
        if count == highest:
            parts.append(_text("tick middle", middle, base - height - 4, f"{count:,}"))
        parts.append(_text("tick middle", middle, base + 14, name))
    return _drawing(title, int(step * len(counts)), 68, parts)


def shares(rows: Mapping[str, int], marks: Mapping[str, tuple[str, str]], title: str) -> Markup:
    """The labels of a set as one bar; each part has its sign, and its share if there is room."""
    width, height, x = 180, 22, 0.0
    parts = []
    for label, count in rows.items():
        share = count / max(1, sum(rows.values()))
        sign, kind = marks[label]
        parts.append(_bar(f"label-{kind}", x, 0, max(0.0, share * width - 1), height))
        if share >= 0.08:
            parts.append(_text("on", x + share * width / 2, 16, f"{sign} {share:.0%}" if share >= 0.25 else sign))
        x += share * width
    return _drawing(title, width, height, parts)


def whisker(
    value: float, interval: Sequence[float], low: float, high: float, title: str, zero: float | None = None
) -> Markup:
    """A figure as a dot in its interval, on a scale from low to high. zero: where a line is drawn across."""
    width, height, middle = 150, 18, 9

    def x_of(figure: float) -> float:
        return 5 + min(1.0, max(0.0, (figure - low) / (high - low))) * (width - 10)

    parts = [_line("grid", [(5, middle), (width - 5, middle)])]
    if zero is not None:
        parts.append(_line("ideal", [(x_of(zero), 0), (x_of(zero), height)]))
    parts.append(_line("span", [(x_of(end), middle) for end in interval]))
    parts.append(_dot(x_of(value), middle, 4))
    return _drawing(title, width, height, parts)


def round_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At least two and at most so many round numbers, from low or a little below it to high or a little above it."""
    power = 10.0 ** math.floor(math.log10(max(high - low, abs(high) * 0.02, 1e-9) / most))
    for step in (size * power for size in (1, 2, 5, 10, 20, 50)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first < most:
            break
    return [float(f"{number * step:.12g}") for number in range(first, max(last, first + 1) + 1)]


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places, at least a gap apart, in their order, and between low and high as far as there is room."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = max(places[index], floor)
        floor = moved[index] + gap
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return moved


def _cut(name: str) -> str:
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"


def _tick(text: str, y: float, right: float) -> Markup:
    return _line("grid", [(LEFT, y), (right, y)]) + _text("tick end", LEFT - 6, y + 4, text)


def _line(kind: str, places: Sequence[tuple[float, float]]) -> Markup:
    return _tag("polyline", kind, points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places))


def _text(kind: str, x: float, y: float, text: str) -> Markup:
    return _tag("text", kind, text, x=f"{x:.1f}", y=f"{y:.1f}")


def _bar(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    return _tag("rect", kind, x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{height:.1f}")


def _dot(x: float, y: float, radius: float) -> Markup:
    return _tag("circle", "dot", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{radius:g}")


def _drawing(title: str, width: int, height: int, parts: Sequence[Markup]) -> Markup:
    """An SVG that tells its title to those who do not see it."""
    size = {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height)}
    return _tag("svg", "", Markup("").join(parts), **size, role="img", **{"aria-label": title})


def _tag(name: str, kind: str, content: str = "", **attributes: str) -> Markup:
    """An element; what it holds is escaped, unless it is Markup."""
    given = {"class": kind, **attributes} if kind else attributes
    opened = Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in given.items())
    return Markup("<{}{}>{}</{}>").format(name, opened, content, name)
