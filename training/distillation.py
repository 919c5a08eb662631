"""What teachers say of a run's texts, to learn beside their labels.

Shapes in names: N rows, K of these, C labels.   Source: Hinton et al. 2015, arXiv 1503.02531; Tang et al. 2019, arXiv
1903.12136, for a BiLSTM as the student, and for unlabelled sentences to teach it on.
"""

import json
import random
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from torch import nn

from model.artifact import NETWORK, TOKENIZER
from model.language import detect
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import resolve
from training.classification import EncodedSet, label_shares
from training.config import TrainConfig
from training.data import Examples, read_texts
from training.distributed import Processes
from training.keys import duplicate_key, hash_keys
from training.metrics import masked_probabilities
from training.perturbation import clauses, contrast, opposite
from training.progress import say
from training.readers import GRAMMAR
from training.scoring import score_texts
from training.sequences import Column, Flags, as_column, choose, choose_column
from training.sets import find_others
from training.storage import read_column, write_column
from training.transformer import CONFIG, Transformer

MIN_SENTENCE_CHARS, MAX_SENTENCE_CHARS = 8, 300
"""Of sentences drawn from unlabelled texts: shorter ones say nothing, longer ones are not sentences."""
_ASKED = 4_096
"""Texts that a process asks about at once."""
_SENTENCES, _OPPOSITES = ", sentences", ", opposites"
"""End the name of a set of sentences drawn from a source, and of what says the opposite of such."""
_POLAR = ("negative", "positive")
"""Labels that an opposite exchanges."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|<br\s*/?>|\n")


class Teacher(Protocol):
    """A classifier to learn from."""

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of its logits."""

    @property
    def digest(self) -> str:
        """Hash of all that decides what it says, and of which texts."""

    @property
    def temperature(self) -> float:
        """Of its probabilities."""

    @property
    def sources(self) -> tuple[str, ...] | None:
        """Names of those that it is asked about, with the sentences drawn from them; None for any."""

    def reads(self, texts: Sequence[str]) -> list[bool]:
        """Whether it is to be asked about each text."""

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Logits (N, C) float32 of texts."""


class ArtifactTeacher:
    """An artifact of this project, which reads every text."""

    sources = None

    def __init__(self, artifact: Artifact, device: str = "cpu") -> None:
        self.artifact = artifact
        self._network = cast(nn.Module, artifact.network).to(device)
        self._device = device
        self.labels = artifact.metadata.model.labels
        self.temperature = artifact.metadata.temperature
        files = [artifact.digests[name] for name in (NETWORK, TOKENIZER)]
        decisive = [*files, self.temperature, artifact.metadata.model.to_dict()]
        self.digest = sha256(json.dumps(decisive).encode()).hexdigest()

    def reads(self, texts: Sequence[str]) -> list[bool]:
        """Whether it is to be asked about each text."""
        return [True] * len(texts)

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Logits (N, C) float32 of texts."""
        max_tokens = self.artifact.metadata.model.max_tokens
        return score_texts(self._network, self.artifact.tokenizer, max_tokens, texts, device=self._device)


def load_teachers(paths: Sequence[str], labels: Sequence[str], device: str = "cpu") -> list[Teacher]:
    """Teachers in folders: artifacts, model stores, and transformers that `teacher` or another program fine-tuned.

    device: where they answer.
    Raises: ArtifactError; DataError if one has other labels than the run.
    """
    teachers: list[Teacher] = []
    for path in paths:
        is_transformer = (Path(path) / CONFIG).is_file()
        teacher = (
            Transformer.load(path).to(device)
            if is_transformer
            else ArtifactTeacher(load_artifact(resolve(Path(path))), device)
        )
        if sorted(teacher.labels) != sorted(labels):
            known = ", ".join(teacher.labels)
            raise DataError(f"{path}: a teacher with the labels {known}; those of the run are {', '.join(labels)}")
        teachers.append(teacher)
    return teachers


