"""The table of a comparison: what is measured of a server, medians, ratios, and what there could be without HTTP."""

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.bench.limit import Limit
from tests.bench.load import run_load
from tests.bench.peers import Target
from tests.bench.report import print_row
from tests.bench.server import Running, foreign_cpu_s

OURS = "ours"
TEXTS_A_REQUEST = 32
NAME_WIDTH = 16

FOREIGN = "foreign_cores"
"""Cores that other processes of the machine took meanwhile: far above 0, the figures are not the server's alone."""

Figures = dict[str, float]


class Column(NamedTuple):
    """One figure of a server."""

    title: str
    best: Callable[[Sequence[float]], float]


COLUMNS = {
    "single_c1_p50_ms": Column("p50 ms@1", min),
    "single_c8_texts_per_s": Column("req/s@8", max),
    "single_c64_texts_per_s": Column("req/s@64", max),
    "single_c64_p50_ms": Column("p50 ms@64", min),
    "single_c64_p99_ms": Column("p99 ms@64", min),
    "single_c64_cpu_s_per_1000": Column("CPU s/1k", min),
    "long_c8_texts_per_s": Column("long/s@8", max),
    "batch32_c4_texts_per_s": Column("x32 txt/s", max),
    "peak_rss_mb": Column("RSS MB", min),
    "start_s": Column("start s", min),
}
"""@: connections. Titles fit the table; peak_rss_mb is the highest of all loads."""


def measure_server(target: Target, server: Running, texts: Mapping[str, Sequence[str]], seconds: int) -> Figures:
    """Every load on one server, one after the other; `errors` counts those of all."""
    started_at, foreign_before_s = time.monotonic(), foreign_cpu_s(server.tree)
    generator = random.Random(0)
    groups = [generator.choices(texts["short"], k=TEXTS_A_REQUEST) for _ in range(200)]
    short, long = ([target.single_body([text]) for text in texts[name]] for name in ("short", "long"))
    batches = [target.batch_body(group) for group in groups]
    one, eight, many = (run_load(target.single, server.tree, "short", short, c, seconds) for c in (1, 8, 64))
    reviews = run_load(target.single, server.tree, "long", long, 8, seconds)
    batch = run_load(target.batch, server.tree, "batches", batches, 4, seconds)
    loads = (one, eight, many, reviews, batch)
    return {
        "single_c1_p50_ms": one.p50_ms,
        "single_c8_texts_per_s": eight.requests_per_s,
        "single_c64_texts_per_s": many.requests_per_s,
        "single_c64_p50_ms": many.p50_ms,
        "single_c64_p99_ms": many.p99_ms,
        "single_c64_cpu_s_per_1000": many.cpu_s_per_1000_requests or 0.0,
        "long_c8_texts_per_s": reviews.requests_per_s,
        "batch32_c4_texts_per_s": round(batch.requests_per_s * TEXTS_A_REQUEST, 1),
        "peak_rss_mb": max(load.peak_rss_mb or 0.0 for load in loads),
        "start_s": server.start_s,
        FOREIGN: round((foreign_cpu_s(server.tree) - foreign_before_s) / (time.monotonic() - started_at), 2),
        "errors": sum(load.errors for load in loads),
    }


def limit_figures(limits: Sequence[Limit]) -> Figures:
    """The table's row of what there could be without HTTP: of each load, the best plan for as many texts at once."""

    def most(texts: str, at_once: int) -> float:
        return max(row.texts_per_s for row in limits if row.texts == texts and row.window <= at_once)

    at_64 = [row for row in limits if row.texts == "short" and row.window <= 64]
    alone_per_s = (row.texts_per_s / row.processes / row.threads for row in limits if row.window == 1)
    return {
        "single_c1_p50_ms": round(1000 / max(alone_per_s), 3),
        "single_c8_texts_per_s": most("short", 8),
        "single_c64_texts_per_s": most("short", 64),
        "single_c64_cpu_s_per_1000": min(row.cpu_s_per_1000 for row in at_64),
        "long_c8_texts_per_s": most("long", 8),
        "batch32_c4_texts_per_s": most("short", 4 * TEXTS_A_REQUEST),
    }


def compare(rounds: Mapping[str, Sequence[Figures]]) -> tuple[dict[str, Figures], Figures]:
    """Medians by server, and ours divided by the best peer's by column; empty if there is no peer."""
    medians = {
        name: {column: statistics.median(figures[column] for figures in all_figures) for column in [*COLUMNS, FOREIGN]}
        for name, all_figures in rounds.items()
    }
    others = [figures for name, figures in medians.items() if name != OURS]
    ratios = {
        name: round(medians[OURS][name] / column.best([figures[name] for figures in others]), 3)
        for name, column in COLUMNS.items()
        if others
    }
    return medians, ratios


def print_figures(name: str, figures: Mapping[str, float]) -> None:
    """One row of the table."""
    values = [figures.get(column) for column in [*COLUMNS, FOREIGN]]
    print_row(
        [name, *(value if value is None else f"{value:,.{0 if value >= 100 else 2}f}" for value in values)], NAME_WIDTH
    )


def print_header() -> None:
    """Titles of the columns."""
    print_row(["server", *(column.title for column in COLUMNS.values()), "foreign"], NAME_WIDTH)
