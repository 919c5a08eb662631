"""The command, and the runs that start from what it writes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from string import ascii_letters

import pytest
import torch

from model.network import load_artifact
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from tests.training.toy import ALONE
from training.checkpoint import STATE
from training.config import PretrainConfig
from training.encoder import RECORD, TOKENIZER, WEIGHTS, load_encoder, load_language_model
from training.encoding import encode_texts
from training.keys import duplicate_key
from training.pretrain import main, pretrain
from training.recipes import tiny
from training.sources import Source, parse_source
from training.storage import TokenRows
from training.train import train

LINES = [text for text, _ in LABELLED]
TINY = {
    "vocab_size": 400,
    "embedding_dim": 12,
    "hidden_dim": 10,
    "negatives": 60,
    "dev_fraction": 0.2,
    "epochs": 2.0,
    "batch_tokens": 512,
    "batch_rows": 16,
    "precision": "float32",
}


def tiny_pretraining(*sources: str, **fields: object) -> PretrainConfig:
    return PretrainConfig(train=tuple(map(parse_source, sources)), **{**TINY, **fields})  # type: ignore[arg-type]


def settings(**fields: object) -> list[str]:
    return ["--set", *(f"{name}={value}" for name, value in {**TINY, **fields}.items())]


def write_txt(path: Path, lines: Sequence[str]) -> str:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


class Reads:
    """Notes the texts that a run encodes: those to learn from, then those of its dev set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[list[str]] = []

        def note(texts: Sequence[str], tokenizer: SubwordTokenizer, work: Path, max_tokens: int) -> TokenRows:
            self.texts.append(list(texts))
            return encode_texts(texts, tokenizer, work, max_tokens)

        monkeypatch.setattr("training.pretrain.encode_texts", note)

    @property
    def all(self) -> list[str]:
        return [text for texts in self.texts for text in texts]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Learned from the tests' own lines, half of them as text and half with labels."""
    folder = tmp_path_factory.mktemp("pretrain")
    sources = [write_txt(folder / "a.txt", LINES[::2]), write_jsonl(folder / "b.jsonl", LABELLED[1::2])]
    arguments = [*sources, "--out", str(folder / "encoder"), "--work", str(folder / "work"), "--device", "cpu"]
    assert main([*arguments, *settings(), "seed=3"]) == 0
    return folder / "encoder"


def test_encoder_tells_what_it_was_made_of(encoder: Path) -> None:
    content = json.loads((encoder / RECORD).read_text(encoding="utf-8"))
    assert (content["model"]["embedding_dim"], content["model"]["hidden_dim"]) == (12, 10)
    assert (content["training"]["seed"], content["training"]["negatives"]) == (3, 60)
    assert [item["name"] for item in content["data"]] == ["a", "b"]
    assert all(len(item["sha256"]) == 64 for item in content["data"])
    assert str(encoder.parent) not in json.dumps(content)
    assert list(content["records"][-1]["dev"]) == ["forward", "backward", "mean"]
    assert content["training"]["best_step"] > 0
    network, tokenizer = load_language_model(encoder)
    assert network.embedding.num_embeddings == tokenizer.vocab_size <= 400


def test_learning_pays(tmp_path: Path) -> None:
    source = write_txt(tmp_path / "a.txt", [f"{line} {number}" for line in LINES for number in range(6)])
    config = tiny_pretraining(source, epochs=5.0, learning_rate=1e-2, ema_decay=0.9)
    records = json.loads((pretrain(config, tmp_path, ALONE) / RECORD).read_text())["records"]
    assert records[-1]["dev"]["forward"] > records[0]["dev"]["forward"] + 0.3
    assert records[-1]["dev"]["backward"] > records[0]["dev"]["backward"] + 0.3


def test_same_run_gives_the_same_bytes_done_again_or_found_done(tmp_path: Path) -> None:
    source = write_txt(tmp_path / "a.txt", LINES)
    config = tiny_pretraining(source)
    folders = [
        pretrain(config, tmp_path / "one", ALONE),
        pretrain(config, tmp_path / "two", ALONE),
        pretrain(config, tmp_path / "one", ALONE, out=tmp_path / "out" / "encoder"),
    ]
    assert folders[2] == tmp_path / "out" / "encoder"
    for name in (WEIGHTS, TOKENIZER, RECORD):
        assert len({(folder / name).read_bytes() for folder in folders}) == 1, name
    other = pretrain(replace(config, seed=1), tmp_path / "one", ALONE)
    assert load_encoder(other).digest != load_encoder(folders[0]).digest
    assert len(list((tmp_path / "one").glob(f"*/{STATE}"))) == 2


def test_run_that_is_done_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tiny_pretraining(write_txt(tmp_path / "a.txt", LINES))
    pretrain(config, tmp_path, ALONE)
    monkeypatch.setattr("training.loop.train_step", lambda *a, **k: pytest.fail("trained again"))
    pretrain(config, tmp_path, ALONE)


