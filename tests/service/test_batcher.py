import asyncio
import os
import sys
import threading
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import batcher as module
from service.batcher import MOST_FAILURES, NICENESS, Answer, Batcher, BatchReport
from service.errors import InternalError
from tests.service.conftest import until
from tests.service.fakes import FakePredictor, logits


def batcher_of(predictor: FakePredictor, *, tokens: int = 64, rows: int = 4, **options: object) -> Batcher:
    return Batcher(predictor.predict, max_batch_tokens=tokens, max_batch_rows=rows, **options)  # type: ignore[arg-type]


async def hold(batcher: Batcher, predictor: FakePredictor) -> "asyncio.Future[object]":
    """Put the model to work on one row and keep it there, so that what is submitted next gathers."""
    predictor.is_free.clear()
    held = batcher.submit([1])
    await asyncio.to_thread(predictor.is_called.wait, 60)
    return held  # type: ignore[return-value]


async def hold_all(batcher: Batcher, predictor: FakePredictor, workers: int) -> "list[asyncio.Future[Answer]]":
    """Put every thread of the model to work on one row."""
    predictor.is_free.clear()
    held = []
    for _ in range(workers):
        held.append(batcher.submit([1]))
        await asyncio.to_thread(predictor.calls.acquire, timeout=60)
    return held


async def test_lone_row_is_answered_without_company() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor)
    answer = await batcher.submit([3, 4])
    assert answer.result == logits([3, 4])
    assert predictor.batches == [[[3, 4]]]
    await batcher.close()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux")
async def test_model_gives_way_to_the_event_loop() -> None:
    """Of equal priority, an event loop under more load than can be answered waited for a core most of its time."""

    def niceness(rows: object) -> list[int]:
        return [os.getpriority(os.PRIO_PROCESS, threading.get_native_id())]

    before = niceness(())[0]
    batcher = Batcher(niceness, max_batch_tokens=64, max_batch_rows=4)
    assert (await batcher.submit([1])).result == min(19, before + NICENESS)
    assert niceness(()) == [before]
    await batcher.close()


async def test_rows_gather_while_the_model_works() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor)
    await hold(batcher, predictor)
    futures = [batcher.submit([number]) for number in range(6)]
    predictor.is_free.set()
    assert [answer.result for answer in await asyncio.gather(*futures)] == [logits([number]) for number in range(6)]
    assert [len(batch) for batch in predictor.batches] == [1, 4, 2]
    await batcher.close()


async def test_cancelled_caller_is_skipped() -> None:
    """A result for a cancelled future ended the batch loop for good (ray#41057)."""
    predictor = FakePredictor()
    batcher = batcher_of(predictor)
    held = await hold(batcher, predictor)
    held.cancel()
    futures = [batcher.submit([number]) for number in range(4)]
    futures[1].cancel()
    predictor.is_free.set()
    assert (await futures[3]).result == logits([3])
    assert predictor.batches[1:] == [[[0], [2], [3]]]
    assert batcher.is_alive
    await batcher.close()


async def test_oldest_row_is_never_passed_over() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor, rows=2)
    await hold(batcher, predictor)
    futures = [batcher.submit([7] * length) for length in (9, 1, 1, 1, 1, 1)]
    predictor.is_free.set()
    await asyncio.gather(*futures)
    assert len(predictor.batches[1][0]) == 9
    await batcher.close()


async def test_rows_of_like_length_go_together() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor, rows=2)
    await hold(batcher, predictor)
    futures = [batcher.submit([7] * length) for length in (9, 1, 8, 2)]
    predictor.is_free.set()
    await asyncio.gather(*futures)
    assert [[len(row) for row in batch] for batch in predictor.batches[1:]] == [[9, 8], [1, 2]]
    await batcher.close()


async def test_budget_is_rows_times_the_longest() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor, tokens=5)
    await hold(batcher, predictor)
    futures = [batcher.submit([7] * length) for length in (3, 3, 2, 2)]
    predictor.is_free.set()
    await asyncio.gather(*futures)
    assert [[len(row) for row in batch] for batch in predictor.batches[1:]] == [[3], [3], [2, 2]]
    await batcher.close()


