"""Instruments that cost next to nothing to count on: plain numbers, made into samples when they are scraped.

Those of prometheus_client take a lock at every count, for any thread may count. Here all counting and all scrapes
happen on the event loop's thread, so there is nothing to lock: use them from nowhere else.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString


class Count:
    """One counter: a number that only grows."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def inc(self, amount: int = 1) -> None:
        """Count some more."""
        self.value += amount


class Distribution:
    """One histogram: how many values fell into each bucket, and their sum.

    bounds: upper ends of the buckets, rising; a value on a bound belongs to it. One more bucket holds what is above.
    """

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


class Level:
    """How many are inside at the moment: `with level:` around the work."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def __enter__(self) -> None:
        self.value += 1

    def __exit__(self, *exc: object) -> None:
        self.value -= 1


class Counters(Collector):
    """Counts by the values of labels; sentiment_NAME_total."""

    def __init__(self, registry: CollectorRegistry, name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        self._about = name, meaning, labels
        self._children: dict[tuple[str, ...], Count] = {}
        registry.register(self)

    def labels(self, *values: str) -> Count:
        """The one for these values, in the order of the labels; made at the first call."""
        child = self._children.get(values)
        if child is None:
            child = self._children[values] = Count()
        return child

    def describe(self) -> Iterator[CounterMetricFamily]:
        """Its name, by which the registry refuses a second of the same."""
        return self.collect()

    def values(self) -> dict[tuple[str, ...], int]:
        """What was counted, by the values of the labels."""
        return {values: child.value for values, child in self._children.items()}

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Samples as they are now: for prometheus_client."""
        family = CounterMetricFamily(self._about[0], self._about[1], labels=self._about[2])
        for values, child in self._children.items():
            family.add_metric(values, child.value)
        yield family


class DerivedCounters(Collector):
    """Counters that cost nothing until they are scraped, being sums of others.

    read: the counts by the values of the labels; each may only grow.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        name: str,
        meaning: str,
        labels: Sequence[str],
        read: Callable[[], Mapping[tuple[str, ...], int]],
    ) -> None:
        self._about = name, meaning, labels
        self._read = read
        registry.register(self)

    def describe(self) -> Iterator[CounterMetricFamily]:
        """Its name, by which the registry refuses a second of the same."""
        yield self._family()

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Samples as they are now: for prometheus_client."""
        family = self._family()
        for values, count in self._read().items():
            family.add_metric(values, count)
        yield family

    def _family(self) -> CounterMetricFamily:
        return CounterMetricFamily(self._about[0], self._about[1], labels=self._about[2])


class Histograms(Collector):
    """Distributions by the values of labels."""

    def __init__(
        self,
        registry: CollectorRegistry,
        name: str,
        meaning: str,
        bounds: Sequence[float],
        labels: Sequence[str] = (),
    ) -> None:
        self._about = name, meaning, labels
        self._bounds = tuple(bounds)
        self._ends = [*map(_end, bounds), "+Inf"]
        self._children: dict[tuple[str, ...], Distribution] = {}
        registry.register(self)

    def labels(self, *values: str) -> Distribution:
        """The one for these values, in the order of the labels; made at the first call."""
        child = self._children.get(values)
        if child is None:
            child = self._children[values] = Distribution(self._bounds)
        return child

    def describe(self) -> Iterator[HistogramMetricFamily]:
        """Its name, by which the registry refuses a second of the same."""
        return self.collect()

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Samples as they are now: for prometheus_client."""
        family = HistogramMetricFamily(self._about[0], self._about[1], labels=self._about[2])
        for values, child in self._children.items():
            buckets, below = [], 0
            for end, count in zip(self._ends, child.counts, strict=True):
                below += count
                buckets.append((end, below))
            family.add_metric(values, buckets, child.sum)
        yield family


def _end(bound: float) -> str:
    """A bound as the library writes it."""
    text: str = floatToGoString(bound)  # type: ignore[no-untyped-call]
    return text
