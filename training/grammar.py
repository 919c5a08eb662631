"""Labelled sentences written by rule, to teach how words of sentiment combine.

Natural corpora show negation, concession and comparison too rarely for a small network, and those of Chinese have no
neutral rows. The rules are data: patterns in grammar_en.py and grammar_zh.py, what they speak of in the files `_things`
beside them. A rule has a name and alternatives, parted by `|` or line ends, `_` for the empty one. They may hold slots:

    {place}    any alternative of the rule `place`, none twice in a sentence where there is another
    {whole@}   the same text wherever it stands in the sentence

A name ends in its sign: + positive, - negative, 0 neutral. A rule whose name ends in `=` stands for two, one of each
polarity; in its alternatives `=` is that polarity and `~` the other.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from training import grammar_en, grammar_en_things, grammar_zh, grammar_zh_things

LABELS = {"+": "positive", "-": "negative", "0": "neutral"}
"""Label of each sign."""

_SEED = 1
_MAX_DRAWS = 100
"""Draws for each sentence wanted of a pattern, before the pattern counts as too small."""
_SLOT = re.compile(r"\{([^{}]+)\}")

Rules = dict[str, str]
Finish = Callable[[str, str, Random], str]
"""From a bare sentence and its sign to spelling, punctuation and the noise of real posts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """The language of all sentences that follow from its rules."""

    domains: Mapping[str, Mapping[str, Sequence[str]]]
    """Name of a domain -> all rules as they are in it, so that a sentence speaks of one kind of thing."""
    plan: Mapping[str, int]
    """Rule to start from, its sign the label -> how many sentences to write."""
    finish: Finish

    def write(self, start: str, rng: Random) -> str:
        """One sentence from a rule, in a domain that the generator draws."""
        rules = self.domains[rng.choice(list(self.domains))]
        used: set[str] = set()
        kept: dict[str, str] = {}

        def fill(slot: re.Match[str]) -> str:
            name = slot[1]
            if name in kept:
                return kept[name]
            choices = rules[name.removesuffix("@")]
            choice = rng.choice([choice for choice in choices if choice not in used] or choices)
            if choice:
                used.add(choice)
            text = _SLOT.sub(fill, choice)
            if name.endswith("@"):
                kept[name] = text
            return text

        return self.finish(_SLOT.sub(fill, f"{{{start}}}"), start[-1], rng)


def build(common: Rules, domains: Mapping[str, Rules], plan: Mapping[str, int], finish: Finish) -> Grammar:
    """A grammar from texts of rules; those of a domain replace the common ones of the same name."""
    tables = {}
    for domain, own in domains.items():
        table: dict[str, list[str]] = {}
        for name, text in (common | own).items():
            for signed_name, signed_text in _both_signs(name, text):
                table.setdefault(signed_name, []).extend(_alternatives(signed_text))
        tables[domain] = table
    return Grammar(domains=tables, plan=plan, finish=finish)


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


def _both_signs(name: str, text: str) -> list[tuple[str, str]]:
    if not name.endswith("="):
        return [(name, text)]
    return [
        (name[:-1] + sign, re.sub("=(?=[@}])", sign, re.sub("~(?=[@}])", other, text)))
        for sign, other in (("+", "-"), ("-", "+"))
    ]


def _alternatives(text: str) -> list[str]:
    stripped = (part.strip() for part in re.split(r"[|\n]", text))
    return ["" if part == "_" else part for part in stripped if part]


GRAMMARS = {
    "en": build(grammar_en.COMMON, grammar_en_things.DOMAINS, grammar_en.PLAN, grammar_en.finish),
    "zh": build(grammar_zh.COMMON, grammar_zh_things.DOMAINS, grammar_zh.PLAN, grammar_zh.finish),
}
"""Language -> its grammar."""
