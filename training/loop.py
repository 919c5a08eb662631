"""Fitting: the arithmetic of one step, evaluation, and the control flow around them.

Shapes in names: B rows, T steps, C labels, N texts.
"""

import math
import random
import time
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel

from model.classifier import SentimentClassifier
from model.padding import pad
from model.tokenizer import SubwordTokenizer
from training.checkpoint import load_checkpoint, save_checkpoint
from training.config import Precision, TrainConfig
from training.data import Examples
from training.distributed import Processes
from training.metrics import macro_recall, masked_probabilities
from training.progress import TrainingProgress
from training.sampler import make_batches
from training.schedule import learning_rate
from training.scoring import score_rows


class TrainingError(RuntimeError):
    """A run that cannot go on."""


@dataclass(frozen=True, slots=True)
class EncodedSet:
    """A set as token rows."""

    name: str
    rows: Sequence[Sequence[int]]
    targets: list[int]
    carried: tuple[bool, ...]
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class TrainBatch:
    """Rows of one update."""

    token_ids_BT: Tensor
    lengths_B: Tensor
    targets_B: Tensor
    carried_BC: Tensor
    """Bool; False where the row's source cannot carry the label."""
    weights_B: Tensor
    """Float; the share of each row in the loss."""


@dataclass(slots=True)
class FitResult:
    """The end of a run."""

    records: list[dict[str, Any]] = field(default_factory=list)
    """One a dev evaluation: step, epoch, loss, learning_rate, dev_score, and the score of each dev set."""
    best_step: int = -1
    best_score: float = -math.inf


def encode_set(examples: Examples, tokenizer: SubwordTokenizer) -> EncodedSet:
    """Encode the texts of a set, 10,000 at a time so that memory stays small."""
    rows: list[Sequence[int]] = []
    for start in range(0, len(examples.texts), 10_000):
        rows.extend(array("i", ids) for ids in tokenizer.encode_batch(examples.texts[start : start + 10_000]))
    return EncodedSet(examples.name, rows, examples.targets, examples.carried, examples.repeat)


def masked_cross_entropy(
    logits_BC: Tensor, targets_B: Tensor, carried_BC: Tensor, label_smoothing: float = 0.0
) -> Tensor:
    """Cross-entropy (B,) with the softmax over only the labels that each row's source can carry.

    label_smoothing: probability spread evenly over the carried labels.
    """
    log_probabilities_BC = logits_BC.masked_fill(~carried_BC, -torch.inf).log_softmax(dim=-1)
    loss_B = -log_probabilities_BC.gather(1, targets_B.unsqueeze(1)).squeeze(1)
    if label_smoothing:
        spread_B = -log_probabilities_BC.masked_fill(~carried_BC, 0.0).sum(dim=1) / carried_BC.sum(dim=1)
        loss_B = (1 - label_smoothing) * loss_B + label_smoothing * spread_B
    return loss_B


def train_step(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    batch: TrainBatch,
    *,
    total_weight: float,
    config: TrainConfig,
    precision: torch.dtype,
    world_size: int = 1,
) -> float:
    """One update.

    total_weight: of the rows of all processes, so that the mean of their gradients is that of the whole batch.
    Returns: this process's share of the batch's mean loss.
    Raises: TrainingError on a loss that is not finite, before the update.
    """
    device_type = batch.token_ids_BT.device.type
    with torch.autocast(device_type, precision, enabled=precision != torch.float32):
        logits_BC = network(batch.token_ids_BT, batch.lengths_B)
    loss_B = masked_cross_entropy(logits_BC.float(), batch.targets_B, batch.carried_BC, config.label_smoothing)
    loss = (loss_B * batch.weights_B).sum() / total_weight
    if not torch.isfinite(loss):
        raise TrainingError(f"loss is {loss.item()}: stopped before the update; lower the learning rate or clip_norm")
    optimizer.zero_grad(set_to_none=True)
    (loss * world_size).backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), config.clip_norm)
    optimizer.step()
    return loss.item()


def evaluate(
    network: nn.Module, sets: Sequence[EncodedSet], pad_id: int, max_tokens: int, device: str
) -> dict[str, float]:
    """Macro recall of each dev set, and their mean as `mean`."""
    network.eval()
    scores = {}
    for item in sets:
        logits_NC = score_rows(network, item.rows, pad_id, max_tokens, device=device)
        predicted_N = masked_probabilities(logits_NC, np.array(item.carried)).argmax(axis=1)
        scores[item.name] = macro_recall(np.array(item.targets), predicted_N)
    return {**scores, "mean": sum(scores.values()) / len(scores)}


