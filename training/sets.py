"""The sets of a run: its sources read, split into train and dev, and said to the person who started it."""

from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.rows import DataError
from training.config import TrainConfig
from training.data import Corpus, Examples, duplicate_key, encode_labels, is_held_out, order_labels, read_source
from training.progress import say
from training.storage import choose


def read_sets(config: TrainConfig, work: Path) -> tuple[list[str], list[Corpus], list[Examples], list[Examples]]:
    """Labels, corpora (those of train, then those of dev), train sets and dev sets of a run.

    work: folder that keeps their texts.
    Raises: DataError if a source cannot be read, or no row is left for one of the two.
    """
    corpora = _read(config, work)
    train, dev = corpora[: len(config.train)], corpora[len(config.train) :]
    labels = order_labels(label for corpus in corpora for label in corpus.carried)
    if not dev and not any(corpus.source.held_out for corpus in train):
        say(f"no dev data named: every source holds out {config.dev_fraction:.0%}")
        train = [replace(corpus, source=replace(corpus.source, held_out=config.dev_fraction)) for corpus in train]
    train_sets, dev_sets, left_out = make_sets(train, dev, labels, config.seed)
    for name, count in left_out.items():
        say(f"{name}: {count:,} rows left out of training, as their text stands in a dev set")
    for role, sets in (("train", train_sets), ("dev", dev_sets)):
        if not any(item.texts for item in sets):
            raise DataError(f"{role}: no row is left after the split; name dev data or change dev_fraction")
    return labels, corpora, train_sets, dev_sets


def make_sets(
    train: Sequence[Corpus], dev: Sequence[Corpus], labels: Sequence[str], seed: int
) -> tuple[list[Examples], list[Examples], dict[str, int]]:
    """Train and dev sets of a run.

    Rows of a train source that fall into its held-out fraction become a dev set of its name. A train row whose text
    stands in any dev set is left out, duplicates counted alike.
    Returns: train sets, dev sets, and by train source the number of rows left out for standing in dev.
    """
    train_sets: list[Examples] = []
    dev_sets: list[Examples] = []
    for corpus in dev:
        targets, carried = encode_labels(corpus, labels)
        dev_sets.append(Examples(name=corpus.source.name, texts=corpus.texts, targets=targets, carried=carried))
    for corpus in train:
        targets, carried = encode_labels(corpus, labels)
        source = corpus.source
        is_held_N = _find_held_out(corpus, seed)
        for part, wanted in ((train_sets, False), (dev_sets, True)):
            chosen_N = np.flatnonzero(is_held_N == wanted)
            if len(chosen_N):
                part.append(
                    Examples(
                        name=source.name,
                        texts=choose(corpus.texts, chosen_N),
                        targets=targets[chosen_N],
                        carried=carried,
                        repeat=1 if wanted else source.repeat,
                    )
                )
    in_dev = {duplicate_key(text) for examples in dev_sets for text in examples.texts}
    left_out: dict[str, int] = {}
    for position, examples in enumerate(train_sets):
        train_sets[position] = leave_out(examples, in_dev)
        if count := len(examples.texts) - len(train_sets[position].texts):
            left_out[examples.name] = count
    return train_sets, dev_sets, left_out


def leave_out(examples: Examples, keys: Set[str]) -> Examples:
    """A set without the rows whose text is among keys by `duplicate_key`."""
    is_kept = (duplicate_key(text) not in keys for text in examples.texts)
    kept_N = np.flatnonzero(np.fromiter(is_kept, dtype=bool, count=len(examples.texts)))
    return replace(examples, texts=choose(examples.texts, kept_N), targets=np.asarray(examples.targets)[kept_N])


def _find_held_out(corpus: Corpus, seed: int) -> np.ndarray:
    """Whether each row (N,) falls into the held-out fraction of its source."""
    fraction, count = corpus.source.held_out, len(corpus.texts)
    if not fraction:
        return np.zeros(count, dtype=bool)  # without a look at the texts
    return np.fromiter((is_held_out(text, fraction, seed) for text in corpus.texts), dtype=bool, count=count)


def _read(config: TrainConfig, work: Path) -> list[Corpus]:
    """Read the sources of a run, and say what was left out of them."""
    corpora = []
    for source in (*config.train, *config.dev):
        corpus = read_source(source, strict=config.strict, work=work)
        corpora.append(corpus)
        rows = ", ".join(f"{label} {count:,}" for label, count in corpus.summary()["rows"].items())
        say(f"{source.name}: {len(corpus.texts):,} rows ({rows})")
        for problem in corpus.problems[:5]:
            say(f"  left out {problem}")
        if len(corpus.problems) > 5:
            say(f"  left out {len(corpus.problems) - 5:,} more, {len(corpus.problems):,} in all")
    return corpora
