"""Shapes in names: N rows, K labels of the set."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import binomtest  # type: ignore[import-untyped]

from model.artifact import CARD, Metadata
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.network import load_artifact, write_artifact
from model.rows import DataError
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from training.comparison import answer, compare_answers, find_changes, mcnemar, select, shorten_commit, tell_record
from training.data import Examples
from training.evaluate import evaluate_corpus

LABELS = ("negative", "positive")
TEXTS = [text for text, _ in LABELLED]


def said(answers: list[int], confidence: float = 0.8) -> np.ndarray:
    """Probabilities (N, 2) of answers that are all given with one confidence."""
    return np.where(np.eye(2)[answers] == 1, confidence, 1 - confidence)


def write_permuted(directory: Path, tokenizer: SubwordTokenizer, order: list[int]) -> Path:
    """One network, whose labels stand in the given order."""
    names = ("negative", "neutral", "positive")
    config = ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=16, hidden_dim=12, max_tokens=64)
    torch.manual_seed(3)
    network = SentimentClassifier(config).half().float().eval()
    config = replace(config, labels=tuple(names[index] for index in order))
    weights = network.state_dict()
    permuted = SentimentClassifier(config).eval()
    permuted.load_state_dict(
        {name: value[order] if name.startswith("head.") else value for name, value in weights.items()}
    )
    metadata = Metadata(
        version=f"v{''.join(map(str, order))}",
        created_at="2026-01-02T03:04:05+00:00",
        model=config,
        languages=("en",),
        temperature=1.5,
    )
    write_artifact(directory, torch.jit.script(permuted), tokenizer, metadata, {CARD: b"# A random network\n"})
    return directory


def test_a_system_does_not_differ_from_itself() -> None:
    generator = np.random.default_rng(0)
    gold_N = generator.integers(2, size=200)
    own_NK = generator.dirichlet([1, 1], size=200)
    found = compare_answers(own_NK, own_NK.copy(), gold_N, LABELS)
    assert found["a"] == found["b"]
    for figure, gap in found["difference"].items():
        assert gap == {"value": 0.0, "interval": [0.0, 0.0], "p": 1.0}, figure
    assert (found["only_a_right"], found["only_b_right"], found["mcnemar_p"]) == (0, 0, 1.0)
    assert found["disagreements"] == []


def test_figures_are_those_counted_by_hand() -> None:
    """Ten rows: both right on five, only A on one, only B on four."""
    gold = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    first = [0, 0, 0, 1, 1, 1, 1, 0, 0, 1]
    second = [0, 0, 1, 0, 0, 1, 1, 1, 1, 1]
    found = compare_answers(said(first), said(second), np.array(gold), LABELS)
    assert found["n"] == 10
    assert found["a"]["accuracy"] == pytest.approx(0.6)
    assert found["b"]["accuracy"] == pytest.approx(0.9)
    assert found["difference"]["accuracy"]["value"] == pytest.approx(0.3)
    assert found["difference"]["macro_recall"]["value"] == pytest.approx((4 / 5 + 5 / 5) / 2 - (3 / 5 + 3 / 5) / 2)
    assert found["difference"]["ece"]["value"] == pytest.approx(abs(0.9 - 0.8) - abs(0.6 - 0.8))
    assert (found["only_a_right"], found["only_b_right"]) == (1, 4)
    assert found["mcnemar_p"] == pytest.approx(2 * (1 + 5) / 2**5)
    assert found["disagreements"] == [
        {"rows": 2, "a": "negative", "b": "positive", "gold": "positive"},
        {"rows": 2, "a": "positive", "b": "negative", "gold": "negative"},
        {"rows": 1, "a": "negative", "b": "positive", "gold": "negative"},
    ]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_what_is_hard_for_both_does_not_widen_the_interval() -> None:
    """B is A with 20 of its 300 mistakes in 1,000 rows mended."""
    generator = np.random.default_rng(1)
    gold_N = generator.integers(2, size=1000)
    first_N = np.where(np.arange(1000) < 300, 1 - gold_N, gold_N)
    second_N = np.where(np.arange(1000) < 280, 1 - gold_N, gold_N)
    found = compare_answers(said(first_N.tolist()), said(second_N.tolist()), gold_N, LABELS)
    gap = found["difference"]["accuracy"]
    low, high = gap["interval"]
    assert gap["value"] == pytest.approx(0.02)
    assert 0.01 < low < 0.02 < high < 0.03
    assert gap["p"] == 0.0
    for side in ("a", "b"):
        low, high = found[side]["accuracy_interval"]
        assert high - low > 0.05


def test_intervals_are_those_of_evaluate() -> None:
    generator = np.random.default_rng(2)
    gold_N = generator.integers(2, size=150)
    first_NK, second_NK = generator.dirichlet([1, 1], size=(2, 150))
    found = compare_answers(first_NK, second_NK, gold_N, LABELS)
    for side, values_NK in (("a", first_NK), ("b", second_NK)):
        alone = evaluate_corpus(values_NK, gold_N, (True, True), LABELS)
        for figure in ("accuracy", "macro_recall", "ece"):
            assert found[side][figure] == pytest.approx(alone[figure])
            assert found[side][f"{figure}_interval"] == pytest.approx(alone[f"{figure}_interval"])


@pytest.mark.parametrize(("only_a", "only_b"), [(0, 0), (1, 0), (3, 3), (2, 9), (40, 17), (900, 1100)])
def test_mcnemar_is_the_exact_binomial_test(only_a: int, only_b: int) -> None:
    wanted = binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1.0
    assert mcnemar(only_a, only_b) == mcnemar(only_b, only_a) == pytest.approx(wanted)


def test_order_of_an_artifacts_labels_does_not_matter(tmp_path: Path, tokenizer: SubwordTokenizer) -> None:
    first, second = (
        load_artifact(write_permuted(tmp_path / str(order[0]), tokenizer, order)) for order in ([0, 1, 2], [2, 0, 1])
    )
    for names in (("negative", "neutral", "positive"), ("negative", "positive")):
        probabilities_NK = answer(first, TEXTS, names)
        assert probabilities_NK.sum(axis=1) == pytest.approx(np.ones(len(TEXTS)))
        assert answer(second, TEXTS, names) == pytest.approx(probabilities_NK, abs=1e-4)


def test_label_that_an_artifact_lacks_is_named(tmp_path: Path, artifact_directory: Path) -> None:
    with pytest.raises(DataError, match=r"label 'mixed' is unknown to version v1, which has negative, neutral, posit"):
        answer(load_artifact(artifact_directory), TEXTS, ("negative", "mixed"))


def test_gold_is_told_among_the_labels_of_the_set() -> None:
    examples = Examples(name="two", texts=["a", "b"], targets=[2, 0], carried=(True, False, True))
    names, gold_N = select(examples, ("negative", "neutral", "positive"))
    assert names == ["negative", "positive"]
    assert gold_N.tolist() == [1, 0]


def test_changes_name_what_was_made_otherwise_and_nothing_else() -> None:
    def metadata(**training: object) -> Metadata:
        rows = {"negative": 1, "positive": training.pop("rows", 2)}
        return Metadata(
            version="v1",
            created_at="2026-01-02T03:04:05+00:00",
            model=ModelConfig(vocab_size=300),
            languages=("en",),
            temperature=1.5,
            training={"epochs": 2.0, "hidden_dim": 7, "best_step": 3, "founding": None, "teaching": [], **training},
            data=[{"name": "shop", "rows": rows, "rejected_rows": 0, "sha256": f"{rows}"}],
            libraries={"torch": "2.13.0"},
        )

    first = metadata(train=[{"name": "shop", "repeat": 1, "held_out": 0.0}], languages=["en", "zh"])
    same = metadata(train=({"name": "shop", "repeat": 1, "held_out": 0.0},), languages=("en", "zh"), best_step=9)
    assert find_changes(first, first) == find_changes(first, same) == []
    sources = [{"name": "shop", "repeat": 2, "held_out": 0.1}, {"name": "tweets"}]
    second = metadata(train=sources, languages=["en"], epochs=3.0, founding={"epochs": 1.0}, rows=5)
    second.training["teaching"] = [{"model": "package:a/b", "epochs": 1.0}]
    second = replace(second, model=replace(second.model, cell="gru"), git_commit="0123456789abcdef+")
    found = {name: values for name, *values in find_changes(first, second)}
    assert found.pop("data.shop")[0].startswith("3 rows, sha256 ")
    assert found == {
        "cell": ["lstm", "gru"],
        "epochs": ["2.0", "3.0"],
        "founding": ["–", "yes"],
        "teaching": ["–", "package:a/b"],
        "train": ["shop", "shop ×2 (10% held out), tweets"],
        "languages": ["en, zh", "en"],
        "commit": ["–", "0123456789+"],
    }


def test_record_is_told_field_by_field() -> None:
    record = {"b": None, "a": (1, 2), "c": {"x": [{"name": "shop"}]}}
    assert tell_record(record) == [("a", "1, 2"), ("b", "–"), ("c.x", "shop")]


def test_commit_keeps_the_sign_of_changed_files() -> None:
    assert [shorten_commit(commit) for commit in (None, "0" * 40, "0" * 40 + "+")] == ["", "0" * 10, "0" * 10 + "+"]
