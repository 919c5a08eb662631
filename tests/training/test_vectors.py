from pathlib import Path

import numpy as np
import pytest
import torch

from model.rows import DataError
from model.tokenizer import SubwordTokenizer
from training.vectors import digest_vectors, initialise_embeddings, read_vectors


def write_text(path: Path, rows: dict[str, list[float]], header: str = "") -> Path:
    path.write_text(header + "".join(f"{word} {' '.join(map(str, values))}\n" for word, values in rows.items()))
    return path


ROWS = {"film": [1.0, 2.0], "酒店": [-1.0, 0.5], "zzzz": [9.0, 9.0], "room": [0.0, -3.0]}


def test_text_with_and_without_counts_and_npy_read_the_same(tmp_path: Path) -> None:
    np.save(tmp_path / "c.f16.npy", np.array(list(ROWS.values()), dtype=np.float16))
    (tmp_path / "c.vocab.txt").write_text("\n".join(ROWS) + "\n")
    paths = [
        write_text(tmp_path / "a.txt", ROWS),
        write_text(tmp_path / "b.txt", ROWS, "4 2\n"),
        tmp_path / "c.f16.npy",
    ]
    for path in paths:
        words, vectors = read_vectors(path)
        assert words == list(ROWS)
        assert vectors.dtype == np.float32
        np.testing.assert_array_equal(vectors, np.array(list(ROWS.values())))


@pytest.mark.parametrize(
    ("content", "message"), [("film 1 x\n", ":1: not a word"), ("a 1 2\nb 1\n", ":2: 1 numbers"), ("", "no vectors")]
)
def test_broken_text_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.txt").write_text(content)
    with pytest.raises(DataError, match=message):
        read_vectors(tmp_path / "a.txt")


def test_word_of_text_may_hold_spaces(tmp_path: Path) -> None:
    """GloVe's largest file, which the docstring names, has some, and was refused."""
    (tmp_path / "a.txt").write_text("film 1 2\nat name@domain.com 3 4\n. . . 5 6\n")
    words, vectors = read_vectors(tmp_path / "a.txt")
    assert words == ["film", "at name@domain.com", ". . ."]
    assert vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("content", [b"", b"no array"])
def test_npy_that_holds_no_array_is_named(tmp_path: Path, content: bytes) -> None:
    """An empty one ended in a trace, of EOFError."""
    (tmp_path / "a.npy").write_bytes(content)
    (tmp_path / "a.vocab.txt").write_text("one\n")
    with pytest.raises(DataError, match=r"a\.npy: not an array of numbers"):
        read_vectors(tmp_path / "a.npy")


def test_digest_is_of_the_vectors_and_of_their_words(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((1, 3)))
    digests = []
    for word in ("one", "two"):
        (tmp_path / "a.vocab.txt").write_text(f"{word}\n")
        digests.append(digest_vectors([str(tmp_path / "a.npy")]))
    assert digests[0][0] == digests[1][0]
    assert digests[0][1] != digests[1][1]


def test_npy_needs_its_vocabulary_of_the_same_length(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((2, 3)))
    with pytest.raises(DataError, match=r"no a\.vocab\.txt beside it"):
        read_vectors(tmp_path / "a.npy")
    (tmp_path / "a.vocab.txt").write_text("one\n")
    with pytest.raises(DataError, match=r"shape \(2, 3\), but 1 words"):
        read_vectors(tmp_path / "a.npy")


def test_subwords_that_spell_a_word_take_its_direction_and_others_stay(
    tmp_path: Path, tokenizer: SubwordTokenizer
) -> None:
    weight = torch.randn(tokenizer.vocab_size, 4) * 0.1
    before = weight.clone()
    path = write_text(tmp_path / "a.txt", ROWS)
    count = initialise_embeddings(weight, tokenizer, [path])
    changed = (weight != before).any(dim=1)
    surfaces = {tokenizer.backend.decode([int(index)]).strip() for index in changed.nonzero()}
    assert surfaces <= {"film", "room", "酒店"}
    assert count == int(changed.sum()) > 0
    assert torch.equal(weight[:, 2:], before[:, 2:])


def test_wider_vectors_are_projected(tmp_path: Path, tokenizer: SubwordTokenizer) -> None:
    weight = torch.randn(tokenizer.vocab_size, 1) * 0.1
    assert initialise_embeddings(weight, tokenizer, [write_text(tmp_path / "a.txt", ROWS)]) > 0
    assert bool(torch.isfinite(weight).all())


def test_vectors_of_one_subword_are_refused(tmp_path: Path, tokenizer: SubwordTokenizer) -> None:
    """Of one vector there is no spread to scale by: its embedding was NaN."""
    path = write_text(tmp_path / "a.txt", {"film": [1.0, 2.0], "qqqq": [1.0, 2.0]})
    with pytest.raises(DataError, match="the vectors of 1 subwords of this vocabulary have no spread"):
        initialise_embeddings(torch.zeros(tokenizer.vocab_size, 2), tokenizer, [path])


def test_vectors_that_share_no_word_are_refused(tmp_path: Path, tokenizer: SubwordTokenizer) -> None:
    with pytest.raises(DataError, match="none of its 1 words"):
        initialise_embeddings(
            torch.zeros(tokenizer.vocab_size, 2), tokenizer, [write_text(tmp_path / "a.txt", {"qqqq": [1, 2]})]
        )
