import json
from pathlib import Path

import pytest

from model.classifier import SentimentClassifier
from model.config import ModelConfig
from tests.bench.gpu import floor_s, main

SHIPPED_SHAPE = ModelConfig(vocab_size=100, embedding_dim=256, hidden_dim=256)


def weights(network: SentimentClassifier, part: str) -> int:
    return sum(value.numel() for name, value in network.named_parameters() if part in name and "weight" in name)


@pytest.mark.parametrize(
    "config",
    [
        SHIPPED_SHAPE,
        ModelConfig(vocab_size=9, embedding_dim=8, hidden_dim=4, num_layers=2, cell="gru", pooling="mean"),
        ModelConfig(vocab_size=9, embedding_dim=8, hidden_dim=4, cell="rnn", bidirectional=False, pooling="max"),
    ],
    ids=["shipped", "gru", "rnn"],
)
def test_floor_counts_each_weight_once_a_token(config: ModelConfig) -> None:
    network = SentimentClassifier(config)
    flops = 2 * 3 * 5 * weights(network, "layers") + 2 * 3 * weights(network, "head")
    assert floor_s(config, 3, 5, 2, 1.0, float("inf")) == flops


def test_floor_is_memory_where_arithmetic_is_free() -> None:
    """Two directions of 4 * 256 * 512 weights, a head of 3 * 1024; 512 + 4 * 256 + 2 * 256 + 512 numbers a token."""
    numbers = 2 * 4 * 256 * 512 + 3 * 1024
    assert floor_s(SHIPPED_SHAPE, 3, 5, 2, float("inf"), 1.0) == 2 * numbers + 15 * (8 + 2 * (512 + 1024 + 512))


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def test_bench_prints_its_tables_and_one_line_of_json(
    device: str, artifact_directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("service.budget.LIMIT_S", 0.0)
    sizes = ["--rows", "1", "9", "--callers", "1", "8", "--compare", "4", "2", "--seconds", "0.02"]
    figures = ["--tflops", "0.1", "--gb-per-s", "10"]
    assert main(["--artifact", str(artifact_directory), "--device", device, *sizes, *figures]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["precision"] == "float16"
    assert result["differences"].keys() == {"float32", "float16", "bfloat16"}
    assert max(result["differences"].values()) < 0.01
    assert [(row["texts"], row["rows"]) for row in result["batches"]] == [
        ("short", 1),
        ("short", 9),
        ("long", 1),
        ("long", 9),
    ]
    for row in result["batches"]:
        assert min(row["texts_per_s"], row["tokens_per_s"], row["python_ms"], row["network_ms"]) > 0
        assert 0 < row["floor_ms"] < row["batch_ms"]
    assert [row["callers"] for row in result["callers"]] == [1, 8, 1, 8]
    assert all(0 < row["p50_ms"] <= row["p99_ms"] for row in result["callers"])
