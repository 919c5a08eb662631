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
