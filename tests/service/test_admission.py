import contextlib

import pytest

from service.admission import Admission, Unit
from service.errors import QueueFull, RequestTooLarge


def test_room_is_given_back_whatever_happens() -> None:
    admission = Admission({"texts": 3, "tokens": 10, "bytes": 10})
    with contextlib.suppress(KeyError), admission.ticket() as ticket:
        ticket.take("texts", 2)
        ticket.take("tokens", 7)
        ticket.take("tokens", 3)
        assert admission.admitted == {"texts": 2, "tokens": 10, "bytes": 0}
        raise KeyError
    assert admission.admitted == {"texts": 0, "tokens": 0, "bytes": 0}


def test_full_is_refused_for_now_and_counted() -> None:
    refused: list[Unit] = []
    admission = Admission({"texts": 3, "tokens": 10, "bytes": 10}, refused.append)
    with admission.ticket() as first, admission.ticket() as second:
        first.take("texts", 3)
        with pytest.raises(QueueFull) as caught:
            second.take("texts", 1)
        assert (caught.value.field, caught.value.limit, caught.value.value) == ("texts", 3, 1)
        assert refused == ["texts"]
    assert admission.admitted["texts"] == 0


def test_what_can_never_fit_is_not_asked_to_try_again() -> None:
    admission = Admission({"texts": 3, "tokens": 10, "bytes": 10})
    with admission.ticket() as ticket:
        ticket.take("tokens", 6)
        with pytest.raises(RequestTooLarge) as caught:
            ticket.take("tokens", 5)
    assert (caught.value.field, caught.value.limit, caught.value.value) == ("tokens", 10, 11)


def test_single_and_batch_are_admitted_alike() -> None:
    """At the limit one text got 429 where the same text as a batch passed (TEI#662)."""
    admission = Admission({"texts": 1000, "tokens": 10, "bytes": 10})
    with admission.ticket() as full, admission.ticket() as single, admission.ticket() as batch:
        full.take("texts", 1000)
        for ticket, texts in ((single, 1), (batch, 5)):
            with pytest.raises(QueueFull):
                ticket.take("texts", texts)


def test_shortage_is_told_before_anything_is_known_of_a_request() -> None:
    """Each request behind a full queue was read and tokenized first, only to find some tokens too few."""
    refused: list[Unit] = []
    admission = Admission({"texts": 1000, "tokens": 2000, "bytes": 1000}, refused.append)
    with admission.ticket() as ticket:
        for _ in range(100):
            ticket.take("tokens", 19)
        assert admission.shortage(before=4) is None
        caught = admission.shortage(before=5)  # 19 each, and room for 100
        assert caught is not None
        assert (caught.field, caught.limit, refused) == ("tokens", 2000, ["tokens"])
    assert admission.shortage() is None


def test_huge_request_does_not_keep_small_ones_out() -> None:
    admission = Admission({"texts": 160, "tokens": 1000, "bytes": 1000})
    with admission.ticket() as first, admission.ticket() as second:
        first.take("texts", 150)
        for _ in range(100):
            with pytest.raises(QueueFull):
                second.take("texts", 100)
        assert admission.shortage() is None
        second.take("texts", 10)
        assert admission.shortage() is not None
