import random

import pytest

from service.bucket import LONGEST_WAIT_S, Bucket
from service.errors import RateLimited


def test_a_burst_is_given_at_once_and_then_a_steady_rate() -> None:
    bucket = Bucket(per_second=10, burst=3, now=100.0)
    assert [bucket.take(1, 100.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(1, 100.0) == pytest.approx(0.1)
    assert bucket.take(1, 100.11) == 0
    assert bucket.take(1, 100.11) > 0


def test_asking_what_it_holds_takes_nothing() -> None:
    bucket = Bucket(10, 1, 100.0)
    assert [bucket.holds(1, 100.0) for _ in range(3)] == [True] * 3
    assert bucket.take(1, 100.0) == 0
    assert [bucket.holds(1, now) for now in (100.0, 100.05, 100.11)] == [False, False, True]
    assert bucket.take(1, 100.11) == 0


def test_what_is_refused_is_given_after_the_wait_and_not_before() -> None:
    bucket = Bucket(per_second=4, burst=8, now=0.0)
    bucket.take(8, 0.0)
    wait_s = bucket.take(6, 1.0)
    assert wait_s == pytest.approx(0.5)
    assert bucket.take(6, 1.0 + wait_s * 0.99) > 0
    assert bucket.take(6, 1.0 + wait_s + 1e-9) == 0


def test_more_than_a_burst_is_given_to_a_full_bucket_and_paid_off_later() -> None:
    bucket = Bucket(per_second=10, burst=5, now=0.0)
    assert bucket.take(1, 0.0) == 0
    assert bucket.take(25, 0.0) == pytest.approx(0.1)
    assert bucket.take(25, 0.11) == 0
    assert bucket.take(1, 0.11) == pytest.approx(2.1)
    assert bucket.take(1, 2.22) == 0


def test_second_part_of_a_request_reckons_with_the_first() -> None:
    bucket = Bucket(per_second=2, burst=4, now=0.0)
    bucket.take(2, 0.0)
    assert bucket.take(1, 0.0) == 0
    wait_s = bucket.take(3, 0.0, again=1)
    for waited_s, is_enough in ((wait_s - 0.01, False), (wait_s, True)):
        other = Bucket(per_second=2, burst=4, now=0.0)
        other.take(3, 0.0)
        assert other.take(1, waited_s) == 0
        assert (other.take(3, waited_s, again=1) == 0) == is_enough


def test_no_order_of_requests_gets_more_than_burst_and_rate() -> None:
    generator = random.Random(0)
    bucket, now, given = Bucket(per_second=7, burst=20, now=0.0), 0.0, 0
    for _ in range(10_000):
        now += generator.expovariate(5)
        amount = generator.randint(1, 40)
        if not bucket.take(amount, now):
            given += amount
    assert 0.9 * 7 * now < given <= 20 + 7 * now + 20


@pytest.mark.parametrize("per_second", [1e-6, 1e-308, 5e-324])
def test_nobody_is_told_to_wait_for_ever(per_second: float) -> None:
    """At a rate of 1e-320, which a file of keys may have, the wait was infinite, and the answer a 500 and no 429."""
    bucket = Bucket(per_second=per_second, burst=1, now=0.0)
    assert bucket.take(1, 0.0) == 0
    wait_s = bucket.take(1, 0.0)
    assert wait_s == LONGEST_WAIT_S
    assert RateLimited("wait", wait_s=wait_s).headers == {"Retry-After": "86400"}


def test_other_limits_do_not_refill() -> None:
    bucket = Bucket(per_second=1, burst=10, now=0.0)
    bucket.take(10, 0.0)
    bucket.change(per_second=2, burst=20, now=1.0)
    assert bucket.take(2, 1.0) == pytest.approx(0.5)
    bucket.change(per_second=2, burst=1, now=100.0)
    assert bucket.take(1, 100.0) == 0
    assert bucket.take(1, 100.0) == pytest.approx(0.5)
