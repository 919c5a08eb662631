import pytest

from service.prediction import MIXED_FROM, Opinion, judge_sentences
from service.sentences import Span

HIGH, LOW = MIXED_FROM, MIXED_FROM - 0.01


@pytest.mark.parametrize(
    ("opinions", "is_mixed"),
    [
        ([("positive", HIGH), ("negative", HIGH)], True),
        ([("neutral", HIGH), ("negative", HIGH), ("positive", HIGH)], True),
        ([("positive", HIGH), ("negative", LOW)], False),
        ([("positive", HIGH), ("neutral", HIGH)], False),
        ([("positive", HIGH), ("positive", HIGH)], False),
        ([("1 star", HIGH), ("5 stars", HIGH)], False),
        ([], False),
    ],
)
def test_mixed_takes_two_plain_opinions_of_opposite_labels(opinions: list[tuple[str, float]], is_mixed: bool) -> None:
    fields = judge_sentences([Span(0, 1)] * len(opinions), [Opinion(*opinion, {}) for opinion in opinions])
    assert fields["mixed"] is is_mixed
    assert [sentence.label for sentence in fields["sentences"]] == [label for label, _ in opinions]
