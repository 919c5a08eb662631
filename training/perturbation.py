"""Real sentences made to say otherwise, for a teacher to label: negation put in or taken out, two joined by contrast.

English only. A student that sees a sentence and its negation, each with what the teacher says of it, cannot do with the
words alone.   Source: Kaushik et al. 2020, arXiv 1909.12434, for edited pairs, there by hand.
"""

import random
import re

_NEGATED = {
    "is": "isn't",
    "was": "wasn't",
    "are": "aren't",
    "were": "weren't",
    "do": "don't",
    "does": "doesn't",
    "did": "didn't",
    "can": "can't",
    "could": "couldn't",
    "will": "won't",
    "would": "wouldn't",
    "should": "shouldn't",
    "has": "hasn't",
    "have": "haven't",
    "had": "hadn't",
    "am": "am not",
}
_PLAIN = {negated: plain for plain, negated in _NEGATED.items()}
_AUXILIARY = re.compile(
    r"\b(" + "|".join([*_PLAIN, *(f"{plain} not" for plain in _NEGATED), *_NEGATED]) + r")\b", re.IGNORECASE
)
_CONTRASTS = ("{0}, but {1}", "{0}. However, {1}", "Although {2}, {1}", "{0}, yet {1}", "{0}; still, {1}")


def toggle_negation(text: str, source: random.Random) -> str | None:
    """The text with one of its auxiliary verbs negated, or no longer negated; None if it has none."""
    found = list(_AUXILIARY.finditer(text))
    if not found:
        return None
    chosen = source.choice(found)
    verb = chosen.group().lower()
    if verb in _PLAIN:
        said = _PLAIN[verb]
    elif verb.endswith(" not"):
        said = verb.removesuffix(" not")
    else:
        said = source.choice((_NEGATED[verb], f"{verb} not"))
    if chosen.group()[0].isupper():
        said = said.capitalize()
    return text[: chosen.start()] + said + text[chosen.end() :]


def contrast(first: str, second: str, source: random.Random) -> str:
    """Two sentences as one, the second against the first."""
    clause = first.rstrip(".!? ")
    return source.choice(_CONTRASTS).format(clause, _lower_first(second), _lower_first(clause))


def _lower_first(text: str) -> str:
    """The text as it reads within a sentence; a name or an I cannot be told from a first word, but the word I can."""
    return text if text.startswith(("I ", "I'")) else text[:1].lower() + text[1:]
