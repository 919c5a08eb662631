"""English: how many sentences of which rule, and how they are spelt and punctuated."""

import re
from random import Random

from training.grammar.en import framing

PLAN = {
    "plain+": 2000,
    "plain-": 1100,
    "negated+": 2600,
    "negated-": 3200,
    "contrast+": 2000,
    "contrast-": 2000,
    "degree+": 700,
    "degree-": 500,
    "compared+": 1500,
    "compared-": 1500,
    "time+": 1100,
    "time-": 1100,
    "person+": 500,
    "person-": 500,
    "framed+": 700,
    "framed-": 700,
    "emoji+": 300,
    "emoji-": 300,
    "told0": 2200,
    "daily0": 1800,
    "asked0": 1000,
    "shaped0": 1600,
    "lukewarm0": 1100,
}

_FACES = {sign: re.split(r"\s*[|\n]\s*", framing.RULES[f"face{sign}"]) for sign in "+-"}
_FACES["0"] = ["📅", "📍", "🤔", "📦", "✈️", "☕", "📷"]
_POLAR_ENDS = [".", ".", ".", ".", "", "", "!", "!", "!!", "..."]
_ENDS = {"+": _POLAR_ENDS, "-": _POLAR_ENDS, "0": [".", ".", ".", ".", ".", ".", "", "", "", "!", "..."]}
_CLOSED = (*".!?…", *_FACES["+"], *_FACES["-"])
_STRETCHED = {"so": "sooo", "love": "loooove", "good": "goooood", "bad": "baaaad", "nice": "niiiice", "no": "nooo"}


def finish(text: str, sign: str, rng: Random) -> str:
    """Spell, capitalise and punctuate a bare sentence; sometimes as people do in haste."""
    text = _spell(text)
    if not text.endswith(_CLOSED):
        text += rng.choice(_ENDS[sign])
    if text[-1] in "." and rng.random() < 0.06:
        text = f"{text.rstrip('.')} {rng.choice(_FACES[sign])}"
    return _hurry(text, rng)


def _spell(text: str) -> str:
    """Articles, plurals, spaces and capitals."""
    # "an honest", but "a useful", "a university"; "an unimpressive" all the same.
    text = re.sub(r"a\(n\) (?=[aeio]|hon|u(?!se|ni(?!mp)))", "an ", text).replace("a(n) ", "a ")
    text = re.sub(r"(?<=[^aeiou\W])ys\b", "ies", text)
    text = re.sub(r"(ss|ch|sh|x)s\b", r"\1es", text).replace("seriess", "series")
    text = re.sub(r"\s+", " ", text).replace(" ,", ",")
    text = re.sub(r",+(?=[,.;?!]|$)", "", text.strip())
    return re.sub(r"(^|[.!?] \"?)([a-z])", lambda match: match[1] + match[2].upper(), text)


def _hurry(text: str, rng: Random) -> str:
    """At times all in one case, without apostrophes, with a letter held or two letters swapped."""
    if rng.random() < 0.02:
        text = re.sub(rf"\b({'|'.join(_STRETCHED)})\b", lambda match: _STRETCHED[match[1]], text, count=1)
    if rng.random() < 0.05:
        text = text.replace("'", "")
    if rng.random() < 0.03:
        words = [match.start() for match in re.finditer(r"\b[a-z]{6,}\b", text)]
        if words:
            at = rng.choice(words) + rng.randint(1, 3)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    draw = rng.random()
    if draw < 0.12:
        return text.lower()
    return text.upper() if draw < 0.14 else text
