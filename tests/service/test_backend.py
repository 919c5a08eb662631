"""Which form of the network is run, and that the one does not load what only the other needs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from model.artifact import COMPILED, ArtifactError
from service.backend import load_predictor
from service.cpu import CpuLimits
from service.schemas import ModelReply
from service.settings import Settings, SettingsError
from tests.service.conftest import ROOT, ServerProcess, running

LIMITS = CpuLimits(quota_cores=3.5, affinity_cores=8)


def load(directory: Path, **settings: Any) -> tuple[str, str, int, int]:
    predictor = load_predictor(Settings(model=directory, **settings), LIMITS)
    return predictor.info.backend, predictor.info.device, predictor.info.threads, predictor.workers


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.backend.GPU_DRIVERS", ())


def test_compiled_form_is_taken_where_there_is_one(compiled_directory: Path, artifact_directory: Path) -> None:
    assert load(compiled_directory)[0] == load(compiled_directory, device="cpu")[0] == "onnx"
    assert load(compiled_directory, backend="onnx")[0] == "onnx"
    assert load(compiled_directory, backend="torchscript")[0] == "torchscript"
    assert load(artifact_directory)[0] == load(artifact_directory, device="cpu")[0] == "torchscript"


def test_calls_run_side_by_side_on_all_cores_or_one_on_all_but_one(compiled_directory: Path) -> None:
    assert load(compiled_directory) == ("onnx", "cpu", 3, 3)
    assert load(compiled_directory, threads=2) == ("onnx", "cpu", 2, 2)
    before = torch.get_num_threads()
    try:
        assert load(compiled_directory, backend="torchscript") == ("torchscript", "cpu", 2, 1)
        assert torch.get_num_threads() == 2
        assert load(compiled_directory, backend="torchscript", threads=3) == ("torchscript", "cpu", 3, 1)
    finally:
        torch.set_num_threads(before)


def test_gpu_runs_torchscript(compiled_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[tuple[object, ...]] = []
    monkeypatch.setattr("service.torch_predictor.TorchScriptPredictor.load", lambda *given: loaded.append(given))
    monkeypatch.setattr("service.backend.GPU_DRIVERS", (Path("/"),))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    for settings in (Settings(model=compiled_directory), Settings(model=compiled_directory, device="cuda")):
        load_predictor(settings, LIMITS)
    assert loaded == [(compiled_directory, "cuda", 2)] * 2
    assert load(compiled_directory, backend="onnx")[:2] == ("onnx", "cpu")
    # A driver alone is no GPU.
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert load(compiled_directory)[0] == "onnx"
    with pytest.raises(SettingsError, match="torch sees no GPU"):
        load(compiled_directory, device="cuda")


def test_compiled_form_that_is_wanted_and_missing_is_refused(artifact_directory: Path) -> None:
    with pytest.raises(ArtifactError, match=r"model\.onnx: missing, and SENTIMENT_BACKEND is onnx"):
        load(artifact_directory, backend="onnx")


def test_missing_compiled_form_stops_the_start_with_one_line(
    serve: Callable[..., ServerProcess], artifact_directory: Path
) -> None:
    server = serve(artifact_directory, backend="onnx")
    assert server.wait_for_exit() == 1
    (bad,) = (line["message"] for line in server.log if line["level"] in ("error", "critical"))
    assert bad.startswith(f"cannot serve: {artifact_directory / COMPILED}: missing")


def test_compiled_form_on_a_gpu_is_a_contradiction() -> None:
    with pytest.raises(SettingsError, match="SENTIMENT_BACKEND='onnx': runs on a CPU only, and SENTIMENT_DEVICE"):
        Settings(backend="onnx", device="cuda")


@pytest.mark.parametrize("backend", ["onnx", "torchscript"])
async def test_what_runs_is_told(compiled_directory: Path, backend: Any) -> None:
    settings = Settings(model=compiled_directory, backend=backend, threads=1)
    async with running(settings, None) as (client, _):
        told = ModelReply.model_validate((await client.get("/v1/model")).json())
        assert (told.backend, told.device, told.threads) == (backend, "cpu", 1)
        metrics = (await client.get("/metrics")).text
    sha256 = told.digests[{"onnx": COMPILED, "torchscript": "model.pt"}[backend]]
    labels = f'backend="{backend}",device="cpu",sha256="{sha256}",version="v1"'
    assert f"sentiment_model_info{{{labels}}} 1.0" in metrics
    assert 'sentiment_threads{kind="model"} 1.0' in metrics


async def test_requests_at_once_on_several_threads_are_answered_as_alone(compiled_directory: Path) -> None:
    texts = [f"{'good' if number % 2 else 'bad'} number {number} " * (1 + number % 9) for number in range(120)]
    async with running(Settings(model=compiled_directory, threads=3, max_batch_rows=8), None) as (client, _):
        alone = [(await client.post("/v1/sentiment", json={"text": text})).json()["scores"] for text in texts]
        together = (await client.post("/v1/sentiment", json={"texts": texts})).json()["results"]
    for scores, result in zip(alone, together, strict=True):
        assert scores == pytest.approx(result["scores"], abs=2e-6)


def test_compiled_form_is_served_without_torch(compiled_directory: Path) -> None:
    """torch is most of a process's memory and of its start."""
    script = f"""
import asyncio, sys
from pathlib import Path
from service.settings import Settings
from tests.service.conftest import running

async def main():
    async with running(Settings(model=Path({str(compiled_directory)!r}), device="cpu"), None) as (client, _):
        reply = await client.post("/v1/sentiment", json={{"text": "I loved it"}})
        assert reply.status_code == 200, reply.text

asyncio.run(main())
sys.exit("torch was imported" if "torch" in sys.modules else 0)
"""
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
