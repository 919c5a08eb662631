"""From a trained network to an artifact on disk that provably answers the same."""

import hashlib
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model.classifier import SentimentClassifier
from model.network import Artifact, load_artifact
from model.padding import pad
from model.tokenizer import SubwordTokenizer

TOLERANCE = 1e-5
"""Largest difference of a logit between eager, scripted and reloaded network."""


class ExportError(RuntimeError):
    """An exported network that does not answer as the trained one."""


def round_to_half(network: SentimentClassifier) -> SentimentClassifier:
    """Round the weights to what an artifact stores, so that what is measured is what is shipped. In place."""
    return network.half().float()


def scale_labels(network: SentimentClassifier, weight_C: np.ndarray, bias_C: np.ndarray) -> SentimentClassifier:
    """Let a network answer weight_C times its logits plus bias_C from now on. In place."""
    weight, bias = torch.from_numpy(weight_C).float(), torch.from_numpy(bias_C).float()
    with torch.no_grad():
        network.head.weight.mul_(weight.unsqueeze(1))
        network.head.bias.mul_(weight).add_(bias)
    return network


def script(network: SentimentClassifier, rows: Sequence[Sequence[int]], pad_id: int) -> torch.jit.ScriptModule:
    """TorchScript of a network, checked against it on a padded batch and on each row alone.

    Raises: ExportError.
    """
    network.eval()
    scripted: torch.jit.ScriptModule = torch.jit.script(network)
    _check("scripted", network, scripted, rows, pad_id)
    return scripted


def check_reloaded(
    directory: Path, network: SentimentClassifier, rows: Sequence[Sequence[int]], pad_id: int
) -> Artifact:
    """Load an artifact as a service would and hold it against the network that it was written from.

    Raises: ArtifactError if it does not load; ExportError if it answers otherwise.
    """
    artifact = load_artifact(directory)
    _check("reloaded", network, artifact.network, rows, pad_id)
    return artifact


def version_name(
    weights: Mapping[str, Tensor],
    tokenizer: SubwordTokenizer,
    temperature: float,
    created_at: datetime,
    compiled: bytes = b"",
) -> str:
    """Creation date and the head of a hash over its moment and all that decides an answer, such as 20261121-0a1b2c3d.

    Made again with the same weights, an artifact has another moment and report in it: to a store it is another version.
    compiled: the compiled form, and whatever else tells the artifact from another that answers alike.
    """
    digest = hashlib.sha256(f"{created_at.isoformat()}\n{temperature}\n{tokenizer.to_json()}".encode())
    for name, value in sorted(weights.items()):
        digest.update(name.encode())
        digest.update(value.half().numpy().tobytes())
    digest.update(compiled)
    return f"{created_at.astimezone(UTC):%Y%m%d}-{digest.hexdigest()[:8]}"


def describe_command(arguments: Sequence[str]) -> str:
    """The command of a run as its artifact tells it: paths that lead elsewhere go by name, as sources do."""
    told = [Path(item).name if item.startswith(("/", "../", "~")) else item for item in arguments]
    return shlex.join(["python", "-m", "training", *told])


def library_versions() -> dict[str, str]:
    """Versions of what decides a network's numbers."""
    return {name: version(name) for name in ("torch", "tokenizers", "numpy", "onnx", "onnxruntime")}


def git_commit() -> str | None:
    """Commit of this checkout, with + if files differ from it; None outside one."""
    folder = Path(__file__).parent
    try:
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True
        ).stdout.strip()
        changes = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit + ("+" if changes else "")


def _check(
    name: str, network: torch.nn.Module, other: torch.nn.Module | object, rows: Sequence[Sequence[int]], pad_id: int
) -> None:
    batches = [pad(rows, pad_id), *(pad([row], pad_id) for row in rows[:4])]
    with torch.inference_mode():
        for batch in batches:
            difference = float((network(*batch) - other(*batch)).abs().max())  # type: ignore[operator]
            if not difference <= TOLERANCE:
                raise ExportError(
                    f"{name} network differs from the trained one by {difference:.2e}, at most {TOLERANCE}"
                )
