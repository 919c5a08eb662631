"""Which form of the network to run: model.onnx on a CPU, model.pt elsewhere and where an artifact has no other.

Each library is imported only if it is used: torch takes 150 MB and more than a second.
"""

from pathlib import Path

from model.artifact import COMPILED
from model.store import resolve
from service.cpu import CpuLimits
from service.predictor import Predictor
from service.settings import Device, Settings

GPU_DRIVERS = (Path("/dev/nvidiactl"), Path("/dev/dxg"), Path("/dev/kfd"))
"""One of these stands where torch could see a GPU: NVIDIA's, that of Windows' Linux, AMD's."""


def load_predictor(settings: Settings, limits: CpuLimits) -> Predictor:
    """Load the model that the settings name, in the form that suits them.

    Raises: ArtifactError, SettingsError.
    """
    directory = resolve(settings.model)
    device = "cpu" if settings.backend == "onnx" else _choose_device(settings.device)
    has_onnx = device == "cpu" and (directory / COMPILED).exists()
    if settings.backend == "onnx" or (settings.backend == "auto" and has_onnx):
        from service.onnx_predictor import OnnxPredictor

        return OnnxPredictor.load(directory, settings.threads or limits.cores)
    from service.torch_predictor import TorchScriptPredictor

    return TorchScriptPredictor.load(directory, device, settings.threads or limits.threads)


def _choose_device(wanted: Device) -> str:
    if wanted == "cpu" or (wanted == "auto" and not any(path.exists() for path in GPU_DRIVERS)):
        return "cpu"
    from service.torch_predictor import choose_device

    return choose_device(wanted)
