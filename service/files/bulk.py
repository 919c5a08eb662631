"""Predictions for many rows at the speed of the model: windows of rows, sorted by length, on all of its threads.

While one window is computed, the one before it is written and the one after it is read.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from model.rows import Problem, Row
from model.windows import merge_windows, split_windows
from service.errors import ServiceError, TextError, TextTooLong
from service.files.inputs import Item
from service.parsing import check_text
from service.portions import MOST_CHARS, MOST_EXPANSION, check_read_length, read_length
from service.prediction import Opinion, judge
from service.predictor import Predictor, budget_of, rows_of_a_call
from service.settings import Settings

WINDOW_ROWS = 4096
"""Rows that are sorted together, and written together."""
WINDOW_SIZE = 1_000_000
"""Row.size of them all: with longer rows a window has fewer, so that memory stays flat."""
SWITCH_INTERVAL_S = 0.0005
"""Python's 5 ms is how long a thread of the model would wait for the one that reads and writes; its calls take 2 ms."""
GARBAGE_THRESHOLD = 50_000
"""Rows make many objects and no cycles: Python's 700 would look for some all the time."""

Answer = Opinion | TextError


@dataclass(kw_only=True, slots=True)
class Window:
    """Rows that are predicted together."""

    fraction: float | None = None
    """How much of the input has been read with it, from 0 to 1; None if nobody knows."""
    items: list[Item] = field(default_factory=list)
    """Every row; one whose text cannot be answered is a Problem."""


@dataclass(slots=True)
class _Piece:
    """A text, or one of the overlapping parts of a long one."""

    token_ids: Sequence[int]
    logits: list[float] = field(default_factory=list)


def read_windows(
    items: Iterable[Item], column: str, settings: Settings, fraction: Callable[[int], float | None]
) -> Iterator[Window]:
    """Rows in windows of WINDOW_ROWS or WINDOW_SIZE.

    fraction: how much of the input has been read, by the number of the last row in its file.
    """
    window, size = Window(), 0
    for file, row in items:
        if isinstance(row, Row):
            size += row.size
            error = _check(row.fields[column], settings.max_text_chars, column)
            window.items.append((file, Problem(file, row.number, error.detail) if error else row))
        else:
            window.items.append((file, row))
        if len(window.items) == WINDOW_ROWS or size >= WINDOW_SIZE:
            window.fraction = fraction(row.number)
            yield window
            window, size = Window(), 0
    if window.items:
        window.fraction = 1.0
        yield window


def _check(text: object, max_chars: int, column: str) -> ServiceError | None:
    """As the API does."""
    error = check_text(text, max_chars, column)
    if error is None and isinstance(text, str) and len(text) * MOST_EXPANSION > MOST_CHARS:
        most = max(max_chars, MOST_CHARS)
        error = check_read_length(read_length(text, most), most, column)
    return error


def predict_windows(
    windows: Iterable[Window], column: str, predictor: Predictor, settings: Settings
) -> Iterator[tuple[Window, list[Answer]]]:
    """Each window with the answer for each of its rows but the Problems, in order.

    Two windows are in memory at once, and what is computed is what the API would reply.
    """
    pool = ThreadPoolExecutor(predictor.workers, thread_name_prefix="model")
    switch_interval_s, garbage_thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(GARBAGE_THRESHOLD)
    works: deque[_Work] = deque()
    try:
        for window in windows:
            works.append(_Work(window, column, predictor, settings, pool))
            if len(works) > 1:
                yield works[0].window, works[0].answers()
                works.popleft()
        for work in works:
            yield work.window, work.answers()
    finally:
        for work in works:
            work.stop()
        pool.shutdown()
        sys.setswitchinterval(switch_interval_s)
        gc.set_threshold(*garbage_thresholds)


class _Work:
    """One window in the model's hands."""

    def __init__(
        self, window: Window, column: str, predictor: Predictor, settings: Settings, pool: ThreadPoolExecutor
    ) -> None:
        self.window = window
        self._predictor = predictor
        self._column = column
        self._token_ids = predictor.encode([row.fields[column] for _, row in window.items if isinstance(row, Row)])
        self._most_tokens = settings.queue_limit_tokens
        self._pieces = [
            [_Piece(part) for part in split_windows(row, predictor.info.max_tokens)]
            if len(row) <= self._most_tokens
            else []
            for row in self._token_ids
        ]
        budget = budget_of(predictor, settings)
        self._batches = _batches(
            [piece for pieces in self._pieces for piece in pieces],
            rows_of_a_call(predictor, budget.rows),
            budget.tokens,
        )
        self._done: list[Future[None]] = [pool.submit(self._run) for _ in range(predictor.workers)]

    def answers(self) -> list[Answer]:
        """Wait for the model; the answer for each row."""
        for future in self._done:
            future.result()
        return [self._answer(*row) for row in zip(self._token_ids, self._pieces, strict=True)]

    def stop(self) -> None:
        """Leave the rest undone."""
        self._batches.clear()

    def _run(self) -> None:
        """In each thread of the model: takes batches for as long as there are any."""
        while self._batches:
            try:
                batch = self._batches.pop()
            except IndexError:  # another thread was faster
                return
            for piece, logits in zip(batch, self._predictor.predict([piece.token_ids for piece in batch]), strict=True):
                piece.logits = logits

    def _answer(self, token_ids: list[int], pieces: list[_Piece]) -> Answer:
        if not pieces:
            return TextTooLong(f"{self._column} has {len(token_ids)} tokens; the limit is {self._most_tokens}")
        logits = merge_windows([piece.logits for piece in pieces], [len(piece.token_ids) for piece in pieces])
        return judge(logits, self._predictor.info)


def _batches(pieces: list[_Piece], most_rows: int, most_tokens: int) -> list[list[_Piece]]:
    """Pieces of like length together, the longest last, where they are taken first."""
    batches: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: len(piece.token_ids)):
        fits = batches and len(batches[-1]) < most_rows
        if fits and (len(batches[-1]) + 1) * len(piece.token_ids) <= most_tokens:
            batches[-1].append(piece)
        else:
            batches.append([piece])
    return batches
