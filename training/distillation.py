"""What teachers say of a run's texts, to learn beside their labels.

Shapes in names: N rows, C labels.   Source: Hinton et al. 2015, arXiv 1503.02531; Tang et al. 2019, arXiv 1903.12136,
for a BiLSTM as the student, and for unlabelled sentences to teach it on.
"""

import random
import re
from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from model.artifact import NETWORK
from model.language import detect
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import resolve
from training.classification import EncodedSet, label_shares
from training.config import TrainConfig
from training.data import Examples, duplicate_key, read_texts
from training.distributed import Processes
from training.metrics import masked_probabilities
from training.perturbation import contrast, toggle_negation
from training.progress import say
from training.scoring import score_texts
from training.storage import Chosen, choose
from training.transformer import CONFIG, Transformer

MIN_SENTENCE_CHARS, MAX_SENTENCE_CHARS = 8, 300
"""Of sentences drawn from unlabelled texts: shorter ones say nothing, longer ones are not sentences."""
_ASKED = 50_000
"""Texts that a teacher is asked about at once."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|<br\s*/?>|\n")


class Teacher(Protocol):
    """A classifier to learn from."""

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of its logits."""

    @property
    def digest(self) -> str:
        """Hash of its weights."""

    @property
    def temperature(self) -> float:
        """Of its probabilities."""

    def reads(self, texts: Sequence[str]) -> list[bool]:
        """Whether it is to be asked about each text."""

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Logits (N, C) float32 of texts."""


class ArtifactTeacher:
    """An artifact of this project, which reads every text."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.labels = artifact.metadata.model.labels
        self.digest = artifact.digests[NETWORK]
        self.temperature = artifact.metadata.temperature

    def reads(self, texts: Sequence[str]) -> list[bool]:
        """Whether it is to be asked about each text."""
        return [True] * len(texts)

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Logits (N, C) float32 of texts."""
        artifact = self.artifact
        return score_texts(artifact.network, artifact.tokenizer, artifact.metadata.model.max_tokens, texts)


def load_teachers(paths: Sequence[str], labels: Sequence[str]) -> list[Teacher]:
    """Teachers in folders: artifacts, model stores, and transformers that `teacher` or another program fine-tuned.

    Raises: ArtifactError; DataError if one has other labels than the run.
    """
    teachers: list[Teacher] = []
    for path in paths:
        is_transformer = (Path(path) / CONFIG).is_file()
        teacher = Transformer.load(path) if is_transformer else ArtifactTeacher(load_artifact(resolve(Path(path))))
        if sorted(teacher.labels) != sorted(labels):
            known = ", ".join(teacher.labels)
            raise DataError(f"{path}: a teacher with the labels {known}; those of the run are {', '.join(labels)}")
        teachers.append(teacher)
    return teachers


def read_unlabelled(config: TrainConfig, num_labels: int, left_out: Set[str]) -> list[Examples]:
    """The config's unlabelled texts, and the sentences drawn from them, as sets that can carry any label.

    Their targets say nothing.   left_out: keys by `duplicate_key` of texts not to learn from.
    """
    sets = []
    for source in config.unlabelled:
        corpus = read_texts(source, strict=config.strict)
        texts = [text for text in corpus.texts if duplicate_key(text) not in left_out]
        drawn = draw_sentences(texts, config.unlabelled_sentences, config.seed)
        say(f"{source.name}: {len(texts):,} unlabelled texts, {len(drawn):,} sentences drawn from them")
        drawn += perturb(drawn, config.seed)
        texts += [text for text in drawn if duplicate_key(text) not in left_out]
        sets.append(
            Examples(
                name=source.name,
                texts=texts,
                targets=[0] * len(texts),
                carried=(True,) * num_labels,
                repeat=source.repeat,
            )
        )
    return sets


def draw_sentences(texts: Sequence[str], count: int, seed: int) -> list[str]:
    """At most so many different sentences of texts, at random."""
    sentences = {part.strip(): None for text in texts for part in _SENTENCE_END.split(text)} if count else {}
    kept = [text for text in sentences if MIN_SENTENCE_CHARS <= len(text) <= MAX_SENTENCE_CHARS]
    return random.Random(seed).sample(kept, min(count, len(kept)))


def perturb(sentences: Sequence[str], seed: int) -> list[str]:
    """For each English sentence, its negation and its contrast with the one before, in turn."""
    source = random.Random(seed)
    english = [text for text in sentences if detect(text) == "en"]
    found = []
    for index, text in enumerate(english):
        other = contrast(text, english[index - 1], source) if index % 2 else toggle_negation(text, source)
        found += [other] if other else []
    return found


def teach(
    config: TrainConfig,
    labels: Sequence[str],
    teachers: Sequence[Teacher],
    examples: Examples,
    encoded: EncodedSet,
    processes: Processes,
    *,
    is_labelled: bool,
) -> EncodedSet:
    """A set with the shares that its rows are trained towards: the teachers' mean, mixed with labels if there are any.

    The teachers' probabilities are calibrated, over the labels that the set can carry. A linear model is one more
    teacher of the sets that the config names. A row that no teacher reads keeps its label alone; without a label it is
    left out.
    """
    carried = np.array(examples.carried)
    shares_NC = np.zeros((len(examples.texts), len(carried)), dtype=np.float32)
    votes_N = np.zeros(len(examples.texts), dtype=np.int64)
    for teacher in teachers:
        read = np.flatnonzero(teacher.reads(examples.texts))
        if not len(read):
            continue
        columns = [teacher.labels.index(label) for label in labels]
        mine = read[processes.rank :: processes.world_size]
        parts = [mine[start : start + _ASKED] for start in range(0, len(mine), _ASKED)]
        answers = [teacher.logits(Chosen(examples.texts, part))[:, columns] for part in parts]
        said = np.concatenate(answers) if answers else shares_NC[:0]
        for rank, logits_NC in enumerate(processes.gather(said)):
            rows = read[rank :: processes.world_size]
            shares_NC[rows] += masked_probabilities(logits_NC, carried, teacher.temperature)
            votes_N[rows] += 1
    if is_labelled and examples.name in config.cross_taught:
        shares_NC += _cross_teach(examples, len(labels), processes)
        votes_N += 1
    shares_NC /= np.maximum(votes_N, 1)[:, None]
    is_taught = votes_N > 0
    if is_labelled:
        targets = np.array(examples.targets)
        agreed = float((shares_NC.argmax(axis=1) == targets)[is_taught].mean()) if is_taught.any() else 0.0
        shown = f"teachers read {is_taught.mean():.0%} of the rows and agree with {agreed:.1%} of their labels"
        say(f"{examples.name}: {shown}")
        label_NC = np.array([label_shares(target, examples.carried, 0.0) for target in targets], dtype=np.float32)
        smooth_NC = np.array([label_shares(target, examples.carried, config.label_smoothing) for target in targets])
        mixed_NC = config.teacher_share * shares_NC + (1 - config.teacher_share) * label_NC
        return replace(encoded, shares_NC=np.where(is_taught[:, None], mixed_NC, smooth_NC).astype(np.float32))
    say(f"{examples.name}: teachers read {is_taught.sum():,} of {len(votes_N):,} texts")
    shares_NC = shares_NC[is_taught]
    return replace(
        encoded,
        rows=choose(encoded.rows, np.flatnonzero(is_taught)),
        shares_NC=shares_NC,
        targets=shares_NC.argmax(axis=1).tolist(),
    )


def _cross_teach(examples: Examples, num_labels: int, processes: Processes) -> np.ndarray:
    """Probabilities (N, C) by TF-IDF with logistic regression, of each row by a model that has not seen it."""
    from training.baselines import linear_baseline, predict_out_of_fold

    said = np.zeros((0, num_labels))
    if processes.is_main:
        targets = np.asarray(examples.targets).tolist()
        said = predict_out_of_fold(linear_baseline(), examples.name, list(examples.texts), targets, num_labels)
    return processes.gather(said)[0]
