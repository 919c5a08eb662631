"""Runs so small that a test can learn them: a classifier's and a language model's."""

from dataclasses import replace

import torch

from model.classifier import SentimentClassifier
from model.config import Cell, ModelConfig
from training.classification import EncodedSet
from training.config import PretrainConfig, TrainConfig
from training.distributed import Processes
from training.language_model import LanguageModel, LanguageModelling
from training.sources import Source

ALONE = Processes(rank=0, world_size=1, device="cpu")
BOTH = [Processes(rank=rank, world_size=2, device="cpu") for rank in range(2)]
"""Two processes, seen from each; nothing of what a Task does needs them to run."""
VOCABULARY, PAD = 30, 0
CYCLE = 8
"""Tokens of `cycles`."""


def fit_config(**fields: object) -> TrainConfig:
    base = TrainConfig(
        train=(Source(path="a.jsonl"),),
        epochs=12.0,
        batch_tokens=64,
        max_tokens=16,
        learning_rate=1e-2,
        ema_decay=0.5,
        precision="float32",
        evaluations_per_epoch=1,
        embedding_dropout=0.1,
        output_dropout=0.1,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def classifier(seed: int = 0) -> SentimentClassifier:
    torch.manual_seed(seed)
    return SentimentClassifier(
        ModelConfig(vocab_size=VOCABULARY, embedding_dim=8, hidden_dim=8, embedding_dropout=0.1, output_dropout=0.1)
    )


def learnable_set(name: str, size: int = 60) -> EncodedSet:
    """The token 5 + label stands somewhere in each row."""
    generator = torch.Generator().manual_seed(size)
    rows, targets = [], []
    for index in range(size):
        length = 3 + index % 20
        row = torch.randint(10, VOCABULARY, (length,), generator=generator).tolist()
        row[index % min(length, 12)] = 5 + index % 3
        rows.append(row)
        targets.append(index % 3)
    return EncodedSet(name, rows, targets, (True, True, True))


def pretrain_config(**fields: object) -> PretrainConfig:
    base = PretrainConfig(
        train=(Source(path="a.txt"),),
        epochs=6.0,
        batch_tokens=128,
        batch_rows=16,
        max_tokens=16,
        learning_rate=2e-2,
        ema_decay=0.5,
        precision="float32",
        evaluations_per_epoch=1,
        negatives=6,
        embedding_dropout=0.0,
        output_dropout=0.0,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def language_model(
    cell: Cell = "lstm", *, bidirectional: bool = True, dropout: float = 0.0, seed: int = 0
) -> LanguageModel:
    torch.manual_seed(seed)
    config = ModelConfig(
        vocab_size=VOCABULARY,
        embedding_dim=8,
        hidden_dim=12,
        cell=cell,
        bidirectional=bidirectional,
        embedding_dropout=dropout,
        output_dropout=dropout,
    )
    return LanguageModel(config)


def cycles(count: int) -> list[list[int]]:
    """Rows that walk round tokens 2 to 9: each token tells the next one and the one before."""
    return [[2 + (start + step) % CYCLE for step in range(3 + start % 9)] for start in range(count)]


def cycle_task(config: PretrainConfig) -> LanguageModelling:
    return LanguageModelling(config, cycles(120), cycles(20), vocab_size=VOCABULARY, pad_id=PAD)
