"""The predictor on a GPU: the network of model.pt by TorchScript, in half precision where that answers as the CPU does.

It takes any torch device, so that the tests can run all but the calls of CUDA itself on a CPU.

Half precision is float16: the weights are stored in it, an LSTM's states need no wider range, and on the shipped model
it moved no probability of 660 texts by more than 0.0011, where bfloat16 moved some by 0.0039 (tests.bench.gpu). It is
also what cuDNN's persistent LSTM asks for in torch. Packing, for which torch needs the row lengths on the host, is not
done: the network reverses rows by an index that is made on the device.

There are neither CUDA graphs nor several streams: a graph holds one shape, the network is a few dozen kernels whatever
the length, and torch takes a lock around cuDNN's recurrent calls on a device.

Shapes in names: B rows, T steps, C labels.
"""

import copy
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import torch
from torch import Tensor

from model.classifier import SentimentClassifier
from model.network import Artifact, Network, load_artifact
from model.padding import pad
from service.budget import measure_budget
from service.explanation import Explained
from service.logs import FIELDS
from service.predictor import Precision
from service.torch_predictor import TorchScriptPredictor, prepare_torch

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

T = TypeVar("T")

DTYPES: dict[Precision, torch.dtype] = {"float16": torch.float16, "float32": torch.float32}
MOST_DIFFERENCE = 0.002
"""Of a probability, between this device and the CPU."""
HALF_CAPABILITY = (7, 0)
"""The first with tensor cores."""
ROWS_STEP = 8
"""Rows of a call are made a multiple of it: torch gives an LSTM to cuDNN's persistent kernels only then (RNN.cpp)."""
PROBES = (
    "I loved every minute of it",
    "The staff were rude, the room was filthy and nobody answered the phone",
    "The shop opens on Monday morning",
    "这家酒店又脏又吵，再也不会来了",
    "It was okay, nothing special 🙂",
    "The first half hour is slow, but it pays for its patience later; 值得一看。 " * 40,
)
"""Texts that both devices are asked at start, the last one longer than most windows."""
NO_MEMORY = ("out of memory", "can't allocate memory", "ALLOC_FAILED", "ALLOCATION_FAILED")
"""In messages of CUDA, of the CPU, of cuBLAS and cuDNN 8, and of cuDNN 9; TorchScript makes OutOfMemoryError a
RuntimeError (pytorch#148642)."""

logger = logging.getLogger(__name__)


