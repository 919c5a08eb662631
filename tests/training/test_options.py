import argparse
from pathlib import Path

import pytest

from training.config import PretrainConfig, RunConfig, TrainConfig
from training.options import add_run_options, override
from training.sources import Source

SOURCE = (Source(path="a.csv"),)
BOTH = [TrainConfig(train=SOURCE), PretrainConfig(train=SOURCE)]
each = pytest.mark.parametrize("config", BOTH, ids=lambda config: type(config).__name__)


@each
def test_override_reads_each_field_as_its_type(config: RunConfig) -> None:
    changed = override(
        config,
        ["epochs=1.5", "hidden_dim=8", "bidirectional=false", "strict=TRUE", "cell=gru", "word_vectors=a.txt,b.npy"],
    )
    assert type(changed) is type(config)
    assert (changed.epochs, changed.hidden_dim, changed.bidirectional, changed.strict) == (1.5, 8, False, True)
    assert (changed.cell, changed.word_vectors) == ("gru", ("a.txt", "b.npy"))
    assert changed.train == config.train
    assert config.epochs == 3.0


def test_fields_of_each_kind_of_run_can_be_set() -> None:
    fit = override(BOTH[0], ["label_smoothing=0.1", "pooling=mean", "languages=en", "class_weights=balanced"])
    assert isinstance(fit, TrainConfig)
    assert (fit.label_smoothing, fit.pooling, fit.languages, fit.class_weights) == (0.1, "mean", ("en",), "balanced")
    pretraining = override(BOTH[1], ["negatives=7"])
    assert isinstance(pretraining, PretrainConfig)
    assert pretraining.negatives == 7


def test_nothing_set_changes_nothing() -> None:
    for config in BOTH:
        assert override(config, []) == config


def test_later_assignment_of_a_field_counts_and_a_text_may_hold_the_sign() -> None:
    config = override(TrainConfig(train=SOURCE), ["seed=1", "seed=2", "card_notes=a=b"])
    assert (config.seed, config.card_notes) == (2, "a=b")


@each
@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("epoch=3", "--set epoch=3: must be FIELD=VALUE with a field of: batch_rows, batch_tokens"),
        ("epochs", "--set epochs: must be FIELD=VALUE"),
        ("train=a.csv", "--set train=a.csv: must be FIELD=VALUE"),
        ("pretraining=true", "--set pretraining=true: must be FIELD=VALUE"),
        ("epochs=many", "epochs='many': must be of type float"),
        ("hidden_dim=1.5", r"hidden_dim='1\.5': must be of type int"),
        ("cell=elman", "cell='elman': must be one of rnn, lstm, gru, peephole_lstm"),
        ("bidirectional=maybe", "bidirectional='maybe': must be of type bool"),
        ("epochs=-1", r"epochs=-1\.0: must be from"),
        ("epochs=nan", "epochs=nan: must be from"),
    ],
)
def test_bad_override_is_named(config: RunConfig, assignment: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        override(config, [assignment])


@pytest.mark.parametrize(
    ("config", "assignment"), [(BOTH[0], "negatives=5"), (BOTH[1], "label_smoothing=0.1"), (BOTH[1], "encoder=e")]
)
def test_field_of_the_other_kind_of_run_is_unknown(config: RunConfig, assignment: str) -> None:
    with pytest.raises(ValueError, match=rf"--set {assignment}: must be FIELD=VALUE with a field of: ") as caught:
        override(config, [assignment])
    assert assignment.partition("=")[0] not in str(caught.value).partition("with a field of: ")[2].split(", ")


def test_fields_that_contradict_each_other_are_named() -> None:
    with pytest.raises(ValueError, match="encoder and word_vectors: the encoder can start from one of them only"):
        override(BOTH[0], ["encoder=e", "word_vectors=v.txt"])
    with pytest.raises(ValueError, match="negatives=1024: must be from 1 to vocab_size=500"):
        override(BOTH[1], ["vocab_size=500"])


def test_options_that_commands_share_have_their_defaults() -> None:
    parser = argparse.ArgumentParser()
    add_run_options(parser)
    options = parser.parse_args([])
    assert (options.set, options.work, options.device, options.strict) == ([], Path("runs"), "auto", False)
    assert parser.parse_args(["--set", "a=1", "b=2"]).set == ["a=1", "b=2"]
