"""Engine: one loaded model at work, with its threads and its batcher, and the count of requests that use it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from service.batcher import Answer, Batcher, BatchReport
from service.budget import CPU_BUDGET
from service.metrics import Metrics
from service.portions import read_length
from service.predictor import DirectionTrace, Predictor, budget_of, rows_of_a_call
from service.sentences import Span, split_sentences
from service.settings import Settings

T = TypeVar("T")

MOST_CHARS_INLINE = 1000
"""Characters that are tokenized on the event loop: 0.4 ms of prose, 9 ms of the worst that was tried. A tweet takes
0.05 ms there, and 0.15 ms by way of a thread."""
TOKENIZER_THREADS = 2
"""Two, so that one huge text does not hold up all the others."""


class Engine:
    """A predictor behind a batcher. Create it in the event loop."""

    def __init__(self, predictor: Predictor, settings: Settings, metrics: Metrics) -> None:
        self.info = predictor.info
        self.budget = budget_of(predictor, settings)
        self.batcher = Batcher(
            predictor.predict,
            max_batch_tokens=self.budget.tokens,
            max_batch_rows=rows_of_a_call(predictor, self.budget.rows),
            max_other_tokens=CPU_BUDGET.tokens,  # a GPU's budget is of predictions, and explaining takes the host too
            workers=predictor.workers,
            # No method of this object: engine and batcher would name each other, and stay when they are dropped.
            on_batch=partial(_count_batch, metrics),
        )
        self._predictor = predictor
        self.can_explain = predictor.can_explain
        self._explain = predictor.explain  # one object: the batcher tells calls apart by it
        self._trace_thread = ThreadPoolExecutor(1, thread_name_prefix="trace")
        self._tokenizer_threads = ThreadPoolExecutor(TOKENIZER_THREADS, thread_name_prefix="tokenizer")
        self._users = 0
        self._unused = asyncio.Event()
        self._unused.set()

    def encode(self, texts: Sequence[str]) -> "asyncio.Future[list[list[int]]]":
        """Token ids of texts: there already if they are short, else from a tokenizer thread."""
        return self._work_on(texts, self._predictor.encode)

    def encode_now(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of texts, on the event loop: each of no more than MOST_CHARS_INLINE."""
        return self._predictor.encode(texts)

    def measure(self, texts: Sequence[str], most: int) -> "asyncio.Future[list[int]]":
        """Length of each text as the tokenizer reads it, up to a little more than `most`, in the same way."""
        return self._work_on(texts, lambda texts: [read_length(text, most) for text in texts])

    def locate(self, texts: Sequence[str]) -> "asyncio.Future[list[list[Span]]]":
        """Places of the token ids of texts, in the same way."""
        return self._work_on(texts, self._predictor.locate)

    def split(self, texts: Sequence[str]) -> "asyncio.Future[list[list[Span]]]":
        """Sentences of texts, in the same way."""
        return self._work_on(texts, lambda texts: list(map(split_sentences, texts)))

    def read(self, row: Sequence[int], is_explained: bool = False) -> "asyncio.Future[Answer]":
        """Logits of a row by the batcher; or the same as an Explained."""
        return self.batcher.submit(row, self._explain if is_explained else None)

    def trace(self, row: Sequence[int]) -> "asyncio.Future[list[DirectionTrace]]":
        """The memory at work, from a thread of its own: the first time it loads torch, which must hold up no batch."""
        return asyncio.get_running_loop().run_in_executor(self._trace_thread, self._predictor.trace, row)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """For as long as one request needs this engine, so that a reload does not take it away."""
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def acquire(self) -> None:
        """Begin to need this engine; `release` must follow."""
        self._users += 1
        self._unused.clear()

    def release(self) -> None:
        """Need it no longer."""
        self._users -= 1
        if self._users == 0:
            self._unused.set()

    async def retire(self) -> None:
        """Wait for the requests that use this engine, then free its threads. No new ones may start to."""
        await self._unused.wait()
        await self.batcher.close()
        self._tokenizer_threads.shutdown(wait=False)
        self._trace_thread.shutdown(wait=False)

    def _work_on(self, texts: Sequence[str], work: Callable[[Sequence[str]], T]) -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()
        if sum(map(len, texts)) > MOST_CHARS_INLINE:
            return loop.run_in_executor(self._tokenizer_threads, work, texts)
        result: asyncio.Future[T] = loop.create_future()
        result.set_result(work(texts))
        return result


def _count_batch(metrics: Metrics, report: BatchReport) -> None:
    metrics.batch_texts.observe(report.rows)
    metrics.batch_tokens.observe(report.tokens)
    metrics.batch_padding.observe(1 - report.tokens / report.padded_tokens)
