"""Which form of the network to run: model.onnx on a CPU, model.pt on a GPU and where an artifact has no other.

Each library is imported only if it is used: torch takes 150 MB and more than a second.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from model.artifact import COMPILED
from model.signature import KeyFileError, read_public_key
from model.store import resolve
from service.cpu import CpuLimits
from service.predictor import Predictor
from service.settings import Settings, SettingsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GPU_DRIVERS = (Path("/dev/nvidiactl"), Path("/dev/dxg"), Path("/dev/kfd"))
"""One of these stands where torch could see a GPU: NVIDIA's, that of Windows' Linux, AMD's."""


logger = logging.getLogger(__name__)


def load_predictor(settings: Settings, limits: CpuLimits, on_no_memory: Callable[[], None] = lambda: None) -> Predictor:
    """Load the model that the settings name, in the form that suits them.

    on_no_memory: called for each model call that a GPU has no memory for.
    Raises: ArtifactError, SettingsError.
    """
    try:
        public_key = read_public_key(settings.model_public_key) if settings.model_public_key else None
    except KeyFileError as error:
        raise SettingsError(f"SENTIMENT_MODEL_PUBLIC_KEY: {error}") from error
    directory = resolve(settings.model)
    predictor = _load_on_gpu(directory, settings, limits, public_key, on_no_memory) if _wants_gpu(settings) else None
    if predictor is not None:
        return predictor
    if settings.backend == "onnx" or (settings.backend == "auto" and (directory / COMPILED).exists()):
        from service.onnx_predictor import OnnxPredictor

        return OnnxPredictor.load(directory, settings.threads or limits.cores, public_key)
    from service.torch_predictor import TorchScriptPredictor

    return TorchScriptPredictor.load(directory, settings.threads or limits.threads, public_key)


def _wants_gpu(settings: Settings) -> bool:
    if settings.device == "auto":
        return settings.backend != "onnx" and any(path.exists() for path in GPU_DRIVERS)
    return settings.device == "cuda"


def _load_on_gpu(
    directory: Path,
    settings: Settings,
    limits: CpuLimits,
    public_key: "Ed25519PublicKey | None",
    on_no_memory: Callable[[], None],
) -> Predictor | None:
    """None if there is no GPU that can be used, and the settings leave the device open."""
    from service.gpu_predictor import GpuPredictor, find_gpu, reason_of

    threads = settings.threads or limits.threads
    try:
        predictor = GpuPredictor.load_on(
            directory, find_gpu(), threads, settings.gpu_memory_fraction, on_no_memory, public_key
        )
        if not (settings.max_batch_tokens and settings.max_batch_rows):
            predictor.measure()
        return predictor
    except RuntimeError as error:  # the driver is too old, the device too new, its memory taken
        if settings.device == "cuda":
            raise SettingsError(f"SENTIMENT_DEVICE='cuda': the GPU cannot be used: {reason_of(error)}") from error
        logger.warning("the GPU cannot be used, so the CPU is: %s", reason_of(error))
        return None
