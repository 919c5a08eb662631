"""Fitting: the arithmetic of one step, and the control flow of a run around it. What is learned is a Task's affair."""

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel

from training.checkpoint import claimed, load_checkpoint, save_checkpoint
from training.config import Precision, RunConfig
from training.distributed import Processes
from training.progress import TrainingProgress
from training.schedule import learning_rate


class TrainingError(RuntimeError):
    """A run that cannot go on."""


class Task(Protocol):
    """What a run learns: its rows, its loss and the score it is selected by."""

    def batches(self, epoch: int) -> Sequence[list[int]]:
        """Batches of row indices that together hold each row once; the same for the same epoch."""

    def loss(self, network: nn.Module, rows: list[int], epoch: int, processes: Processes) -> Tensor:
        """Share of this process (scalar) in the mean loss over a batch that all processes divide among them.

        What is drawn from torch's generator before `processes.part()` is the same in all of them.
        """

    def evaluate(self, network: nn.Module) -> dict[str, float]:
        """A score of each dev set, greater is better, and `mean`, by which the run is selected."""


@dataclass(slots=True)
class FitResult:
    """The end of a run."""

    records: list[dict[str, Any]] = field(default_factory=list)
    """One a dev evaluation: step, epoch, loss, learning_rate, and `dev`, the score of each dev set and their mean."""
    best_step: int = -1
    best_score: float = -math.inf
    evaluations_since_best: int = 0

    def add(self, record: dict[str, Any]) -> bool:
        """Take the record of an evaluation; whether it is the best so far.

        Of equals the later is better: it has learned longer.
        """
        score = record["dev"]["mean"]
        self.records.append(record)
        self.evaluations_since_best = 0 if score > self.best_score else self.evaluations_since_best + 1
        if score < self.best_score:
            return False
        self.best_score, self.best_step = score, record["step"]
        return True


def train_step(
    task: Task,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    rows: list[int],
    epoch: int,
    *,
    clip_norm: float,
    precision: torch.dtype,
    processes: Processes,
) -> float:
    """One update.

    Returns: the batch's mean loss.
    Raises: TrainingError on a loss or gradients that are not finite, before the update, in every process.
    """
    device_type = processes.device.partition(":")[0]
    with torch.autocast(device_type, precision, enabled=precision != torch.float32):
        loss = task.loss(network, rows, epoch, processes)
    total = processes.sum(loss)
    optimizer.zero_grad(set_to_none=True)
    # Gradients are averaged over processes; the loss is a share of a sum.
    (loss * processes.world_size).backward()  # type: ignore[no-untyped-call]
    mean = total()
    if not math.isfinite(mean):
        raise TrainingError(f"loss is {mean}: stopped before the update; lower the learning rate or clip_norm")
    norm = nn.utils.clip_grad_norm_(network.parameters(), clip_norm)
    if not torch.isfinite(norm):  # clipping makes every gradient of it NaN, and a checkpoint would keep the weights
        raise TrainingError(f"gradients have norm {norm.item()}: stopped before the update; lower the learning rate")
    optimizer.step()
    return mean


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


def fit(config: RunConfig, network: nn.Module, task: Task, *, directory: Path, processes: Processes) -> FitResult:
    """Train a network in place, to the averaged weights of its best dev evaluation.

    directory: of checkpoints. A run that finds one there goes on from it, to the same weights that it would have
    reached without the stop: order and dropout are functions of seed, epoch and step, not of what ran before.
    Raises: TrainingError; BlockingIOError if another process trains there.
    """
    precision, reason = resolve_precision(config.precision, processes.device)
    network.to(processes.device)
    run = _Run(config, network, task, directory, processes)
    with claimed(directory, processes):
        run.resume()
        _run_to_the_end(run, precision, reason)
    network.load_state_dict(run.best)
    network.eval()
    return run.result


def _run_to_the_end(run: "_Run", precision: torch.dtype, reason: str) -> None:
    config, processes = run.config, run.processes
    with TrainingProgress(run.total_steps, run.step, is_shown=processes.is_main) as progress:
        progress.note(
            f"{sum(p.numel() for p in run.network.parameters()):,} parameters on {processes.device} x "
            f"{processes.world_size}, {str(precision).removeprefix('torch.')} ({reason}); {run.total_steps} steps, "
            f"from step {run.step}"
        )
        saved_at = time.monotonic()
        while run.step < run.total_steps:
            try:
                loss, rows = run.advance(precision)
            except torch.OutOfMemoryError as error:
                what_helps = "lower batch_tokens or batch_rows"
                raise TrainingError(f"{processes.device} has no memory for an update: {what_helps}") from error
            progress.advance(run.step - 1, loss, rows)
            must_stop = False
            if run.must_evaluate():
                record = run.evaluate()
                if record is not None:
                    progress.dev_score = record["dev"]["mean"]
                    shown = "  ".join(f"{name} {score:.4f}" for name, score in record["dev"].items())
                    progress.note(f"step {run.step}: loss {record['loss']:.4f}  dev: {shown}")
                late = run.result.evaluations_since_best >= config.patience > 0
                if processes.agree(late):
                    progress.note(f"stopped early: {config.patience} evaluations without a better dev score")
                    must_stop, run.step = True, run.total_steps
            if must_stop or run.step == run.total_steps or time.monotonic() - saved_at >= config.checkpoint_every_s:
                run.checkpoint()
                saved_at = time.monotonic()