async def test_row_above_the_budget_runs_alone() -> None:
    """A batch budget below the longest input made an endless loop (TEI#723)."""
    predictor = FakePredictor()
    batcher = batcher_of(predictor, tokens=4)
    answers = await asyncio.gather(batcher.submit([1] * 9), batcher.submit([1]))
    assert [answer.result for answer in answers] == [logits([1] * 9), logits([1])]
    await batcher.close()


async def test_poison_row_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    predictor = FakePredictor()
    predictor.fail = lambda rows: any(13 in row for row in rows)
    batcher = batcher_of(predictor)
    await hold(batcher, predictor)
    futures = [batcher.submit([number]) for number in (12, 13, 14)]
    predictor.is_free.set()
    first, poison, last = await asyncio.gather(*futures, return_exceptions=True)
    assert [getattr(first, "result", None), getattr(last, "result", None)] == [logits([12]), logits([14])]
    assert isinstance(poison, InternalError)
    assert "the fake fails" in caplog.text
    await batcher.close()


async def test_rows_that_fail_one_after_the_other_are_a_broken_model_and_one_answer_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A caller's bad rows among others' good ones say nothing of the model; and it is tried again after a while."""
    predictor = FakePredictor()
    predictor.fail = lambda rows: any(13 in row for row in rows)
    batcher = batcher_of(predictor)

    async def fail(times: int) -> None:
        for _ in range(times):
            with pytest.raises(InternalError):
                await batcher.submit([13])

    await fail(MOST_FAILURES - 1)
    await batcher.submit([1])
    await fail(MOST_FAILURES - 1)
    assert batcher.is_working
    await fail(1)
    assert (batcher.is_working, batcher.is_alive) == (False, True)
    monkeypatch.setattr(module, "RETRY_S", 0.0)
    assert batcher.is_working
    monkeypatch.undo()
    await fail(1)
    assert not batcher.is_working
    await batcher.submit([1])
    assert batcher.is_working
    await batcher.close()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, SystemExit, StopIteration, asyncio.CancelledError, MemoryError])
async def test_loop_survives_any_exception(failure: type[BaseException]) -> None:
    failing = threading.Event()
    failing.set()

    def predict(rows: Sequence[Sequence[int]]) -> list[list[float]]:
        if failing.is_set():
            raise failure
        return [logits(row) for row in rows]

    batcher = Batcher(predict, max_batch_tokens=64, max_batch_rows=4)
    with pytest.raises(InternalError):
        await batcher.submit([1])
    failing.clear()
    assert (await batcher.submit([1])).result == logits([1])
    await batcher.close()


async def test_wrong_number_of_results_fails_and_mixes_nothing() -> None:
    """Batching gave one caller all results and others none (MLServer#1306)."""
    predictor = FakePredictor()

    def predict(rows: Sequence[Sequence[int]]) -> list[list[float]]:
        answers = predictor.predict(rows)
        return answers if len(rows) == 1 else answers[:-1]

    batcher = Batcher(predict, max_batch_tokens=64, max_batch_rows=4)
    await hold(batcher, predictor)
    futures = [batcher.submit([number]) for number in range(3)]
    predictor.is_free.set()
    assert [answer.result for answer in await asyncio.gather(*futures)] == [logits([number]) for number in range(3)]
    await batcher.close()


async def test_failing_count_does_not_matter_to_callers() -> None:
    def on_batch(report: BatchReport) -> None:
        raise KeyError("counting fails")

    batcher = batcher_of(FakePredictor(), on_batch=on_batch)
    for _ in range(2):
        assert (await batcher.submit([1])).result == logits([1])
    await batcher.close()


async def test_dead_owner_is_seen_and_leaves_nobody_waiting() -> None:
    """An exception in sizing hung all later requests while the app was RUNNING (ray#66140)."""
    predictor = FakePredictor()
    batcher = batcher_of(predictor)
    await hold(batcher, predictor)
    waiting = batcher.submit([2])
    batcher._owner.cancel()
    with pytest.raises(InternalError):
        await waiting
    assert not batcher.is_alive
    with pytest.raises(InternalError):
        batcher.submit([3])
    predictor.is_free.set()


async def test_close_answers_what_waits() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor)
    await hold(batcher, predictor)
    futures = [batcher.submit([number]) for number in range(9)]
    closing = asyncio.create_task(batcher.close())
    predictor.is_free.set()
    await closing
    assert [future.result().result for future in futures] == [logits([number]) for number in range(9)]


