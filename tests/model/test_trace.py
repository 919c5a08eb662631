from typing import get_args

import pytest
import torch

from model import SHIPPED
from model.classifier import SentimentClassifier
from model.config import Cell, ModelConfig
from model.network import load_artifact
from model.padding import pad
from model.trace import trace

GATES = {
    "rnn": set(),
    "gru": {"update", "reset", "candidate"},
    "lstm": {"forget", "input", "output", "candidate", "cell_norm"},
    "peephole_lstm": {"forget", "input", "output", "candidate", "cell_norm"},
}


def make(cell: Cell, bidirectional: bool) -> SentimentClassifier:
    torch.manual_seed(0)
    network = SentimentClassifier(
        ModelConfig(vocab_size=50, embedding_dim=7, hidden_dim=5, num_layers=2, cell=cell, bidirectional=bidirectional)
    )
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if parameter.ndim == 1:  # biases and peepholes are born as zeros, which would hide a wrong one
                parameter.uniform_(-1, 1, generator=torch.Generator().manual_seed(len(name)))
    return network.eval()


@pytest.mark.parametrize("cell", get_args(Cell))
@pytest.mark.parametrize("bidirectional", [True, False])
def test_states_are_those_of_the_network(cell: Cell, bidirectional: bool) -> None:
    network, row = make(cell, bidirectional), list(range(3, 40))
    traces = trace(network, row)
    directions = ["forward", "backward"][: 1 + bidirectional]
    assert [(item.layer, item.direction) for item in traces] == [(n, name) for n in (0, 1) for name in directions]
    with torch.inference_mode():
        wanted_1TE = network.encode(*pad([row], 0))
    found_TE = torch.cat([item.states_TH for item in traces if item.layer == 1], dim=-1)
    torch.testing.assert_close(found_TE, wanted_1TE[0], atol=1e-5, rtol=0)
    for item in traces:
        assert item.figures.keys() == GATES[cell] | {"hidden_norm"}
        assert {values.shape for values in item.figures.values()} == {(len(row),)}


def test_states_are_those_of_the_shipped_network() -> None:
    artifact = load_artifact(SHIPPED)
    row = artifact.tokenizer.encode("Not a bad film, although 服务员态度很差 and it drags 😀" * 8)[:256]
    traces = trace(artifact.reference, row)
    with torch.inference_mode():
        wanted_1TE = artifact.reference.encode(*pad([row], 0))
        logits_1C, scripted_1C = (network(*pad([row], 0)) for network in (artifact.reference, artifact.network))
    found_TE = torch.cat([item.states_TH for item in traces], dim=-1)
    torch.testing.assert_close(found_TE, wanted_1TE[0], atol=1e-4, rtol=0)
    torch.testing.assert_close(logits_1C, scripted_1C, atol=1e-4, rtol=0)


def test_figures_are_means_and_norms_of_what_the_equations_name() -> None:
    """One step of one unit, by hand."""
    network = make("lstm", bidirectional=False)
    first, *_ = trace(network, [4])
    weights = network.state_dict()
    prefix = "layers.0.forward_direction.network"
    bias = weights[f"{prefix}.bias_ih_l0"] + weights[f"{prefix}.bias_hh_l0"]
    i, f, g, o = (weights[f"{prefix}.weight_ih_l0"] @ weights["embedding.weight"][4] + bias).chunk(4)
    c = i.sigmoid() * g.tanh()
    wanted = {"forget": f.sigmoid().mean(), "input": i.sigmoid().mean(), "output": o.sigmoid().mean()}
    wanted |= {"candidate": g.tanh().mean(), "cell_norm": c.norm(), "hidden_norm": (o.sigmoid() * c.tanh()).norm()}
    for name, value in wanted.items():
        assert first.figures[name].item() == pytest.approx(value.item(), abs=1e-6)