class GpuPredictor(TorchScriptPredictor):
    """One call at a time, on one stream. Traces are made on the CPU: step by step a GPU is slower."""

    def __init__(
        self,
        artifact: Artifact,
        device: torch.device,
        threads: int,
        on_no_memory: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(artifact, threads)
        self._device = device
        self._on_no_memory = on_no_memory
        self._eager, self._network = self._put_network(artifact)

    @classmethod
    def load_on(
        cls,
        directory: Path,
        device: torch.device,
        threads: int,
        memory_fraction: float = 1.0,
        on_no_memory: Callable[[], None] = lambda: None,
        public_key: "Ed25519PublicKey | None" = None,
    ) -> "GpuPredictor":
        """Load and verify an artifact, and hold its answers on the device against those of the CPU.

        on_no_memory: called, in the model's thread, for each call that is halved for want of memory.
        public_key: whose signature is required, if any.
        Raises: ArtifactError naming the file and the reason; RuntimeError if the device cannot be used.
        """
        prepare_torch(threads)
        torch._C._jit_override_can_fuse_on_gpu(False)  # a kernel that is compiled on the way keeps a request waiting
        torch.backends.cudnn.allow_tf32 = False  # float32 is for where the 10 bits of float16 were not enough
        artifact = load_artifact(directory, public_key)
        if device.type == "cuda":
            torch.cuda.set_per_process_memory_fraction(memory_fraction, device)
        return cls(artifact, device, threads, on_no_memory)

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        """See Predictor."""
        return self._with_memory(self._answer, rows)

    def explain(self, rows: Sequence[Sequence[int]]) -> list[Explained]:
        """See Predictor."""
        return self._with_memory(self._explain, rows)

    def measure(self) -> None:
        """Measure which calls are best given."""
        self.measured_budget, times = measure_budget(self.predict, self._tokenizer.empty_id, self.info.max_tokens)
        times_ms = {
            f"{length}_tokens_ms": {str(rows): round(seconds * 1000, 3) for rows, seconds in of_length.items()}
            for length, of_length in times.items()
        }
        logger.info("batch sizes measured", extra={FIELDS: {**self.measured_budget._asdict(), **times_ms}})

    def put(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Copy B rows to the device, all at once.

        Returns: token_ids (B', T) and lengths (B',), B' being the next multiple of ROWS_STEP.
        """
        filled = [*rows, *([[self._tokenizer.pad_id]] * (-len(rows) % ROWS_STEP))]
        token_ids_BT, lengths_B = pad(filled, self._tokenizer.pad_id)
        packed = torch.cat([lengths_B, token_ids_BT.flatten()])
        if self._device.type == "cuda":
            packed = packed.pin_memory()  # else the copy would wait for the device
        packed = packed.to(self._device, non_blocking=True)
        return packed[len(filled) :].view(len(filled), -1), packed[: len(filled)]

    def run(self, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        """Start the network on what `put` gave: logits (B', C), which may not be there yet."""
        with torch.inference_mode():
            return self._network(token_ids_BT, lengths_B)

    def take(self, logits_BC: Tensor, count: int) -> list[list[float]]:
        """Wait for what `run` started, and copy the logits of the first rows from the device."""
        values: list[list[float]] = logits_BC[:count].cpu().float().tolist()
        return values

    def _answer(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        return self.take(self.run(*self.put(rows)), len(rows))

    def _explain(self, rows: Sequence[Sequence[int]]) -> list[Explained]:
        return self._take_apart(rows, self._eager, *self.put(rows))

    def _with_memory(
        self, call: Callable[[Sequence[Sequence[int]]], list[T]], rows: Sequence[Sequence[int]]
    ) -> list[T]:
        """One call, or where there is no memory for it, one for each half."""
        try:
            return call(rows)
        except RuntimeError as error:
            if not lacks_memory(error):
                raise
            self._on_no_memory()
            if len(rows) == 1:
                raise
            logger.warning("no memory on %s for %d rows of up to %d tokens", self._device, len(rows), _longest(rows))
        # Only here, since while the exception lives, its frames hold the tensors (torch's FAQ).
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        middle = len(rows) // 2
        return self._with_memory(call, rows[:middle]) + self._with_memory(call, rows[middle:])

    def _put_network(self, artifact: Artifact) -> tuple[SentimentClassifier, Network]:
        """The network on the device, and its script, in the first precision in which it answers as on the CPU.

        Moved as a module of torch, not as the script that was loaded: only so its weights come to lie as cuDNN wants
        them, which else copies them at each call.   Raises: RuntimeError if it answers otherwise in all of them.
        """
        rows = [row[: self.info.max_tokens] for row in self.encode(PROBES)]
        wanted_BC = self._probabilities(artifact.reference, *pad(rows, self._tokenizer.pad_id))
        for precision in _precisions(self._device):
            network = copy.deepcopy(artifact.reference).to(self._device).to(DTYPES[precision])
            script = cast(Network, torch.jit.script(network))
            found_BC = self._probabilities(script, *self.put(rows))[: len(rows)]
            difference = float((found_BC - wanted_BC).abs().max())
            if difference <= MOST_DIFFERENCE:  # false for NaN too
                self.info = replace(self.info, device=self._device.type, precision=precision)
                return network, script
            logger.warning("%s on %s moves probabilities by up to %.4f", precision, self._device, difference)
        raise RuntimeError(f"{self._device} answers otherwise than the CPU")

    def _probabilities(self, network: Network, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        with torch.inference_mode():
            logits_BC = network(token_ids_BT, lengths_B).cpu().float()
        return torch.softmax(logits_BC / self.info.temperature, dim=1)


def find_gpu() -> torch.device:
    """The GPU that torch would use.

    Raises: RuntimeError saying why there is none, or why it does not work.
    """
    try:
        torch.cuda.init()  # type: ignore[no-untyped-call]
    except (AssertionError, torch.cuda.DeferredCudaCallError) as error:  # the first from a build of torch for CPUs
        raise RuntimeError(str(error)) from error
    device = torch.device("cuda", torch.cuda.current_device())  # some calls take none without an index
    torch.ones(1, device=device).neg_()  # a device that this build has no kernels for says so here
    return device


def lacks_memory(error: RuntimeError) -> bool:
    """Whether a call failed because there was no memory for it."""
    return isinstance(error, torch.OutOfMemoryError) or any(sign in str(error) for sign in NO_MEMORY)


def reason_of(error: RuntimeError) -> str:
    """The one line of an error of CUDA that tells what is wrong; others tell of TorchScript, or how to debug."""
    lines = str(error).splitlines() or [type(error).__name__]
    return next((line for line in lines if "CUDA" in line or "NVIDIA" in line), lines[0])


def _precisions(device: torch.device) -> list[Precision]:
    has_half = device.type != "cuda" or torch.cuda.get_device_capability(device) >= HALF_CAPABILITY
    return ["float16", "float32"] if has_half else ["float32"]


def _longest(rows: Sequence[Sequence[int]]) -> int:
    return max(map(len, rows))
