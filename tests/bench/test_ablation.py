import json
from pathlib import Path

import pytest

from tests.bench import ablation
from tests.bench.ablation import Run
from tests.texts import LABELLED


def test_variant_is_compared_seed_by_seed() -> None:
    base = [Run({"a": 80.0, "b": 60.0}, 1.0), Run({"a": 90.0, "b": 50.0}, 2.0)]
    runs = [Run({"a": 82.0, "b": 62.0}, 3.0), Run({"a": 92.0, "b": 56.0}, 5.0)]
    row = ablation.summarise("better", ["ema_decay=0"], runs, base)
    assert (row.accuracy, row.minutes) == ({"a": 87.0, "b": 59.0}, 4.0)
    assert row.spread == pytest.approx({"a": 7.07, "b": 4.24})
    assert (row.gain, row.gain_error) == (3.0, 1.0)  # +2 and +4, though the seeds differ by 10
    assert ablation.summarise("base", [], base, base).gain is None


def sources(folder: Path) -> list[str]:
    for name, rows in (("mine", LABELLED[::2]), ("dev", LABELLED[1::2])):
        lines = (json.dumps({"text": text, "label": label}) + "\n" for text, label in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines))
    data = ["--data", str(folder / "mine.jsonl"), "--dev", str(folder / "dev.jsonl")]
    return [*data, "--recipe", "tiny", "--seeds", "2"]


@pytest.mark.slow
def test_bench_fits_each_variant_with_each_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variants = ["--variant", "longer", "epochs=3", "--variant", "max", "pooling=max", "--set", "epochs=1"]
    assert ablation.main([*sources(tmp_path), *variants]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["ablation"]
    assert [(row["name"], row["fields"]) for row in rows] == [
        ("base", []),
        ("longer", ["epochs=3"]),
        ("max", ["pooling=max"]),
    ]
    assert all(row["accuracy"].keys() == {"dev"} and row["minutes"] > 0 for row in rows)


def test_one_seed_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It told every gain with an error of 0."""
    with pytest.raises(SystemExit):
        ablation.main([*sources(tmp_path), "--seeds", "1"])
    assert "--seeds 1 --jobs" in capsys.readouterr().err


@pytest.mark.slow
def test_run_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="epochs='many': must be of type float"):
        ablation.main([*sources(tmp_path), "--set", "epochs=many"])
