import asyncio
import errno
import gc
import threading
import weakref
from dataclasses import replace
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from prometheus_client import CollectorRegistry

from model.artifact import ArtifactError
from service import lifecycle as module
from service.batcher import MOST_FAILURES
from service.errors import Draining, InternalError, NotReady, ReloadFailed
from service.lifecycle import Lifecycle
from service.logs import FIELDS
from service.metrics import Metrics
from service.predictor import Predictor
from service.settings import Settings
from tests.service.conftest import context, running, until
from tests.service.fakes import FakePredictor


class Loader:
    """Gives the predictors it was told, one a call; an exception among them is raised."""

    def __init__(self, *results: Predictor | Exception) -> None:
        self.results = list(results)
        self.is_free = threading.Event()
        self.is_free.set()
        self.running = 0

    def __call__(self) -> Predictor:
        self.running += 1
        assert self.running == 1
        assert self.is_free.wait(timeout=60)
        self.running -= 1
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


def lifecycle_of(*results: Predictor | Exception) -> tuple[Lifecycle, Loader, Metrics]:
    metrics, loader = Metrics(CollectorRegistry()), Loader(*results)
    return Lifecycle(loader, Settings(), metrics), loader, metrics


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


async def test_not_ready_until_loaded() -> None:
    lifecycle, loader, metrics = lifecycle_of(FakePredictor())
    loader.is_free.clear()
    lifecycle.start()
    with pytest.raises(NotReady):
        _ = lifecycle.engine
    assert (lifecycle.is_ready, value(metrics, "sentiment_ready")) == (False, 0.0)
    loader.is_free.set()
    await lifecycle.settled()
    assert (lifecycle.is_ready, value(metrics, "sentiment_ready")) == (True, 1.0)
    assert value(metrics, "sentiment_rejected_total", reason="not_ready") == 1
    await lifecycle.stop()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ArtifactError("model.pt: missing"), "model.pt: missing"),
        (PermissionError(errno.EACCES, "Permission denied", "/models/model.pt"), "/models/model.pt: Permission denied"),
        (RuntimeError("odd"), "RuntimeError: odd"),
    ],
)
async def test_failed_load_says_why_in_one_line(
    error: Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that may not be read used to be told as an exception of Python, and the setting not at all."""
    lifecycle, _, _ = lifecycle_of(error)
    lifecycle.start()
    await lifecycle.settled()
    assert lifecycle.phase == "failed"
    assert [record.getMessage() for record in caplog.records] == [f"cannot serve: {reason}"]
    assert getattr(caplog.records[0], FIELDS)["setting"] == "SENTIMENT_MODEL"
    assert caplog.records[0].exc_info is None
    await lifecycle.stop()


async def test_reload_swaps_and_drops_the_old_after_its_last_request() -> None:
    old, new = FakePredictor("old"), FakePredictor("new")
    lifecycle, _, metrics = lifecycle_of(old, new)
    lifecycle.start()
    await lifecycle.settled()
    with lifecycle.use_engine() as engine:
        assert await lifecycle.reload() == "new"
        assert lifecycle.engine.info.version == "new"
        # The request that began before still gets all of its answers from the old one.
        assert (await engine.encode(["a"])) == [[97]]
        await engine.batcher.submit([1])
        assert (old.batches, new.batches) == ([[[1]]], [])
        assert engine.batcher.is_alive
    await until(lambda: not engine.batcher.is_alive)
    assert value(metrics, "sentiment_model_reloads_total", result="ok") == 1
    info = {"version": "new", "sha256": "0" * 64, "device": "cpu", "backend": "torchscript"}
    assert value(metrics, "sentiment_model_info", **info) == 1
    assert value(metrics, "sentiment_model_info", **info | {"version": "old"}) is None
    assert value(metrics, "sentiment_model_quality_ratio", metric="accuracy", dataset="imdb") == 0.9
    assert value(metrics, "sentiment_model_quality_ratio", metric="n", dataset="imdb") is None
    await lifecycle.stop()


async def test_replaced_model_is_freed_at_once() -> None:
    """It used to stay until the next reload was nearly done: a third model in memory while the next one was loaded.

    Engine and batcher named each other, and only a full collection frees such a pair. After 60 reloads the service
    held 390 MB in place of 185.
    """
    old, new = FakePredictor("old"), FakePredictor("new")
    freed = weakref.ref(old)
    lifecycle, _, _ = lifecycle_of(old, new)
    lifecycle.start()
    await lifecycle.settled()
    with lifecycle.use_engine() as engine:
        await engine.batcher.submit([1])
    del old, engine
    gc.collect()
    gc.disable()
    try:
        assert await lifecycle.reload() == "new"
        await until(lambda: freed() is None)
    finally:
        gc.enable()
    await lifecycle.stop()


async def test_bad_reload_leaves_the_old_serving(caplog: pytest.LogCaptureFixture) -> None:
    lifecycle, _, metrics = lifecycle_of(FakePredictor("old"), ArtifactError("model.pt: sha256 is off"))
    lifecycle.start()
    await lifecycle.settled()
    with pytest.raises(ReloadFailed, match=r"^version old serves on; the cause is in the log$"):
        await lifecycle.reload()
    assert "version old serves on: model.pt: sha256 is off" in caplog.text
    assert (lifecycle.is_ready, lifecycle.engine.info.version) == (True, "old")
    assert (await lifecycle.engine.batcher.submit([1])).result
    assert value(metrics, "sentiment_model_reloads_total", result="failed") == 1
    await lifecycle.stop()


async def test_refused_model_is_not_shown_as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """The metrics named the new model, and had lost the old one's scores, while the old one served on."""
    unshowable = FakePredictor("unshowable")
    unshowable.info = replace(unshowable.info, dev_metrics={"imdb": {"accuracy": 10**400}})
    lifecycle, _, metrics = lifecycle_of(FakePredictor("old"), unshowable, FakePredictor("unusable"))
    lifecycle.start()
    await lifecycle.settled()
    info = {"version": "old", "sha256": "0" * 64, "device": "cpu", "backend": "torchscript"}
    for _ in range(2):
        with pytest.raises(ReloadFailed):
            await lifecycle.reload()
        assert value(metrics, "sentiment_model_info", **info) == 1
        assert value(metrics, "sentiment_model_quality_ratio", metric="accuracy", dataset="imdb") == 0.9
        monkeypatch.setattr(module, "Engine", MagicMock(side_effect=ValueError("no engine for it")))
    await lifecycle.stop()


async def test_model_that_fails_every_row_is_not_ready() -> None:
    """A GPU whose context was lost failed every call, and balancers went on sending requests to it."""
    sick = FakePredictor()
    sick.fail = lambda rows: True
    lifecycle, _, _ = lifecycle_of(sick)
    lifecycle.start()
    await lifecycle.settled()
    for _ in range(MOST_FAILURES):
        assert lifecycle.is_ready
        with pytest.raises(InternalError):
            await lifecycle.engine.read([1])
    assert not lifecycle.is_ready
    sick.fail = lambda rows: False
    await lifecycle.engine.read([1])
    assert lifecycle.is_ready
    await lifecycle.stop()


async def test_reload_that_finds_no_gpu_leaves_the_model_on_it(caplog: pytest.LogCaptureFixture) -> None:
    """With `auto`, a GPU whose memory was taken for a moment was given up for the CPU, and the reload counted ok."""
    on_gpu, on_cpu = FakePredictor(), FakePredictor()
    on_gpu.info = replace(on_gpu.info, device="cuda")
    lifecycle, _, metrics = lifecycle_of(on_gpu, on_cpu, on_gpu)
    lifecycle.start()
    await until(lambda: lifecycle.is_ready)
    serving = lifecycle.engine
    with pytest.raises(ReloadFailed):
        await lifecycle.reload()
    assert lifecycle.engine is serving
    assert "the GPU cannot be used" in caplog.text
    assert value(metrics, "sentiment_model_reloads_total", result="failed") == 1
    await lifecycle.reload()
    assert lifecycle.engine.info.device == "cuda"
    await lifecycle.stop()


async def test_reloads_run_one_after_the_other() -> None:
    lifecycle, _, _ = lifecycle_of(FakePredictor("1"), FakePredictor("2"), FakePredictor("3"))
    lifecycle.start()
    assert list(await asyncio.gather(lifecycle.reload(), lifecycle.reload())) == ["2", "3"]
    await lifecycle.stop()


async def test_storm_of_signals_is_one_reload_more() -> None:
    """Each SIGHUP waited for its own load: 1,000 in a second kept the process loading for half an hour."""
    lifecycle, loader, metrics = lifecycle_of(*(FakePredictor() for _ in range(5)))
    lifecycle.start()
    await lifecycle.settled()
    loader.is_free.clear()
    lifecycle.request_reload()
    await until(lambda: loader.running == 1)
    for _ in range(1000):
        lifecycle.request_reload()
    loader.is_free.set()
    await lifecycle.reload()
    await lifecycle.reload()  # after all of those
    assert value(metrics, "sentiment_model_reloads_total", result="ok") == 4
    assert value(metrics, "sentiment_model_reloads_total", result="failed") == 0
    await lifecycle.stop()


async def test_draining_refuses_and_leaving_does_not() -> None:
    lifecycle, _, _ = lifecycle_of(FakePredictor())
    lifecycle.start()
    await lifecycle.settled()
    lifecycle.leave()
    assert not lifecycle.is_ready
    assert lifecycle.engine.batcher.is_alive
    lifecycle.drain()
    with pytest.raises(Draining):
        _ = lifecycle.engine
    with pytest.raises(Draining):
        await lifecycle.reload()
    await lifecycle.stop()


async def test_dead_batcher_fails_readiness() -> None:
    async with running(Settings(), FakePredictor()) as (client, app):
        context(app).lifecycle.engine.batcher._owner.cancel()
        await until(lambda: not context(app).lifecycle.is_ready)
        reply = await client.get("/health/ready")
        assert (reply.status_code, reply.json()["code"]) == (503, "not_ready")
        assert (await client.get("/health/live")).status_code == 200
        reply = await client.post("/v1/sentiment", json={"text": "a"})
        assert (reply.status_code, reply.json()["code"]) == (503, "not_ready")


async def test_draining_is_told_over_http() -> None:
    async with running(Settings(), FakePredictor()) as (client, app):
        context(app).lifecycle.leave()
        reply = await client.post("/v1/sentiment", json={"text": "a"})
        assert (reply.status_code, reply.headers["connection"]) == (200, "close")
        assert (await client.get("/health/ready")).status_code == 503
        context(app).lifecycle.drain()
        reply = await client.post("/v1/sentiment", json={"text": "a"})
        assert (reply.status_code, reply.json()["code"]) == (503, "draining")
        assert (reply.headers["retry-after"], reply.headers["connection"]) == ("1", "close")


async def test_reload_over_http_needs_the_token() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = await client.post("/v1/admin/reload")
        assert (reply.status_code, reply.json()["code"]) == (403, "admin_disabled")
        assert "SENTIMENT_ADMIN_TOKEN" in reply.json()["detail"]
    async with running(Settings(admin_token="t", api_key="k"), FakePredictor()) as (client, _):
        for headers in ({}, {"authorization": "Bearer k"}, {"x-api-key": "t"}):
            reply = await client.post("/v1/admin/reload", headers=headers)
            assert (reply.status_code, reply.json()["code"]) == (401, "admin_unauthorized")
        reply = await client.post("/v1/admin/reload", headers={"authorization": "Bearer t"})
        assert (reply.status_code, reply.json()) == (200, {"model": "fake"})


async def test_window_that_fits_no_batch_is_refused(artifact_directory: Path) -> None:
    async with running(Settings(model=artifact_directory, threads=1, max_batch_tokens=63), None) as (client, app):
        assert context(app).lifecycle.phase == "failed"
        assert (await client.get("/health/ready")).status_code == 503
        assert (await client.post("/v1/sentiment", json={"text": "a"})).status_code == 503
