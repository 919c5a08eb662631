import json
from pathlib import Path

import pytest

from tests.bench import limit
from tests.bench.limit import Plan, Work, add, measure
from tests.service.fakes import FakePredictor

TEXTS = ["a" * length for length in (1, 2, 3, 4, 5, 6)]


def test_a_window_is_sorted_cut_into_batches_and_counted() -> None:
    predictor = FakePredictor()
    work = measure(predictor, TEXTS, Plan("", window=6, rows=4), seconds=0.0)
    assert [[len(row) for row in batch] for batch in predictor.batches] == [[1, 2, 3, 4], [5, 6]]
    assert (work.texts, work.tokens, work.padded_tokens) == (6, 21, 4 * 4 + 2 * 6)
    assert min(work.texts_per_s, work.tokens_per_s, work.cpu_s) > 0


def test_texts_alone_have_no_padding() -> None:
    predictor = FakePredictor()
    work = measure(predictor, TEXTS, Plan("", window=1, rows=1), seconds=0.05)
    assert all(len(batch) == 1 for batch in predictor.batches)
    assert work.texts == len(predictor.batches) > 1
    assert work.tokens == work.padded_tokens


def test_every_thread_goes_round_the_texts() -> None:
    predictor = FakePredictor()
    predictor.workers = 2
    work = measure(predictor, TEXTS, Plan("", window=6, rows=6), seconds=0.0)
    assert work.texts == 12


def test_rates_of_processes_add_up() -> None:
    one, two = Work(1, 2, 3, 4.0, 5.0, 6.0), Work(10, 20, 30, 40.0, 50.0, 60.0)
    assert add([one, two]) == (11, 22, 33, 44.0, 55.0, 66.0)


@pytest.mark.slow
def test_limit_measures_both_forms_of_an_artifact(
    compiled_directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limit, "WARM_UP_S", 0.0)
    monkeypatch.setattr(limit, "WINDOW", {"short": 64, "long": 64})
    short = Path(__file__).parent / "test_limit.py"  # any lines of text
    assert limit.main(["--artifact", str(compiled_directory), "--seconds", "0", "--long", str(short)]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["limits"]
    assert {row["backend"] for row in rows} == {"onnx", "torchscript"}
    assert {row["plan"] for row in rows} == {plan.name for plan in limit.PLANS}
    for row in rows:
        assert min(row["texts_per_s"], row["tokens_per_s"], row["cpu_s_per_1000"]) > 0
        assert 0 <= row["padding"] < 1