def test_each_text_is_learned_once_and_none_that_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = [LINES[0].upper(), f"{LINES[1]} !", *LINES[:10]]
    sources = [write_txt(tmp_path / "a.txt", [*LINES, *again]), write_txt(tmp_path / "b.txt", [*again, "A new one"])]
    kept_back = {duplicate_key(text) for text in LINES[5:9]}
    reads = Reads(monkeypatch)
    pretrain(tiny_pretraining(*sources, epochs=0.5), tmp_path, ALONE, left_out=kept_back)
    assert sorted(reads.all) == sorted([*LINES[:5], *LINES[9:], "A new one"])
    assert len(reads.texts[-1]) >= 3  # the dev set


def test_what_is_left_out_makes_another_run(tmp_path: Path) -> None:
    config = tiny_pretraining(write_txt(tmp_path / "a.txt", LINES), epochs=0.1)
    pretrain(config, tmp_path / "work", ALONE)
    pretrain(config, tmp_path / "work", ALONE, left_out={duplicate_key(LINES[0])})
    assert len(list((tmp_path / "work").glob(f"*/{STATE}"))) == 2


def test_word_vectors_are_where_it_starts(tmp_path: Path) -> None:
    source = write_txt(tmp_path / "a.txt", LINES * 3)
    (tmp_path / "v.txt").write_text("the 1 2\nand -1 0.5\nphone 0 -3\n")
    config = tiny_pretraining(source, word_vectors=(str(tmp_path / "v.txt"),), learning_rate=1e-9, epochs=0.1)
    encoder = load_encoder(pretrain(config, tmp_path, ALONE))
    plain = load_encoder(pretrain(replace(config, word_vectors=()), tmp_path, ALONE))
    [the] = encoder.tokenizer.encode("the")
    changed = (encoder.weights["embedding.weight"] - plain.weights["embedding.weight"]).abs().amax(dim=1) > 1e-3
    assert changed[the]
    assert 2 <= int(changed.sum()) <= 8


def test_changed_word_vectors_make_another_run(tmp_path: Path) -> None:
    """They were known by their file's name alone."""
    source = write_txt(tmp_path / "a.txt", LINES)
    config = tiny_pretraining(source, word_vectors=(str(tmp_path / "v.txt"),), epochs=0.1)
    for last in (1, 2, 2):
        (tmp_path / "v.txt").write_text(f"the 1 2\nand -1 {last}\n")
        pretrain(config, tmp_path / "work", ALONE)
    assert len(list((tmp_path / "work").glob(f"*/{STATE}"))) == 2


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ("", [], r"a.txt: no usable row"),
        ("a b\nc d\n", [], "no text is held out of 2 by dev_fraction=0.002: raise it"),
        ("".join(f"{letter}\n" for letter in ascii_letters), ["--set", "dev_fraction=0.5"], "no text of two tokens"),
        ("a b\n", ["--set", "num_layers=2"], "num_layers=2: a language model has 1"),
        ("a b\n\nc d\n", ["--set", "epoch=1"], "must be FIELD=VALUE"),
        ("a b\n\nc d\n", ["--set", "vocab_size=300"], "negatives=1024: must be from 1 to vocab_size=300"),
        ("a b\n\nc d\n", ["--set", "dev_fraction=0"], "no text is held out of 2 by dev_fraction=0.0: raise it"),
        (
            "".join(f"a {letter}\n" for letter in ascii_letters),
            ["--set", "dev_fraction=0.5", "word_vectors=none.txt"],
            "none.txt: no such file",
        ),
        ("a b\n\udcff\n", ["--strict"], "a.txt:2: not UTF-8 (strict)"),
    ],
)
def test_unusable_run_ends_with_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, arguments: list[str], message: str
) -> None:
    (tmp_path / "a.txt").write_bytes(content.encode(errors="surrogateescape"))
    command = [str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    assert main([*command, *arguments]) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert message in last
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("none.txt", "none.txt: no such file"),
        ("texts.pdf", "texts.pdf: unknown format .pdf"),
        ("a.txt?colour=red", "unknown option 'colour'"),
    ],
)
def test_unusable_source_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], spec: str, message: str) -> None:
    assert main([spec, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]) == 1
    assert message in capsys.readouterr().err.strip().splitlines()[-1]


def test_folder_that_is_no_encoder_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_txt(tmp_path / "a.txt", LINES)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years of work")
    assert main([source, "--out", str(tmp_path / "mine"), "--work", str(tmp_path / "work"), *settings(epochs=0.1)]) == 1
    assert "mine exists, and has no encoder.json: not replaced" in capsys.readouterr().err.strip().splitlines()[-1]
    assert (tmp_path / "mine" / "thesis.tex").is_file()


def sources_of(folder: Path) -> tuple[list[str], list[str]]:
    rows = [(f"{text} {number}", label) for number in range(3) for text, label in LABELLED]
    dev = [(f"Really: {text}", label) for text, label in LABELLED]
    return [write_jsonl(folder / "train.jsonl", rows)], [write_jsonl(folder / "dev.jsonl", dev)]


