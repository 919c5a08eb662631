import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

from prometheus_client import CollectorRegistry

from service.engine import MOST_CHARS_INLINE, Engine
from service.metrics import Metrics
from service.settings import Settings
from tests.service.fakes import FakePredictor


class ThreadTeller(FakePredictor):
    """Remembers in which threads it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        self.threads.append(threading.get_ident())
        return super().encode(texts)


async def test_only_little_text_is_tokenized_on_the_event_loop() -> None:
    """A long text there would hold up the answers of all others, and of probes."""
    predictor = ThreadTeller()
    engine = Engine(predictor, Settings(), Metrics(CollectorRegistry()))
    for texts in (["a" * MOST_CHARS_INLINE], ["a" * (MOST_CHARS_INLINE + 1)], ["a", "b" * MOST_CHARS_INLINE]):
        assert list(map(len, await engine.encode(texts))) == list(map(len, texts))
    short, *others = predictor.threads
    assert short == threading.get_ident()
    assert short not in others
    await engine.retire()


async def test_batches_have_no_more_rows_than_are_best() -> None:
    predictor = FakePredictor()
    predictor.best_rows = 3
    engine = Engine(predictor, replace(Settings(), max_batch_rows=64), Metrics(CollectorRegistry()))
    await asyncio.gather(*(engine.batcher.submit([number]) for number in range(7)))
    assert max(map(len, predictor.batches)) == 3
    await engine.retire()
