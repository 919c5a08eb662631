"""The reference cells against torch.nn and against arithmetic written out one number at a time.

Shapes in names: T time, B batch, D input width, H hidden width, O output width.
"""

import math

import pytest
import torch
from torch import Tensor, nn

from model.cells import (
    bidirectional_output,
    gru_step,
    gru_weights,
    lstm_step,
    lstm_weights,
    peephole_lstm_step,
    rnn_step,
    unroll,
)

T, B, D, H = 6, 3, 10, 20


@pytest.fixture
def x_TBD() -> Tensor:
    return torch.randn(T, B, D, generator=torch.Generator().manual_seed(1))


def random(*shape: int, seed: int = 2) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def close(found: Tensor, wanted: Tensor) -> None:
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


def test_rnn_equals_torch(x_TBD: Tensor) -> None:
    torch.manual_seed(0)
    network = nn.RNN(D, H)
    w_ih, w_hh, b_ih, b_hh = network.all_weights[0]
    states_TBH = unroll(lambda x, s: rnn_step(x, s, w_ih.T, w_hh.T, b_ih + b_hh), x_TBD, torch.zeros(B, H))
    close(states_TBH, network(x_TBD)[0])


def test_lstm_equals_torch(x_TBD: Tensor) -> None:
    torch.manual_seed(0)
    network = nn.LSTM(D, H)
    weights = lstm_weights(network)
    h = c = torch.zeros(B, H)
    outputs = []
    for x in x_TBD:
        h, c = lstm_step(x, h, c, *weights)
        outputs.append(h)
    wanted_TBH, (_, wanted_c_1BH) = network(x_TBD)
    close(torch.stack(outputs), wanted_TBH)
    close(c, wanted_c_1BH[0])


def test_lstm_maps_are_fused_into_the_documented_shapes() -> None:
    w_x, w_h, b = lstm_weights(nn.LSTM(10, 20))
    assert (w_x.shape, w_h.shape, b.shape) == ((10, 80), (20, 80), (80,))


def test_lstm_gates_stand_in_the_order_f_i_o_g() -> None:
    """Opening or closing one gate by its bias shows which block is whose."""
    x, h, c = torch.zeros(1, D), torch.zeros(1, H), torch.full((1, H), 0.5)
    w_x, w_h = torch.zeros(D, 4 * H), torch.zeros(H, 4 * H)

    def bias(f: float, i: float, o: float, g: float) -> Tensor:
        return torch.tensor([f, i, o, g]).repeat_interleave(H)

    forgets = lstm_step(x, h, c, w_x, w_h, bias(-100, -100, 0, 0))[1]
    keeps = lstm_step(x, h, c, w_x, w_h, bias(100, -100, 0, 0))[1]
    writes = lstm_step(x, h, c, w_x, w_h, bias(-100, 100, 0, 1))[1]
    silent = lstm_step(x, h, c, w_x, w_h, bias(100, -100, -100, 0))[0]
    close(forgets, torch.zeros(1, H))
    close(keeps, c)
    close(writes, torch.full((1, H), math.tanh(1)))
    close(silent, torch.zeros(1, H))


def test_gru_that_resets_after_the_product_equals_torch(x_TBD: Tensor) -> None:
    torch.manual_seed(0)
    network = nn.GRU(D, H)
    weights = gru_weights(network)
    states_TBH = unroll(lambda x, h: gru_step(x, h, *weights, reset_after=True), x_TBD, torch.zeros(B, H))
    close(states_TBH, network(x_TBD)[0])


def test_gru_conventions_differ(x_TBD: Tensor) -> None:
    """From the second step on: with h = 0 there is nothing to reset."""
    torch.manual_seed(0)
    w_x, w_h, b, b_h = gru_weights(nn.GRU(D, H))
    before_TBH = unroll(lambda x, h: gru_step(x, h, w_x, w_h, b, 0 * b_h), x_TBD, torch.zeros(B, H))
    after_TBH = unroll(lambda x, h: gru_step(x, h, w_x, w_h, b, 0 * b_h, reset_after=True), x_TBD, torch.zeros(B, H))
    close(before_TBH[0], after_TBH[0])
    assert (before_TBH[1] - after_TBH[1]).abs().max() > 1e-2


