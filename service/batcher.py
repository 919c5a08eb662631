"""Batcher: rows of many requests gathered into batches for one model, which runs in one thread or in several.

There is no timer. While all threads work, rows gather; when one is free, what waits becomes the next batch, so a lone
row never waits for company. Of what waits a thread takes no more than its share, so that none idles beside a full one.
A thread that was given nothing takes a full batch itself: in an overload the event loop has so many connections to look
after that with two batches a turn the model stood still. Knows neither HTTP nor torch.
"""

import asyncio
import contextlib
import logging
import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from service.errors import InternalError

Row = Sequence[int]
"""Token ids of one window, at least one."""
Call = Callable[[Sequence[Row]], Sequence[Any]]
"""What the model does with B rows: one result for each, such as its logits."""

LOOK_AHEAD = 4
"""Times max_batch_rows that are looked at for rows of like length: bounds the sorting, and how far a row is passed."""

AHEAD = 2
"""Batches that each thread may have, the one it runs included: it need not wait for the event loop to give it the next.
Only full ones are given ahead."""

MOST_FAILURES = 20
"""Rows that fail alone, one after the other with none answered between, until the model counts as broken: a GPU whose
context is lost, say, fails every call from then on."""
RETRY_S = 180.0
"""After the last failure, until a broken model is tried again: what nobody asks cannot show that it has recovered.
Longer than the two minutes after which the alert NotReady tells of it."""

NICENESS = 10
"""Of the model's threads, beside that of the process. The event loop, which needs little, then never waits for a core:
asked for twice what it can answer, the service answered 1,280 requests/s in place of 880, and 99 of 100 health checks
within 28 ms in place of 64."""

logger = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What a row's future resolves to."""

    result: Any
    """What the call gave for the row."""
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
    call: Call


