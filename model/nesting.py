"""How deep JSON may be nested, found out before it is parsed.

The parser of the standard library calls itself for each level, and says RecursionError when Python's stack is full. By
then the garbage collector may have run up there: whatever it finalized, of whichever request, failed for want of stack.
"""

import re
from itertools import accumulate

MOST_NESTED = 100
"""Levels. Requests and metadata that are right have less than ten."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_OTHERS = bytes(set(range(256)) - set(b"[{]}"))


class NestedTooDeeplyError(ValueError):
    """JSON of more levels than MOST_NESTED. depth: how many it has."""

    def __init__(self, depth: int) -> None:
        super().__init__(f"nested {depth} levels deep; the limit is {MOST_NESTED}")
        self.depth = depth


def check_nesting(text: str) -> None:
    """text: meant to be JSON; whether it is, the parser says.

    Raises: NestedTooDeeplyError.
    """
    if text.count("[") + text.count("{") <= MOST_NESTED:  # as nearly all
        return
    brackets = _STRING.sub(b"", text.encode("ascii", "replace")).translate(_STEPS, _OTHERS)
    depth = max(accumulate(memoryview(brackets).cast("b")), default=0)
    if depth > MOST_NESTED:
        raise NestedTooDeeplyError(depth)
