"""What teachers say of a run's texts, to learn beside their labels.

Shapes in names: N rows, C labels.   Source: Hinton et al. 2015, arXiv 1503.02531; Tang et al. 2019, arXiv 1903.12136,
for a BiLSTM as the student.
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.network import Artifact, load_artifact
from model.store import resolve
from training.classification import EncodedSet, label_shares
from training.config import TrainConfig
from training.data import Examples, duplicate_key, read_texts
from training.metrics import masked_probabilities
from training.progress import say
from training.readers import DataError
from training.scoring import score_texts


def load_teachers(config: TrainConfig, labels: Sequence[str]) -> list[Artifact]:
    """The config's teachers.

    Raises: ArtifactError; DataError if one has other labels than the run.
    """
    teachers = [load_artifact(resolve(Path(path))) for path in config.teachers]
    for path, teacher in zip(config.teachers, teachers, strict=True):
        if teacher.metadata.model.labels != tuple(labels):
            known = ", ".join(teacher.metadata.model.labels)
            raise DataError(f"{path}: a teacher with the labels {known}; those of the run are {', '.join(labels)}")
    return teachers


def read_unlabelled(config: TrainConfig, num_labels: int, left_out: Set[str]) -> list[Examples]:
    """The config's unlabelled texts as sets that can carry any label; their targets say nothing.

    left_out: keys by `duplicate_key` of texts not to learn from.
    """
    sets = []
    for source in config.unlabelled:
        corpus = read_texts(source, strict=config.strict)
        texts = [text for text in corpus.texts if duplicate_key(text) not in left_out]
        say(f"{source.name}: {len(texts):,} unlabelled texts")
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


def teach(
    config: TrainConfig, teachers: Sequence[Artifact], examples: Examples, encoded: EncodedSet, *, is_labelled: bool
) -> EncodedSet:
    """A set with the shares that its rows are trained towards: the teachers' mean, mixed with labels if there are any.

    The teachers' probabilities are calibrated, over the labels that the set can carry.
    """
    carried = np.array(examples.carried)
    shares_NC = np.zeros((len(examples.texts), len(carried)), dtype=np.float32)
    for teacher in teachers:
        metadata = teacher.metadata
        logits_NC = score_texts(teacher.network, teacher.tokenizer, metadata.model.max_tokens, examples.texts)
        shares_NC += masked_probabilities(logits_NC, carried, metadata.temperature) / len(teachers)
    if is_labelled:
        label_NC = np.array([label_shares(target, examples.carried, 0.0) for target in examples.targets])
        agreed = float((shares_NC.argmax(axis=1) == np.array(examples.targets)).mean())
        say(f"{examples.name}: teachers agree with {agreed:.1%} of the labels")
        shares_NC = config.teacher_share * shares_NC + (1 - config.teacher_share) * label_NC.astype(np.float32)
        return replace(encoded, shares_NC=shares_NC)
    return replace(encoded, shares_NC=shares_NC, targets=shares_NC.argmax(axis=1).tolist())
