import random

import pytest

from training.perturbation import contrast, toggle_negation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The food was good", {"The food wasn't good", "The food was not good"}),
        ("I don't like it", {"I do like it"}),
        ("It is not bad", {"It is bad"}),
        ("Isn't it fun?", {"Is it fun?"}),
        ("I am happy", {"I am not happy"}),
        ("You can't miss it", {"You can miss it"}),
    ],
)
def test_negation_is_put_in_or_taken_out(text: str, expected: set[str]) -> None:
    assert {toggle_negation(text, random.Random(seed)) for seed in range(20)} == expected


def test_one_verb_of_several_is_chosen() -> None:
    found = {toggle_negation("It was cheap and it is good", random.Random(seed)) for seed in range(40)}
    assert len(found) == 4


@pytest.mark.parametrize("text", ["Great fun", "An island of sand", "他不是我", ""])
def test_text_without_an_auxiliary_has_no_negation(text: str) -> None:
    assert toggle_negation(text, random.Random(0)) is None


def test_sentences_are_joined_by_contrast() -> None:
    joined = {contrast("The room was nice.", "I hated the food!", random.Random(seed)) for seed in range(40)}
    assert "The room was nice, but I hated the food!" in joined
    assert "Although the room was nice, I hated the food!" in joined
    assert len(joined) == 5