class _Run:
    """The state of a run between two steps."""

    def __init__(
        self, config: RunConfig, network: nn.Module, task: Task, directory: Path, processes: Processes
    ) -> None:
        self.config, self.network, self.task, self.directory, self.processes = (
            config,
            network,
            task,
            directory,
            processes,
        )
        self.average = AveragedModel(network, multi_avg_fn=_ema(config.ema_decay))
        for averaged, own in zip(self.average.module.parameters(), network.parameters(), strict=True):
            if not own.requires_grad:
                averaged.data = own.data  # what is not learned stands once: in a large transformer most weights
        for module in self.average.modules():
            if isinstance(module, nn.RNNBase):
                module.flatten_parameters()  # a copy's weights are apart, and cuDNN would join them at each call
        self.trained: nn.Module = network
        if processes.world_size > 1:  # without the option, gradients are copied into what is sent and back
            self.trained = DistributedDataParallel(network, gradient_as_bucket_view=True)
        decayed = [parameter for parameter in network.parameters() if parameter.ndim > 1]
        kept = [parameter for parameter in network.parameters() if parameter.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": kept, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)
        self.epoch, self.batches = 0, task.batches(0)
        self.steps_per_epoch = len(self.batches)
        self.total_steps = max(1, round(self.steps_per_epoch * config.epochs))
        self.step = 0
        self.losses: list[float] = []
        """Since the last evaluation."""
        self.result = FitResult()
        self.best = _copy(network.state_dict())

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one: all from the one that the main process reads.

        On a network disk another machine may still see the one before.
        """
        state = self.processes.agree(load_checkpoint(self.directory) if self.processes.is_main else None)
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.best, self.step, self.losses = state["best"], state["step"], state["losses"]
        self.result = FitResult(
            state["records"], state["best_step"], state["best_score"], state["evaluations_since_best"]
        )

    def checkpoint(self) -> None:
        """Write the state, in the main process.   Raises: TrainingError if it cannot be."""
        if not self.processes.is_main:
            return
        summary = {
            "step": self.step,
            "total_steps": self.total_steps,
            "best_step": self.result.best_step,
            "best_score": self.result.best_score,
            "evaluations_since_best": self.result.evaluations_since_best,
            "records": self.result.records,
        }
        tensors = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "best": self.best,
            "losses": self.losses,
        }
        try:
            save_checkpoint(self.directory, {**tensors, **summary}, summary)
        except OSError as error:
            raise TrainingError(
                f"step {self.step}: no checkpoint could be written; the same command goes on from the last one, in "
                f"{self.directory}, once there is room: {error}"
            ) from error

    def advance(self, precision: torch.dtype) -> tuple[float, int]:
        """Take one step; the batch's mean loss, and its rows."""
        if self.step // self.steps_per_epoch != self.epoch:
            self.epoch = self.step // self.steps_per_epoch
            self.batches = self.task.batches(self.epoch)
        # Batches of later epochs differ by a few in number, as the noise moves their cuts.
        rows = self.batches[(self.step % self.steps_per_epoch) % len(self.batches)]
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        torch.manual_seed(random.Random(f"{self.config.seed}/{self.step}/0").getrandbits(63))
        self.trained.train()
        loss = train_step(
            self.task,
            self.trained,
            self.optimizer,
            rows,
            self.epoch,
            clip_norm=self.config.clip_norm,
            precision=precision,
            processes=self.processes,
        )
        self.average.update_parameters(self.network)
        self.losses.append(loss)
        self.step += 1
        return loss, len(rows)

    def learning_rate(self) -> float:
        """Of the step to come."""
        return learning_rate(
            self.step,
            self.total_steps,
            peak=self.config.learning_rate,
            warmup_fraction=self.config.warmup_fraction,
            final_fraction=self.config.final_learning_rate_fraction,
        )

    def must_evaluate(self) -> bool:
        """Whether the step that was just taken is one to evaluate after."""
        wanted = self.config.evaluations_per_epoch
        due, due_before = (step * wanted // self.steps_per_epoch for step in (self.step, self.step - 1))
        return due > due_before or self.step == self.total_steps

    def evaluate(self) -> dict[str, Any] | None:
        """Score the averaged weights, and keep them if they are the best so far; the record, in the main process."""
        loss = sum(self.losses) / len(self.losses)
        self.losses.clear()
        if not self.processes.is_main:
            return None
        self.average.module.eval()
        record = {
            "step": self.step,
            "epoch": self.step / self.steps_per_epoch,
            "learning_rate": self.optimizer.param_groups[0]["lr"],
            "loss": loss,
            "dev": self.task.evaluate(self.average.module),
        }
        if self.result.add(record):
            self.best = _copy(self.average.module.state_dict())
        return record


def _ema(decay: float) -> Any:
    """Average for AveragedModel that forgets faster while few steps are in it.   Source: Sachan et al. 2019, code."""

    def update(averaged: Any, current: Any, count: Tensor | int) -> None:
        steps = int(count)
        learned = [place for place, value in enumerate(averaged) if value.data_ptr() != current[place].data_ptr()]
        own, other = [averaged[place] for place in learned], [current[place] for place in learned]
        torch._foreach_lerp_(own, other, 1 - min(decay, (1 + steps) / (10 + steps)))

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
