"""One readable step of each recurrent cell, written from its equations.

These are the reference: tests hold them against torch.nn, the peephole network runs on them, and so does any
code that wants to look inside a trained network's memory.

Row vectors throughout: x (B, D) input, h (B, H) output, c (B, H) memory, W_x (D, kH), W_h (H, kH), b (kH,), where k
is the number of affine maps that a cell fuses into one product. For D=10, H=20 an LSTM has W_x (10, 80), W_h (20, 80),
b (80,).

Shapes in names: T time, B batch, D input width, H hidden width.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn


def rnn_step(x: Tensor, s: Tensor, u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Elman cell: s_t = tanh(x_t U + s_{t-1} W + b).

    x (B, D), s (B, H), u (D, H), w (H, H), b (H,).   Returns: s_t (B, H).
    Source: Elman 1990, Finding structure in time.
    """
    return torch.tanh(x @ u + s @ w + b)


def bidirectional_output(s_forward: Tensor, s_backward: Tensor, v_forward: Tensor, v_backward: Tensor) -> Tensor:
    """Output of a bidirectional network before its nonlinearity g: s_t V + s'_t V'.

    s_* (..., H), v_* (H, O).   Returns: (..., O), which equals [s_t ; s'_t] times [V ; V'] stacked.
    Source: Schuster & Paliwal 1997, Bidirectional recurrent neural networks.
    """
    return s_forward @ v_forward + s_backward @ v_backward


