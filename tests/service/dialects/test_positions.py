from hypothesis import given
from hypothesis import strategies as st

from service.dialects.positions import UNITS, places
from service.prediction import Sentence
from service.sentences import split_sentences

TEXTS = st.text(st.sampled_from("a好😀 .。\ń"), max_size=40)


@given(TEXTS, st.sampled_from(sorted(UNITS)))
def test_every_sentence_is_found_at_its_place(text: str, name: str) -> None:
    sentences = [
        Sentence(offset=span.offset, length=span.length, label="neutral", score=1.0, scores={})
        for span in split_sentences(text)
    ]
    width, encoding = (2, "utf-16-le") if name == "utf16codeunit" else (4, "utf-32-le")
    encoded = text.encode(encoding)
    for sentence, place in zip(sentences, places(text, sentences, UNITS[name]), strict=True):
        start, end = (width * int(str(number)) for number in (place["offset"], place["length"]))
        assert encoded[start : start + end].decode(encoding) == place["text"]
        assert place["text"] == text[sentence.offset : sentence.offset + sentence.length]
