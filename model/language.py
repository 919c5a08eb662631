"""Which language a text is in, told from its script: enough for metrics and for two languages of training."""

import re
from typing import Literal, get_args

Language = Literal["en", "zh", "other"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

READ_CHARS = 2000
"""As much of a text as is looked at: more would not change the answer, and this runs on the event loop."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_KANA_OR_HANGUL = re.compile(r"[\u3041-\u30ff\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_OTHER = re.compile(r"[^\W\d_]")


def detect(text: str) -> Language:
    """Language of a text by its letters: en for Latin words, zh for Han characters, other for the rest or no letters.

    A Han character weighs as much as a Latin word, since either is about one morpheme. Kana or hangul make a text
    Japanese or Korean, however many Han characters stand between. Latin text is taken for English.
    """
    text = text[:READ_CHARS]
    if text.isascii():  # the common case, ten times as fast: there are no letters but Latin ones
        return "en" if _LATIN.search(text) else "other"
    han, latin_words = len(_HAN.findall(text)), _LATIN.findall(text)
    if _KANA_OR_HANGUL.search(text):
        return "other"
    latin = len(latin_words)
    rest = len(_OTHER.findall(text)) - han - sum(map(len, latin_words))
    if max(han, latin) == 0 or rest > han + sum(map(len, latin_words)):
        return "other"
    return "zh" if han >= latin else "en"
