"""Shapes in names: N rows, C labels, M confidence bins."""

import io
import sys
from typing import Any

import matplotlib.image
import numpy as np
import pytest
from matplotlib.figure import Figure

from training.evaluate import evaluate_corpus
from training.metrics import masked_probabilities
from training.plots import (
    ScoredSet,
    plot_confusion,
    plot_length,
    plot_reliability,
    plot_training,
    plots,
    sum_bins,
)

LABELS = ("negative", "neutral", "positive")
RECORDS: list[dict[str, Any]] = [
    {"step": step, "loss": 1 / step, "learning_rate": 1e-3, "dev": {"shop": 0.5 + step / 100, "mean": 0.6}}
    for step in (10, 20, 30)
]


def scored(name: str, rows: int, is_three: bool = True) -> ScoredSet:
    generator = np.random.default_rng(rows)
    carried_C = np.array([True, is_three, True])
    gold_N = generator.choice(np.flatnonzero(carried_C), size=rows)
    return ScoredSet(
        name=name,
        logits_NC=generator.normal(size=(rows, 3)) * 3 + 4 * np.eye(3)[gold_N],
        gold_N=gold_N,
        carried_C=carried_C,
        tokens_N=generator.integers(1, 600, size=rows),
    )


def words(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in [axes.title, *axes.texts]]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_plots_are_pictures_for_any_number_of_sets(count: int) -> None:
    sets = [scored(f"set {number}", 50 + number, is_three=number % 2 == 0) for number in range(count)]
    found = plots(RECORDS, sets, LABELS, 1.5)
    assert list(found) == ["report/training.png", "report/confusion.png", "report/reliability.png", "report/length.png"]
    for name, content in found.items():
        pixels = matplotlib.image.imread(io.BytesIO(content), format="png")
        assert pixels.shape[0] > 200, name
        assert pixels.std() > 0.01, name


def test_dollar_in_a_name_is_no_formula() -> None:
    """Between two of them, matplotlib read a formula, and failed on what was none at the end of a run."""
    name = "cost_$5^^_to_$9"
    records = [{**record, "dev": {name: 0.5, "mean": 0.6}} for record in RECORDS]
    assert len(plots(records, [scored(name, 20)], ("$_$", "neutral", "positive"), 1.5)) == 4


def test_plots_leave_no_global_state() -> None:
    plots(RECORDS, [scored("shop", 20)], LABELS, 1.5)
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_one_evaluation_of_one_row_can_be_plotted() -> None:
    pictures = plots(RECORDS[:1], [scored("shop", 1)], LABELS, 1.0)
    assert pictures.keys() == plots(RECORDS, [scored("shop", 20)], LABELS, 1.0).keys()


def test_training_plot_draws_loss_and_each_dev_score() -> None:
    left, right, _ = plot_training(RECORDS).axes
    assert left.lines[0].get_xydata() == pytest.approx(np.array([[10, 0.1], [20, 0.05], [30, 1 / 30]]))
    drawn = {str(line.get_label()): list(line.get_ydata()) for line in right.lines}  # type: ignore[arg-type]
    assert drawn == {"shop": [0.6, 0.7, 0.8], "mean": [0.6, 0.6, 0.6]}


def test_confusion_plot_has_gold_rows_and_only_carried_labels() -> None:
    item = ScoredSet(
        name="shop",
        logits_NC=np.array([[3.0, 9.0, 0.0], [3.0, 9.0, 0.0], [3.0, 9.0, 0.0], [0.0, 9.0, 1.0]]),
        gold_N=np.array([0, 2, 2, 2]),
        carried_C=np.array([True, False, True]),
        tokens_N=np.ones(4, dtype=int),
    )
    (axes,) = plot_confusion([item], LABELS).axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["negative", "positive"]
    assert {text.get_position(): text.get_text() for text in axes.texts} == {
        (0, 0): "100%\n1",
        (1, 0): "0%\n0",
        (0, 1): "67%\n2",
        (1, 1): "33%\n1",
    }


def test_reliability_plot_says_the_error_before_and_after() -> None:
    item = scored("shop", 400)
    before, after = words(plot_reliability([item], 3.0))[:2]
    for title, temperature in ((before, 1.0), (after, 3.0)):
        probabilities_NC = masked_probabilities(item.logits_NC, item.carried_C, temperature)
        wanted = evaluate_corpus(probabilities_NC, item.gold_N, [True] * 3, LABELS)["ece"]
        assert title.endswith(f"ECE {wanted:.3f}")
    assert before != after


def test_bins_are_summed_over_sets() -> None:
    sets = [scored("one", 30), scored("two", 50, is_three=False)]
    rows_M, _, right_M = sum_bins(sets, 1.0)
    assert rows_M.sum() == 80
    assert 0 < right_M.sum() < 80


def test_length_plot_puts_a_row_into_the_bucket_that_its_tokens_fit() -> None:
    tokens_N = np.array([1, 8, 9, 512, 513, 9000])
    item = ScoredSet(
        name="shop",
        logits_NC=np.tile([1.0, 0.0, 0.0], (6, 1)),
        gold_N=np.array([0, 0, 1, 0, 0, 1]),
        carried_C=np.array([True] * 3),
        tokens_N=tokens_N,
    )
    (axes,) = plot_length([item]).axes
    names = [label.get_text() for label in axes.get_xticklabels()]
    rows = {names[int(text.xy[0])]: text.get_text() for text in axes.texts}  # type: ignore[attr-defined]
    assert rows == {"≤8": "2", "≤16": "1", "≤512": "1", ">512": "2"}
    assert list(axes.lines[0].get_ydata()) == [1.0, 0.0, 1.0, 0.5]  # type: ignore[arg-type]