def read_unlabelled(
    config: TrainConfig, labels: Sequence[str], left_out: Set[str], work: Path
) -> tuple[list[Examples], list[str]]:
    """The config's unlabelled texts, sentences drawn from them and opposites, as sets that can carry any label.

    Their targets say nothing.   left_out: keys by `duplicate_key` of texts not to learn from. work: folder that keeps
    the texts.   Returns: the sets, and digests of their sources.
    Raises: DataError if a source cannot be read, or opposites are asked for and there is no label to exchange.
    """
    if config.unlabelled_opposites and not set(_POLAR) <= set(labels):
        raise DataError(
            f"unlabelled_opposites={config.unlabelled_opposites}: exchanges {' and '.join(_POLAR)}; the labels are "
            f"{', '.join(labels)}"
        )
    sets, digests = [], []
    keys = hash_keys(left_out)
    labelled = {source.path for source in config.train}
    for source in config.unlabelled:
        corpus = read_texts(source, strict=config.strict, work=work)
        texts = choose(corpus.texts, find_others(corpus.texts, keys))
        drawn = draw_sentences(texts, config.unlabelled_sentences, config.seed)
        say(f"{source.name}: {len(texts):,} unlabelled texts, {len(drawn):,} sentences drawn from them")
        drawn = [text for text in drawn if duplicate_key(text) not in left_out]
        drawn += set_against(drawn, config.seed)
        parts: dict[str, Sequence[str]] = {} if source.path in labelled else {source.name: texts}
        parts[source.name + _SENTENCES] = drawn
        pairs = draw_opposites(texts, config.unlabelled_opposites, config.seed)
        pairs = [pair for pair in pairs if left_out.isdisjoint(map(duplicate_key, pair))]
        parts[source.name + _OPPOSITES] = [reversed_ for _, reversed_ in pairs]
        sets += [
            Examples(
                name=name,
                texts=part,
                targets=Column(len(part), lambda start, stop: np.zeros(stop - start, dtype=np.int64)),
                carried=(True,) * len(labels),
                repeat=source.repeat,
                opposite_of=[text for text, _ in pairs] if name.endswith(_OPPOSITES) else None,
            )
            for name, part in parts.items()
            if len(part)
        ]
        digests.append(corpus.digest)
    return sets, digests


def draw_sentences(texts: Iterable[str], count: int, seed: int) -> list[str]:
    """At most so many different sentences of texts, at random."""
    sentences = (part.strip() for text in texts for part in _SENTENCE_END.split(text)) if count else ()
    return _draw((part for part in sentences if MIN_SENTENCE_CHARS <= len(part) <= MAX_SENTENCE_CHARS), count, seed)


def draw_opposites(texts: Iterable[str], count: int, seed: int) -> list[tuple[str, str]]:
    """At most so many sentences or clauses of texts, at random, each with one that says the opposite."""
    source = random.Random(seed)
    sentences = (part.strip() for text in texts for part in _SENTENCE_END.split(text)) if count else ()
    parts = (part for sentence in sentences for part in clauses(sentence) if opposite(part, source))
    pairs = [(part, opposite(part, source)) for part in _draw(parts, count, seed)]
    return [(part, reversed_) for part, reversed_ in pairs if reversed_]


def _draw(parts: Iterable[str], count: int, seed: int) -> list[str]:
    """At most so many different texts: those with the least hashes of seed and text."""
    kept: dict[bytes, str] = {}
    greatest = b"\xff" * 16
    for part in parts:
        digest = blake2b(f"{seed}\t{part}".encode(), digest_size=16).digest()
        if digest <= greatest:
            kept[digest] = part
        if len(kept) > 2 * count:
            kept = {digest: kept[digest] for digest in sorted(kept)[:count]}
            greatest = max(kept)
    return [kept[digest] for digest in sorted(kept)[:count]]


def set_against(sentences: Sequence[str], seed: int) -> list[str]:
    """Every second English sentence in contrast with the one before."""
    source = random.Random(seed)
    english = [text for text in sentences if detect(text) == "en"]
    return [contrast(*pair, source) for pair in zip(english[1::2], english[::2], strict=False)]


def teach(
    config: TrainConfig,
    labels: Sequence[str],
    teachers: Sequence[Teacher],
    examples: Examples,
    encoded: EncodedSet,
    processes: Processes,
    path: Path,
    *,
    train_sets: Sequence[Examples],
) -> EncodedSet:
    """A set with the shares that its rows are trained towards: the teachers' mean, mixed with labels if there are any.

    The teachers' probabilities are calibrated, over the labels that the set can carry. A linear model is one more
    teacher of the sets that the config names. A row that no teacher reads keeps its label alone; without a label it is
    left out. Nobody teaches sentences by rule, whose labels are exact. Of what says the opposite of a text is learned
    what the teachers say of that text, negative and positive exchanged.
    path: start of the name of the file of shares, which all processes see and which goes on with a digest of the texts;
    if it is there, no teacher is asked again.
    train_sets: the labelled sets; one that is not among them is unlabelled.
    """
    from training.linear_teacher import ask_linear  # late: only with the extra `train`

    is_labelled = any(item is examples for item in train_sets)
    if not len(examples.texts):
        return encoded  # every row of it stands in a dev set
    # Code that draws other texts is no other run, but these are not the texts that were answered.
    path = path.with_name(f"{path.name}-{_digest(examples)}")
    if not processes.agree(processes.is_main and path.is_file()):  # on a network disk, others may not see it yet
        linear_NC = ask_linear(config, examples, train_sets, len(labels), processes)
        if any(examples.name == source.name and source.path.startswith(GRAMMAR) for source in config.train):
            teachers = ()
        source_name = examples.name.removesuffix(_SENTENCES).removesuffix(_OPPOSITES)
        teachers = [item for item in teachers if item.sources is None or source_name in item.sources]
        parts = _ask(config, labels, teachers, examples, processes, is_labelled, linear_NC)
        if processes.is_main:
            write_column(path, parts)
        else:
            deque(parts, maxlen=0)
    processes.agree(True)  # nobody reads it before it is written
    shares = read_column(path, (np.float32, (len(labels),)))
    if is_labelled:
        return replace(encoded, shares=shares)
    taught = Flags.of(shares.map(lambda shares_KC: shares_KC.sum(axis=1) > 0))
    say(f"{examples.name}: teachers read {len(taught):,} of {len(shares):,} texts")
    shares = choose_column(shares, taught)
    targets = shares.map(lambda shares_KC: shares_KC.argmax(axis=1))
    return replace(encoded, rows=choose(encoded.rows, taught), shares=shares, targets=targets, labelled=False)


