"""What happens inside a network's memory as it reads one row, by the reference cells on its own weights.

Shapes in names: T steps, D input width, H width of one direction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.cells import gru_parts, gru_weights, lstm_parts, lstm_weights, peephole_lstm_parts, rnn_step
from model.classifier import SentimentClassifier
from model.recurrent import Direction, Layer, PeepholeLSTM


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectionTrace:
    """One layer read in one direction; steps are in the order of the text for either."""

    layer: int
    direction: str
    """forward or backward."""
    states_TH: Tensor
    """The outputs, equal to the network's own."""
    figures: dict[str, Tensor]
    """By name, one number a step (T,): gates and candidate as means over the units, memory and output as norms.

    An LSTM has forget, input, output, candidate and cell_norm, a GRU update, reset and candidate; all have hidden_norm.
    """


def trace(network: SentimentClassifier, row: Sequence[int]) -> list[DirectionTrace]:
    """Read a row of at least one token id; the first layer comes first, and forward before backward."""
    traces = []
    with torch.inference_mode():
        x_TD = network.embedding(torch.tensor(row, device=network.embedding.weight.device))
        for depth, layer in enumerate(network.layers):
            assert isinstance(layer, Layer)
            own = [_read(depth, "forward", layer.forward_direction, x_TD)]
            if layer.bidirectional:
                own.append(_read(depth, "backward", layer.backward_direction, x_TD))
            x_TD = torch.cat([trace.states_TH for trace in own], dim=-1)
            traces += own
    return traces


def _read(layer: int, direction: str, module: nn.Module, x_TD: Tensor) -> DirectionTrace:
    assert isinstance(module, Direction)
    in_time_TD = x_TD if direction == "forward" else x_TD.flip(0)
    states, means, memories = _steps(module.network, in_time_TD)
    figures = {name: torch.cat(values).mean(dim=-1) for name, values in means.items()}
    if memories:
        figures["cell_norm"] = torch.cat(memories).norm(dim=-1)
    states_TH = torch.cat(states)
    figures["hidden_norm"] = states_TH.norm(dim=-1)
    if direction == "backward":
        states_TH, figures = states_TH.flip(0), {name: values.flip(0) for name, values in figures.items()}
    return DirectionTrace(layer=layer, direction=direction, states_TH=states_TH, figures=figures)


def _steps(network: nn.Module, x_TD: Tensor) -> tuple[list[Tensor], dict[str, list[Tensor]], list[Tensor]]:
    """Outputs, gates by name, and memories of a one-way network: each (1, H) a step."""
    states: list[Tensor] = []
    memories: list[Tensor] = []
    if isinstance(network, nn.GRU):
        w_x, w_h, b, b_h = gru_weights(network)
        h = x_TD.new_zeros(1, network.hidden_size)
        gates: dict[str, list[Tensor]] = {"update": [], "reset": [], "candidate": []}
        for x_wx in (x_TD @ w_x + b).unsqueeze(1):
            h, *parts = gru_parts(x_wx, h, w_h, b_h, reset_after=True)
            states.append(h)
            _collect(gates, parts)
        return states, gates, memories
    if isinstance(network, nn.RNN):
        w_ih, w_hh, b_ih, b_hh = network.all_weights[0]
        h = x_TD.new_zeros(1, network.hidden_size)
        for x in x_TD.unsqueeze(1):
            h = rnn_step(x, h, w_ih.T, w_hh.T, b_ih + b_hh)
            states.append(h)
        return states, {}, memories
    gates = {"forget": [], "input": [], "output": [], "candidate": []}
    if isinstance(network, PeepholeLSTM):
        w_x, w_h, b = network.w_x, network.w_h, network.b
        h = c = x_TD.new_zeros(1, network.hidden_dim)
    else:
        assert isinstance(network, nn.LSTM)
        w_x, w_h, b = lstm_weights(network)
        h = c = x_TD.new_zeros(1, network.hidden_size)
    for x_wx in (x_TD @ w_x + b).unsqueeze(1):
        if isinstance(network, PeepholeLSTM):
            h, c, *parts = peephole_lstm_parts(x_wx, h, c, w_h, network.p_f, network.p_i, network.p_o)
        else:
            h, c, *parts = lstm_parts(x_wx, h, c, w_h)
        states.append(h)
        memories.append(c)
        _collect(gates, parts)
    return states, gates, memories


def _collect(gates: dict[str, list[Tensor]], parts: Sequence[Tensor]) -> None:
    for values, part in zip(gates.values(), parts, strict=True):
        values.append(part)