@settings(max_examples=60)
@given(
    lengths=st.lists(st.integers(1, 30), min_size=1, max_size=60),
    left=st.sets(st.integers(0, 59)),
    poison=st.sets(st.integers(0, 59), max_size=3),
    max_tokens=st.integers(1, 64),
    max_rows=st.integers(1, 8),
    workers=st.integers(1, 3),
)
async def test_every_row_gets_its_own_answer_once(
    lengths: list[int], left: set[int], poison: set[int], max_tokens: int, max_rows: int, workers: int
) -> None:
    """Order, count, budgets, cancellations and failures, for any rows."""
    predictor, reports = FakePredictor(), list[BatchReport]()
    bad = {1000 + number for number in poison}
    predictor.fail = lambda rows: any(row[0] in bad for row in rows)
    batcher = Batcher(
        predictor.predict,
        max_batch_tokens=max_tokens,
        max_batch_rows=max_rows,
        workers=workers,
        on_batch=reports.append,
    )
    await hold_all(batcher, predictor, workers)
    rows = [[1000 + number] * length for number, length in enumerate(lengths)]
    futures = [batcher.submit(row) for row in rows]
    for number in left:
        if number < len(rows):
            futures[number].cancel()
    predictor.is_free.set()
    await asyncio.wait(futures)
    await batcher.close()
    for number, (row, future) in enumerate(zip(rows, futures, strict=True)):
        if number in left:
            assert future.cancelled()
        elif number in poison:
            assert isinstance(future.exception(), InternalError)
        else:
            assert future.result().result == logits(row)
    for batch in predictor.batches:
        assert len(batch) <= max_rows
        assert len(batch) == 1 or len(batch) * max(map(len, batch)) <= max_tokens
    answered = [row for row in rows if row[0] - 1000 not in left | poison]
    assert sum(report.rows for report in reports) == len(answered) + workers
    asked = [tuple(row) for batch in predictor.batches for row in batch]
    for row in rows:
        assert (tuple(row) in asked) == (row[0] - 1000 not in left)
        if not poison:
            assert asked.count(tuple(row)) <= 1
    await until(lambda: not batcher.is_alive)


async def test_batches_for_another_call_may_be_held_to_less() -> None:
    """On a GPU, explanations were given in batches of a size that had been measured of predictions."""
    predictor, explained = FakePredictor(), list[int]()

    def explain(rows: Sequence[Sequence[int]]) -> list[int]:
        explained.append(len(rows))
        return [0] * len(rows)

    batcher = Batcher(predictor.predict, max_batch_tokens=64, max_batch_rows=64, max_other_tokens=8)
    await hold(batcher, predictor)
    futures = [batcher.submit([1, 2], call) for call in (None, explain) for _ in range(10)]
    predictor.is_free.set()
    await asyncio.wait(futures)
    assert [len(batch) for batch in predictor.batches] == [1, 10]
    assert explained == [4, 4, 2]
    await batcher.close()


async def test_as_many_batches_run_at_once_as_there_are_workers() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor, workers=3)
    held = await hold_all(batcher, predictor, 3)
    late = batcher.submit([2])
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(predictor.batches) == 3
    predictor.is_free.set()
    await asyncio.gather(*held, late)
    assert predictor.batches == [[[1]], [[1]], [[1]], [[2]]]
    await batcher.close()


async def test_lone_row_does_not_wait_while_a_worker_is_idle() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor, workers=2)
    first = await hold(batcher, predictor)
    predictor.is_called.clear()
    second = batcher.submit([2])
    assert await asyncio.to_thread(predictor.is_called.wait, 60)
    assert predictor.batches == [[[1]], [[2]]]
    predictor.is_free.set()
    await asyncio.gather(first, second)
    await batcher.close()


