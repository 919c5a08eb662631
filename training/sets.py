"""The sets of a run: its sources read, split into train and dev, and said to the person who started it."""

from dataclasses import replace

from model.rows import DataError
from training.config import TrainConfig
from training.data import Corpus, Examples, make_sets, order_labels, read_source
from training.progress import say


def read_sets(config: TrainConfig) -> tuple[list[str], list[Corpus], list[Examples], list[Examples]]:
    """Labels, corpora (those of train, then those of dev), train sets and dev sets of a run.

    Raises: DataError if a source cannot be read, or no row is left for one of the two.
    """
    corpora = _read(config)
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


def _read(config: TrainConfig) -> list[Corpus]:
    """Read the sources of a run, and say what was left out of them."""
    corpora = []
    for source in (*config.train, *config.dev):
        corpus = read_source(source, strict=config.strict)
        corpora.append(corpus)
        rows = ", ".join(f"{label} {count:,}" for label, count in corpus.summary()["rows"].items())
        say(f"{source.name}: {len(corpus.texts):,} rows ({rows})")
        for problem in corpus.problems[:5]:
            say(f"  left out {problem}")
        if len(corpus.problems) > 5:
            say(f"  left out {len(corpus.problems) - 5:,} more, {len(corpus.problems):,} in all")
    return corpora