def lstm_step(x: Tensor, h: Tensor, c: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """LSTM with a forget gate; the fused maps stand in the order f, i, o, g.

    [f, i, o] = sigmoid(x_t W_x + h_{t-1} W_h + b), g = tanh(...); c_t = f*c_{t-1} + i*g; h_t = o*tanh(c_t).
    x (B, D), h and c (B, H), w_x (D, 4H), w_h (H, 4H), b (4H,).   Returns: h_t, c_t.
    Source: Hochreiter & Schmidhuber 1997; Gers et al. 2000 for the forget gate.
    """
    h_next, c_next, _, _, _, _ = lstm_parts(x @ w_x + b, h, c, w_h)
    return h_next, c_next


def lstm_parts(
    x_wx: Tensor, h: Tensor, c: Tensor, w_h: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """What an LSTM does in a step.   x_wx (B, 4H): x_t W_x + b.   Returns: h_t, c_t, and f, i, o, g, each (B, H)."""
    f, i, o, g = (x_wx + h @ w_h).chunk(4, dim=-1)
    f, i, o, g = torch.sigmoid(f), torch.sigmoid(i), torch.sigmoid(o), torch.tanh(g)
    c_next = f * c + i * g
    return o * torch.tanh(c_next), c_next, f, i, o, g


def gru_step(
    x: Tensor, h: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor, b_h: Tensor, *, reset_after: bool = False
) -> Tensor:
    """GRU; the fused maps stand in the order z, r, h~.

    z, r = sigmoid(x_t W_x + h_{t-1} W_h + b + b_h); h_t = (1 - z)*h_{t-1} + z*h~.
    The two conventions differ in the candidate:
      reset_after=False (the paper): h~ = tanh(x_t W_x + (r*h_{t-1}) W_h + b + b_h)
      reset_after=True (cuDNN):      h~ = tanh(x_t W_x + b + r*(h_{t-1} W_h + b_h))
    torch.nn.GRU is the second with z and 1 - z exchanged; `gru_weights` negates its z maps, as 1 - sigmoid(a) is
    sigmoid(-a).
    x (B, D), h (B, H), w_x (D, 3H), w_h (H, 3H), b and b_h (3H,).   Returns: h_t (B, H).
    Source: Cho et al. 2014, arXiv 1406.1078; torch.nn.GRU documentation.
    """
    return gru_parts(x @ w_x + b, h, w_h, b_h, reset_after)[0]


def gru_parts(
    x_wx: Tensor, h: Tensor, w_h: Tensor, b_h: Tensor, reset_after: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What a GRU does in a step.   x_wx (B, 3H): x_t W_x + b.   Returns: h_t, z, r, h~, each (B, H)."""
    hidden_dim = h.shape[-1]
    x_z, x_r, x_n = x_wx.chunk(3, dim=-1)
    h_z, h_r, h_n = (h @ w_h + b_h).chunk(3, dim=-1)
    z, r = torch.sigmoid(x_z + h_z), torch.sigmoid(x_r + h_r)
    if reset_after:
        candidate = torch.tanh(x_n + r * h_n)
    else:
        candidate = torch.tanh(x_n + (r * h) @ w_h[:, 2 * hidden_dim :] + b_h[2 * hidden_dim :])
    return (1 - z) * h + z * candidate, z, r, candidate


def peephole_lstm_step(
    x_wx: Tensor, h: Tensor, c: Tensor, w_h: Tensor, p_f: Tensor, p_i: Tensor, p_o: Tensor
) -> tuple[Tensor, Tensor]:
    """LSTM whose gates see the memory through diagonal weights: f and i see c_{t-1}, o sees c_t.

    x_wx (B, 4H): x_t W_x + b, passed ready-made since one product serves all steps; maps in the order f, i, o, g.
    h and c (B, H), w_h (H, 4H), p_* (H,).   Returns: h_t, c_t.
    Source: Gers & Schmidhuber 2000, Recurrent nets that time and count.
    """
    h_next, c_next, _, _, _, _ = peephole_lstm_parts(x_wx, h, c, w_h, p_f, p_i, p_o)
    return h_next, c_next


def peephole_lstm_parts(
    x_wx: Tensor, h: Tensor, c: Tensor, w_h: Tensor, p_f: Tensor, p_i: Tensor, p_o: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """What a peephole LSTM does in a step.   Returns: h_t, c_t, and f, i, o, g, each (B, H)."""
    f, i, o, g = (x_wx + h @ w_h).chunk(4, dim=-1)
    f, i, g = torch.sigmoid(f + p_f * c), torch.sigmoid(i + p_i * c), torch.tanh(g)
    c_next = f * c + i * g
    o = torch.sigmoid(o + p_o * c_next)
    return o * torch.tanh(c_next), c_next, f, i, o, g


def lstm_weights(network: nn.LSTM) -> tuple[Tensor, Tensor, Tensor]:
    """W_x (D, 4H), W_h (H, 4H), b (4H,) of a one-layer, one-way torch.nn.LSTM, whose own order is i, f, g, o."""
    i, f, g, o = range(4)
    weight_ih, weight_hh, bias_ih, bias_hh = network.all_weights[0]
    w_x, w_h, b = (_reorder(weight, [f, i, o, g]) for weight in (weight_ih, weight_hh, bias_ih + bias_hh))
    return w_x.T, w_h.T, b


def gru_weights(network: nn.GRU) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """W_x (D, 3H), W_h (H, 3H), b, b_h (3H,) of a one-layer, one-way torch.nn.GRU: its r, z, n reordered, z negated."""
    r, z, n = range(3)
    sign = torch.ones(3 * network.hidden_size, device=network.all_weights[0][0].device)
    sign[: network.hidden_size] = -1
    w_x, w_h, b, b_h = (_reorder(weight, [z, r, n]) for weight in network.all_weights[0])
    return (w_x.T * sign), (w_h.T * sign), b * sign, b_h * sign


def unroll(step: Callable[[Tensor, Tensor], Tensor], x_TBD: Tensor, state_BH: Tensor) -> Tensor:
    """Run a one-state cell over time.   Returns: states (T, B, H)."""
    states = []
    for x_BD in x_TBD:
        state_BH = step(x_BD, state_BH)
        states.append(state_BH)
    return torch.stack(states)


def _reorder(weight: Tensor, order: list[int]) -> Tensor:
    blocks = weight.detach().chunk(len(order), dim=0)
    return torch.cat([blocks[position] for position in order])
