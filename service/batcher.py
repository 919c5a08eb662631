"""Batcher: rows of many requests gathered into batches for one model, which runs in one thread or in several.

There is no timer. While all threads work, rows gather; when one is free, what waits becomes the next batch, so a lone
row never waits for company. Of what waits a thread takes no more than its share, so that none idles beside a full one.
Knows neither HTTP nor torch.
"""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from service.errors import InternalError

Row = Sequence[int]
"""Token ids of one window, at least one."""
Logits = Sequence[float]

LOOK_AHEAD = 4
"""Times max_batch_rows that are looked at for rows of like length: bounds the sorting, and how far a row is passed."""

logger = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What a row's future resolves to."""

    logits: Logits
    queue_s: float
    """Seconds from submit to the start of its batch."""
    inference_s: float
    """Seconds that its batch took."""


class BatchReport(NamedTuple):
    """One model call, for metrics."""

    rows: int
    tokens: int
    padded_tokens: int
    """Rows times the longest row: what was computed."""
    inference_s: float


@dataclass(slots=True, eq=False)
class _Item:
    row: Row
    length: int
    future: "asyncio.Future[Answer]"
    submitted_at: float


class Batcher:
    """Bounded batches, one owner task, one future a row.

    predict: B rows -> B lists of logits; runs in threads of its own, `workers` calls at once. A row longer than
    max_batch_tokens runs alone.
    """

    def __init__(
        self,
        predict: Callable[[Sequence[Row]], Sequence[Logits]],
        *,
        max_batch_tokens: int,
        max_batch_rows: int,
        workers: int = 1,
        on_batch: Callable[[BatchReport], None] = lambda report: None,
    ) -> None:
        self._predict = predict
        self._max_batch_tokens = max_batch_tokens
        self._max_batch_rows = max_batch_rows
        self._on_batch = on_batch
        self._waiting: deque[_Item] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._workers = workers
        self._running: set[asyncio.Task[None]] = set()
        """Batches in the model's hands."""
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="model")
        self._owner = asyncio.get_running_loop().create_task(self._run(), name="batcher")
        self._owner.add_done_callback(self._owner_ended)

    @property
    def is_alive(self) -> bool:
        """Whether rows are still being answered."""
        return not self._owner.done()

    def submit(self, row: Row) -> "asyncio.Future[Answer]":
        """Queue a row. Cancel the future when nobody wants it any more: it is then dropped before it costs compute.

        The future raises InternalError if the model fails on this row.
        """
        if not self.is_alive:
            raise InternalError("the batcher has ended")
        # Sized here, in the caller's own time: nothing odd about one row can reach the owner task (ray#66140).
        item = _Item(row, len(row), asyncio.get_running_loop().create_future(), time.monotonic())
        self._waiting.append(item)
        self._wake.set()
        return item.future

    async def close(self) -> None:
        """Answer what waits, then end the owner task and the threads."""
        self._closing = True
        self._wake.set()
        await asyncio.wait([self._owner])
        self._threads.shutdown(wait=False)

    async def _run(self) -> None:
        while True:
            idle = self._workers - len(self._running)
            batch = self._next_batch(most_rows=math.ceil(len(self._waiting) / idle)) if idle else []
            if batch:
                task = asyncio.get_running_loop().create_task(self._answer_or_fail(batch), name="batch")
                self._running.add(task)
                task.add_done_callback(self._batch_ended)
            elif self._closing and not self._running:
                return
            else:
                self._wake.clear()
                await self._wake.wait()

    def _batch_ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        self._wake.set()

    def _next_batch(self, most_rows: int) -> list[_Item]:
        """The oldest row, and those near it in the queue that are nearest to it in length, as far as they fit."""
        most_rows = min(most_rows, self._max_batch_rows)
        near: list[_Item] = []
        while self._waiting and len(near) < LOOK_AHEAD * self._max_batch_rows:
            item = self._waiting.popleft()
            if not item.future.done():  # its caller left
                near.append(item)
        if not near:
            return []
        head, *others = near
        batch, longest = [head], head.length
        for item in sorted(others, key=lambda item: abs(item.length - head.length)):  # stable: older first
            wider = max(longest, item.length)
            if len(batch) < most_rows and (len(batch) + 1) * wider <= self._max_batch_tokens:
                batch.append(item)
                longest = wider
        chosen = set(map(id, batch))
        self._waiting.extendleft(item for item in reversed(near) if id(item) not in chosen)
        return batch

    async def _answer_or_fail(self, batch: list[_Item]) -> None:
        try:
            await self._answer(batch)
        except Exception:
            logger.exception("the batcher failed on a batch of %d rows and goes on", len(batch))
        finally:  # whatever happened, nobody may wait for an answer that cannot come
            for item in batch:
                if not item.future.done():
                    item.future.set_exception(InternalError("the batcher failed; the cause is in the log"))

    async def _answer(self, batch: list[_Item]) -> None:
        started_at = time.monotonic()
        results = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._call, [item.row for item in batch]
        )
        inference_s = time.monotonic() - started_at
        if isinstance(results, BaseException):
            await self._blame(batch, results)
            return
        for item, logits in zip(batch, results, strict=True):
            if not item.future.done():  # set_result on a cancelled future ends a batch loop for good (ray#41057)
                item.future.set_result(Answer(logits, started_at - item.submitted_at, inference_s))
        longest = max(item.length for item in batch)
        report = BatchReport(len(batch), sum(item.length for item in batch), len(batch) * longest, inference_s)
        try:
            self._on_batch(report)
        except Exception:
            logger.exception("a batch was answered but not counted")

    async def _blame(self, batch: list[_Item], cause: BaseException) -> None:
        """A batch failed: try its rows one by one, so that only those fail that cannot be answered."""
        if len(batch) > 1:
            for item in batch:
                if not item.future.done():
                    await self._answer([item])
            return
        # Rows are token ids, not text, so the cause may be shown.
        logger.error("the model failed on a row of %d tokens: %r", batch[0].length, cause)
        if not batch[0].future.done():
            batch[0].future.set_exception(InternalError("the model failed on this text; the cause is in the log"))

    def _call(self, rows: list[Row]) -> Sequence[Logits] | BaseException:
        """Runs in a thread of the model; returns what went wrong, since not every exception survives a future."""
        try:
            results = self._predict(rows)
            if len(results) != len(rows):
                raise RuntimeError(f"the model gave {len(results)} results for {len(rows)} rows")
        except BaseException as error:
            return error
        return results

    def _owner_ended(self, owner: "asyncio.Task[None]") -> None:
        """If the owner task dies, nobody may wait for an answer that cannot come."""
        if not owner.cancelled() and owner.exception() is not None:
            logger.critical("the batcher died: %r", owner.exception())
        for item in self._waiting:
            if not item.future.done():
                item.future.set_exception(InternalError("the batcher has ended"))
        self._waiting.clear()
