"""The sets of a run: its sources read, split into train and dev, and said to the person who started it."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.rows import DataError
from training.config import TrainConfig
from training.data import Corpus, Examples, encode_labels, hash_texts, order_labels, read_source
from training.keys import hash_keys, is_among, is_held_out
from training.progress import say
from training.sequences import Column, Flags, as_column, choose, choose_column


def read_sets(
    config: TrainConfig, work: Path, left_out: Set[str] = frozenset()
) -> tuple[list[str], list[Corpus], list[Examples], list[Examples]]:
    """Labels, corpora (those of train, then those of dev), train sets and dev sets of a run.

    work: folder that keeps their texts. left_out: keys by `duplicate_key` of further texts not to learn from.
    Raises: DataError if a source cannot be read, no row is left for one of the two, or as `check_names` does.
    """
    corpora = _read(config, work)
    train, dev = corpora[: len(config.train)], corpora[len(config.train) :]
    labels = order_labels(label for corpus in corpora for label in corpus.carried)
    if not dev and not any(corpus.source.held_out for corpus in train):
        say(f"no dev data named: every source holds out {config.dev_fraction:.0%}")
        train = [replace(corpus, source=replace(corpus.source, held_out=config.dev_fraction)) for corpus in train]
    train_sets, dev_sets, counts = make_sets(train, dev, labels, config.seed, left_out)
    for name, count in counts.items():
        say(f"{name}: {count:,} rows left out of training, as their text stands in a dev set")
    for role, sets in (("train", train_sets), ("dev", dev_sets)):
        if not any(item.texts for item in sets):
            raise DataError(f"{role}: no row is left after the split; name dev data or change dev_fraction")
    return labels, [*train, *dev], train_sets, dev_sets


def make_sets(
    train: Sequence[Corpus],
    dev: Sequence[Corpus],
    labels: Sequence[str],
    seed: int,
    left_out: Set[str] = frozenset(),
) -> tuple[list[Examples], list[Examples], dict[str, int]]:
    """Train and dev sets of a run.

    Rows of a train source that fall into its held-out fraction become a dev set of its name. A train row whose text
    stands in any dev set is left out, duplicates counted alike.
    left_out: keys by `duplicate_key` of texts to leave out too: those of the dev sets of a run that goes on from this.
    Returns: train sets, dev sets, and by train source the number of rows left out for standing in dev.
    Raises: DataError as `encode_labels` and `check_names` do.
    """
    train_sets: list[Examples] = []
    dev_sets: list[Examples] = []
    for corpus in dev:
        targets, carried = encode_labels(corpus, labels)
        dev_sets.append(Examples(name=corpus.source.name, texts=corpus.texts, targets=targets, carried=carried))
    for corpus in train:
        targets, carried = encode_labels(corpus, labels)
        source = corpus.source
        held = find_held_out(corpus.texts, source.held_out, seed)
        for part, flags, repeat in ((train_sets, held.others(), source.repeat), (dev_sets, held, 1)):
            if len(flags):
                part.append(
                    Examples(
                        name=source.name,
                        texts=choose(corpus.texts, flags),
                        targets=choose_column(targets, flags),
                        carried=carried,
                        repeat=repeat,
                    )
                )
    check_names([examples.name for examples in dev_sets])
    in_dev = np.concatenate([hash_keys(left_out), *(hash_texts(examples.texts) for examples in dev_sets)])
    counts: dict[str, int] = {}
    for position, examples in enumerate(train_sets):
        train_sets[position] = leave_out(examples, in_dev)
        if count := len(examples.texts) - len(train_sets[position].texts):
            counts[examples.name] = count
    return train_sets, dev_sets, counts


def check_names(names: Sequence[str]) -> None:
    """Raise DataError if two dev sets have one name, or one has that of their mean: figures are kept by name."""
    for name, count in Counter(names).items():
        if count > 1:
            raise DataError(f"dev: {count} sets are called {name!r}; give one a name=")
        if name == "mean":
            raise DataError("dev: a set is called 'mean', as the mean of all is; give it a name=")


def leave_out(examples: Examples, keys: np.ndarray) -> Examples:
    """A set without the rows whose text is among keys by `hash_keys`."""
    flags = find_others(examples.texts, keys)
    targets = choose_column(as_column(examples.targets), flags)
    return replace(examples, texts=choose(examples.texts, flags), targets=targets)


def find_others(texts: Sequence[str], keys: np.ndarray) -> Flags:
    """Texts that are not among keys by `hash_keys`.

    Two of 8 bytes are alike by chance in 1 run of 20 million, of 100 million rows and 10,000 keys.
    """
    sorted_U = np.unique(keys)
    return Flags.of(hash_texts(texts).map(lambda keys_K: ~is_among(keys_K, sorted_U)))


def find_held_out(texts: Sequence[str], fraction: float, seed: int) -> Flags:
    """Texts that fall into the held-out fraction."""

    def read(start: int, stop: int) -> np.ndarray:
        if not fraction:
            return np.zeros(stop - start, dtype=bool)  # without a look at the texts
        return np.array([is_held_out(text, fraction, seed) for text in texts[start:stop]], dtype=bool)

    return Flags.of(Column(len(texts), read))


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
