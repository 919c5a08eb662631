"""Chinese: how many sentences of which rule, and how they are spelt and punctuated."""

import re
from random import Random

from training.grammar.zh import framing

PLAN = {
    "plain+": 1500,
    "plain-": 1000,
    "negated+": 2150,
    "negated-": 2350,
    "contrast+": 1500,
    "contrast-": 1550,
    "degree+": 450,
    "degree-": 400,
    "compared+": 1200,
    "compared-": 1200,
    "time+": 950,
    "time-": 950,
    "person+": 350,
    "person-": 350,
    "framed+": 450,
    "framed-": 500,
    "emoji+": 300,
    "emoji-": 300,
    "told0": 2100,
    "daily0": 1950,
    "asked0": 1000,
    "shaped0": 1500,
    "lukewarm0": 1000,
}

_FACES = {sign: re.split(r"\s*[|\n]\s*", framing.RULES[f"face{sign}"]) for sign in "+-"}
_FACES["0"] = ["📅", "📍", "🤔", "📦", "✈️", "☕", "📷"]
_POLAR_ENDS = ["。", "。", "。", "。", "", "", "", "！", "！", "！！", "~", "..."]
_ENDS = {"+": _POLAR_ENDS, "-": _POLAR_ENDS, "0": ["。", "。", "。", "。", "。", "", "", "", "", "~", "！", "..."]}
_CLOSED = (*"。！？…~", *_FACES["+"], *_FACES["-"])


def finish(text: str, sign: str, rng: Random) -> str:
    """Punctuate a bare sentence; sometimes as people do in haste."""
    text = text.replace("，，", "，").replace("：，", "：")
    if not text.endswith(_CLOSED):
        text += rng.choice(_ENDS[sign])
    if text.endswith("。") and rng.random() < 0.08:
        text = text.removesuffix("。") + rng.choice(_FACES[sign])
    return _hurry(text, rng)


def _hurry(text: str, rng: Random) -> str:
    """At times with spaces or western marks for commas, 得 written 的, or a question without its mark."""
    draw = rng.random()
    if draw < 0.05:
        text = text.replace("，", " ")
    elif draw < 0.09:
        text = text.replace("，", ",")
    if rng.random() < 0.03:
        text = text.replace("得", "的")
    if text.endswith("吗？") and rng.random() < 0.3:
        text = text.removesuffix("？")
    return text
