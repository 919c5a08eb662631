"""Which form of the network is run, and that the one does not load what only the other needs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import torch

from model.artifact import COMPILED, ArtifactError, read_files, write_files
from service.backend import load_predictor
from service.budget import FEWEST_ROWS, Budget
from service.cpu import CpuLimits
from service.gpu_predictor import GpuPredictor
from service.logs import FIELDS
from service.onnx_predictor import OnnxPredictor
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


@pytest.fixture
def cpu_as_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver, and a GPU that is the CPU standing in."""
    monkeypatch.setattr("service.backend.GPU_DRIVERS", (Path("/"),))
    monkeypatch.setattr("service.gpu_predictor.find_gpu", lambda: torch.device("cpu"))


@pytest.mark.usefixtures("cpu_as_gpu")
def test_gpu_is_taken_where_there_is_one(compiled_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.budget.LIMIT_S", 0.0)
    open_to_it: list[dict[str, Any]] = [{}, {"device": "cuda"}, {"device": "auto", "backend": "torchscript"}]
    for settings in open_to_it:
        assert isinstance(load_predictor(Settings(model=compiled_directory, **settings), LIMITS), GpuPredictor)
    against_it: list[dict[str, Any]] = [{"backend": "onnx"}, {"device": "cpu"}]
    for settings in against_it:
        assert isinstance(load_predictor(Settings(model=compiled_directory, **settings), LIMITS), OnnxPredictor)


TOO_OLD = "The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver."
NO_KERNEL = "CUDA error: no kernel image is available for execution on the device"
NO_MEMORY = "CUDA out of memory. Tried to allocate 20.00 MiB."
FAILURES = [
    ("torch.cuda.init", RuntimeError(TOO_OLD), TOO_OLD),
    ("torch.cuda.init", AssertionError("Torch not compiled with CUDA enabled"), "Torch not compiled with CUDA enabled"),
    (
        "torch.cuda.init",
        torch.cuda.DeferredCudaCallError("CUDA call failed lazily\n\nat: ..."),
        "CUDA call failed lazily",
    ),
    ("torch.ones", torch.AcceleratorError(f"{NO_KERNEL}\nFor debugging consider passing ..."), NO_KERNEL),
    ("service.gpu_predictor.GpuPredictor.load_on", torch.OutOfMemoryError(NO_MEMORY), NO_MEMORY),
    (
        "service.gpu_predictor.GpuPredictor.load_on",
        RuntimeError(f"The following operation failed in the TorchScript interpreter.\nRuntimeError: {NO_MEMORY}"),
        f"RuntimeError: {NO_MEMORY}",
    ),
]


@pytest.mark.parametrize(("where", "error", "told"), FAILURES, ids=lambda value: str(value)[:30])
def test_gpu_that_cannot_be_used_is_told_in_a_line_and_refused_or_passed_over(
    where: str,
    error: Exception,
    told: str,
    compiled_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("service.backend.GPU_DRIVERS", (Path("/"),))
    for name, value in (("torch.cuda.init", None), ("torch.cuda.current_device", 0), ("torch.ones", torch.zeros(1))):
        monkeypatch.setattr(name, Mock(return_value=value))
    monkeypatch.setattr(where, Mock(side_effect=error))
    with pytest.raises(SettingsError) as caught:
        load(compiled_directory, device="cuda")
    assert str(caught.value) == f"SENTIMENT_DEVICE='cuda': the GPU cannot be used: {told}"
    assert not caplog.messages
    assert load(compiled_directory)[:2] == ("onnx", "cpu")
    assert load(compiled_directory, backend="torchscript")[:2] == ("torchscript", "cpu")
    assert caplog.messages == [f"the GPU cannot be used, so the CPU is: {told}"] * 2


@pytest.mark.usefixtures("cpu_as_gpu")
def test_batches_are_measured_on_a_gpu_unless_the_settings_say_how_large(
    artifact_directory: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("service.budget.LIMIT_S", 0.0)
    predictor = load_predictor(Settings(model=artifact_directory), LIMITS)
    assert predictor.measured_budget == Budget(tokens=FEWEST_ROWS * 64, rows=FEWEST_ROWS)
    (record,) = caplog.records
    assert record.getMessage() == "batch sizes measured"
    assert getattr(record, FIELDS)["64_tokens_ms"]["8"] > 0
    fixed = Settings(model=artifact_directory, max_batch_tokens=128, max_batch_rows=4)
    assert load_predictor(fixed, LIMITS).measured_budget is None


@pytest.mark.usefixtures("cpu_as_gpu")
def test_wrong_artifact_is_told_as_such_on_a_gpu_too(artifact_directory: Path, tmp_path: Path) -> None:
    files = read_files(artifact_directory) | {"model.pt": b"no network"}
    write_files(tmp_path / "wrong", files)
    with pytest.raises(ArtifactError, match=r"model\.pt: not a TorchScript network"):
        load(tmp_path / "wrong", device="cuda")


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a GPU")
def test_missing_gpu_stops_the_start_with_one_line(
    serve: Callable[..., ServerProcess], artifact_directory: Path
) -> None:
    server = serve(artifact_directory, device="cuda")
    assert server.wait_for_exit() == 1
    (bad,) = (line["message"] for line in server.log if line["level"] in ("warning", "error", "critical"))
    assert bad.startswith("cannot serve: SENTIMENT_DEVICE='cuda': the GPU cannot be used: ")


@pytest.mark.usefixtures("cpu_as_gpu")
async def test_gpu_serves_and_what_it_has_no_memory_for_is_halved_and_counted(
    artifact_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"number {number}" for number in range(32)]
    settings = Settings(model=artifact_directory, device="cuda", max_batch_tokens=4096, max_batch_rows=64)
    async with running(settings, None) as (client, _):
        before = (await client.post("/v1/sentiment", json={"texts": texts})).json()["results"]
        assert "sentiment_no_memory_total 0.0" in (await client.get("/metrics")).text
        monkeypatch.setattr(GpuPredictor, "run", small_batches_only(GpuPredictor.run))
        reply = await client.post("/v1/sentiment", json={"texts": texts})
        assert reply.json()["results"] == before
        assert "sentiment_no_memory_total 3.0" in (await client.get("/metrics")).text
        info = (await client.get("/info")).json()
        assert info["model_dtype"] == "float16"


def small_batches_only(run: Any) -> Any:
    def fail_or_run(self: GpuPredictor, token_ids_BT: torch.Tensor, lengths_B: torch.Tensor) -> torch.Tensor:
        if len(lengths_B) > 8:
            raise torch.OutOfMemoryError(NO_MEMORY)
        result: torch.Tensor = run(self, token_ids_BT, lengths_B)
        return result

    return fail_or_run


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
