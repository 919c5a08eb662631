"""Time here is told by a clock that the systems themselves move."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from model.network import load_artifact
from tests.texts import LABELLED
from training.speed import MOST_ALONE, MOST_TEXTS, ROWS_AT_ONCE, TURN, Form, load_forms, measure, sample

TEXTS = [text for text, _ in LABELLED]


class Clock:
    """Stands still but when a system works; who worked is kept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[str] = []

    def __call__(self) -> float:
        return self.now

    def system(self, name: str, batch_s: float, alone_s: float) -> Form:
        def run(texts: Sequence[str], rows_at_once: int) -> None:
            self.calls.append(name)
            self.now += (batch_s if rows_at_once == ROWS_AT_ONCE else alone_s) * len(texts)

        return run


def test_speed_is_per_text_and_ratio_is_b_over_a() -> None:
    clock = Clock()
    a = {"model.pt": clock.system("a", 0.002, 0.004)}
    b = {"model.pt": clock.system("b", 0.001, 0.012), "model.onnx": clock.system("onnx", 0.0005, 0.001)}
    found = measure(a, b, TEXTS, rounds=3, clock=clock)
    assert (found["texts"], found["rounds"]) == (len(TEXTS), 3)
    assert list(found["forms"]) == ["model.onnx", "model.pt"]
    both = found["forms"]["model.pt"]
    assert both["a"] == pytest.approx({"texts_per_s": 500, "ms_per_text": 4})
    assert both["b"] == pytest.approx({"texts_per_s": 1000, "ms_per_text": 12})
    for key, wanted in (("texts_per_s", 2), ("ms_per_text", 3)):
        assert both["ratio"][key] == pytest.approx({"median": wanted, "lowest": wanted, "highest": wanted})
    assert found["forms"]["model.onnx"] == {
        "a": None,
        "b": pytest.approx({"texts_per_s": 2000, "ms_per_text": 1}),
    }


def test_systems_take_turns_and_the_first_round_is_not_counted() -> None:
    clock = Clock()
    slow = [1.0]

    def warming(texts: Sequence[str], rows_at_once: int) -> None:
        clock.calls.append("a")
        clock.now += slow.pop() if slow else 0.001 * len(texts)

    texts = ["x"] * (TURN + 1)
    found = measure({"model.pt": warming}, {"model.pt": clock.system("b", 0.001, 0.001)}, texts, 2, clock)
    assert found["forms"]["model.pt"]["a"]["texts_per_s"] == pytest.approx(1000)
    assert "".join(clock.calls[:8]) == "baabbaab"
    assert clock.calls.count("a") == clock.calls.count("b") == 3 * (2 + MOST_ALONE + 1 - 1)


def test_spread_of_ratios_tells_how_quiet_the_machine_was() -> None:
    clock = Clock()
    rate = iter([9.0, 0.001, 0.002, 0.004])

    def busy(texts: Sequence[str], rows_at_once: int) -> None:
        clock.now += (next(rate) if rows_at_once == ROWS_AT_ONCE else 0.001) * len(texts)

    found = measure({"model.pt": clock.system("a", 0.002, 0.001)}, {"model.pt": busy}, ["x"], 3, clock)
    ratio = found["forms"]["model.pt"]["ratio"]["texts_per_s"]
    assert ratio == pytest.approx({"median": 1, "lowest": 0.5, "highest": 2})


def test_sample_is_bounded_and_even() -> None:
    many = [str(number) for number in range(10 * MOST_TEXTS)]
    assert sample(many) == many[::10]
    assert sample(TEXTS) == TEXTS
    assert MOST_ALONE <= MOST_TEXTS


def test_real_forms_answer_texts_of_any_length(artifact_directory: Path, compiled_directory: Path) -> None:
    plain, compiled = (
        load_forms(load_artifact(directory), directory) for directory in (artifact_directory, compiled_directory)
    )
    assert set(plain) == {"model.pt"}
    assert set(compiled) == {"model.pt", "model.onnx"}
    found = measure(plain, compiled, [*TEXTS[:9], "long " * 300], rounds=1)
    for sides in found["forms"].values():
        assert all(sides[side][key] > 0 for side in ("a", "b") if sides[side] for key in ("texts_per_s", "ms_per_text"))
    assert found["forms"]["model.onnx"]["a"] is None
