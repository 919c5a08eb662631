"""Runs that go on from another classifier, one that is made first or one that is there."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.artifact import METADATA
from model.network import load_artifact
from model.rows import DataError
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from tests.training.toy import ALONE, BOTH
from training.checkpoint import STATE
from training.config import PretrainConfig, RunConfig, TrainConfig
from training.distributed import Processes
from training.keys import duplicate_key
from training.recipes import tiny
from training.sources import Source
from training.start import make_tokenizer
from training.train import _start, train


@pytest.fixture
def data(tmp_path: Path) -> str:
    return write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(3) for text, label in LABELLED])


def test_run_founded_on_another_starts_from_it_and_learns_from_it(
    tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the recipe `shipped` does; what it is founded on is made once."""
    founding = replace(tiny([data], []), epochs=2.0)
    config = replace(founding, epochs=1.0, founding=founding, self_taught=True)
    train(config, tmp_path / "out", tmp_path / "work", ALONE)
    shown = capsys.readouterr().err
    [folder] = (tmp_path / "work").glob("founding-*")
    version = load_artifact(folder).metadata.version
    assert f"start from {version}: embedding.weight" in shown
    assert "data: teachers read 100% of the rows" in shown
    training = json.loads((tmp_path / "out" / METADATA).read_text(encoding="utf-8"))["training"]
    assert training["founding"]["epochs"] == 2.0
    train(replace(config, start_share=0.25), tmp_path / "other", tmp_path / "work", ALONE)
    assert load_artifact(folder).metadata.version == version, "it was made once more"
    weights = [load_artifact(path).network.state_dict() for path in (tmp_path / "out", folder, tmp_path / "other")]
    for name, value in weights[2].items():
        if name.startswith("head."):
            continue  # each is calibrated by itself
        expected = 0.75 * weights[0][name].float() + 0.25 * weights[1][name].float()
        assert value.float().numpy() == pytest.approx(expected.numpy(), abs=2e-3)
    assert any(not torch.equal(weights[2][name], value) for name, value in weights[0].items())
    with pytest.raises(DataError, match=rf"start_share=0.5: {version} lacks layers\.1\..* of the run"):
        train(replace(config, start_share=0.5, num_layers=2), tmp_path / "deeper", tmp_path / "work", ALONE)
    train(replace(config, founding=replace(founding, epochs=1.0)), tmp_path / "third", tmp_path / "work", ALONE)
    assert len(list((tmp_path / "work").glob("founding-*"))) == 2


def test_no_text_of_the_dev_sets_is_learned_by_what_a_run_is_founded_on(
    tmp_path: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teachers and pretraining were told of them; the founding learned those that its own dev sets did not have."""
    learned: list[str] = []

    def note(config: RunConfig, sets: Iterable[Sequence[str]]) -> SubwordTokenizer:
        found = [list(item) for item in sets]
        learned.extend(text for item in found for text in item)
        return make_tokenizer(config, found)

    monkeypatch.setattr("training.train.make_tokenizer", note)
    rows = [(f"Really: {text}", label) for text, label in LABELLED]
    dev, other = write_jsonl(tmp_path / "dev.jsonl", rows), write_jsonl(tmp_path / "other.jsonl", LABELLED)
    founding = replace(tiny([data, dev], [other]), epochs=0.1)
    founding = replace(founding, founding=founding)  # and so on down
    config = replace(tiny([data], [dev]), epochs=0.1, founding=founding)
    train(config, tmp_path / "out", tmp_path / "work", ALONE)
    assert len(learned) > len(LABELLED)
    assert not {duplicate_key(text) for text in learned} & {duplicate_key(text) for text, _ in rows}
    assert len(list((tmp_path / "work").glob("founding-*"))) == 2


@pytest.mark.slow
def test_changed_word_vectors_make_another_founding(tmp_path: Path, data: str) -> None:
    """They were known by their file's name alone."""
    founding = replace(tiny([data], []), epochs=0.1, word_vectors=(str(tmp_path / "v.txt"),))
    config = replace(tiny([data], []), epochs=0.1, founding=founding)
    for last in (1, 2):
        (tmp_path / "v.txt").write_text(f"the 1 2\nand -1 {last}\nwas 0 0\n")
        train(config, tmp_path / "out", tmp_path / "work", ALONE)
    assert len(list((tmp_path / "work").glob("founding-*"))) == 2
    assert len(list((tmp_path / "work").glob(f"*/{STATE}"))) == 4


class Names:
    """What the founding of a run is called, by its main process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: list[str] = []
        monkeypatch.setattr(Processes, "agree", self.agree)

    def agree(self, value: object) -> object:
        if isinstance(value, str):
            self.found.append(value)
            return "founding-of-the-main-process"
        return True


def test_founding_is_called_as_the_main_process_calls_it(
    tmp_path: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name has the times of the sources' files in it: on another machine, with copies, it was another folder."""
    names = Names(monkeypatch)
    config = replace(tiny([data], []), founding=tiny([data], []))
    for time_s in (1, 2):
        os.utime(data, (time_s, time_s))
        assert _start(config, set(), tmp_path, BOTH[1]) == tmp_path / "founding-of-the-main-process"
    assert len(set(names.found)) == 2


def test_founding_is_made_anew_if_anything_that_it_reads_has_changed(
    tmp_path: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources of its pretraining, and unlabelled ones, were known by their names."""
    names = Names(monkeypatch)
    (tmp_path / "a.txt").write_text("A text\n")
    texts = (Source(path=str(tmp_path / "a.txt")),)
    for founding in (
        replace(tiny([data], []), pretraining=PretrainConfig(train=texts)),
        replace(tiny([data], []), teachers=("t",), unlabelled=texts),
    ):
        names.found.clear()
        config: TrainConfig = replace(tiny([data], []), founding=founding)
        for time_s in (1, 1, 2):
            os.utime(tmp_path / "a.txt", (time_s, time_s))
            _start(config, set(), tmp_path, BOTH[1])
        assert names.found[0] == names.found[1] != names.found[2]


def stop(*arguments: object) -> None:
    raise InterruptedError


def test_rows_held_out_by_another_seed_than_the_starts_are_warned_of(
    tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine of ten were learned by the artifact that the run starts from, and the figures on them told nothing."""
    start = replace(tiny([data], []), epochs=0.1)
    train(start, tmp_path / "start", tmp_path / "work", ALONE)
    config = replace(start, encoder=str(tmp_path / "start"))
    other = write_jsonl(tmp_path / "other.jsonl", LABELLED)
    monkeypatch.setattr("training.train.start_from", stop)
    for variant, is_warned in (
        (replace(config, seed=1), True),
        (config, False),
        (replace(config, seed=1, dev=(Source(path=other),)), False),
        (replace(config, seed=1, train=(Source(path=other),)), False),
    ):
        capsys.readouterr()
        with pytest.raises(InterruptedError):
            train(variant, tmp_path / "out", tmp_path / "work", ALONE)
        assert ("warning: data: " in capsys.readouterr().err) == is_warned
