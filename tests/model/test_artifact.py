"""An artifact is whole and loads, or it is refused with the file and the reason."""

import hashlib
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from model.artifact import CARD, METADATA, NETWORK, SUMS, TOKENIZER, ArtifactError, Metadata
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.drift import Baseline
from model.network import load_artifact, write_artifact
from model.padding import pad
from model.reader import verify
from model.tokenizer import SubwordTokenizer

FILES = (NETWORK, TOKENIZER, METADATA, CARD, SUMS)


@pytest.fixture
def artifact(artifact_directory: Path, tmp_path: Path) -> Path:
    """A copy of the random artifact, to be spoiled."""
    return Path(shutil.copytree(artifact_directory, tmp_path / "artifact"))


def make_metadata(tokenizer: SubwordTokenizer, **model: Any) -> Metadata:
    config = ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=16, hidden_dim=12, max_tokens=64)
    return Metadata(
        version="v9", created_at="2026-01-02", model=replace(config, **model), languages=("en",), temperature=1.0
    )


def write(directory: Path, tokenizer: SubwordTokenizer, metadata: Metadata, card: bytes = b"# card\n") -> None:
    torch.manual_seed(0)
    network = torch.jit.script(SentimentClassifier(metadata.model).eval())
    write_artifact(directory, network, tokenizer, metadata, {CARD: card})


def sum_again(directory: Path) -> None:
    """Make SHA256SUMS right for whatever is there, as someone who edits an artifact by hand would."""
    names = sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256((directory / name).read_bytes()).hexdigest()}  {name}\n" for name in names if name != SUMS
    ]
    (directory / SUMS).write_text("".join(lines), encoding="ascii")


def edit_metadata(directory: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    fields = json.loads((directory / METADATA).read_text(encoding="utf-8"))
    edit(fields)
    (directory / METADATA).write_text(json.dumps(fields), encoding="utf-8")
    sum_again(directory)


def assert_refused(directory: Path, file: str) -> str:
    with pytest.raises(ArtifactError) as caught:
        load_artifact(directory)
    assert str(directory / file) in str(caught.value)
    return str(caught.value)


def test_loaded_artifact_equals_what_was_written(tokenizer: SubwordTokenizer, tmp_path: Path) -> None:
    metadata = Metadata(
        version="20261121-0a1b2c3d",
        created_at="2026-11-21T06:00:00+00:00",
        model=ModelConfig(vocab_size=tokenizer.vocab_size, labels=("差", "好"), embedding_dim=8, hidden_dim=6),
        languages=("en", "zh"),
        temperature=1.25,
        training={"seed": 3},
        data=[{"name": "sst2", "rows": {"好": 5}}],
        dev_metrics={"sst2": {"n": 5, "accuracy": 0.5}},
        baseline=Baseline(texts=5, shares={"label": {"差": 0.4, "好": 0.6}}),
        libraries={"torch": "2.13.0"},
        git_commit="abc",
    )
    torch.manual_seed(0)
    network = SentimentClassifier(metadata.model).half().float().eval()
    extra = {CARD: "# 卡\n".encode(), "report/loss.png": b"\x89PNG\r\n\x1a\n\x00"}
    write_artifact(tmp_path / "one", torch.jit.script(network), tokenizer, metadata, extra)

    loaded = load_artifact(tmp_path / "one")
    assert loaded.metadata == metadata
    assert loaded.tokenizer.to_json() == tokenizer.to_json()
    assert set(loaded.digests) == {NETWORK, TOKENIZER, METADATA, CARD, "report/loss.png"}
    assert (tmp_path / "one" / "report" / "loss.png").read_bytes() == extra["report/loss.png"]
    state = loaded.network.state_dict()
    for name, weight in network.state_dict().items():
        assert state[name].dtype == torch.float32
        assert torch.equal(state[name], weight), name
    batch = pad([tokenizer.encode("good"), tokenizer.encode("这家酒店又脏又吵")], tokenizer.pad_id)
    with torch.no_grad():
        torch.testing.assert_close(loaded.network(*batch), network(*batch), atol=1e-5, rtol=0)


def test_artifact_without_a_baseline_says_nothing_of_it(artifact: Path) -> None:
    """A release that knows of none refuses a member that it does not know."""
    assert load_artifact(artifact).metadata.baseline is None
    assert "baseline" not in json.loads((artifact / METADATA).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "baseline",
    [
        None,
        {},
        {"texts": 0, "shares": {}},
        {"texts": 5, "shares": {}, "bins": []},
        {"texts": 5, "shares": {"label": {"a": 0.4, "b": 0.4}}},
        {"texts": 5, "shares": {"label": {"a": "1.0"}}},
        {"texts": 5, "shares": {"label": {"a": 1.5, "b": -0.5}}},
        {"texts": 5, "shares": [1.0]},
    ],
)
def test_baseline_that_is_none_is_refused(artifact: Path, baseline: object) -> None:
    edit_metadata(artifact, lambda fields: fields.update(baseline=baseline))
    assert_refused(artifact, METADATA)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dev_metrics", {"reviews": {"ece": math.nan}}),
        ("dev_metrics", {"reviews": {"ece": math.inf}}),
        ("dev_metrics", {"reviews": {"\ud800": 1.0}}),
        ("dev_metrics", {"reviews": 0.5}),
        ("dev_metrics", ["reviews"]),
        ("languages", ["en", 7]),
        ("languages", [["en"]]),
        ("created_at", 2026),
    ],
)
def test_metadata_that_no_reply_could_hold_are_refused(artifact: Path, name: str, value: object) -> None:
    """They were served, and /v1/model or requests of other protocols answered 500 from then on."""
    edit_metadata(artifact, lambda fields: fields.update({name: value}))
    assert_refused(artifact, METADATA)


