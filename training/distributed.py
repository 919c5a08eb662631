"""The little that a run must know of its fellow processes under torchrun; alone, rank 0 of 1."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.rendezvous import rendezvous

LONGEST_WAIT = timedelta(hours=24)
"""Of a process for the others. What the main process does alone, the others wait for in a collective: a
linear teacher, an evaluation, the export. By torch's default they gave up after 10 minutes, of gloo after 30."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Processes:
    """One process, and how many train together with it."""

    rank: int
    world_size: int
    device: str
    """cpu, or cuda:N with N the local rank."""

    @property
    def is_main(self) -> bool:
        """Whether this process evaluates, prints and writes."""
        return self.rank == 0

    def agree(self, value: _Value) -> _Value:
        """The main process's value, in every process."""
        if self.world_size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0)
        return box[0]

    def gather(self, values: np.ndarray) -> list[np.ndarray]:
        """The array of each process, by rank, in every process."""
        if self.world_size == 1:
            return [values]
        found: list[Any] = [None] * self.world_size
        dist.all_gather_object(found, values)
        return found

    def sum(self, share: Tensor) -> Callable[[], float]:
        """The sum of what each process has a share of, in every process; it is made while the caller goes on."""
        total = share.detach().clone()
        under_way = dist.all_reduce(total, async_op=True) if self.world_size > 1 else None

        def wait() -> float:
            if under_way:
                under_way.wait()
            return total.item()

        return wait

    def part(self) -> None:
        """Let each process draw random numbers of its own from here on, where all have drawn the same until now."""
        if self.rank:
            torch.manual_seed(torch.initial_seed() + self.rank)


@contextmanager
def join(device: str = "auto") -> Iterator[Processes]:
    """Join the processes that torchrun started, by NCCL on GPUs and gloo on CPUs; without torchrun, be the only one.

    device: auto, cpu or cuda.   Raises: ValueError if cuda is demanded and there is none, or not one for each
    process.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device={device!r}: must be one of auto, cpu, cuda")
    has_cuda = torch.cuda.is_available()
    if device == "cuda" and not has_cuda:
        raise ValueError("device='cuda': no CUDA device is usable here")
    use_cuda = has_cuda and device != "cpu"
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    local_rank = int(os.environ.get("LOCAL_RANK", "0"))
    if use_cuda and local_rank >= torch.cuda.device_count():
        raise ValueError(f"--nproc-per-node: more processes than the {torch.cuda.device_count()} GPUs of this machine")
    place = f"cuda:{local_rank}" if use_cuda else "cpu"
    if world_size == 1:
        yield Processes(rank=0, world_size=1, device=place)
        return
    if use_cuda:
        torch.cuda.set_device(place)
    store, rank, _ = next(rendezvous("env://"))
    if os.environ.get("LOCAL_WORLD_SIZE") == str(world_size):
        # torchrun 2.13 keeps one store over restarts, in which the addresses of killed processes still stand: a rank
        # that came up before its peer tried those, and failed. Several machines count their restarts each for itself.
        store = dist.PrefixStore(f"start {os.environ.get('TORCHELASTIC_RESTART_COUNT')}", store)  # type: ignore[attr-defined]
    store.set_timeout(LONGEST_WAIT)  # by it NCCL's processes wait at their first collective
    backend = "nccl" if use_cuda else "gloo"
    dist.init_process_group(backend, store=store, rank=rank, world_size=world_size, timeout=LONGEST_WAIT)
    try:
        yield Processes(rank=rank, world_size=world_size, device=place)
        # A thread of gloo lets go of the tensors of a finished operation a moment later, and DDP keeps that thread
        # alive beyond the group: if Python is closing by then, the process aborts (see `end` in __main__, too). A
        # barrier has no tensor of Python's.
        dist.barrier()
    finally:
        dist.destroy_process_group()
