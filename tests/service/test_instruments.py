import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.openmetrics import exposition

from service.instruments import Counters, Histograms, Level

BOUNDS = (0.1, 0.25, 1.0, 16_384, 1_048_576)
VALUES = (0.0, 0.1, 0.100001, 0.3, 1, 20_000, 2_000_000, 0.25)


def text(registry: CollectorRegistry) -> bytes:
    """Both formats, without the times of creation that the library adds."""
    both: bytes = generate_latest(registry) + exposition.generate_latest(registry)  # type: ignore[no-untyped-call]
    return b"\n".join(line for line in both.split(b"\n") if b"_created" not in line)


def test_counts_read_as_those_of_the_library() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    mine, other = Counters(ours, "a", "What.", ("x", "y")), Counter("a", "What.", ("x", "y"), registry=theirs)
    for values, amount in ((("1", 'q"'), 1), (("2", "b"), 0), (("1", 'q"'), 5)):
        mine.labels(*values).inc(amount)
        other.labels(*values).inc(amount)
    Counters(ours, "b", "Bare.").labels().inc()
    Counter("b", "Bare.", registry=theirs).inc()
    assert text(ours) == text(theirs)


def test_distributions_read_as_those_of_the_library() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    mine = Histograms(ours, "a", "What.", BOUNDS, ("x",))
    other = Histogram("a", "What.", ("x",), buckets=BOUNDS, registry=theirs)
    for value in VALUES:
        for label in ("1", "2"):
            mine.labels(label).observe(value)
            other.labels(label).observe(value)
    assert text(ours) == text(theirs)


def test_labels_give_the_same_child_each_time() -> None:
    counters = Counters(CollectorRegistry(), "a", "What.", ("x",))
    assert counters.labels("1") is counters.labels("1") is not counters.labels("2")


def test_level_falls_again_whatever_happens() -> None:
    level = Level()

    def fail() -> None:
        with level:
            assert level.value == 2
            raise RuntimeError

    with level:
        with pytest.raises(RuntimeError):
            fail()
        assert level.value == 1
    assert level.value == 0


def test_two_of_one_name_are_refused() -> None:
    registry = CollectorRegistry()
    Counters(registry, "a", "What.")
    with pytest.raises(ValueError, match="Duplicated"):
        Counters(registry, "a", "What.")
