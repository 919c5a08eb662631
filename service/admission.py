"""Admission: the one place that decides whether there is room for a request, for single texts and batches alike.

What is bounded is what costs memory while it waits: texts, their tokens, and the bytes of request bodies.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from service.errors import QueueFull, RequestTooLarge

Unit = Literal["texts", "tokens", "bytes"]
UNITS: tuple[Unit, ...] = get_args(Unit)


class Admission:
    """Room for so many texts, tokens and bytes at once."""

    def __init__(self, limits: dict[Unit, int], on_refusal: Callable[[Unit], None] = lambda unit: None) -> None:
        self.limits = limits
        self.admitted: dict[Unit, int] = dict.fromkeys(UNITS, 0)
        self._on_refusal = on_refusal

    @contextmanager
    def ticket(self) -> Iterator["Ticket"]:
        """A request's share of the room, given back at the end of the block."""
        ticket = Ticket(self)
        try:
            yield ticket
        finally:
            for unit, amount in ticket.taken.items():
                self.admitted[unit] -= amount

    def _take(self, ticket: "Ticket", unit: Unit, amount: int) -> None:
        limit = self.limits[unit]
        needed = ticket.taken[unit] + amount
        if needed > limit:
            raise RequestTooLarge(
                f"the request has {needed} {unit}; the service holds at most {limit} at once: send it in parts",
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
