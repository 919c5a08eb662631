"""Shapes in names: C labels, negative, neutral, positive; 2 the texts of a pair."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.network import load_artifact
from model.rows import DataError
from training.behaviour import POLAR, Pair, Verdict, count, judge, judge_all, main, read_pairs, render, render_failure

LABELS = ("negative", "neutral", "positive")
SUITE = str(Path(__file__).parents[1] / "data" / "behaviour.jsonl")
CAPABILITIES = {
    "negation",
    "but_clause",
    "intensifier",
    "comparative",
    "emoji",
    "names",
    "typo",
    "vocabulary",
    "temporal",
}
LINE = {
    "id": "negation-en-001",
    "capability": "negation",
    "language": "en",
    "kind": "label",
    "texts": ["The tea is good", "The tea is not good"],
    "labels": ["positive", "negative"],
}
"""A line as it should be."""


def pair(kind: str = "label", labels: tuple[str, str] = ("", ""), **fields: Any) -> Pair:
    usual = {"id": "x", "capability": "negation", "language": "en", "texts": ("one", "another")}
    return Pair(kind=kind, labels=labels, **{**usual, **fields})


def verdict(case: Pair, *probabilities_2C: list[float]) -> Verdict:
    return judge(case, np.array(probabilities_2C), LABELS)


def write(folder: Path, *lines: dict[str, Any] | str) -> str:
    path = folder / "pairs.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return str(path)


def change(**fields: Any) -> dict[str, Any]:
    """LINE with other fields; None takes one away."""
    return {name: value for name, value in {**LINE, **fields}.items() if value is not None}


def test_label_pair_needs_both_labels() -> None:
    case = pair(labels=("positive", "negative"))
    assert verdict(case, [0.1, 0.2, 0.7], [0.6, 0.3, 0.1]).failure == ""
    assert verdict(case, [0.1, 0.2, 0.7], [0.3, 0.3, 0.4]).failure == "expected positive, negative"
    assert verdict(case, [0.5, 0.3, 0.2], [0.6, 0.3, 0.1]).failure == "expected positive, negative"


def test_expected_polarity_is_judged_without_neutral() -> None:
    found = verdict(pair(labels=("positive", "negative")), [0.1, 0.6, 0.3], [0.2, 0.7, 0.1])
    assert found == Verdict(("positive", "negative"), (0.3, 0.2), "")


def test_expected_neutral_is_judged_among_all_labels() -> None:
    case = pair(labels=("neutral", "negative"))
    assert verdict(case, [0.2, 0.5, 0.3], [0.3, 0.5, 0.2]).failure == ""
    found = verdict(case, [0.2, 0.3, 0.5], [0.3, 0.5, 0.2])
    assert (found.predicted, bool(found.failure)) == (("positive", "negative"), True)


def test_invariant_pair_needs_the_same_label_whichever_it_is() -> None:
    case = pair("invariant")
    assert verdict(case, [0.1, 0.2, 0.7], [0.3, 0.3, 0.4]).failure == ""
    found = verdict(case, [0.1, 0.4, 0.5], [0.1, 0.5, 0.4])
    assert found == Verdict(("positive", "neutral"), (0.5, 0.5), "expected the same label")


def test_invariant_pair_may_limit_how_far_any_probability_moves() -> None:
    case = pair("invariant", max_shift=0.1)
    assert verdict(case, [0.10, 0.2, 0.70], [0.17, 0.2, 0.63]).failure == ""
    assert (
        verdict(case, [0.0, 0.2, 0.8], [0.15, 0.2, 0.65]).failure == "P(positive) moves by 0.150, at most 0.1 expected"
    )
    assert verdict(case, [0.2, 0.1, 0.7], [0.01, 0.19, 0.8]).failure.startswith("P(negative) moves by 0.190")


def test_direction_pair_needs_the_probability_to_rise_but_for_a_tolerance() -> None:
    case = pair("direction", ("negative", "negative"))
    assert verdict(case, [0.4, 0.4, 0.2], [0.6, 0.3, 0.1]).failure == ""
    assert verdict(case, [0.985, 0.01, 0.005], [0.97, 0.02, 0.01]).failure == ""
    assert verdict(case, [0.6, 0.3, 0.1], [0.57, 0.3, 0.13]).failure == "P(negative) falls by 0.030, expected to rise"


def test_direction_pair_must_not_flip_either_label() -> None:
    case = pair("direction", ("positive", "positive"))
    assert verdict(case, [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]).failure == ""
    assert verdict(case, [0.4, 0.3, 0.3], [0.1, 0.2, 0.7]).failure == "expected positive, positive"
    assert verdict(case, [0.2, 0.7, 0.1], [0.4, 0.2, 0.4 - 1e-6]).predicted == ("negative", "negative")


def test_pairs_are_counted_by_capability_and_language() -> None:
    good, bad = Verdict(POLAR, (0.9, 0.9), ""), Verdict(POLAR, (0.9, 0.9), "expected something else")
    pairs = [pair(), pair(), pair(language="zh"), pair(capability="emoji", language="zh")]
    table = count(pairs, [good, bad, good, bad])
    assert list(table) == ["negation", "emoji", "total"]
    assert table["negation"]["en"] == {"pairs": 2, "failed": 1, "failure_rate": 0.5}
    assert table["negation"]["total"] == {"pairs": 3, "failed": 1, "failure_rate": 1 / 3}
    assert list(table["emoji"]) == ["zh", "total"]
    assert table["total"]["zh"] == {"pairs": 2, "failed": 1, "failure_rate": 0.5}
    assert table["total"]["total"] == {"pairs": 4, "failed": 2, "failure_rate": 0.5}
    titles, _, negation, emoji, total = render(table).splitlines()
    assert titles.split() == ["en", "zh", "total"]
    assert negation.split() == ["negation", "2", "1", "50.0%", "1", "0", "0.0%", "3", "1", "33.3%"]
    assert emoji.split() == ["emoji", "-", "-", "-", "1", "1", "100.0%", "1", "1", "100.0%"]
    assert len(titles) == len(negation) == len(emoji) == len(total)


def test_failed_pair_is_shown_with_its_answers() -> None:
    found = Verdict(("positive", "positive"), (0.913, 0.5), "expected positive, negative")
    assert render_failure(pair(id="negation-en-004"), found) == (
        "negation-en-004: expected positive, negative\n  positive   0.91  one\n  positive   0.50  another"
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        (change(texts=None), "no column 'texts'"),
        (change(kind="same"), "kind='same': must be one of label, invariant, direction"),
        (change(kind=["label"]), "must be one of label, invariant, direction"),
        (change(id=""), "id=''"),
        (change(language=7), "language=7"),
        (change(texts=["only one"]), "must be a list of two texts"),
        (change(texts=["one", "  "]), "must be a list of two texts"),
        (change(labels=None), "labels=None: must be a list of two texts"),
        (change(labels=["positive", "mixed"]), "unknown label 'mixed'; the artifact has negative, neutral, positive"),
        (change(max_shift=0.1), "unknown field 'max_shift' of kind label"),
        (change(kind="direction", labels=None), "label=None: must be one of negative, positive"),
        (change(kind="direction", labels=None, label="neutral"), "label='neutral'"),
        (change(kind="invariant", labels=None, max_shift=0.0), "max_shift=0.0"),
        (change(kind="invariant", labels=None, max_shift="a little"), "max_shift='a little'"),
    ],
)
def test_malformed_line_is_named_by_file_and_row(tmp_path: Path, line: dict[str, Any] | str, reason: str) -> None:
    path = write(tmp_path, LINE, "", line)
    with pytest.raises(DataError) as caught:
        read_pairs(path, LABELS)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert reason in str(caught.value)


def test_file_without_a_pair_is_refused(tmp_path: Path) -> None:
    """It ended in a trace, of numpy."""
    (tmp_path / "a.jsonl").touch()
    with pytest.raises(DataError, match=r"a\.jsonl: no pair in it"):
        read_pairs(str(tmp_path / "a.jsonl"), LABELS)


def test_polarity_needs_both_of_its_labels_in_the_artifact(tmp_path: Path) -> None:
    path = write(tmp_path, change(labels=["fair", "positive"]))
    with pytest.raises(DataError, match="unknown label 'negative'; the artifact has fair, positive"):
        read_pairs(path, ("fair", "positive"))


def test_lines_become_pairs(tmp_path: Path) -> None:
    named = change(kind="invariant", labels=None, max_shift=0.1)
    stronger = change(kind="direction", labels=None, label="positive")
    first, second, third = read_pairs(write(tmp_path, LINE, named, stronger), LABELS)
    texts = ("The tea is good", "The tea is not good")
    assert first == pair("label", ("positive", "negative"), id="negation-en-001", texts=texts)
    assert second == pair("invariant", id="negation-en-001", texts=texts, max_shift=0.1)
    assert third == pair("direction", ("positive", "positive"), id="negation-en-001", texts=texts)


def test_suite_has_every_capability_in_both_languages_and_repeats_nothing() -> None:
    pairs = read_pairs(SUITE, LABELS)
    assert len(pairs) >= 260
    for values in ([case.id for case in pairs], [text for case in pairs for text in case.texts]):
        assert [value for value, times in Counter(values).items() if times > 1] == []
    cells = Counter((case.capability, case.language) for case in pairs)
    assert cells.keys() == {(capability, language) for capability in CAPABILITIES for language in ("en", "zh")}
    assert min(cells.values()) >= 5
    assert 0.35 <= sum(case.language == "zh" for case in pairs) / len(pairs) <= 0.45


def test_suite_pairs_fit_their_capability() -> None:
    for case in read_pairs(SUITE, LABELS):
        assert case.id.startswith(f"{case.capability}-{case.language}-")
        assert (case.kind == "invariant") == (case.capability in ("names", "typo")), case.id
        assert (case.max_shift < 1) == (case.capability == "names"), case.id
        assert case.kind != "label" or case.labels[0] != case.labels[1], case.id
        is_chinese = [any("\u4e00" <= character <= "\u9fff" for character in text) for text in case.texts]
        assert is_chinese == [case.language == "zh"] * 2, case.id


def test_probabilities_are_those_of_the_artifact(artifact_directory: Path) -> None:
    artifact = load_artifact(artifact_directory)
    case = pair("invariant", texts=("I loved every minute", "I loved every minute"))
    other = pair("invariant", texts=("房间很干净", "I loved every minute"))
    alone, _ = judge_all(artifact, [case, other])
    assert alone.failure == ""
    assert alone.confidences[0] == pytest.approx(alone.confidences[1])


def test_command_prints_the_table_and_on_demand_the_failed_pairs(
    artifact_directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(artifact_directory), SUITE]) == 0
    table = capsys.readouterr().out
    assert {line.split()[0] for line in table.splitlines()[2:]} == CAPABILITIES | {"total"}
    assert max(map(len, table.splitlines())) < 100
    assert main([str(artifact_directory), SUITE, "--failures", "--json", str(tmp_path / "out.json")]) == 0
    output = capsys.readouterr().out
    assert output.startswith(table)
    content = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    total = content["figures"]["total"]["total"]
    assert (content["model"], content["path"]) == ("v1", SUITE)
    assert 0 < total["failed"] == len(content["failures"])
    for failure in content["failures"]:
        assert f"\n{failure['id']}: {failure['failure']}\n" in output
        assert all(f"  {text}\n" in output for text in failure["texts"])


def test_wrong_artifact_or_file_is_one_line_and_status_1(
    artifact_directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, reason in (
        ([str(tmp_path / "nowhere"), SUITE], "no such artifact"),
        ([str(artifact_directory), str(tmp_path / "none.jsonl")], "no such file"),
        ([str(artifact_directory), write(tmp_path, LINE, "{")], ":2: broken row"),
    ):
        assert main(arguments) == 1
        captured = capsys.readouterr()
        assert reason in captured.err
        assert captured.err.count("\n") == 1
        assert captured.out == ""
