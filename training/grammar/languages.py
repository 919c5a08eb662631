"""The grammar of each language, and all its labelled sentences.

Natural corpora show negation, concession and comparison too rarely for a small network, and those of Chinese have no
neutral rows.
"""

from collections.abc import Sequence
from importlib import import_module
from random import Random
from typing import Any

from training.grammar import chinese, english
from training.grammar.rules import build

LABELS = {"+": "positive", "-": "negative", "0": "neutral"}
"""Label of each sign."""

_KINDS = ("words", "claims", "negation", "contrast", "comparison", "change", "framing", "neutral")
"""Files of rules in the folder of each language."""
_THINGS = ("goods", "services")
"""Files of domains."""


def _gather(language: str, table: str, files: Sequence[str]) -> dict[str, Any]:
    """What the tables of some files hold together; no name may stand in two of them."""
    found: dict[str, Any] = {}
    for file in files:
        own = getattr(import_module(f"training.grammar.{language}.{file}"), table)
        assert found.keys().isdisjoint(own), f"{language}/{file}.py: {sorted(found.keys() & own)} stand elsewhere too"
        found |= own
    return found


GRAMMARS = {
    name: build(_gather(name, "RULES", _KINDS), _gather(name, "DOMAINS", _THINGS), language.PLAN, language.finish)
    for name, language in (("en", english), ("zh", chinese))
}
"""Language -> its grammar."""

_SEED = 1
_MAX_DRAWS = 100
"""Draws for each sentence wanted of a pattern, before the pattern counts as too small."""


def sentences(language: str) -> list[tuple[str, str]]:
    """All sentences of a language with their labels: the same list each time, mixed, no two equal but for case."""
    grammar = GRAMMARS[language]
    rng = Random(_SEED)
    seen: set[str] = set()
    rows: list[tuple[str, str]] = []
    for start, wanted in grammar.plan.items():
        goal = len(rows) + wanted
        for _ in range(wanted * _MAX_DRAWS):
            text = grammar.write(start, rng)
            if text.lower() not in seen:
                seen.add(text.lower())
                rows.append((text, LABELS[start[-1]]))
            if len(rows) == goal:
                break
        assert len(rows) == goal, f"{language}: {start} has no {wanted} sentences"
    rng.shuffle(rows)
    return rows
