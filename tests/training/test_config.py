import json

import pytest

from training.__main__ import override
from training.config import TrainConfig
from training.data import Source
from training.readers import DataError
from training.recipes import RECIPES, shipped, tiny

CONFIG = TrainConfig(train=(Source(path="/some/folder/a.csv", label_map={"1": "negative"}),))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"train": ()}, r"train=\(\)"),
        ({"epochs": 0.0}, r"epochs=0\.0: must be from"),
        ({"batch_tokens": 100}, r"batch_tokens=100: must be from 512"),
        ({"ema_decay": 1.0}, r"ema_decay=1\.0"),
    ],
)
def test_value_out_of_range_is_named(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainConfig(**{"train": CONFIG.train, **fields})  # type: ignore[arg-type]


def test_record_of_a_config_is_json_without_folders_of_the_machine() -> None:
    text = json.dumps(CONFIG.to_dict())
    assert "/some/folder" not in text
    assert json.loads(text)["train"][0]["label_map"] == {"1": "negative"}


def test_override_reads_each_field_as_its_type() -> None:
    changed = override(
        CONFIG, ["epochs=1.5", "hidden_dim=8", "bidirectional=false", "cell=gru", "word_vectors=a.txt,b.npy"]
    )
    assert (changed.epochs, changed.hidden_dim, changed.bidirectional) == (1.5, 8, False)
    assert (changed.cell, changed.word_vectors) == ("gru", ("a.txt", "b.npy"))


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("epoch=3", "must be FIELD=VALUE with a field of: batch_rows, batch_tokens"),
        ("epochs", "must be FIELD=VALUE"),
        ("epochs=many", "epochs='many': must be of type float"),
        ("cell=elman", "cell='elman': must be one of rnn, lstm, gru, peephole_lstm"),
        ("bidirectional=maybe", "must be of type bool"),
        ("epochs=-1", r"epochs=-1\.0: must be from"),
    ],
)
def test_bad_override_is_named(assignment: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        override(CONFIG, [assignment])


def test_recipes_are_complete_configs_of_their_sources() -> None:
    for name in ("bilstm_base", "tiny"):
        config = RECIPES[name](["a.csv?label=stars"], ["b.csv"])
        assert (config.train[0].label_column, config.dev[0].path) == ("stars", "b.csv")
    assert tiny(["a.csv"], []).hidden_dim < 32


def test_shipped_recipe_takes_one_folder() -> None:
    config = shipped(["corpora"], [])
    assert {source.path.split("/")[0] for source in (*config.train, *config.dev)} == {"corpora"}
    with pytest.raises(DataError, match="must be the one folder"):
        shipped(["a", "b"], [])
