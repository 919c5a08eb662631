import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from model.tokenizer import SubwordTokenizer
from service.onnx_predictor import OnnxPredictor
from tests.bench.artifact import prepare, shorten, write_for_others, write_untrained
from tests.bench.texts import SHORT
from tests.texts import LABELLED
from training.onnx_export import MOST_PROBABILITY


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_untrained(tmp_path_factory.mktemp("untrained") / "artifact", vocab_size=2000, width=32)


def test_shortened_tokenizer_is_the_one_of_a_smaller_training(tokenizer: SubwordTokenizer) -> None:
    smaller = SubwordTokenizer.train([text for text, _ in LABELLED] * 4, vocab_size=400)
    assert shorten(tokenizer, 400).to_json() == smaller.to_json()


def test_untrained_network_answers_differently_to_different_texts(untrained: Path) -> None:
    predictor = OnnxPredictor.load(untrained, threads=1)
    logits = np.array(predictor.predict(predictor.encode(SHORT)))
    assert np.ptp(logits[:, 0] - logits[:, 1]) > 0.3


def test_others_get_the_same_answers_from_their_files(compiled_directory: Path, tmp_path: Path) -> None:
    """By the network, its temperature of 1.5, and the tokenizer; alone and in a padded batch."""
    write_for_others(tmp_path, compiled_directory)
    ours = OnnxPredictor.load(compiled_directory, threads=1)
    tokenizer = SubwordTokenizer.load(tmp_path / "tokenizer.json")
    network = torch.jit.load(tmp_path / "model.pt")  # type: ignore[no-untyped-call]
    rows = tokenizer.encode_batch(SHORT)
    padded = [row + [0] * (max(map(len, rows)) - len(row)) for row in rows]
    together = network(torch.tensor(padded), torch.tensor([len(row) for row in rows])).softmax(dim=1)
    alone = [network(torch.tensor([row]), torch.tensor([len(row)])).softmax(dim=1)[0] for row in rows]
    wanted = (torch.tensor(ours.predict(ours.encode(SHORT))) / 1.5).softmax(dim=1)
    torch.testing.assert_close(together, torch.stack(alone))
    assert (together - wanted).abs().max() < MOST_PROBABILITY
    assert json.loads((tmp_path / "labels.json").read_text()) == list(ours.info.labels)


def test_texts_that_others_would_cut_are_left_out(artifact_directory: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("short enough\n" + "far too long " * 64)
    options = argparse.Namespace(artifact=artifact_directory, short=texts, long=texts)
    assert prepare(options, tmp_path) == (artifact_directory, {"short": ["short enough"], "long": ["short enough"]})
