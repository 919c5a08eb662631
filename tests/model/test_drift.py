import pytest

from model.drift import READ_TOKENS, SUBWORDS, Baseline, bins, confidence_bin, count_subwords


def test_shares_are_those_of_the_counts() -> None:
    baseline = Baseline.from_counts(4, {"label": {"a": 1, "b": 3, "c": 0}, "subword": {"fragment": 1, "whole": 2}})
    assert baseline.shares["label"] == {"a": 0.25, "b": 0.75, "c": 0.0}
    assert baseline.shares["subword"]["fragment"] == pytest.approx(1 / 3, abs=1e-6)
    assert Baseline.from_dict(baseline.to_dict()) == baseline


@pytest.mark.parametrize(
    ("score", "name"),
    [
        (1 / 3, "0.35"),
        (0.35, "0.35"),
        (0.3500004, "0.35"),
        (0.3501, "0.4"),
        (0.9900001, "0.99"),
        (0.991, "1.0"),
        (1, "1.0"),
    ],
)
def test_score_falls_into_the_bin_of_its_reply(score: float, name: str) -> None:
    assert confidence_bin(score) == name
    assert name in bins(("a", "b"))["confidence"]


def test_every_signal_has_bins_and_labels_are_the_models() -> None:
    found = bins(("bad", "good"))
    assert list(found) == ["label", "language", "confidence", "subword"]
    assert found["label"] == ("bad", "good")
    assert found["subword"] == SUBWORDS


def test_fragments_are_counted_at_the_head_of_a_text() -> None:
    assert count_subwords([1, 2, 3, 2], {2}) == (2, 2)
    assert count_subwords([1] * READ_TOKENS + [2] * 100, {2}) == (0, READ_TOKENS)
