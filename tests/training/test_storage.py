"""Sequences in files."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Backend
from tokenizers.models import BPE

from model.rows import DataError
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.data import read_source
from training.encoding import cut_rows, encode_texts
from training.sources import parse_source
from training.storage import StoredTexts, lengths_of, make_once, read_column, write_column, write_rows

TEXTS = [text for text, _ in LABELLED]


def stored(folder: Path, texts: list[str]) -> StoredTexts:
    folder.mkdir()
    write_rows(folder, (text.encode() for text in texts))
    return StoredTexts(folder)


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_texts_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    found = stored(tmp_path_factory.mktemp("texts") / "a", texts)
    assert len(found) == len(texts)
    assert list(found) == texts == [found[index] for index in range(len(texts))]
    assert found[1:4] == texts[1:4]
    assert found[3:1] == []
    assert [found[-1]] == texts[-1:] if texts else found[0:9] == []
    with pytest.raises(IndexError):
        found[len(texts)]


def test_more_texts_than_are_read_at_once_come_in_order(tmp_path: Path) -> None:
    texts = [f"{number} {text}" for number in range(60) for text in TEXTS]
    found = stored(tmp_path / "a", texts)
    assert len(texts) > 2_000
    assert list(found) == texts
    assert list(found.sizes()) == [len(text.encode()) for text in texts]


@pytest.mark.parametrize("max_tokens", [0, 3])
def test_texts_are_encoded_once_whole_or_cut_and_in_order(
    tmp_path: Path, tokenizer: SubwordTokenizer, max_tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = TEXTS * 300  # more than are encoded at once
    rows = encode_texts(texts, tokenizer, tmp_path, max_tokens)
    whole = [tokenizer.encode(text) for text in TEXTS] * 300
    expected = [list(row) for row in cut_rows(whole, max_tokens)] if max_tokens else whole
    assert [list(row) for row in rows] == expected
    assert list(lengths_of(rows)) == list(map(len, expected))
    with monkeypatch.context() as patch:
        patch.setattr(SubwordTokenizer, "encode_batch", lambda *_: pytest.fail("encoded again"))
        assert list(encode_texts(texts, tokenizer, tmp_path, max_tokens)) == list(rows)
    other = encode_texts([*texts[:-1], "another"], tokenizer, tmp_path, max_tokens)
    assert list(other)[:20] == list(rows)[:20]
    assert list(other[-1]) != list(rows[-1])


def test_ids_above_two_bytes_are_kept(tmp_path: Path) -> None:
    class Wide:
        backend = Backend(BPE({f"token {number}": number for number in range(70_000)}, []))

        def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
            return [[69_999, len(text)] for text in texts]

    assert [list(row) for row in encode_texts(["a", "bc"], Wide(), tmp_path)] == [[69_999, 1], [69_999, 2]]


def test_source_kept_in_files_is_the_source_and_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [*LABELLED, ("", "positive"), ("x", None)])
    source = parse_source(f"{path}?labels=negative,neutral,positive")
    plain, kept = read_source(source), read_source(source, work=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("training.data.read_rows", lambda *_: pytest.fail("read again"))
        again = read_source(source, work=tmp_path)
    for read in (kept, again):
        assert list(read.texts) == list(plain.texts) == TEXTS
        assert list(read.labels) == list(plain.labels) == [label for _, label in LABELLED]
        assert (read.problems, read.digest, read.carried) == (plain.problems, plain.digest, plain.carried)
        assert read.summary() == plain.summary()
    with pytest.raises(DataError, match=r"a.jsonl:39: empty text .*\(strict\)"):
        read_source(source, work=tmp_path, strict=True)
    write_jsonl(tmp_path / "a.jsonl", [*LABELLED, ("It rained", "neutral")])
    assert read_source(source, work=tmp_path).texts[-1] == "It rained"


def test_source_that_is_no_file_is_known_by_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = parse_source("grammar:en")
    first = read_source(source, work=tmp_path)
    assert list(first.texts) == list(read_source(source).texts)
    monkeypatch.setattr(
        "training.grammar.languages.sentences", lambda language: [("fine", "positive"), ("poor", "negative")]
    )
    assert list(read_source(source, work=tmp_path).texts) == ["fine", "poor"]


def test_column_that_could_not_be_written_whole_is_not_there(tmp_path: Path) -> None:
    def parts() -> Iterator[np.ndarray]:
        yield np.arange(3, dtype=np.float32)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_column(tmp_path / "a", parts())
    assert not (tmp_path / "a").exists()
    write_column(tmp_path / "a", (np.full((2, 3), row, dtype=np.float32) for row in range(4)))
    found = read_column(tmp_path / "a", (np.float32, (3,)))
    assert len(found) == 8
    assert found[5].tolist() == [2, 2, 2]
    assert found[1:3].tolist() == [[0, 0, 0], [1, 1, 1]]


def fill_slowly(folder: Path) -> None:
    (folder / "made").write_text(str(os.getpid()))
    if os.environ.get("KILLED"):
        os.kill(os.getpid(), signal.SIGKILL)


def make(work: Path, killed: bool) -> None:
    if killed:
        os.environ["KILLED"] = "1"
    make_once(work, "key", fill_slowly)


def test_folder_is_made_once_by_many_processes_and_anew_after_a_kill(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for killed, count in ((True, 1), (False, 3)):
        processes = [context.Process(target=make, args=(tmp_path, killed)) for _ in range(count)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [-signal.SIGKILL if killed else 0] * count
        assert len(list(tmp_path.glob("data/*.part"))) == killed
    [folder] = [path for path in (tmp_path / "data").iterdir() if path.is_dir()]
    assert int((folder / "made").read_text()) in [process.pid for process in processes]


def test_failed_fill_leaves_nothing_that_is_taken_for_the_whole(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        make_once(tmp_path, "key", fails)
    folder = make_once(tmp_path, "key", lambda folder: (folder / "whole").touch())
    assert [path.name for path in folder.iterdir()] == ["whole"]
