"""Shapes in names: M confidence bins."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from markupsafe import Markup

from training.charts import curves, histogram, mark_labels, reliability, round_ticks, shares, spread, whisker

HOSTILE = "<script>alert('1')</script>\"&"


def parse(drawing: Markup) -> ElementTree.Element:
    """The drawing as XML, which what is not escaped would break."""
    root = ElementTree.fromstring(str(drawing))
    assert (root.tag, root.get("role")) == ("svg", "img")
    assert root.get("aria-label")
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [item.text or "" for item in root.iter("text")]


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (0.2, 0.9, [0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.0, 0.001, [0.0, 0.0002, 0.0004, 0.0006, 0.0008, 0.001]),
        (-3.0, 4.0, [-4.0, -2.0, 0.0, 2.0, 4.0]),
    ],
)
def test_ticks_are_round_and_hold_all_values(low: float, high: float, wanted: list[float]) -> None:
    assert round_ticks(low, high) == wanted


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0, -2.5, 1e-9, 12345.678])
def test_ticks_of_one_value_are_at_least_two(value: float) -> None:
    ticks = round_ticks(value, value)
    assert 2 <= len(ticks) <= 6
    assert ticks[0] <= value + 1e-9
    assert ticks[-1] >= value - 1e-9
    assert len({f"{tick:g}" for tick in ticks}) == len(ticks)


def test_names_are_moved_apart_in_their_order() -> None:
    assert spread([50.0, 10.0, 51.0], gap=13.0, low=0.0, high=100.0) == [50.0, 10.0, 63.0]
    crowded = spread([99.0, 98.0, 97.0], gap=13.0, low=0.0, high=100.0)
    assert crowded == [100.0, 87.0, 74.0]
    assert spread([], gap=13.0, low=0.0, high=100.0) == []


def test_every_label_has_a_sign_of_its_own() -> None:
    known = mark_labels(["negative", "neutral", "positive"])
    assert [kind for _, kind in known.values()] == ["negative", "neutral", "positive"]
    assert len({sign for sign, _ in known.values()}) == 3
    others = mark_labels([HOSTILE, "b", "c", "d", "e", "f", "g"])
    assert len({others[label] for label in list(others)[:6]}) == 6
    assert all(re.fullmatch(r"other\d", kind) for _, kind in others.values())


@pytest.mark.parametrize("steps", [[5], [10, 20, 30], list(range(1, 40))])
def test_curves_are_named_at_their_ends_and_told_to_who_does_not_see(steps: list[int]) -> None:
    series = {
        name: [0.5 + step / 100 for step in steps] for name in (HOSTILE, "a name that is too long to show", "mean")
    }
    root = parse(curves(steps, series, "macro recall", HOSTILE, strong="mean"))
    assert root.get("aria-label") == HOSTILE
    assert len(root.findall("polyline[@class='line strong']")) == 1
    shown = texts(root)
    assert any(text.endswith("<script>alert('1'…") for text in shown)
    assert any(text.endswith("a name that is to…") for text in shown)
    heights = [float(item.get("y", "")) for item in root.iter("text") if "name" in item.get("class", "")]
    assert min(np.diff(sorted(heights))) >= 13 - 0.11


def test_reliability_has_a_point_for_each_bin_with_rows() -> None:
    sums_3M = np.zeros((3, 15))
    sums_3M[:, 7], sums_3M[:, 14] = [10, 5, 4], [30, 29, 27]
    root = parse(reliability(sums_3M, "accuracy by confidence"))
    assert len(root.findall("circle")) == len(root.findall("rect")) == 2
    first, second = root.findall("circle")
    assert float(first.get("cy", "")) > float(second.get("cy", ""))


def test_histogram_counts_and_names_its_bars() -> None:
    root = parse(histogram([0, 5, 1200], ["8", "16", "<32"], "rows"))
    assert texts(root) == ["8", "16", "1,200", "<32"]
    assert len(root.findall("rect")) == 2
    assert parse(histogram([0, 0], ["8", "16"], "rows")).findall("rect") == []


def test_shares_fill_the_bar_and_carry_the_signs() -> None:
    rows = {"negative": 60, HOSTILE: 38, "rare": 2}
    marks = mark_labels(list(rows))
    root = parse(shares(rows, marks, HOSTILE))
    widths = [float(item.get("width", "")) for item in root.findall("rect")]
    assert sum(widths) == pytest.approx(180 - 3, abs=0.2)
    assert texts(root) == ["▼ 60%", f"{marks[HOSTILE][0]} 38%"]
    parse(shares({"negative": 0, "positive": 0}, mark_labels(["negative", "positive"]), "none"))


def test_whisker_stays_within_its_scale() -> None:
    root = parse(whisker(0.1, (-5.0, 5.0), -1.0, 1.0, "difference", zero=0.0))
    places = re.findall(r"([\d.-]+),", " ".join(item.get("points", "") for item in root.findall("polyline")))
    assert min(map(float, places)) >= 5
    assert max(map(float, places)) <= 145
    assert 75 < float(root.findall("circle")[0].get("cx", "")) < 90
