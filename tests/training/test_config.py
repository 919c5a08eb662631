import json
from typing import Any

import pytest

from training.config import PretrainConfig, RunConfig, TeacherConfig, TrainConfig
from training.sources import Source

SOURCES = (Source(path="/some/folder/a.csv", label_map={"1": "negative"}),)
CONFIG = TrainConfig(train=SOURCES)


@pytest.mark.parametrize("kind", [TrainConfig, PretrainConfig])
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"train": ()}, r"train=\(\)"),
        ({"epochs": 0.0}, r"epochs=0\.0: must be from"),
        ({"epochs": float("inf")}, r"epochs=inf: must be from 1e-06 to 1e\+06"),
        ({"seed": 10**20}, r"seed=100000000000000000000: must be from"),
        ({"max_tokens": 600, "batch_tokens": 500}, r"batch_tokens=500: must be from 600"),
        ({"ema_decay": 1.0}, r"ema_decay=1\.0"),
        ({"dev_fraction": 0.95}, r"dev_fraction=0\.95: must be from 0 to 0\.9"),
    ],
)
def test_value_out_of_range_is_named(kind: type[RunConfig], fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kind(**{"train": SOURCES, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"label_smoothing": 0.95}, r"label_smoothing=0\.95: must be from 0 to 0\.9"),
        ({"unlabelled_opposites": -1}, "unlabelled_opposites=-1: must be at least 0"),
        ({"subword_split": -0.1}, r"subword_split=-0\.1: must be from 0 to 0\.9"),
    ],
)
def test_value_of_a_fit_out_of_range_is_named(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainConfig(**{"train": SOURCES, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("negatives", [0, 501])
def test_negatives_are_of_the_vocabulary(negatives: int) -> None:
    with pytest.raises(ValueError, match=f"negatives={negatives}: must be from 1 to vocab_size=500"):
        PretrainConfig(train=SOURCES, vocab_size=500, negatives=negatives)


@pytest.mark.parametrize(
    "names",
    [
        ("pretraining", "encoder"),
        ("pretraining", "word_vectors"),
        ("encoder", "word_vectors"),
        ("founding", "encoder"),
        ("founding", "pretraining"),
    ],
)
def test_encoder_starts_from_one_thing_only(names: tuple[str, str]) -> None:
    starts = {"pretraining": PretrainConfig(train=SOURCES), "encoder": "e", "word_vectors": ("v.txt",)}
    starts["founding"] = CONFIG
    for name in names:
        TrainConfig(train=SOURCES, **{name: starts[name]})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"{names[0]} and {names[1]}: the encoder can start from one of them only"):
        TrainConfig(train=SOURCES, **{name: starts[name] for name in names})  # type: ignore[arg-type]


def test_artifact_teaches_itself_only_if_the_run_starts_from_one() -> None:
    TrainConfig(train=SOURCES, self_taught=True, founding=CONFIG)
    TrainConfig(train=SOURCES, self_taught=True, encoder="e", unlabelled=SOURCES)
    with pytest.raises(ValueError, match="self_taught=True: needs an artifact to start from"):
        TrainConfig(train=SOURCES, self_taught=True)
    with pytest.raises(ValueError, match=r"start_share=0.5: needs an artifact to start from"):
        TrainConfig(train=SOURCES, start_share=0.5)
    with pytest.raises(ValueError, match=r"start_share=1.0: must be from 0 to less than 1"):
        TrainConfig(train=SOURCES, start_share=1.0, encoder="e")


@pytest.mark.parametrize("name", ["unlabelled_sentences", "unlabelled_opposites"])
def test_what_is_drawn_of_unlabelled_texts_needs_more_than_a_linear_teacher(name: str) -> None:
    """It was drawn and encoded, and then learned by nobody."""
    told: dict[str, Any] = {"train": SOURCES, "unlabelled": (Source(path="b.csv"),), "cross_taught": ("a:b",), name: 5}
    with pytest.raises(ValueError, match=f"{name}=5: a linear model labels whole texts alone"):
        TrainConfig(**told)
    TrainConfig(**told, teachers=("t",))


def test_unlabelled_source_needs_a_teacher() -> None:
    others = (Source(path="b.txt"), Source(path="c.txt"))
    TrainConfig(train=SOURCES, unlabelled=others, teachers=("t",))
    TrainConfig(train=SOURCES, unlabelled=others[:1], cross_taught=("a:b",))
    with pytest.raises(ValueError, match=r"unlabelled=b, c: no teacher to label it"):
        TrainConfig(train=SOURCES, unlabelled=others)
    with pytest.raises(ValueError, match=r"unlabelled=c: no teacher to label it"):
        TrainConfig(train=SOURCES, unlabelled=others, cross_taught=("a:b",))


def test_cross_taught_names_sources_of_the_run() -> None:
    with pytest.raises(ValueError, match="cross_taught='b': must be the name of a train source"):
        TrainConfig(train=SOURCES, cross_taught=("b",))
    with pytest.raises(ValueError, match="cross_taught=a:b: 'b' must be the name of an unlabelled source"):
        TrainConfig(train=SOURCES, cross_taught=("a:b",))


def test_source_that_a_linear_model_teaches_is_known_by_its_name() -> None:
    """Of two sources of one name none was found, after all had been read."""
    sources = (Source(path="en/a.csv"), Source(path="zh/a.csv"))
    TrainConfig(train=sources)
    with pytest.raises(ValueError, match="cross_taught='a': several train sources have this name; give one a name="):
        TrainConfig(train=sources, cross_taught=("a",))


def test_record_of_a_config_is_json_without_folders_of_the_machine() -> None:
    text = json.dumps(CONFIG.to_dict())
    assert "/some/folder" not in text
    assert json.loads(text)["train"][0]["label_map"] == {"1": "negative"}


def test_record_holds_the_pretraining_and_names_the_encoder() -> None:
    pretraining = PretrainConfig(train=SOURCES, negatives=9, word_vectors=("/some/folder/v.txt",))
    text = json.dumps(TrainConfig(train=SOURCES, pretraining=pretraining).to_dict())
    assert "/some/folder" not in text
    record = json.loads(text)["pretraining"]
    assert record == json.loads(json.dumps(pretraining.to_dict()))
    assert (record["negatives"], record["word_vectors"], record["train"][0]["path"]) == (9, ["v.txt"], "a.csv")
    assert CONFIG.to_dict()["pretraining"] is None
    teaching = (TeacherConfig(train=SOURCES, model="hub/id"),)
    founded = TrainConfig(train=SOURCES, founding=TrainConfig(train=SOURCES, teaching=teaching)).to_dict()
    assert founded["founding"]["teaching"] == [teaching[0].to_dict()]
    for encoder in ("/some/folder/mine", "/some/folder/mine/"):
        assert TrainConfig(train=SOURCES, encoder=encoder).to_dict()["encoder"] == "mine"
