"""Admission: the one place that decides whether there is room for a request, for single texts and batches alike.

What is bounded is what costs memory while it waits: texts, their tokens, and the bytes of request bodies.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from service.errors import QueueFull, RequestTooLarge

Unit = Literal["texts", "tokens", "bytes"]
UNITS: tuple[Unit, ...] = get_args(Unit)
MOST_HELD_BACK = 16
"""One part in so many of the room may be held back for a usual request."""
NEWEST = 1 / 16
"""What the newest request counts for in what is usual."""


class Admission:
    """Room for so many texts, tokens and bytes at once."""

    def __init__(self, limits: dict[Unit, int], on_refusal: Callable[[Unit], None] = lambda unit: None) -> None:
        self.limits = limits
        self.admitted: dict[Unit, int] = dict.fromkeys(UNITS, 0)
        self._on_refusal = on_refusal
        self._usual: dict[Unit, float] = dict.fromkeys(UNITS, 1.0)
        """What a request asks for: the mean of the last ones, in which none counts for more than a part of the room."""

    @contextmanager
    def ticket(self) -> Iterator["Ticket"]:
        """A request's share of the room, given back at the end of the block."""
        ticket = self.open()
        try:
            yield ticket
        finally:
            ticket.give_back()

    def open(self) -> "Ticket":
        """A share that must be given back."""
        return Ticket(self)

    def shortage(self, before: int = 0) -> QueueFull | None:
        """The refusal of a request of which nothing is known yet, if a usual one would be refused.

        Else nearly all would be read and tokenized first, since a full queue is some tokens short of its limit.
        before: requests that come first, and of which nothing is known either.
        """
        for unit, limit in self.limits.items():
            if self.admitted[unit] + self._usual[unit] * (1 + before) > limit:
                self._on_refusal(unit)
                return QueueFull(
                    f"{self.admitted[unit]} {unit} are waiting; the limit is {limit}", field=unit, limit=limit
                )
        return None

    def _take(self, ticket: "Ticket", unit: Unit, amount: int) -> None:
        limit = self.limits[unit]
        self._usual[unit] += (max(1, min(amount, limit // MOST_HELD_BACK)) - self._usual[unit]) * NEWEST
        needed = ticket.taken[unit] + amount
        if needed > limit:
            raise RequestTooLarge(
                f"the request has {needed} {unit} or more; the service holds at most {limit}: send it in parts",
                field=unit,
                limit=limit,
                value=needed,
            )
        if self.admitted[unit] + amount > limit:
            self._on_refusal(unit)
            raise QueueFull(
                f"{self.admitted[unit]} {unit} are waiting and this request has {needed}; the limit is {limit}",
                field=unit,
                limit=limit,
                value=needed,
            )
        self.admitted[unit] += amount
        ticket.taken[unit] = needed


class Ticket:
    """What one request holds."""

    def __init__(self, admission: Admission) -> None:
        self.taken: dict[Unit, int] = dict.fromkeys(UNITS, 0)
        self._admission = admission

    def take(self, unit: Unit, amount: int) -> None:
        """Ask for more room.

        Raises: QueueFull if there is none now, RequestTooLarge if there never can be.
        """
        self._admission._take(self, unit, amount)

    def give_back(self) -> None:
        """The request is over."""
        for unit, amount in self.taken.items():
            self._admission.admitted[unit] -= amount