def _digest(examples: Examples) -> str:
    found = sha256()
    for texts in (examples.texts, examples.opposite_of or ()):
        for text in texts:
            found.update(text.encode() + b"\0")
    return found.hexdigest()[:12]


def _ask(
    config: TrainConfig,
    labels: Sequence[str],
    teachers: Sequence[Teacher],
    examples: Examples,
    processes: Processes,
    is_labelled: bool,
    linear_NC: np.ndarray | None,
) -> Iterator[np.ndarray]:
    """Shares (K, C) of some rows in turn; 0 for an unlabelled one that no teacher reads."""
    all_targets = as_column(examples.targets)
    # Of a text without a label, what only the run's own start says, it knows already.
    fewest = 2 if config.self_taught and not is_labelled and examples.opposite_of is None else 1
    texts = examples.texts if examples.opposite_of is None else examples.opposite_of
    if len(teachers) + (linear_NC is not None) < fewest:
        teachers = ()
    count, taught, agreed = len(examples.texts), 0, 0
    at_once = _ASKED * processes.world_size
    for start in range(0, count, at_once):
        stop = min(start + at_once, count)
        mine = range(start + processes.rank, stop, processes.world_size)
        votes = np.zeros((stop - start, len(labels) + 1))
        own = _vote(teachers, [texts[row] for row in mine], labels, np.array(examples.carried))
        for rank, found in enumerate(processes.gather(own)):
            votes[rank :: processes.world_size] = found
        if linear_NC is not None:
            votes += np.pad(linear_NC[start:stop], ((0, 0), (0, 1)), constant_values=1)
        if examples.opposite_of is not None:
            negative, positive = (labels.index(name) for name in _POLAR)
            votes[:, [negative, positive]] = votes[:, [positive, negative]]
        is_taught_K = votes[:, -1] >= fewest
        shares_KC = np.where(is_taught_K[:, None], votes[:, :-1] / np.maximum(votes[:, -1:], 1), 0.0)
        if is_labelled:
            targets = all_targets[start:stop].tolist()
            taught += int(is_taught_K.sum())
            agreed += int((shares_KC.argmax(axis=1) == targets)[is_taught_K].sum())
            label_KC = np.array([label_shares(target, examples.carried, 0.0) for target in targets])
            smooth_KC = np.array([label_shares(target, examples.carried, config.label_smoothing) for target in targets])
            mixed_KC = config.teacher_share * shares_KC + (1 - config.teacher_share) * label_KC
            shares_KC = np.where(is_taught_K[:, None], mixed_KC, smooth_KC)
        yield shares_KC.astype(np.float32)
    if is_labelled:
        agreeing = f" and agree with {agreed / taught:.1%} of their labels" if taught else ""
        say(f"{examples.name}: teachers read {taught / count:.0%} of the rows{agreeing}")


def _vote(teachers: Sequence[Teacher], texts: list[str], labels: Sequence[str], carried: np.ndarray) -> np.ndarray:
    """The sum of the teachers' probabilities of texts, and last the number of teachers: (N, C + 1)."""
    votes = np.zeros((len(texts), len(labels) + 1))
    for teacher in teachers:
        read = np.flatnonzero(teacher.reads(texts))
        if len(read):
            logits_KC = teacher.logits([texts[row] for row in read])[:, [teacher.labels.index(name) for name in labels]]
            votes[read, :-1] += masked_probabilities(logits_KC, carried, teacher.temperature)
            votes[read, -1] += 1
    return votes