@pytest.mark.parametrize("labels", [["bad", "\ud800"], ["bad", 1], ["bad", ["good"]], ["bad", "go\nod"]])
def test_labels_that_no_reply_could_hold_are_refused(artifact: Path, labels: list[object]) -> None:
    edit_metadata(artifact, lambda fields: fields["model"].update(labels=labels))
    assert_refused(artifact, METADATA)


def test_network_is_half_on_disk_and_the_callers_stays_whole(tokenizer: SubwordTokenizer, tmp_path: Path) -> None:
    metadata = make_metadata(tokenizer)
    network = torch.jit.script(SentimentClassifier(metadata.model))
    write_artifact(tmp_path / "one", network, tokenizer, metadata, {CARD: b""})
    stored = torch.jit.load(tmp_path / "one" / NETWORK)  # type: ignore[no-untyped-call]
    assert {weight.dtype for weight in stored.state_dict().values()} == {torch.float16}
    assert {weight.dtype for weight in network.state_dict().values()} == {torch.float32}


def test_same_content_has_the_same_hashes(tokenizer: SubwordTokenizer, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, tokenizer, make_metadata(tokenizer))
    first, second = verify(tmp_path / "one"), verify(tmp_path / "two")
    assert {name: first[name] for name in (TOKENIZER, METADATA, CARD)} == {
        name: second[name] for name in (TOKENIZER, METADATA, CARD)
    }


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum of GNU coreutils is not installed")
def test_sums_are_those_of_sha256sum(artifact_directory: Path) -> None:
    command = ["sha256sum", "--check", "--strict", SUMS]
    assert subprocess.run(command, cwd=artifact_directory, capture_output=True).returncode == 0


def test_other_users_can_read_an_artifact(artifact_directory: Path) -> None:
    for path in [artifact_directory, *artifact_directory.iterdir()]:
        assert path.stat().st_mode & 0o044 == 0o044, path


# Any change of content.


