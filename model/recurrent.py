"""The stacked recurrent encoder: one-way networks of each cell, and bidirectionality that padding cannot touch.

Shapes in names: B rows, T steps, D input width, H width of one direction.
"""

import torch
from torch import Tensor, nn

from model.cells import peephole_lstm_step
from model.config import Cell


class PeepholeLSTM(nn.Module):
    """One-way LSTM with peephole connections, run by the reference cell."""

    def __init__(self, input_dim: int, hidden_dim: int) -> None:
        super().__init__()
        self.hidden_dim = hidden_dim
        self.w_x = nn.Parameter(torch.empty(input_dim, 4 * hidden_dim))
        self.w_h = nn.Parameter(torch.empty(hidden_dim, 4 * hidden_dim))
        self.b = nn.Parameter(torch.empty(4 * hidden_dim))
        self.p_f = nn.Parameter(torch.zeros(hidden_dim))
        self.p_i = nn.Parameter(torch.zeros(hidden_dim))
        self.p_o = nn.Parameter(torch.zeros(hidden_dim))

    def forward(self, x_BTD: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T, D) -> outputs (B, T, H) and the last memory (B, H)."""
        x_wx = x_BTD @ self.w_x + self.b
        h = torch.zeros(x_BTD.size(0), self.hidden_dim, dtype=x_wx.dtype, device=x_wx.device)
        c = torch.zeros_like(h)
        outputs: list[Tensor] = []
        for t in range(x_BTD.size(1)):
            h, c = peephole_lstm_step(x_wx[:, t], h, c, self.w_h, self.p_f, self.p_i, self.p_o)
            outputs.append(h)
        return torch.stack(outputs, dim=1), c


class Direction(nn.Module):
    """A one-way, one-layer network of any cell that returns only its outputs."""

    def __init__(self, cell: Cell, input_dim: int, hidden_dim: int) -> None:
        super().__init__()
        if cell == "peephole_lstm":
            self.network: nn.Module = PeepholeLSTM(input_dim, hidden_dim)
        else:
            kinds: dict[str, type[nn.RNN | nn.LSTM | nn.GRU]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
            self.network = kinds[cell](input_dim, hidden_dim, batch_first=True)
        initialise(self.network, hidden_dim)

    def forward(self, x_BTD: Tensor) -> Tensor:
        """x (B, T, D) -> outputs (B, T, H)."""
        outputs_BTH: Tensor = self.network(x_BTD)[0]
        return outputs_BTH


class Layer(nn.Module):
    """One layer, one-way or bidirectional.

    The backward half is a one-way network fed each row reversed within its own length, so it never reads padding
    before text. A padded `bidirectional=True` layer of torch does (measured difference 6e-2); packing would need the
    lengths on the host.
    """

    def __init__(self, cell: Cell, input_dim: int, hidden_dim: int, bidirectional: bool) -> None:
        super().__init__()
        self.bidirectional = bidirectional
        self.forward_direction = Direction(cell, input_dim, hidden_dim)
        self.backward_direction = Direction(cell, input_dim, hidden_dim) if bidirectional else nn.Identity()

    def forward(self, x_BTD: Tensor, reversal_BT: Tensor) -> Tensor:
        """x (B, T, D), reversal (B, T) from `reversal` -> outputs (B, T, H) or (B, T, 2H)."""
        ahead: Tensor = self.forward_direction(x_BTD)
        if not self.bidirectional:
            return ahead
        back = gather_steps(self.backward_direction(gather_steps(x_BTD, reversal_BT)), reversal_BT)
        return torch.cat([ahead, back], dim=-1)


def reversal(lengths_B: Tensor, steps: int) -> Tensor:
    """Index that reverses each row within its length and leaves padding where it is: its own inverse.

    lengths (B,) int64.   Returns: (B, T) int64; for length 3 of T=5: 2 1 0 3 4.
    """
    position_BT = torch.arange(steps, device=lengths_B.device).unsqueeze(0)
    length_B1 = lengths_B.unsqueeze(1)
    return torch.where(position_BT < length_B1, length_B1 - 1 - position_BT, position_BT)


def gather_steps(x_BTD: Tensor, index_BT: Tensor) -> Tensor:
    """Reorder the steps of each row: x (B, T, D), index (B, T) -> (B, T, D)."""
    return x_BTD.gather(1, index_BT.unsqueeze(-1).expand(-1, -1, x_BTD.size(-1)))


def initialise(network: nn.Module, hidden_dim: int) -> None:
    """Xavier input maps, orthogonal recurrent maps (each gate its own), zero biases but a forget-gate bias of 1.

    Source: Saxe et al. 2014 (orthogonal); Jozefowicz et al. 2015 (forget bias).
    """
    for name, parameter in network.named_parameters():
        if parameter.ndim == 1:
            nn.init.zeros_(parameter)
        else:
            # torch.nn stacks gates by rows (kH, D); the peephole network by columns (D, kH).
            gate_dim = 1 if isinstance(network, PeepholeLSTM) else 0
            for gate in parameter.data.chunk(parameter.shape[gate_dim] // hidden_dim, dim=gate_dim):
                if name in ("weight_hh_l0", "w_h"):
                    nn.init.orthogonal_(gate)
                else:
                    nn.init.xavier_uniform_(gate)
    with torch.no_grad():
        if isinstance(network, PeepholeLSTM):
            network.b[:hidden_dim] = 1.0
        elif isinstance(network, nn.LSTM):
            network.get_parameter("bias_ih_l0")[hidden_dim : 2 * hidden_dim] = 1.0
