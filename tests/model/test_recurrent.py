"""The encoder's layers. Shapes in names: B rows, T steps, D input width, H width of one direction."""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn

from model.cells import lstm_weights, peephole_lstm_step
from model.config import Cell
from model.recurrent import Direction, Layer, PeepholeLSTM, gather_steps, initialise, reversal

B, T, D, H = 3, 5, 10, 20
CELLS = get_args(Cell)


@pytest.fixture
def x_BTD() -> Tensor:
    return torch.randn(B, T, D, generator=torch.Generator().manual_seed(1))


def recurrent_gates(network: nn.Module) -> list[Tensor]:
    if isinstance(network, PeepholeLSTM):
        return list(network.w_h.detach().chunk(4, dim=1))
    weight = network.get_parameter("weight_hh_l0").detach()
    return list(weight.chunk(len(weight) // H))


def test_peephole_network_is_its_step_repeated(x_BTD: Tensor) -> None:
    torch.manual_seed(0)
    network = PeepholeLSTM(D, H)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.5)
    h = c = torch.zeros(B, H)
    outputs_BTH, last_BH = network(x_BTD)
    for t in range(T):
        x_wx = x_BTD[:, t] @ network.w_x + network.b
        h, c = peephole_lstm_step(x_wx, h, c, network.w_h, network.p_f, network.p_i, network.p_o)
        torch.testing.assert_close(outputs_BTH[:, t], h, atol=1e-5, rtol=0)
    torch.testing.assert_close(last_BH, c, atol=1e-5, rtol=0)


def test_peephole_network_with_zero_peepholes_equals_torch_lstm(x_BTD: Tensor) -> None:
    torch.manual_seed(0)
    plain, network = nn.LSTM(D, H, batch_first=True), PeepholeLSTM(D, H)
    with torch.no_grad():
        for parameter, weight in zip((network.w_x, network.w_h, network.b), lstm_weights(plain), strict=True):
            parameter.copy_(weight)
    torch.testing.assert_close(network(x_BTD)[0], plain(x_BTD)[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(network(x_BTD)[1], plain(x_BTD)[1][1][0], atol=1e-5, rtol=0)


def test_peepholes_matter(x_BTD: Tensor) -> None:
    torch.manual_seed(0)
    network = PeepholeLSTM(D, H)
    initialise(network, H)
    before_BTH = network(x_BTD)[0]
    for peephole in (network.p_f, network.p_i, network.p_o):
        nn.init.ones_(peephole)
        after_BTH = network(x_BTD)[0]
        assert (after_BTH - before_BTH).abs().max() > 1e-3
        before_BTH = after_BTH


def test_reversal_turns_each_row_within_its_length() -> None:
    index_BT = reversal(torch.tensor([3, 5, 1]), 5)
    assert index_BT.tolist() == [[2, 1, 0, 3, 4], [4, 3, 2, 1, 0], [0, 1, 2, 3, 4]]


def test_reversal_is_its_own_inverse(x_BTD: Tensor) -> None:
    index_BT = reversal(torch.tensor([3, 5, 1]), T)
    once_BTD = gather_steps(x_BTD, index_BT)
    assert torch.equal(once_BTD[0, 0], x_BTD[0, 2])
    assert torch.equal(gather_steps(once_BTD, index_BT), x_BTD)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_bidirectional_layer_equals_torch_on_full_rows(cell: Cell, x_BTD: Tensor) -> None:
    torch.manual_seed(0)
    kinds: dict[str, type[nn.RNN | nn.LSTM | nn.GRU]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    plain, layer = kinds[cell](D, H, batch_first=True, bidirectional=True), Layer(cell, D, H, bidirectional=True)
    for direction, weights in zip((layer.forward_direction, layer.backward_direction), plain.all_weights, strict=True):
        with torch.no_grad():
            for parameter, weight in zip(direction.parameters(), weights, strict=True):
                parameter.copy_(weight)
    found_BTE = layer(x_BTD, reversal(torch.full((B,), T), T))
    torch.testing.assert_close(found_BTE, plain(x_BTD)[0], atol=1e-5, rtol=0)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_last_token_reaches_the_first_output_only_backwards(cell: Cell, bidirectional: bool, x_BTD: Tensor) -> None:
    torch.manual_seed(0)
    layer = Layer(cell, D, H, bidirectional)
    reversal_BT = reversal(torch.full((B,), T), T)
    before_BTE = layer(x_BTD, reversal_BT)
    x_BTD[:, -1] += 1
    moved_BTE = (layer(x_BTD, reversal_BT) - before_BTE).abs()
    assert before_BTE.shape == (B, T, 2 * H if bidirectional else H)
    assert moved_BTE[:, 0, :H].max() == 0
    assert bool(moved_BTE[:, 0].max() > 0) is bidirectional


@pytest.mark.parametrize("cell", CELLS)
def test_recurrent_maps_start_orthogonal(cell: Cell) -> None:
    torch.manual_seed(0)
    gates = recurrent_gates(Direction(cell, D, H).network)
    assert len(gates) == {"rnn": 1, "gru": 3}.get(cell, 4)
    for gate_HH in gates:
        torch.testing.assert_close(gate_HH @ gate_HH.T, torch.eye(H), atol=1e-5, rtol=0)


@pytest.mark.parametrize("cell", ["lstm", "peephole_lstm"])
def test_forget_bias_starts_at_one_and_other_biases_at_zero(cell: Cell) -> None:
    network = Direction(cell, D, H).network
    bias: Tensor
    if isinstance(network, PeepholeLSTM):
        bias, forget = network.b, slice(0, H)
        assert not network.p_f.any()
    else:
        # torch adds two biases and orders the gates i, f, g, o.
        bias, forget = network.get_parameter("bias_ih_l0") + network.get_parameter("bias_hh_l0"), slice(H, 2 * H)
    assert torch.equal(bias[forget], torch.ones(H))
    assert bias.sum() == H


@pytest.mark.parametrize("cell", CELLS)
def test_input_maps_start_within_the_xavier_bound_of_one_gate(cell: Cell) -> None:
    torch.manual_seed(0)
    network = Direction(cell, D, H).network
    weight = network.w_x if isinstance(network, PeepholeLSTM) else network.get_parameter("weight_ih_l0")
    bound = (6 / (D + H)) ** 0.5
    assert 0.9 * bound < weight.abs().max() <= bound
