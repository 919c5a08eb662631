"""Bucket: how much may be asked for in a while; a token bucket whose debts are paid before anything more is given."""

LONGEST_WAIT_S = 86_400.0
"""The longest that anybody is told to wait: at the smallest rates the true number is no number any more."""


class Bucket:
    """Fills at a steady rate up to a burst.

    per_second: above 0. burst: at least 1; also what it holds at first. Times are of one monotonic clock, in seconds.
    """

    __slots__ = ("_burst", "_level", "_per_second", "_updated_at")

    def __init__(self, per_second: float, burst: float, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._level = burst
        self._updated_at = now

    def take(self, amount: float, now: float, again: float = 0) -> float:
        """Take an amount, or nothing.

        More than a burst is given to whoever comes to a full bucket, which owes the rest: or it would never be given.

        again: what was taken for the same purpose a moment ago, and will be again at another attempt.
        Returns: 0.0 if it was taken, else the seconds after which another attempt can succeed, or LONGEST_WAIT_S.
        """
        self._level = min(self._burst, self._level + (now - self._updated_at) * self._per_second)
        self._updated_at = now
        missing = min(amount, self._burst - again) - self._level
        if missing > 0:
            return min((missing + again) / self._per_second, LONGEST_WAIT_S)
        self._level -= amount
        return 0.0

    def holds(self, amount: float, now: float) -> bool:
        """Whether an amount of no more than a burst could be taken."""
        return self._level + (now - self._updated_at) * self._per_second >= amount

    def change(self, per_second: float, burst: float, now: float) -> None:
        """Go on with other limits; what was taken stays taken."""
        self.take(0, now)
        self._per_second = per_second
        self._burst = burst
        self._level = min(burst, self._level)