class Batcher:
    """Bounded batches, one owner task, one future a row.

    predict: what is done with rows unless they are submitted for another call; runs in threads of its own, `workers`
    calls at once. A row longer than max_batch_tokens runs alone. max_other_tokens: of a batch for another call, if that
    is to be smaller.
    """

    def __init__(
        self,
        predict: Call,
        *,
        max_batch_tokens: int,
        max_batch_rows: int,
        max_other_tokens: int | None = None,
        workers: int = 1,
        on_batch: Callable[[BatchReport], None] = lambda report: None,
    ) -> None:
        self._predict = predict
        self._max_batch_tokens = max_batch_tokens
        self._max_batch_rows = max_batch_rows
        self._max_other_tokens = min(max_batch_tokens, max_other_tokens or max_batch_tokens)
        self._on_batch = on_batch
        self._waiting: deque[_Item] = deque()
        self._taking = threading.Lock()
        """Held to take from what waits; to add to it is one step, and needs none."""
        self._wake = asyncio.Event()
        self._closing = False
        self._workers = workers
        self._running = 0
        """Batches in the threads' hands, as far as the event loop knows."""
        self._given = 0
        """Of these, batches that no thread has begun."""
        self._failures = 0
        """Rows that failed since the last answer."""
        self._failed_at = 0.0
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="model", initializer=_give_way)
        self._owner = self._loop.create_task(self._run(), name="batcher")
        self._owner.add_done_callback(self._owner_ended)

    @property
    def is_alive(self) -> bool:
        """Whether rows are still being answered."""
        return not self._owner.done()

    @property
    def is_working(self) -> bool:
        """Whether the model still answers some rows, or should be tried again; one answer is enough to say so."""
        is_broken = self._failures >= MOST_FAILURES and time.monotonic() - self._failed_at < RETRY_S
        return self.is_alive and not is_broken

    def submit(self, row: Row, call: Call | None = None) -> "asyncio.Future[Answer]":
        """Queue a row, for `predict` or for another call: no batch mixes calls.

        Cancel the future when nobody wants it any more: it is then dropped before it costs compute.

        The future raises InternalError if the model fails on this row.
        """
        if not self.is_alive:
            raise InternalError("the batcher has ended")
        # Sized here, in the caller's own time: nothing odd about one row can reach the owner task (ray#66140).
        item = _Item(row, len(row), self._loop.create_future(), time.monotonic(), call or self._predict)
        self._waiting.append(item)
        if self._rows_now():
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
            batch = self._next_batch(self._rows_now())
            if batch:
                self._start(batch)
            elif self._closing and not self._running:
                return
            else:
                self._wake.clear()
                await self._wake.wait()

    def _rows_now(self) -> int:
        """How many of the rows that wait a batch should take now; none if they had better gather."""
        idle = self._workers - self._running
        if idle > 0:
            return min(math.ceil(len(self._waiting) / idle), self._max_batch_rows)
        is_full = len(self._waiting) >= self._max_batch_rows
        return self._max_batch_rows if is_full and self._running < AHEAD * self._workers else 0

    def _full_batch(self) -> list[_Item]:
        """What a thread takes itself; nothing while there are batches given, which are older."""
        may_take = len(self._waiting) >= self._max_batch_rows and self._given == 0
        return self._next_batch(self._max_batch_rows) if may_take else []

    def _next_batch(self, most_rows: int) -> list[_Item]:
        """The oldest row, and those near it in the queue that are nearest to it in length, as far as they fit."""
        if most_rows == 0:
            return []
        with self._taking:
            return self._take(most_rows)

    def _take(self, most_rows: int) -> list[_Item]:
        near: list[_Item] = []
        while self._waiting and len(near) < LOOK_AHEAD * self._max_batch_rows:
            item = self._waiting.popleft()
            if not item.future.done():  # its caller left
                near.append(item)
        if not near:
            return []
        head, *others = near
        batch, longest = [head], head.length
        max_tokens = self._max_batch_tokens if head.call is self._predict else self._max_other_tokens
        for item in sorted(others, key=lambda item: abs(item.length - head.length)):  # stable: older first
            wider = max(longest, item.length)
            if item.call is head.call and len(batch) < most_rows and (len(batch) + 1) * wider <= max_tokens:
                batch.append(item)
                longest = wider
        chosen = set(map(id, batch))
        self._waiting.extendleft(item for item in reversed(near) if id(item) not in chosen)
        return batch

    def _start(self, batch: list[_Item]) -> None:
        with self._taking:
            self._given += 1
        self._submit(batch)

    def _submit(self, batch: list[_Item]) -> None:
        """Hand over a batch that is counted as given."""
        self._running += 1
        self._threads.submit(self._work, batch)

    def _work(self, batch: list[_Item]) -> None:
        """Runs in a thread of the model: this batch, and full ones as long as none are given."""
        with self._taking:
            self._given -= 1
        goes_on = True
        while goes_on:
            batch = [item for item in batch if not item.future.done()]  # callers leave before a batch begins
            started_at = time.monotonic()
            results = self._results(batch)
            ended_at = time.monotonic()
            if isinstance(results, BaseException):
                following = []
                with self._taking:  # at once: until the event loop gives its rows, no thread may take younger ones
                    self._given += len(batch) if len(batch) > 1 else 0
            else:
                following = self._full_batch()
            goes_on = bool(following)
            self._loop.call_soon_threadsafe(self._finish, batch, results, started_at, ended_at, goes_on)
            batch = following

    def _results(self, batch: list[_Item]) -> Sequence[Any] | BaseException:
        """One for each row, or what went wrong, which is for the event loop to tell."""
        try:
            results = batch[0].call([item.row for item in batch]) if batch else []
            if len(results) != len(batch):
                raise RuntimeError(f"the model gave {len(results)} results for {len(batch)} rows")
        except BaseException as error:
            return error
        return results

    def _finish(
        self,
        batch: list[_Item],
        results: Sequence[Any] | BaseException,
        started_at: float,
        ended_at: float,
        goes_on: bool,
    ) -> None:
        if not goes_on:
            self._running -= 1
            self._wake.set()
        if isinstance(results, BaseException):
            self._blame(batch, results)
            return
        for item, result in zip(batch, results, strict=True):
            if not item.future.done():  # set_result on a cancelled future ends a batch loop for good (ray#41057)
                item.future.set_result(Answer(result, started_at - item.submitted_at, ended_at - started_at))
        if batch:
            self._failures = 0
            self._report(batch, ended_at - started_at)

    def _report(self, batch: list[_Item], inference_s: float) -> None:
        lengths = [item.length for item in batch]
        try:
            self._on_batch(BatchReport(len(batch), sum(lengths), len(batch) * max(lengths), inference_s))
        except Exception:
            logger.exception("a batch was answered but not counted")

    def _blame(self, batch: list[_Item], cause: BaseException) -> None:
        """A batch failed: try its rows one by one, so that only those fail that cannot be answered."""
        if len(batch) > 1:
            for item in batch:
                self._submit([item])
            return
        self._failures, self._failed_at = self._failures + 1, time.monotonic()
        if self._failures == MOST_FAILURES:
            logger.critical("the model failed on %d rows in a row: not ready", MOST_FAILURES)
        # Rows are token ids, not text, so the cause may be shown.
        logger.error("the model failed on a row of %d tokens: %r", batch[0].length, cause)
        if not batch[0].future.done():
            batch[0].future.set_exception(InternalError("the model failed on this text; the cause is in the log"))

    def _owner_ended(self, owner: "asyncio.Task[None]") -> None:
        """If the owner task dies, nobody may wait for an answer that cannot come."""
        if not owner.cancelled() and owner.exception() is not None:
            logger.critical("the batcher died: %r", owner.exception())
        for item in self._waiting:
            if not item.future.done():
                item.future.set_exception(InternalError("the batcher has ended"))
        self._waiting.clear()


def _give_way() -> None:
    """Let all other threads of the process run before this one, where threads have priorities of their own: on Linux.

    In a container that counts among the processes of the container, and not against those of others.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):  # where a sandbox forbids it
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)
