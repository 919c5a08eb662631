"""Word vectors that initialise the embeddings of subwords.

Shapes in names: W words, V vocabulary, D width.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model.rows import DataError
from model.tokenizer import SubwordTokenizer


def read_vectors(path: Path) -> tuple[list[str], np.ndarray]:
    """Words and their vectors (W, D) float32.

    path: word2vec or GloVe text (.txt; a word and D numbers a line, with or without a first line of counts), or .npy of
    shape (W, D) with a file of W words beside it, one a line: NAME.vocab.txt for NAME.npy or NAME.f16.npy. In text, a
    word may hold spaces if it is not the first.
    Raises: DataError naming the file and what is wrong.
    """
    files = _files(path)
    if path.suffix == ".npy":
        vocabulary = files[1]
        try:
            vectors_WD = np.load(path, allow_pickle=False).astype(np.float32)
        except (EOFError, ValueError) as error:
            raise DataError(f"{path}: not an array of numbers: {error}") from error
        listed = vocabulary.read_text(encoding="utf-8").rstrip("\n").split("\n")
        if vectors_WD.ndim != 2 or len(listed) != len(vectors_WD):
            raise DataError(f"{path}: shape {vectors_WD.shape}, but {len(listed)} words in {vocabulary.name}")
        return listed, vectors_WD
    words: list[str] = []
    rows: list[np.ndarray] = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            word, *values = line.rstrip().rsplit(" ", len(rows[0]) if rows else -1)
            if number == 1 and len(values) == 1:
                continue
            try:
                row = np.array(values, dtype=np.float32)
            except ValueError as error:
                raise DataError(f"{path}:{number}: not a word and numbers: {error}") from error
            if not values or (rows and len(row) != len(rows[0])):
                raise DataError(
                    f"{path}:{number}: {len(row)} numbers, the first line has {len(rows[0]) if rows else 0}"
                )
            words.append(word)
            rows.append(row)
    if not rows:
        raise DataError(f"{path}: no vectors")
    return words, np.stack(rows)


def digest_vectors(paths: Iterable[str]) -> list[str]:
    """sha256 of each file that `read_vectors` reads for these paths.   Raises: DataError if one is missing."""
    digests = []
    for part in (part for path in paths for part in _files(Path(path))):
        with part.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests


def initialise_embeddings(weight_VD: Tensor, tokenizer: SubwordTokenizer, paths: list[Path]) -> int:
    """Write word vectors into the embeddings of the subwords that spell a word, in place.

    Each file's vectors are centred and scaled to the spread that the embeddings have, and fill the first components;
    wider ones are projected onto their principal directions first. What an earlier file set, a later one leaves.
    Returns: number of subwords set.
    """
    vocabulary: dict[str, list[int]] = {}
    for token_id in range(tokenizer.vocab_size):
        surface = tokenizer.backend.decode([token_id]).strip()
        if surface:
            vocabulary.setdefault(surface, []).append(token_id)
    is_set = torch.zeros(len(weight_VD), dtype=torch.bool)
    spread = float(weight_VD.std())
    for path in paths:
        words, vectors_WD = read_vectors(path)
        chosen = [index for index, word in enumerate(words) if word.lower() in vocabulary]
        if not chosen:
            raise DataError(f"{path}: none of its {len(words)} words is a subword of this vocabulary")
        vectors = torch.from_numpy(vectors_WD[chosen])
        vectors = vectors - vectors.mean(dim=0)
        if not float(vectors.std(unbiased=False)) > 0:  # of one word, or NaN among them
            raise DataError(f"{path}: the vectors of {len(chosen)} subwords of this vocabulary have no spread")
        if vectors.shape[1] > weight_VD.shape[1]:
            _, _, directions = torch.linalg.svd(vectors, full_matrices=False)
            vectors = vectors @ directions[: weight_VD.shape[1]].T
        vectors *= spread / vectors.std()
        for index, vector in zip(chosen, vectors, strict=True):
            for token_id in vocabulary[words[index].lower()]:
                if not is_set[token_id]:
                    with torch.no_grad():
                        weight_VD[token_id, : len(vector)] = vector
                    is_set[token_id] = True
    return int(is_set.sum())


def _files(path: Path) -> list[Path]:
    """The file, and that of its words if it has none."""
    if path.suffix == ".npy":
        vocabulary = path.with_name(f"{path.name.removesuffix('.npy').removesuffix('.f16')}.vocab.txt")
        if not path.is_file() or not vocabulary.is_file():
            raise DataError(f"{path}: missing, or no {vocabulary.name} beside it")
        return [path, vocabulary]
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    return [path]
