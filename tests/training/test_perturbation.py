import random

import pytest

from training.perturbation import clauses, contrast, opposite


def opposites(text: str) -> set[str | None]:
    return {opposite(text, random.Random(seed)) for seed in range(40)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The food was good.", {"The food wasn't good.", "The food was not good."}),
        ("I don't like it", {"I do like it"}),
        ("It is not bad", {"It is bad"}),
        ("We have been happy here", {"We haven't been happy here", "We have not been happy here"}),
        ("They have a lovely garden", {"They don't have a lovely garden"}),
        ("I really loved the second part", {"I really didn't love the second part"}),
        ("She works hard", {"She doesn't work hard"}),
        ("There was a long queue", {"There wasn't a long queue", "There was not a long queue"}),
        ("Every seat was wet", {"Not a single seat was wet", "No seat was wet"}),
        ("Nobody helped us, sadly", {"Everyone helped us, sadly", "Everybody helped us, sadly"}),
        ("The worst meal in years", {"The best meal in years"}),
        (
            "Their trains are always late, sadly",
            {"Their trains are never late, sadly", "Their trains are hardly ever late, sadly"},
        ),
        ("The food tastes like cardboard", {"The food doesn't taste like cardboard"}),
        ("The hotel needs work", {"The hotel doesn't need work"}),
        ("I have seen this film", {"I haven't seen this film", "I have not seen this film"}),
        ("I can’t recommend this place", {"I can recommend this place"}),
        ("屏幕非常清晰", {f"屏幕{word}清晰" for word in ("不", "不太", "一点都不", "并不", "不是很", "不怎么")}),
        ("客房不太干净", {f"客房{word}干净" for word in ("很", "非常", "挺", "特别", "真")}),
        ("房间里没有什么异味", {"房间里有异味"}),
    ],
)
def test_opposite_has_negation_put_in_or_taken_out(text: str, expected: set[str]) -> None:
    assert opposites(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Great fun",
        "Is it any good?",
        "It was cheap but it is good",
        "I am sure that the food was good",
        "I never said the food was not good",
        "We had to wait because the kitchen was closed",
        "The food was good and the room was nice",
        "Better than the best",
        "An island of sand and stone",
        "The old man in the little house by the sea was good to all of his many guests",
        "The staff cannot help you",
        "很好",
        "服务认真热情",
        "这家酒店好不好",
        "不知道喜欢不喜欢",
        "我太太喜欢",
        "屏幕很清晰但是不好用",
        "这个价格很便宜",
        "不是不喜欢",
        "他不是我的老师",
    ],
)
def test_what_makes_no_plain_claim_has_no_opposite(text: str) -> None:
    assert opposites(text) == {None}


def test_chinese_sentence_is_reversed_clause_by_clause() -> None:
    assert clauses("屏幕很清晰，电池不太好！") == ["屏幕很清晰", "电池不太好", ""]
    assert clauses("The room was nice, quiet.") == ["The room was nice, quiet."]


def test_sentences_are_joined_by_contrast() -> None:
    joined = {contrast("The room was nice.", "I hated the food!", random.Random(seed)) for seed in range(40)}
    assert "The room was nice, but I hated the food!" in joined
    assert "Although the room was nice, I hated the food!" in joined
    assert len(joined) == 5
