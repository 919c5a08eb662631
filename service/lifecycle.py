"""Lifecycle: loading the model beside the event loop, serving, swapping it for another, and leaving.

loading -> ready -> leaving (answers, but not ready) -> draining (refuses)
\\-> failed
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Literal

from model.artifact import ArtifactError
from service.engine import Engine
from service.errors import Draining, NotReady, ReloadFailed
from service.logs import FIELDS
from service.memory import give_back
from service.metrics import Metrics
from service.predictor import Predictor
from service.settings import Settings, SettingsError

Phase = Literal["loading", "ready", "leaving", "draining", "failed"]

logger = logging.getLogger(__name__)


class Lifecycle:
    """Owns the engine.

    load: reads, verifies and warms a model; runs in a thread, at start and at each reload.
    """

    def __init__(self, load: Callable[[], Predictor], settings: Settings, metrics: Metrics) -> None:
        self.phase: Phase = "loading"
        self._load = load
        self._settings = settings
        self._metrics = metrics
        self._engine: Engine | None = None
        self._reloading = asyncio.Lock()
        self._is_reload_requested = False
        """By a signal, and not begun."""
        self._tasks: set[asyncio.Task[None]] = set()
        metrics.ready.set_function(lambda: float(self.is_ready))

    @property
    def is_ready(self) -> bool:
        """Whether a balancer should send requests here."""
        return self.phase == "ready" and self._engine is not None and self._engine.batcher.is_working

    @property
    def engine(self) -> Engine:
        """The engine for a request that begins now.

        Raises: NotReady, Draining.
        """
        if self.phase == "draining":
            self._metrics.rejected.labels("draining").inc()
            raise Draining("the service is shutting down; ask again")
        if self._engine is None or not self._engine.batcher.is_alive:
            self._metrics.rejected.labels("not_ready").inc()
            raise NotReady("no model is ready; ask again")
        return self._engine

    @contextmanager
    def use_engine(self) -> Iterator[Engine]:
        """One engine for the whole of a request, so that its answers are never of two models."""
        engine = self.engine
        with engine.in_use():
            yield engine

    def start(self) -> None:
        """Begin to load the model; the service lives meanwhile."""
        self._first = self._spawn(self._first_load())

    async def settled(self) -> None:
        """Wait until the first load has ended, well or not."""
        await asyncio.wait([self._first])

    async def reload(self) -> str:
        """Load the model anew, swap it in, and drop the old one when its last request is done.

        Returns: the version now served.   Raises: ReloadFailed, the old model serving on; NotReady, Draining.
        """
        async with self._reloading:  # one after the other
            return await self._swap()

    def request_reload(self) -> None:
        """Reload without waiting for the result, which the log tells: for SIGHUP.

        What is asked for while another request waits is done with that one, which reads what is there then.
        """
        if self._is_reload_requested:
            return
        self._is_reload_requested = True

        async def reload() -> None:
            try:
                async with self._reloading:
                    self._is_reload_requested = False
                    await self._swap()
            except (ReloadFailed, NotReady, Draining) as error:
                if not isinstance(error, ReloadFailed):
                    logger.error("no reload: %s", error)

        self._spawn(reload())

    def leave(self) -> None:
        """Fail readiness, but go on answering."""
        if self.phase != "failed":
            self.phase = "leaving"

    def drain(self) -> None:
        """Refuse new requests; those admitted go on."""
        if self.phase != "failed":
            self.phase = "draining"

    async def stop(self) -> None:
        """Free the engine; what it has admitted is answered first."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._engine is not None:
            await self._engine.retire()

    async def _swap(self) -> str:
        """See reload; the lock is held."""
        old = self.engine
        try:
            engine = await self._load_engine()
        except Exception as error:
            logger.error("reload failed, version %s serves on: %s", old.info.version, _reason(error))
            engine = None
        if engine is None:  # the error is gone, and with its traceback what had been loaded
            self._metrics.reloads.labels("failed").inc()
            await asyncio.to_thread(give_back)
            raise ReloadFailed(f"version {old.info.version} serves on; the cause is in the log")
        self._engine = engine
        self._metrics.reloads.labels("ok").inc()
        self._spawn(_free(old))
        return engine.info.version

    async def _first_load(self) -> None:
        async with self._reloading:
            try:
                self._engine = await self._load_engine()
            except Exception as error:
                self.phase = "failed"
                setting = {"setting": "SENTIMENT_MODEL", "value": str(self._settings.model)}
                logger.critical("cannot serve: %s", _reason(error), extra={FIELDS: setting})
                return
            if self.phase == "loading":
                self.phase = "ready"

    async def _load_engine(self) -> Engine:
        started_at = time.monotonic()
        predictor = await asyncio.to_thread(self._load)
        info = predictor.info
        if info.device == "cpu" and self._engine is not None and self._engine.info.device != "cpu":
            # A start takes the CPU then, by `auto`; here a GPU serves, whose memory may be short for a moment.
            raise SettingsError("the GPU cannot be used, and a reload does not go on without it; a restart does")
        engine = Engine(predictor, self._settings, self._metrics)  # may refuse the model too, which is then not shown
        self._metrics.describe_model(info, time.time())
        fields = {name: getattr(info, name) for name in ("version", "backend", "device", "precision", "threads")}
        logger.info("model loaded", extra={FIELDS: {**fields, "duration_s": round(time.monotonic() - started_at, 3)}})
        return engine

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _free(engine: Engine) -> None:
    await engine.retire()
    del engine  # the last that holds it
    await asyncio.to_thread(give_back)


def _reason(error: Exception) -> str:
    """A refusal of ours speaks for itself, and so does a file; of any other exception the type is needed too."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) if isinstance(error, ArtifactError | SettingsError) else f"{type(error).__name__}: {error}"
