from pathlib import Path

import pytest

from service.torch_predictor import TorchScriptPredictor


@pytest.fixture(scope="module")
def predictor(artifact_directory: Path) -> TorchScriptPredictor:
    return TorchScriptPredictor.load(artifact_directory, 1)


def test_row_alone_equals_the_row_in_a_batch(predictor: TorchScriptPredictor) -> None:
    rows = predictor.encode(["I loved it", "房间很干净", "a" * 60, "What a dull, cold and pointless story"])
    together = predictor.predict(rows)
    for row, logits in zip(rows, together, strict=True):
        assert predictor.predict([row])[0] == pytest.approx(logits, abs=1e-5)


def test_warm_up_runs_the_shortest_and_the_largest_batch(
    predictor: TorchScriptPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes: list[tuple[int, int]] = []
    monkeypatch.setattr(predictor, "predict", lambda rows: shapes.append((len(rows), len(rows[0]))))
    predictor.warm_up(max_batch_tokens=640, max_batch_rows=32)
    assert shapes.count((1, 1)) == shapes.count((32, 1)) == shapes.count((10, 64)) == 2
    assert all(rows * length <= 640 for rows, length in shapes)
