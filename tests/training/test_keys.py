import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from training.keys import duplicate_key


def test_duplicates_differ_only_in_case_width_markup_and_punctuation() -> None:
    assert duplicate_key("Good film!<br />Really.") == duplicate_key("good film , ＲＥＡＬＬＹ")
    assert duplicate_key("good film") != duplicate_key("bad film")
    assert duplicate_key("😀") != duplicate_key("😡")


@given(st.text(st.one_of(st.characters(max_codepoint=127), st.characters(codec="utf-8"))))
def test_key_of_ascii_is_what_the_pattern_of_words_finds(text: str) -> None:
    normal = unicodedata.normalize("NFKC", text).lower()
    assert duplicate_key(text) == ("".join(re.findall(r"\w+", re.sub(r"<[^<>]{1,40}>", " ", normal))) or normal.strip())