@pytest.mark.parametrize(("count", "sizes"), [(2, [1, 1]), (5, [3, 2]), (8, [4, 4])])
async def test_what_waits_is_shared_by_idle_workers(count: int, sizes: list[int]) -> None:
    """One took all that waited and the other idled: 592 requests/s instead of 1,253 at concurrency 8 (mosec)."""
    predictor = FakePredictor()
    batcher = batcher_of(predictor, workers=2)
    futures = [batcher.submit([number]) for number in range(count)]
    assert [answer.result for answer in await asyncio.gather(*futures)] == [logits([row]) for row in range(count)]
    assert sorted(map(len, predictor.batches), reverse=True) == sizes
    await batcher.close()


async def test_full_batches_do_not_wait_for_the_event_loop() -> None:
    """The loop gave a thread two batches a turn, and the model stood still while it was busy refusing.

    With turns of 0.3 s, 74 requests a second were answered of 1,100 that could have been.
    """
    predictor = FakePredictor()
    batcher = batcher_of(predictor, rows=2)
    held = await hold(batcher, predictor)
    futures = [batcher.submit([number]) for number in range(7)]
    predictor.is_free.set()
    for _ in range(4):
        assert predictor.calls.acquire(timeout=60)  # and no turn of the loop meanwhile
    await asyncio.gather(held, *futures)
    assert predictor.batches == [[[1]], [[0], [1]], [[2], [3]], [[4], [5]], [[6]]]
    await batcher.close()


async def test_rows_of_a_failed_batch_are_not_passed_over() -> None:
    """Nor while the event loop is busy: a thread that then took younger batches by itself took all of them."""
    loop = asyncio.get_running_loop()

    def fail(rows: Sequence[Sequence[int]]) -> bool:
        if not (len(rows) > 1 and [0] in rows):
            return False
        time.sleep(0.02)  # the event loop gives the next batch ahead
        loop.call_soon_threadsafe(time.sleep, 0.1)
        time.sleep(0.02)
        return True

    predictor = FakePredictor()
    predictor.fail = fail
    batcher = batcher_of(predictor, rows=2)
    held = await hold(batcher, predictor)
    futures = [batcher.submit([number]) for number in range(8)]
    order: list[int] = []
    for number, future in enumerate(futures):
        future.add_done_callback(lambda _, number=number: order.append(number))  # type: ignore[misc]
    predictor.is_free.set()
    await asyncio.gather(held, *futures)
    assert order.index(1) < 4
    await batcher.close()


async def test_failing_batch_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    predictor = FakePredictor()
    predictor.fail = lambda rows: any(13 in row for row in rows)
    batcher = batcher_of(predictor, workers=2)
    for _ in range(3):
        futures = [batcher.submit([12]), batcher.submit([13])]
        good, bad = await asyncio.gather(*futures, return_exceptions=True)
        assert getattr(good, "result", None) == logits([12])
        assert isinstance(bad, InternalError)
    assert batcher.is_alive
    await batcher.close()
    assert not batcher.is_alive


async def test_close_waits_for_every_worker() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor, workers=2)
    futures = [*(await hold_all(batcher, predictor, 2)), *(batcher.submit([number]) for number in range(9))]
    closing = asyncio.create_task(batcher.close())
    await until(lambda: batcher._closing)
    assert batcher.is_alive
    predictor.is_free.set()
    await closing
    assert all(future.done() for future in futures)
    assert not batcher.is_alive


async def test_dead_owner_lets_running_batches_end() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor, workers=2)
    held = await hold_all(batcher, predictor, 2)
    waiting = batcher.submit([2])
    batcher._owner.cancel()
    with pytest.raises(InternalError):
        await waiting
    predictor.is_free.set()
    for answer in await asyncio.gather(*held):
        assert answer.result == logits([1])


async def test_rows_of_another_call_have_batches_of_their_own() -> None:
    predictor = FakePredictor()
    batcher = batcher_of(predictor)
    calls: list[list[list[int]]] = []

    def count(rows: Sequence[Sequence[int]]) -> list[int]:
        calls.append([list(row) for row in rows])
        return [len(row) for row in rows]

    await hold(batcher, predictor)
    futures = [batcher.submit([number], count if number % 2 else None) for number in range(6)]
    predictor.is_free.set()
    answers = await asyncio.gather(*futures)
    assert [answer.result for answer in answers] == [1 if number % 2 else logits([number]) for number in range(6)]
    assert sorted(row for call in calls for row in call) == [[1], [3], [5]]
    assert [[0], [2], [4]] in predictor.batches
    await batcher.close()