def resolve_precision(precision: Precision, device: str) -> tuple[torch.dtype, str]:
    """The type of the network's products, and the reason for it."""
    if precision != "auto":
        return getattr(torch, precision), "as configured"
    if device == "cpu":
        # Emulated bfloat16 is slower than float32; the processor must multiply it itself.
        is_native = any(flag in _cpu_flags() for flag in ("avx512_bf16", "amx_bf16", "bf16"))
        return (
            (torch.bfloat16, "native on this CPU")
            if is_native
            else (torch.float32, "this CPU has no bfloat16 products")
        )
    if torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16, "native on this GPU"
    return torch.float32, "this GPU has no bfloat16 products"


def fit(
    config: TrainConfig,
    network: SentimentClassifier,
    train_sets: Sequence[EncodedSet],
    dev_sets: Sequence[EncodedSet],
    *,
    pad_id: int,
    directory: Path,
    processes: Processes,
) -> FitResult:
    """Train a network in place, to the averaged weights of its best dev evaluation.

    directory: of checkpoints. A run that finds one there goes on from it, to the same weights that it would have
    reached without the stop: order and dropout are functions of seed, epoch and step, not of what ran before.
    """
    device = processes.device
    precision, reason = resolve_precision(config.precision, device)
    network.to(device)
    average = AveragedModel(network, multi_avg_fn=_ema(config.ema_decay))
    trained: nn.Module = DistributedDataParallel(network) if processes.world_size > 1 else network
    decayed = [parameter for parameter in network.parameters() if parameter.ndim > 1]
    kept = [parameter for parameter in network.parameters() if parameter.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": kept, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)

    pool = _Pool(train_sets, config)
    steps_per_epoch = len(pool.batches(epoch=0))
    total_steps = max(1, round(steps_per_epoch * config.epochs))
    evaluate_every = max(1, steps_per_epoch // config.evaluations_per_epoch)
    result = FitResult()
    best: dict[str, Tensor] = _copy(network.state_dict())
    first_step = 0
    evaluations_since_best = 0
    losses: list[float] = []

    state = load_checkpoint(directory)
    if state is not None:
        network.load_state_dict(state["network"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        best, first_step = state["best"], state["step"]
        evaluations_since_best, losses = state["evaluations_since_best"], state["losses"]
        result = FitResult(state["records"], state["best_step"], state["best_score"])

    def checkpoint(next_step: int) -> None:
        if not processes.is_main:
            return
        summary = {
            "step": next_step,
            "total_steps": total_steps,
            "best_step": result.best_step,
            "best_score": result.best_score,
            "evaluations_since_best": evaluations_since_best,
            "records": result.records,
        }
        tensors = {
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "best": best,
            "losses": losses,
        }
        save_checkpoint(directory, {**tensors, **summary}, summary)

    saved_at = time.monotonic()
    epoch, batches = -1, list[list[int]]()
    with TrainingProgress(total_steps, first_step, is_shown=processes.is_main) as progress:
        progress.note(
            f"{sum(p.numel() for p in network.parameters()):,} parameters on {device} x {processes.world_size}, "
            f"{str(precision).removeprefix('torch.')} ({reason}); {total_steps} steps, from step {first_step}"
        )
        for step in range(first_step, total_steps):
            if step // steps_per_epoch != epoch:
                epoch = step // steps_per_epoch
                batches = pool.batches(epoch)
            # Batches of later epochs differ by a few in number, as the noise moves their cuts.
            batch_rows = batches[(step % steps_per_epoch) % len(batches)]
            batch, total_weight = pool.collate(batch_rows, pad_id, epoch, processes)
            rate = learning_rate(
                step,
                total_steps,
                peak=config.learning_rate,
                warmup_fraction=config.warmup_fraction,
                final_fraction=config.final_learning_rate_fraction,
            )
            for group in optimizer.param_groups:
                group["lr"] = rate
            torch.manual_seed(random.Random(f"{config.seed}/{step}/{processes.rank}").getrandbits(63))
            trained.train()
            loss = train_step(
                trained,
                optimizer,
                batch,
                total_weight=total_weight,
                config=config,
                precision=precision,
                world_size=processes.world_size,
            )
            average.update_parameters(network)
            losses.append(loss * processes.world_size)
            progress.advance(step, losses[-1], len(batch_rows))

            is_last = step + 1 == total_steps
            must_stop = False
            if (step + 1) % evaluate_every == 0 or is_last:
                mean_loss = processes.mean(float(np.mean(losses)))
                losses.clear()
                if processes.is_main:
                    scores = evaluate(average.module, dev_sets, pad_id, config.max_tokens, device)
                    record = {"step": step + 1, "epoch": (step + 1) / steps_per_epoch, "learning_rate": rate}
                    result.records.append({**record, "loss": mean_loss, "dev": scores})
                    progress.dev_score = scores["mean"]
                    shown = "  ".join(f"{name} {score:.4f}" for name, score in scores.items())
                    progress.note(f"step {step + 1}: loss {mean_loss:.4f}  dev macro recall: {shown}")
                    evaluations_since_best += 1
                    if scores["mean"] > result.best_score:
                        evaluations_since_best = 0
                    if scores["mean"] >= result.best_score:  # of equals the later, which has learned longer
                        result.best_score, result.best_step = scores["mean"], step + 1
                        best = _copy(average.module.state_dict())
                must_stop = processes.agree(config.patience > 0 and evaluations_since_best >= config.patience)
            if must_stop or is_last or time.monotonic() - saved_at >= config.checkpoint_every_s:
                checkpoint(total_steps if must_stop else step + 1)
                saved_at = time.monotonic()
            if must_stop:
                progress.note(f"stopped early: {config.patience} evaluations without a better dev score")
                break
    network.load_state_dict(best)
    network.eval()
    return result


class _Pool:
    """All train rows under one index, repeats included."""

    def __init__(self, sets: Sequence[EncodedSet], config: TrainConfig) -> None:
        self.config = config
        self.rows: list[Sequence[int]] = []
        self.targets: list[int] = []
        self.carried: list[tuple[bool, ...]] = []
        self.weights: list[float] = []
        for item in sets:
            counts = Counter(item.targets)
            balanced = {target: len(item.targets) / len(counts) / count for target, count in counts.items()}
            for _ in range(item.repeat):
                self.rows.extend(item.rows)
                self.targets.extend(item.targets)
                self.carried.extend([item.carried] * len(item.rows))
                self.weights.extend(
                    balanced[target] if config.class_weights == "balanced" else 1.0 for target in item.targets
                )
        if not self.rows:
            raise TrainingError("no row left to train on")

    def batches(self, epoch: int) -> list[list[int]]:
        lengths = [min(len(row), self.config.max_tokens) for row in self.rows]
        budget = self.config.batch_tokens, self.config.batch_rows
        return make_batches(lengths, *budget, seed=self.config.seed, epoch=epoch)

    def collate(self, indices: list[int], pad_id: int, epoch: int, processes: Processes) -> tuple[TrainBatch, float]:
        """Rows of a batch that this process takes, and the weight of all rows of the batch.

        A row longer than max_tokens gives a window at a random place, another one each epoch.
        """
        total_weight = sum(self.weights[index] for index in indices)
        mine = indices[processes.rank :: processes.world_size]
        # With fewer rows than processes, a process still takes part, with a row that counts nothing.
        weights = [self.weights[index] for index in mine] or [0.0]
        mine = mine or indices[:1]
        rows = []
        for index in mine:
            row = self.rows[index]
            spare = len(row) - self.config.max_tokens
            start = random.Random(f"{self.config.seed}/{epoch}/{index}").randint(0, spare) if spare > 0 else 0
            rows.append(row[start : start + self.config.max_tokens])
        token_ids_BT, lengths_B = pad(rows, pad_id)
        batch = TrainBatch(
            token_ids_BT.to(processes.device),
            lengths_B.to(processes.device),
            torch.tensor([self.targets[index] for index in mine], device=processes.device),
            torch.tensor([self.carried[index] for index in mine], device=processes.device),
            torch.tensor(weights, device=processes.device),
        )
        return batch, total_weight


def _ema(decay: float) -> Any:
    """Average for AveragedModel that forgets faster while few steps are in it.   Source: Sachan et al. 2019, code."""

    def update(averaged: Any, current: Any, count: Tensor | int) -> None:
        steps = int(count)
        torch._foreach_lerp_(averaged, current, 1 - min(decay, (1 + steps) / (10 + steps)))

    return torch.no_grad()(update)


def _copy(state: dict[str, Any]) -> dict[str, Tensor]:
    return {name: cast(Tensor, value).detach().clone() for name, value in state.items()}


def _cpu_flags() -> set[str]:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return set()
    lines = (line for line in text.splitlines() if line.startswith(("flags", "Features")))
    return set(next(lines, "").split())
