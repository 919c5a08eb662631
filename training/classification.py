"""What a classifier learns: labelled rows, the cross-entropy over the labels that each can carry, macro recall.

Shapes in names: B rows, T steps, C labels, N texts.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from model.padding import pad
from training.config import TrainConfig
from training.data import Examples
from training.distributed import Processes
from training.encoding import Tokenizer, encode_texts
from training.metrics import macro_recall, masked_probabilities
from training.sampler import Batches
from training.scoring import score_rows
from training.sequences import Column, Joined, as_column, count_values
from training.storage import lengths_of


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """A set as token rows."""

    name: str
    rows: Sequence[Sequence[int]]
    targets: Sequence[int] | np.ndarray | Column
    carried: tuple[bool, ...]
    repeat: int = 1
    shares: Column | None = None
    """Probabilities (C,) to train each row towards, instead of the targets alone: those of a teacher."""
    labelled: bool = True
    """Whether the targets are labels; else they are the likeliest by the shares."""


def encode_set(examples: Examples, tokenizer: Tokenizer, work: Path) -> EncodedSet:
    """Encode the texts of a set, as `encode_texts` does."""
    rows = encode_texts(examples.texts, tokenizer, work)
    return EncodedSet(examples.name, rows, examples.targets, examples.carried, examples.repeat)


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
        self.sets = [item for item in train_sets if len(item.rows)]
        self.rows = Joined([item.rows for item in self.sets], [item.repeat for item in self.sets])
        if not self.rows:
            raise ValueError("no row left to train on")
        self.label_weights = [self._weigh(item) for item in self.sets]
        self.lengths = lengths_of(self.rows).map(lambda lengths: lengths.clip(max=config.max_tokens))

    def batches(self, epoch: int) -> Batches:
        """Batches of rows of similar length."""
        return Batches(
            self.lengths, self.config.batch_tokens, self.config.batch_rows, seed=self.config.seed, epoch=epoch
        )

    def loss(self, network: nn.Module, rows: list[int], epoch: int, processes: Processes) -> Tensor:
        """Share of this process (scalar) in the weighted mean of the cross-entropy.

        A row longer than max_tokens gives a window at a random place, another one each epoch; subwords are split anew
        each epoch too.
        """
        weights = [self._weight(row) for row in rows]
        total_weight = sum(weights)
        mine = rows[processes.rank :: processes.world_size]
        # With fewer rows than processes, a process still takes part, with a row that counts nothing.
        weights = weights[processes.rank :: processes.world_size] or [0.0]
        mine = mine or rows[:1]
        token_ids_BT, lengths_B = pad([self._read(row, epoch) for row in mine], self.pad_id)
        device = processes.device
        processes.part()
        logits_BC = network(token_ids_BT.to(device), lengths_B.to(device))
        loss_B = masked_cross_entropy(
            logits_BC.float(),
            torch.from_numpy(np.array([self._shares(row) for row in mine], dtype=np.float32)).to(device),
            torch.tensor([self.sets[self.rows.locate(row)[0]].carried for row in mine], device=device),
        )
        # The type is said: some weights are numpy's, and processes must add numbers of one size.
        weight_B = torch.tensor(weights, dtype=torch.float32, device=device)
        return (loss_B * weight_B).sum() / total_weight

    def evaluate(self, network: nn.Module) -> dict[str, float]:
        """Macro recall of each dev set, and their mean as `mean`."""
        device = str(next(network.parameters()).device)
        scores = {}
        for item in self.dev_sets:
            logits_NC = score_rows(network, item.rows, self.pad_id, self.config.max_tokens, device=device)
            predicted_N = masked_probabilities(logits_NC, np.array(item.carried)).argmax(axis=1)
            scores[item.name] = macro_recall(np.array(item.targets), predicted_N)
        return {**scores, "mean": sum(scores.values()) / len(scores)}

    def _weigh(self, item: EncodedSet) -> list[float]:
        """The weight of a row by its target."""
        if self.config.class_weights == "none" or not item.labelled:
            return [1.0] * len(item.carried)
        counts = count_values(as_column(item.targets), len(item.carried))
        return [len(item.rows) / np.count_nonzero(counts) / max(1, count) for count in counts.tolist()]

    def _weight(self, index: int) -> float:
        part, row = self.rows.locate(index)
        return self.label_weights[part][int(self.sets[part].targets[row])]

    def _shares(self, index: int) -> Sequence[float] | np.ndarray:
        """Probabilities (C,) to train a row towards."""
        part, row = self.rows.locate(index)
        item = self.sets[part]
        if item.shares is not None:
            return np.asarray(item.shares[row])
        return label_shares(int(item.targets[row]), item.carried, self.config.label_smoothing)

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
