import json
from dataclasses import replace
from typing import Any

import pytest

from model.config import ModelConfig


def test_dictionary_and_back_is_the_same_config() -> None:
    config = ModelConfig(vocab_size=300, labels=("差", "好"), cell="gru", pooling="attention", num_layers=2)
    assert ModelConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vocab_size", 0),
        ("embedding_dim", -1),
        ("hidden_dim", 1.5),
        ("num_layers", True),
        ("num_layers", 1_190_000),  # of width 1 they were a file of 14 MB, and a loader that built layers for hours
        ("max_tokens", "512"),
        ("cell", "LSTM"),
        ("pooling", "last"),
        ("embedding_dropout", 1.0),
        ("output_dropout", -0.1),
        ("output_dropout", float("nan")),
        ("labels", ("positive",)),
        ("labels", ("positive", "positive")),
        ("labels", ("positive", "")),
    ],
)
def test_value_out_of_range_is_refused_with_field_and_value(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=field) as caught:
        replace(ModelConfig(vocab_size=300), **{field: value})
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("change", [{"attention_heads": 8}, {"labels": None}, {"embedding_dropout": "much"}])
def test_unfitting_fields_are_a_value_error(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a model config"):
        ModelConfig.from_dict({**ModelConfig(vocab_size=300).to_dict(), **change})


@pytest.mark.parametrize("missing", ["vocab_size", "labels"])
def test_missing_field_is_named(missing: str) -> None:
    fields = ModelConfig(vocab_size=300).to_dict()
    del fields[missing]
    with pytest.raises(ValueError, match=missing):
        ModelConfig.from_dict(fields)
