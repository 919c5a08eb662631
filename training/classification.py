"""What a classifier learns: labelled rows, the cross-entropy over the labels that each can carry, macro recall.

Shapes in names: B rows, T steps, C labels, N texts.
"""

import random
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from model.padding import pad
from model.tokenizer import SubwordTokenizer
from training.config import TrainConfig
from training.data import Examples
from training.distributed import Processes
from training.metrics import macro_recall, masked_probabilities
from training.sampler import make_batches
from training.scoring import score_rows


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """A set as token rows."""

    name: str
    rows: Sequence[Sequence[int]]
    targets: list[int]
    carried: tuple[bool, ...]
    repeat: int = 1
    shares_NC: np.ndarray | None = None
    """Probabilities to train towards, instead of the targets alone: those of a teacher."""


def encode_set(examples: Examples, tokenizer: SubwordTokenizer) -> EncodedSet:
    """Encode the texts of a set."""
    rows = encode_texts(examples.texts, tokenizer)
    return EncodedSet(examples.name, rows, examples.targets, examples.carried, examples.repeat)


class Tokenizer(Protocol):
    """What reads texts as rows."""

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text."""


def encode_texts(texts: Sequence[str], tokenizer: Tokenizer) -> list[Sequence[int]]:
    """Encode texts, 10,000 at a time so that memory stays small."""
    rows: list[Sequence[int]] = []
    for start in range(0, len(texts), 10_000):
        rows.extend(array("i", ids) for ids in tokenizer.encode_batch(texts[start : start + 10_000]))
    return rows


def masked_cross_entropy(logits_BC: Tensor, shares_BC: Tensor, carried_BC: Tensor) -> Tensor:
    """Cross-entropy (B,) with the softmax over only the labels that each row's source can carry.

    shares: probabilities to train towards, 0 where a label is not carried.
    """
    log_probabilities_BC = logits_BC.masked_fill(~carried_BC, -torch.inf).log_softmax(dim=-1)
    return -(shares_BC * log_probabilities_BC.masked_fill(~carried_BC, 0.0)).sum(dim=-1)


@cache
def label_shares(target: int, carried: tuple[bool, ...], label_smoothing: float) -> tuple[float, ...]:
    """Probabilities (C,) to train a labelled row towards: 1 for its label, less what is spread over those carried."""
    spread = label_smoothing / sum(carried)
    return tuple(
        (1.0 - label_smoothing) * (label == target) + spread * is_carried for label, is_carried in enumerate(carried)
    )


class Classification:
    """The Task of a classifier: all train rows under one index, repeats included, and the dev sets.

    parts: of `SubwordTokenizer.parts`, if the config splits subwords.
    Raises, when constructed: ValueError if there is no train row.
    """

    def __init__(
        self,
        config: TrainConfig,
        train_sets: Sequence[EncodedSet],
        dev_sets: Sequence[EncodedSet],
        pad_id: int,
        parts: Mapping[int, tuple[int, int]] | None = None,
    ) -> None:
        self.config = config
        self.dev_sets = dev_sets
        self.pad_id = pad_id
        self.parts = parts or {}
        self.rows: list[Sequence[int]] = []
        self.shares: list[Sequence[float]] = []
        self.carried: list[tuple[bool, ...]] = []
        self.weights: list[float] = []
        for item in train_sets:
            counts = Counter(item.targets)
            balanced = {target: len(item.targets) / len(counts) / count for target, count in counts.items()}
            for _ in range(item.repeat):
                self.rows.extend(item.rows)
                if item.shares_NC is not None:
                    self.shares.extend(item.shares_NC)
                else:
                    spread = config.label_smoothing
                    self.shares.extend(label_shares(target, item.carried, spread) for target in item.targets)
                self.carried.extend([item.carried] * len(item.rows))
                self.weights.extend(
                    balanced[target] if config.class_weights == "balanced" else 1.0 for target in item.targets
                )
        if not self.rows:
            raise ValueError("no row left to train on")
        self.lengths = [min(len(row), config.max_tokens) for row in self.rows]

    def batches(self, epoch: int) -> list[list[int]]:
        """Batches of rows of similar length."""
        budget = self.config.batch_tokens, self.config.batch_rows
        return make_batches(self.lengths, *budget, seed=self.config.seed, epoch=epoch)

    def loss(self, network: nn.Module, rows: list[int], epoch: int, processes: Processes) -> Tensor:
        """Share of this process (scalar) in the weighted mean of the cross-entropy.

        A row longer than max_tokens gives a window at a random place, another one each epoch; subwords are split anew
        each epoch too.
        """
        total_weight = sum(self.weights[row] for row in rows)
        mine = rows[processes.rank :: processes.world_size]
        # With fewer rows than processes, a process still takes part, with a row that counts nothing.
        weights = [self.weights[row] for row in mine] or [0.0]
        mine = mine or rows[:1]
        token_ids_BT, lengths_B = pad([self._read(row, epoch) for row in mine], self.pad_id)
        device = processes.device
        processes.part()
        logits_BC = network(token_ids_BT.to(device), lengths_B.to(device))
        loss_B = masked_cross_entropy(
            logits_BC.float(),
            torch.from_numpy(np.array([self.shares[row] for row in mine], dtype=np.float32)).to(device),
            torch.tensor([self.carried[row] for row in mine], device=device),
        )
        return (loss_B * torch.tensor(weights, device=device)).sum() / total_weight

    def evaluate(self, network: nn.Module) -> dict[str, float]:
        """Macro recall of each dev set, and their mean as `mean`."""
        device = str(next(network.parameters()).device)
        scores = {}
        for item in self.dev_sets:
            logits_NC = score_rows(network, item.rows, self.pad_id, self.config.max_tokens, device=device)
            predicted_N = masked_probabilities(logits_NC, np.array(item.carried)).argmax(axis=1)
            scores[item.name] = macro_recall(np.array(item.targets), predicted_N)
        return {**scores, "mean": sum(scores.values()) / len(scores)}

    def _read(self, index: int, epoch: int) -> Sequence[int]:
        """A row as this epoch reads it: a function of seed, epoch and index."""
        row, longest = self.rows[index], self.config.max_tokens
        if len(row) <= longest and not self.parts:
            return row
        source = random.Random(f"{self.config.seed}/{epoch}/{index}")
        start = source.randint(0, max(0, len(row) - longest))
        row = row[start : start + longest]
        return split_subwords(row, self.parts, self.config.subword_split, source)[:longest] if self.parts else row


def split_subwords(
    row: Sequence[int], parts: Mapping[int, tuple[int, int]], probability: float, source: random.Random
) -> list[int]:
    """Read each subword, with a probability, as the two that it was merged from, and each of these likewise.

    Why: a rare word is then known by its pieces too.   Source: BPE-dropout, Provilkov et al. 2020, arXiv 1910.13267,
    drops merges as the text is encoded; undoing them afterwards needs no text, and is seeded.
    """
    pieces: list[int] = []
    waiting = list(reversed(row))
    while waiting:
        token = waiting.pop()
        if token in parts and source.random() < probability:
            left, right = parts[token]
            waiting += (right, left)
        else:
            pieces.append(token)
    return pieces
