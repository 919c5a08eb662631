"""What a run starts from if it starts from nothing: a tokenizer of its own corpus, and embeddings from word vectors."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from torch import nn

from model.tokenizer import SubwordTokenizer
from training.config import RunConfig
from training.progress import say
from training.vectors import initialise_embeddings


def make_tokenizer(config: RunConfig, sets: Iterable[Sequence[str]]) -> SubwordTokenizer:
    """Train the tokenizer on a seeded sample of the texts of each set."""
    source = random.Random(config.seed)
    texts: list[str] = []
    for item in sets:
        texts += source.sample(item, min(len(item), config.tokenizer_texts))
    return SubwordTokenizer.train(texts, config.vocab_size)


def set_word_vectors(config: RunConfig, embedding: nn.Embedding, tokenizer: SubwordTokenizer) -> None:
    """Write the config's word vectors, if it names any, into the embedding, in place.

    Raises: DataError.
    """
    if config.word_vectors:
        paths = [Path(path) for path in config.word_vectors]
        count = initialise_embeddings(embedding.weight.data, tokenizer, paths)
        say(f"word vectors set {count:,} of {tokenizer.vocab_size:,} subwords")