def test_fit_starts_with_tokenizer_and_widths_of_its_encoder(
    tmp_path: Path, encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = replace(tiny(*sources_of(tmp_path)), epochs=1.0, encoder=str(encoder))
    train(config, tmp_path / "artifact", tmp_path / "work", ALONE)
    shown = capsys.readouterr().err
    assert "start from encoder: embedding.weight, layers.0." in shown
    artifact = load_artifact(tmp_path / "artifact")
    assert artifact.tokenizer.to_json() == (encoder / TOKENIZER).read_text(encoding="utf-8")
    model = artifact.metadata.model
    assert (model.vocab_size, model.embedding_dim, model.hidden_dim) == (artifact.tokenizer.vocab_size, 12, 10)
    assert model.max_tokens == 64
    assert artifact.metadata.training["encoder"] == "encoder"


def test_fit_starts_with_the_weights_of_its_encoder(tmp_path: Path, encoder: Path) -> None:
    """At a learning rate of almost nothing, they are what comes out."""
    config = replace(tiny(*sources_of(tmp_path)), epochs=0.1, encoder=str(encoder), learning_rate=1e-9)
    train(config, tmp_path / "artifact", tmp_path / "work", ALONE)
    found = load_artifact(tmp_path / "artifact").network.state_dict()
    taken = load_encoder(encoder).weights
    for name in found.keys() & taken.keys():
        assert torch.allclose(found[name].float(), taken[name], atol=1e-3), name
    assert len(found.keys() & taken.keys()) == 9


def test_changed_encoder_makes_another_run(tmp_path: Path, encoder: Path) -> None:
    """Both are named alike; a checkpoint that began from the one must not go on for the other."""
    train_sources, dev_sources = sources_of(tmp_path)
    text = write_txt(tmp_path / "a.txt", LINES)
    other = pretrain(tiny_pretraining(text, epochs=0.1), tmp_path / "pretraining", ALONE)
    assert (other.name, encoder.name) == ("encoder", "encoder")
    for folder in (encoder, other):
        config = replace(tiny(train_sources, dev_sources), epochs=0.1, encoder=str(folder))
        train(config, tmp_path / "artifact", tmp_path / "work", ALONE)
    assert len(list((tmp_path / "work").glob(f"*/{STATE}"))) == 2


def test_fit_pretrains_first_and_never_on_its_dev_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the same split for both, none of the sources had a dev text left to pretraining."""
    train_sources, dev_sources = sources_of(tmp_path)
    reads = Reads(monkeypatch)
    pretraining = tiny_pretraining(*train_sources, *dev_sources, epochs=0.5)
    config = replace(tiny(train_sources, dev_sources), epochs=1.0, pretraining=pretraining)
    # A quarter of the train source is a dev set too.
    config = replace(config, train=(replace(config.train[0], held_out=0.25),))
    dev_sets = train(config, tmp_path / "artifact", tmp_path / "work", ALONE)
    assert sorted(item.name for item in dev_sets) == ["dev", "train"]
    kept_back = {duplicate_key(text) for item in dev_sets for text in item.texts}
    assert len(kept_back) > len(LABELLED) + 10
    read = {duplicate_key(text) for text in reads.all}
    assert not read & kept_back
    assert read | kept_back == {
        duplicate_key(text)
        for item in LABELLED
        for text in (*(f"{item[0]} {n}" for n in range(3)), f"Really: {item[0]}")
    }
    [encoder] = (tmp_path / "work").glob("*/encoder")
    artifact = load_artifact(tmp_path / "artifact")
    assert artifact.tokenizer.to_json() == (encoder / TOKENIZER).read_text(encoding="utf-8")
    assert artifact.metadata.model.hidden_dim == 10
    assert artifact.metadata.training["pretraining"]["negatives"] == 60
    assert str(tmp_path) not in json.dumps(artifact.metadata.training)


def test_repeated_source_is_read_as_often(tmp_path: Path) -> None:
    [a, b] = [write_txt(tmp_path / f"{name}.txt", [f"{name} {line}" for line in LINES]) for name in "ab"]
    counts = {}
    for spec in (a, f"{a}?repeat=3"):
        config = tiny_pretraining(spec, b, epochs=1.0, batch_rows=1)
        folder = pretrain(config, tmp_path / "work", ALONE)
        counts[spec] = json.loads((folder / RECORD).read_text())["records"][-1]["step"]
    once, thrice = counts.values()
    assert thrice > 1.7 * once


def test_source_may_name_its_text_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("stars,body\n" + "".join(f'5,"{line}"\n' for line in LINES), encoding="utf-8")
    reads = Reads(monkeypatch)
    config = PretrainConfig(
        train=(Source(path=str(tmp_path / "a.csv"), text_column="body"),),
        **{**TINY, "epochs": 0.1},  # type: ignore[arg-type]
    )
    pretrain(config, tmp_path, ALONE)
    assert sorted(reads.all) == sorted(LINES)