@pytest.mark.parametrize("file", FILES)
def test_any_changed_byte_is_refused(file: str, artifact: Path) -> None:
    """Every byte of the small files; of the large ones the ends and a sample. A line end changed to \\r once passed."""
    content = (artifact / file).read_bytes()
    step = max(1, len(content) // 60) if file in (NETWORK, TOKENIZER) else 1
    assert file in (NETWORK, TOKENIZER) or len(content) < 2000
    for position in {*range(0, len(content), step), len(content) - 1}:
        for value in {content[position] ^ 1, content[position] ^ 128, ord("\r")} - {content[position]}:
            spoiled = bytearray(content)
            spoiled[position] = value
            (artifact / file).write_bytes(spoiled)
            with pytest.raises(ArtifactError) as caught:
                verify(artifact)
            # A changed line of the sums accuses the file that it speaks of.
            assert str(artifact / ("" if file == SUMS else file)) in str(caught.value)
    (artifact / file).write_bytes(content)
    verify(artifact)


@pytest.mark.parametrize("file", FILES)
def test_cut_or_lengthened_file_is_refused(file: str, artifact: Path) -> None:
    content = (artifact / file).read_bytes()
    for kept in (b"", content[:1], content[: len(content) // 2], content[:-1], content + b"\n", content + b"\x00"):
        (artifact / file).write_bytes(kept)
        with pytest.raises(ArtifactError):
            load_artifact(artifact)


@pytest.mark.parametrize("file", FILES)
def test_missing_file_is_named(file: str, artifact: Path) -> None:
    (artifact / file).unlink()
    assert_refused(artifact, file)


@pytest.mark.parametrize("file", [NETWORK, TOKENIZER, METADATA, CARD])
def test_file_missing_from_directory_and_sums_is_named(file: str, artifact: Path) -> None:
    (artifact / file).unlink()
    sum_again(artifact)
    assert "missing" in assert_refused(artifact, file)


@pytest.mark.parametrize("file", ["notes.txt", ".hidden", "report/more.png"])
def test_file_that_the_sums_do_not_name_is_refused(file: str, artifact: Path) -> None:
    (artifact / file).parent.mkdir(exist_ok=True)
    (artifact / file).write_bytes(b"")
    assert "not named" in assert_refused(artifact, file.split("/")[0])


def test_no_directory_is_refused(tmp_path: Path) -> None:
    assert "no such artifact directory" in assert_refused(tmp_path / "nowhere", "")


# Right hashes over wrong content.


def test_tokenizer_that_outgrows_the_embedding_is_refused(artifact: Path, tokenizer: SubwordTokenizer) -> None:
    larger = SubwordTokenizer.train([chr(0x4E00 + number) for number in range(500)] * 2, vocab_size=700)
    assert larger.vocab_size > tokenizer.vocab_size
    (artifact / TOKENIZER).write_text(larger.to_json(), encoding="utf-8")
    sum_again(artifact)
    assert "700 ids, the network has 600" in assert_refused(artifact, TOKENIZER)


@pytest.mark.parametrize("content", ["{}", "not JSON", '{"version": "1.0"}'])
def test_file_that_is_no_tokenizer_is_refused(content: str, artifact: Path) -> None:
    (artifact / TOKENIZER).write_text(content, encoding="utf-8")
    sum_again(artifact)
    assert_refused(artifact, TOKENIZER)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ["negative", "positive"]},
        {"labels": ["a", "b", "c", "d"]},
        {"cell": "gru"},
        {"cell": "rnn"},
        {"cell": "peephole_lstm"},
        {"bidirectional": False},
        {"num_layers": 2},
        {"hidden_dim": 13},
        {"embedding_dim": 17},
        {"vocab_size": 601},
        {"pooling": "attention"},
        {"pooling": "max"},
    ],
    ids=str,
)
def test_network_other_than_described_is_refused(change: dict[str, Any], artifact: Path) -> None:
    edit_metadata(artifact, lambda fields: fields["model"].update(change))
    assert METADATA in assert_refused(artifact, NETWORK)


def test_pooling_of_equal_shapes_is_told_apart(tokenizer: SubwordTokenizer, tmp_path: Path) -> None:
    """Max and mean have the same weights, so shapes alone once let one pass for the other."""
    write(tmp_path / "one", tokenizer, make_metadata(tokenizer, pooling="max"))
    load_artifact(tmp_path / "one")
    edit_metadata(tmp_path / "one", lambda fields: fields["model"].update(pooling="mean"))
    assert "does not compute" in assert_refused(tmp_path / "one", NETWORK)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format_version": 2}, "format_version=2"),
        ({"temperature": 0.0}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"dev_metrics": {"imdb": {"accuracy": 10**400}}}, "dev_metrics: accuracy must be a finite number"),
        ({"unheard_of": 1}, "unheard_of"),
        ({"version": "../escaped"}, "version"),
        ({"version": ""}, "version"),
        ({"version": 5}, "version"),
        ({"languages": None}, "fields do not fit"),
        ({"model": None}, "model"),
        ({"model": {"vocab_size": 600}}, "labels"),
    ],
    ids=str,
)
def test_metadata_out_of_range_are_refused(change: dict[str, Any], reason: str, artifact: Path) -> None:
    edit_metadata(artifact, lambda fields: fields.update(change))
    assert reason in assert_refused(artifact, METADATA)


@pytest.mark.parametrize("field", ["version", "created_at", "model", "languages", "temperature"])
def test_missing_metadata_are_named(field: str, artifact: Path) -> None:
    edit_metadata(artifact, lambda fields: fields.pop(field))
    assert field in assert_refused(artifact, METADATA)


