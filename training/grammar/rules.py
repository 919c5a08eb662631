"""The notation that sentences are written in by rule, and its reader.

A grammar is data: rules, each with a name and alternatives, parted by `|` or line ends, `_` for the empty one. They may
hold slots:

    {place}    any alternative of the rule `place`, none twice in a sentence where there is another
    {whole@}   the same text wherever it stands in the sentence

A name ends in its sign: + positive, - negative, 0 neutral. A rule whose name ends in `=` stands for two, one of each
polarity; in its alternatives `=` is that polarity and `~` the other.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

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