@pytest.mark.parametrize("reset_after", [False, True])
def test_gru_equals_its_equations_written_out(reset_after: bool) -> None:
    """One number at a time, H=2 and D=1, so that the product with W_h mixes units."""
    x, h = 0.7, [0.3, -0.4]
    u = {"z": [0.5, -0.6], "r": [0.9, -1.1], "n": [1.3, 0.2]}
    w = {"z": [[0.1, 0.2], [0.3, 0.4]], "r": [[-0.5, 0.6], [0.7, -0.8]], "n": [[0.9, 1.0], [-1.1, 1.2]]}
    b = {"z": [0.01, 0.02], "r": [0.03, 0.04], "n": [0.05, 0.06]}
    b_h = {"z": [0.1, -0.1], "r": [0.2, -0.2], "n": [0.3, -0.3]}

    def affine(gate: str, unit: int, state: list[float]) -> float:
        mixed = sum(state[source] * w[gate][source][unit] for source in range(2))
        return x * u[gate][unit] + mixed + b[gate][unit] + b_h[gate][unit]

    z, r = ([sigmoid(affine(gate, unit, h)) for unit in range(2)] for gate in "zr")
    wanted = []
    for unit in range(2):
        if reset_after:
            product = sum(h[source] * w["n"][source][unit] for source in range(2)) + b_h["n"][unit]
            candidate = math.tanh(x * u["n"][unit] + b["n"][unit] + r[unit] * product)
        else:
            candidate = math.tanh(affine("n", unit, [r[source] * h[source] for source in range(2)]))
        wanted.append((1 - z[unit]) * h[unit] + z[unit] * candidate)

    found = gru_step(
        torch.tensor([[x]]),
        torch.tensor([h]),
        torch.tensor([u["z"] + u["r"] + u["n"]]),
        torch.cat([torch.tensor(w[gate]) for gate in "zrn"], dim=1),
        torch.tensor(b["z"] + b["r"] + b["n"]),
        torch.tensor(b_h["z"] + b_h["r"] + b_h["n"]),
        reset_after=reset_after,
    )
    close(found, torch.tensor([wanted]))


def test_bidirectional_output_is_a_linear_map_of_the_concatenation() -> None:
    torch.manual_seed(0)
    head = nn.Linear(2 * H, 4, bias=False)
    ahead_BH, back_BH = random(B, H), random(B, H, seed=3)
    v_forward, v_backward = head.weight.T.chunk(2)
    close(bidirectional_output(ahead_BH, back_BH, v_forward, v_backward), head(torch.cat([ahead_BH, back_BH], dim=-1)))


def test_peephole_step_equals_its_equations_written_out() -> None:
    """One unit: f and i see the memory before the step, o the memory after it."""
    a_f, a_i, a_o, a_g = 0.4, -0.3, 0.2, 0.9
    w_f, w_i, w_o, w_g = 0.5, 0.6, -0.7, 0.8
    p_f, p_i, p_o = 1.5, -2.5, 3.5
    h, c = 0.25, -0.75
    c_next = sigmoid(a_f + h * w_f + p_f * c) * c + sigmoid(a_i + h * w_i + p_i * c) * math.tanh(a_g + h * w_g)
    h_next = sigmoid(a_o + h * w_o + p_o * c_next) * math.tanh(c_next)

    found_h, found_c = peephole_lstm_step(
        torch.tensor([[a_f, a_i, a_o, a_g]]),
        torch.tensor([[h]]),
        torch.tensor([[c]]),
        torch.tensor([[w_f, w_i, w_o, w_g]]),
        torch.tensor([p_f]),
        torch.tensor([p_i]),
        torch.tensor([p_o]),
    )
    assert found_c.item() == pytest.approx(c_next, abs=1e-6)
    assert found_h.item() == pytest.approx(h_next, abs=1e-6)


def test_peephole_step_without_peepholes_is_the_lstm_step() -> None:
    x, h, c = random(B, D), random(B, H, seed=3), random(B, H, seed=4)
    w_x, w_h, b = random(D, 4 * H, seed=5), random(H, 4 * H, seed=6), random(4 * H, seed=7)
    none = torch.zeros(H)
    for found, wanted in zip(
        peephole_lstm_step(x @ w_x + b, h, c, w_h, none, none, none), lstm_step(x, h, c, w_x, w_h, b), strict=True
    ):
        close(found, wanted)