def test_unknown_field_of_the_model_is_named(artifact: Path) -> None:
    edit_metadata(artifact, lambda fields: fields["model"].update(heads=8))
    assert "heads" in assert_refused(artifact, METADATA)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe"])
def test_metadata_that_are_no_json_object_are_refused(content: bytes, artifact: Path) -> None:
    (artifact / METADATA).write_bytes(content)
    sum_again(artifact)
    assert_refused(artifact, METADATA)


def test_pickle_in_place_of_the_network_is_refused_and_never_run(artifact: Path, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(trap),)

    for legacy in (False, True):
        torch.save(Trap(), artifact / NETWORK, _use_new_zipfile_serialization=not legacy)
        sum_again(artifact)
        assert ("not a TorchScript network" if legacy else "calls for posix mkdir") in assert_refused(artifact, NETWORK)
        assert not trap.exists()


def test_script_that_is_another_network_is_refused(artifact: Path) -> None:
    torch.jit.save(torch.jit.script(torch.nn.Linear(3, 3)), artifact / NETWORK)
    sum_again(artifact)
    assert_refused(artifact, NETWORK)


def test_network_whose_answers_are_not_finite_is_refused(tokenizer: SubwordTokenizer, tmp_path: Path) -> None:
    metadata = make_metadata(tokenizer)
    network = SentimentClassifier(metadata.model)
    torch.nn.init.constant_(network.head.bias, float("nan"))
    write_artifact(tmp_path / "one", torch.jit.script(network), tokenizer, metadata, {CARD: b""})
    assert "not finite" in assert_refused(tmp_path / "one", NETWORK)


# Writing.


def test_writing_again_replaces_the_artifact(artifact: Path, tokenizer: SubwordTokenizer) -> None:
    write(artifact, tokenizer, make_metadata(tokenizer), card=b"# second\n")
    assert load_artifact(artifact).metadata.version == "v9"
    assert (artifact / CARD).read_bytes() == b"# second\n"
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]


def test_an_empty_directory_becomes_an_artifact(tokenizer: SubwordTokenizer, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    write(tmp_path / "one", tokenizer, make_metadata(tokenizer))
    load_artifact(tmp_path / "one")


def test_what_is_no_artifact_is_never_replaced(tokenizer: SubwordTokenizer, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("more work")
    for name in ("home", "file"):
        with pytest.raises(FileExistsError, match=name):
            write(tmp_path / name, tokenizer, make_metadata(tokenizer))
    assert (tmp_path / "home" / "thesis.txt").read_text() == "years of work"
    assert (tmp_path / "file").read_text() == "more work"


@pytest.mark.parametrize("existed", [False, True])
def test_failure_in_mid_write_leaves_the_old_or_nothing(
    existed: bool, artifact: Path, tokenizer: SubwordTokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = artifact if existed else artifact.parent / "new"
    digests = verify(artifact)

    def fail(self: SubwordTokenizer) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(SubwordTokenizer, "to_json", fail)
    with pytest.raises(OSError, match="disk full"):
        write(directory, tokenizer, make_metadata(tokenizer))
    assert [path.name for path in artifact.parent.iterdir()] == ["artifact"]
    assert verify(artifact) == digests


@pytest.mark.parametrize("existed", [False, True])
@pytest.mark.parametrize("stop_at", ["model.artifact.render_sums", "model.artifact.sync"])
def test_kill_in_mid_write_leaves_the_old_or_nothing(stop_at: str, existed: bool, artifact: Path) -> None:
    """A process writes the card "# second"; it is killed with every file written, before or after the sums are."""
    directory = artifact if existed else artifact.parent / "new"
    digests = verify(artifact)
    script = f"""
        import os, signal, sys
        from pathlib import Path
        from model import artifact
        from model.network import load_artifact, write_artifact
        import torch
        loaded = load_artifact(Path(sys.argv[1]))
        {stop_at.removeprefix("model.")} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        write_artifact(Path(sys.argv[2]), loaded.network, loaded.tokenizer, loaded.metadata, {{"MODEL_CARD.md": b"2"}})
        """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script), str(artifact), str(directory)]
    assert subprocess.run(command, cwd=Path(__file__).parents[2]).returncode == -signal.SIGKILL
    left_behind = [path for path in artifact.parent.iterdir() if path.name.startswith(".")]
    assert len(left_behind) == 1  # the kill came in the middle, not before
    assert verify(artifact) == digests
    assert existed or not directory.exists()
