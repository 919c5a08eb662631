"""Sentences: where each of a text begins and ends, in English, Chinese and mixtures of both.

Unicode's rules (UAX #29, by ICU) find the boundaries. They know no abbreviations, and never end a sentence before a
lower-case letter, as people who write in lower case do; what is added here sets that right. Time grows linearly with
the text, whatever stands in it.
"""

import re
from collections import deque
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from icu4py.breakers import SentenceBreaker


class Span(NamedTuple):
    """A part of a text, in Unicode code points: text[offset : offset + length]."""

    offset: int
    length: int

    @property
    def slice(self) -> slice:
        """What cuts it out of the text."""
        return slice(self.offset, self.offset + self.length)


def split_sentences(text: str) -> list[Span]:
    """The sentences of a text, in order, none empty; white space around them belongs to none.

    A line end is always a boundary: in reviews it parts items of a list far more often than it wraps a line.
    """
    spans = []
    start = 0
    for end in [*_ends(text), len(text)]:
        piece = text[start:end]
        bare = piece.strip()
        if bare:
            spans.append(Span(start + len(piece) - len(piece.lstrip()), len(bare)))
        start = max(start, end)
    return spans


_TITLE = re.compile(r"(?:^|[\s(\"'“‘])(?:Dr|Mr|Mrs|Ms|Prof|St|Mt|Sen|Rep|Gov|Gen|Lt|Capt|Rev|Hon|vs)\.\s*$")
_NUMBER_OF = re.compile(r"(?:^|\s)(?:[Nn]o|[Ff]ig|[Vv]ol|[Pp]p?|[Cc]h)\.\s*$")
_INITIALS = re.compile(r"^\s*(?:[A-Z]\.\s*)+$")
_ITEM_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s*$")
_QUESTION = re.compile(r"[!?][\"'”’]\s*$")
_LOOK_BACK = 12
"""Characters that these are shown at most, so that no text makes them slow."""

_LOWER_CASE = re.compile(r"(?<![^\W\d_])(?<!\.)([^\W\d_]{2,24})[\"'”’)]?\.[\"'”’)]?[^\S\n]+(?=[a-z])")
_ABBREVIATION = re.compile(
    "approx|apr|apt|assn|aug|ave|blvd|capt|co|corp|dec|dept|dr|est|etc|ext|feb|fig|ft|gen|gov|hrs?|inc|incl|jan|jr|jul|"
    "jun|lbs?|ltd|mar|max|min|misc|mrs?|ms|mt|nos?|nov|oct|oz|pp|prof|pt|rep|rev|sec|sen|sept?|sgt|sq|sr|st|temp|tel|"
    "vol|vs|yrs?",
    re.IGNORECASE,
)
"""After which a lower-case letter goes on with the sentence."""

_LINK = re.compile(r"(?:https?://|www\.)[!-~]+")

_FACES = r"[^\S\n]*(?:(?:[\U0001f1e6-\U0001faff\u2600-\u2763\u2b50][\ufe0e\ufe0f\u200d]*)+|[:;]['’]?-?[)(DP](?!\w))"
"""Emoji or an emoticon; not hearts, which stand for a verb as well."""
_FACES_HERE = re.compile(_FACES)
_FACES_AT_END = re.compile(r"(?<=[\w.!?。！？～~)])" + _FACES + r"(?=[^\S\n]+[A-Z]|[^\S\n]*[\u4e00-\u9fff])")


def _ends(text: str) -> Iterator[int]:
    """Boundaries in order: Unicode's, and those that it does not see, without those that are none."""
    unicode_ends = accumulate(map(len, SentenceBreaker(text, "en")))  # its own offsets count UTF-16 units
    lower_case_ends = (match.end() for match in _LOWER_CASE.finditer(text) if not _ABBREVIATION.fullmatch(match[1]))
    face_ends = (match.end() for match in _FACES_AT_END.finditer(text))
    links = deque(match.span() for match in _LINK.finditer(text))
    last = 0
    for end in sorted({*unicode_ends, *lower_case_ends, *face_ends}):
        while links and links[0][1] <= end:
            links.popleft()
        if end < last or (links and links[0][0] < end):
            continue
        if text[end - 1] != "\n":
            if _goes_on(text[max(last, end - _LOOK_BACK) : end], text[end : end + 1]):
                continue
            if faces := _FACES_HERE.match(text, end):  # those after a full stop belong to what they comment on
                end = faces.end()
        last = end
        yield end


def _goes_on(before: str, after: str) -> bool:
    """Whether a boundary is none, by the end of what stands before it and the character after it."""
    if _TITLE.search(before) or _INITIALS.match(before) or _ITEM_NUMBER.match(before):
        return True
    if after.islower():
        return _QUESTION.search(before) is not None
    return after.isdigit() and _NUMBER_OF.search(before) is not None
