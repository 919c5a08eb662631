"""What a person sees of `python -m service predict`: progress while it runs, labels when it is done."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

BAR_WIDTH = 40
LINE_EVERY_S = 15.0
"""Where nobody watches a terminal."""
REDRAW_EVERY_S = 0.2


class Progress:
    """A bar on a terminal, a line now and then elsewhere, with rate and time left.

    first_fraction: how much had been done before, from 0 to 1; None if nobody knows.
    """

    def __init__(self, first_fraction: float | None, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._first_fraction = first_fraction
        self._started = self._shown = time.monotonic()
        self._rows = 0

    @property
    def rate(self) -> float:
        """Rows a second, since the start."""
        return self._rows / max(1e-9, time.monotonic() - self._started)

    def advance(self, rows: int, fraction: float | None) -> None:
        """Tell of more rows. fraction: how much of the input has been read, as above."""
        self._rows += rows
        now = time.monotonic()
        if now - self._shown < (REDRAW_EVERY_S if self._is_terminal else LINE_EVERY_S):
            return
        self._shown = now
        line = f"{self._rows:,} rows  {self.rate:,.0f} rows/s"
        if fraction is not None and self._first_fraction is not None and fraction > self._first_fraction:
            left_s = (now - self._started) / (fraction - self._first_fraction) * (1 - fraction)
            line = f"{fraction:4.0%} {draw_bar(fraction)}  {line}  {_in_words(left_s)} left"
        self._stream.write(f"\r\x1b[K{line}" if self._is_terminal else f"{line}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the bar away."""
        if self._is_terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def draw_bar(share: float, width: int = BAR_WIDTH) -> str:
    """A bar of a share from 0 to 1, padded to its width."""
    eighths = round(min(1.0, max(0.0, share)) * width * 8)
    return ("█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()).ljust(width)


def draw_labels(labels: Mapping[str, int]) -> str:
    """A line for each label: its bar, rows and share."""
    total = sum(labels.values())
    name_width = max(map(len, labels), default=0)
    shares = {label: count / max(1, total) for label, count in labels.items()}
    return "\n".join(
        f"{label:<{name_width}}  {draw_bar(shares[label])}  {count:>{len(f'{total:,}')},}  {shares[label]:6.1%}"
        for label, count in labels.items()
    )


def write_chart(path: Path, labels: Mapping[str, int]) -> None:
    """The same as a PNG. Needs matplotlib."""
    from matplotlib.figure import Figure

    total = sum(labels.values())
    figure = Figure(figsize=(6, 0.6 + 0.5 * len(labels)), layout="constrained")
    axes = figure.add_subplot()
    names = list(labels)[::-1]  # the first on top
    bars = axes.barh(names, [labels[name] for name in names])
    axes.bar_label(bars, [f"{labels[name]:,} ({labels[name] / max(1, total):.1%})" for name in names], padding=3)
    axes.margins(x=0.25)
    axes.set_xlabel(f"rows, of {total:,}")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, format="png", dpi=150)


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
