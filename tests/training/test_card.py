import pytest

from model.artifact import Metadata
from model.config import ModelConfig
from tests.training.test_plots import LABELS, scored
from training.card import model_card
from training.evaluate import evaluate_corpus
from training.metrics import masked_probabilities


@pytest.fixture
def card() -> str:
    item = scored("shop", 200)
    probabilities_NC = masked_probabilities(item.logits_NC, item.carried_C, 1.5)
    result = evaluate_corpus(probabilities_NC, item.gold_N, [True] * 3, LABELS)
    return model_card(
        Metadata(
            version="20261121-0a1b2c3d",
            created_at="2026-11-21T06:00:00+00:00",
            model=ModelConfig(vocab_size=24_000),
            languages=("en", "zh"),
            temperature=1.5,
            data=[{"name": "big", "rows": {"negative": 1200, "positive": 34}, "rejected_rows": 5, "sha256": "ab"}],
            dev_metrics={"shop": result},
            libraries={"torch": "2.13.0", "numpy": "2.4.6"},
            git_commit="abc123",
            compiled={
                "model.onnx": {
                    "tweets": {
                        "n": 2000,
                        "max_probability_difference": 0.00672,
                        "mean_probability_difference": 0.000531,
                        "accuracy": 0.68,
                        "compiled_accuracy": 0.6795,
                    }
                }
            },
        ),
        ece_before={"shop": 0.1234},
        notes="## Neutral in Chinese\n\nForty plain sentences, read by a person.\n",
        command="python -m training --data big.csv --out artifacts/mine",
        pictures=["report/training.png", "report/length.png"],
    )


def test_card_says_what_a_reader_must_know(card: str) -> None:
    for wanted in (
        "20261121-0a1b2c3d",
        "negative, neutral or positive",
        "en, zh",
        "abc123",
        "bidirectional lstm",
        "| big | 1,234 | 1,200 | 0 | 34 | 5 |",
        "\n\n## Neutral in Chinese\n\nForty plain sentences, read by a person.\n",
        "python -m training --data big.csv",
        "torch 2.13.0, numpy 2.4.6",
        "1.500",
        "`model.onnx` of version 20261121-0a1b2c3d",
        "| tweets | 2,000 | 0.0067 | 0.00053 | 0.6795 | 0.6800 |",
        "`report/report.html`",
        "(report/training.png)",
        "(report/length.png)",
    ):
        assert wanted in card
    assert "(report/confusion.png)" not in card


def test_card_gives_figures_with_n_interval_and_calibration_before_and_after(card: str) -> None:
    (row,) = (line for line in card.splitlines() if line.startswith("| shop |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:3] == ["200", "negative, neutral, positive"]
    assert cells[6] == "0.123"
    for cell in (*cells[3:6], cells[7]):
        figure, low, high = (float(part.strip("[],")) for part in cell.split())
        assert 0 <= low <= high <= 1
        assert cell == cells[7] or low <= figure <= high


def test_tables_of_the_card_have_equal_rows(card: str) -> None:
    for block in card.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1
    assert "None" not in card
    assert max(len(line) for line in card.splitlines() if not line.startswith(("|", "!"))) <= 120
