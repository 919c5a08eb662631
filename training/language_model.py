"""The encoder as a language model: each direction predicts the token that it reads next.

Forward and backward halves see different sides of a text, so that one bidirectional layer is two language models that
share an embedding table. Predictions are compared with the same table (Press & Wolf 2017, arXiv 1608.05859).

Shapes in names: B rows, T steps, D embedding width, H width of one direction, V vocabulary, N predictions, K negatives.
"""

import random
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from model.config import ModelConfig
from model.padding import pad
from model.recurrent import Layer, reversal
from training.config import PretrainConfig
from training.distributed import Processes
from training.sampler import Batches
from training.storage import lengths_of

DEV_ROWS = 400
"""Rows of the dev set that are scored; over the whole vocabulary, they take some seconds."""
_COUNTED_ROWS = 10_000
"""Whose tokens are counted at once."""


class LanguageModel(nn.Module):
    """Embedding, one recurrent layer, and for each of its directions a projection back to the embedding.

    Embedding and layer have the names and shapes that they have in SentimentClassifier.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.embedding_dim)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.embedding_dropout = nn.Dropout(config.embedding_dropout)
        self.output_dropout = nn.Dropout(config.output_dropout)
        self.layers = nn.ModuleList([Layer(config.cell, config.embedding_dim, config.hidden_dim, config.bidirectional)])
        directions = 2 if config.bidirectional else 1
        self.projections = nn.ModuleList(nn.Linear(config.hidden_dim, config.embedding_dim) for _ in range(directions))
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def queries(self, token_ids_BT: Tensor, lengths_B: Tensor) -> list[tuple[Tensor, Tensor]]:
        """For each direction, what it expects next (N, D), and the token that stands there (N,).

        token_ids (B, T) int64, lengths (B,) int64. A row of n tokens has n - 1 predictions in each direction.
        """
        x_BTD = self.embedding_dropout(self.embedding(token_ids_BT))
        states_BTE: Tensor = self.layers[0](x_BTD, reversal(lengths_B, token_ids_BT.size(1)))
        states_BTH = states_BTE.chunk(len(self.projections), dim=-1)
        position_T = torch.arange(token_ids_BT.size(1) - 1, device=token_ids_BT.device)
        has_next_BT = position_T < lengths_B.unsqueeze(1) - 1
        # The forward half stands on the left one of each pair of neighbours, the backward half on the right one.
        standing = [states_BTH[0][:, :-1], *(states[:, 1:] for states in states_BTH[1:])]
        expected = [token_ids_BT[:, 1:], token_ids_BT[:, :-1]]
        return [
            (projection(self.output_dropout(states[has_next_BT])), tokens[has_next_BT])
            for projection, states, tokens in zip(self.projections, standing, expected, strict=False)
        ]

    def forward(self, token_ids_BT: Tensor, lengths_B: Tensor, negatives_K: Tensor, log_share_V: Tensor) -> Tensor:
        """Sum (scalar) of the sampled cross-entropy of all predictions of all directions.

        negatives (K,) int64, none twice; exp(log_share) is the share of draws that hold a token.
        """
        losses = [
            sampled_cross_entropy(queries, targets, self.embedding.weight, self.bias, negatives_K, log_share_V).sum()
            for queries, targets in self.queries(token_ids_BT, lengths_B)
        ]
        return torch.stack(losses).sum()

    def log_likelihood(self, token_ids_BT: Tensor, lengths_B: Tensor) -> list[Tensor]:
        """For each direction, the log probability (N,) of each token that stands there, over the whole vocabulary."""
        found = []
        for queries_ND, targets_N in self.queries(token_ids_BT, lengths_B):
            count = max(1, -(-len(targets_N) // 1024))  # the logits of all at once would take hundreds of megabytes
            parts = zip(queries_ND.chunk(count), targets_N.chunk(count), strict=True)
            found.append(
                torch.cat(
                    [
                        -nn.functional.cross_entropy(self.logits(queries), targets, reduction="none")
                        for queries, targets in parts
                    ]
                )
            )
        return found

    def logits(self, queries_ND: Tensor) -> Tensor:
        """Over the whole vocabulary: (N, V)."""
        return nn.functional.linear(queries_ND, self.embedding.weight, self.bias)


def sampled_cross_entropy(
    queries_ND: Tensor,
    targets_N: Tensor,
    embedding_VD: Tensor,
    bias_V: Tensor,
    negatives_K: Tensor,
    log_share_V: Tensor,
) -> Tensor:
    """Cross-entropy (N,) of each target against negatives that all predictions share.

    Every logit is lowered by the log of the share of draws that hold the token, so that the logits learned are those of
    the softmax over the whole vocabulary. A negative that is the target itself is left out. With the share of a single
    pick, and tokens counted as often as picked, frequent tokens were learned a tenth too likely.
    Source: Jean et al. 2015, arXiv 1412.2007, section 3; Bengio & Senécal 2008.
    """
    offset_V = bias_V - log_share_V
    target_logits_N = (queries_ND.float() * embedding_VD[targets_N]).sum(dim=-1) + offset_V[targets_N]
    negative_logits_NK = queries_ND @ embedding_VD[negatives_K].T
    negative_logits_NK = negative_logits_NK.float() + offset_V[negatives_K]
    negative_logits_NK = negative_logits_NK.masked_fill(targets_N.unsqueeze(1) == negatives_K, -torch.inf)
    total_N = torch.logaddexp(target_logits_N, negative_logits_NK.logsumexp(dim=1))
    return total_N - target_logits_N


class LanguageModelling:
    """The Task of a language model.

    train_rows, dev_rows: of two tokens to max_tokens, as `cut_rows` makes them.
    Raises, when constructed: ValueError if there is none.
    """

    def __init__(
        self,
        config: PretrainConfig,
        train_rows: Sequence[Sequence[int]],
        dev_rows: Sequence[Sequence[int]],
        *,
        vocab_size: int,
        pad_id: int,
    ) -> None:
        self.config = config
        self.pad_id = pad_id
        self.rows = train_rows
        self.dev_rows = random.Random(config.seed).sample(dev_rows, min(len(dev_rows), DEV_ROWS))
        for role, rows in (("train", self.rows), ("dev", self.dev_rows)):
            if not rows:
                raise ValueError(f"{role}: no text of two tokens or more")
        self.lengths = lengths_of(self.rows)
        share_V = torch.from_numpy(count_tokens(self.rows, vocab_size)).double()
        # Rare tokens are drawn more often than they occur.   Source: Mikolov et al. 2013, arXiv 1310.4546, section 2.2.
        share_V = (share_V + 1.0) ** 0.75
        self.share_V = share_V / share_V.sum()
        self.log_share_V = (-torch.expm1(config.negatives * torch.log1p(-self.share_V))).log().float()

    def batches(self, epoch: int) -> Batches:
        """Batches of rows of similar length."""
        return Batches(
            self.lengths, self.config.batch_tokens, self.config.batch_rows, seed=self.config.seed, epoch=epoch
        )

    def loss(self, network: nn.Module, rows: list[int], epoch: int, processes: Processes) -> Tensor:
        """Share of this process (scalar) in the mean loss of a prediction."""
        directions = 2 if self.config.bidirectional else 1
        predictions = directions * sum(int(self.lengths[row]) - 1 for row in rows)
        mine = rows[processes.rank :: processes.world_size]
        # With fewer rows than processes, a process still takes part, with a row that counts nothing.
        scale = 1.0 / predictions if mine else 0.0
        token_ids_BT, lengths_B = pad([self.rows[row] for row in mine or rows[:1]], self.pad_id)
        negatives_K = torch.multinomial(self.share_V, self.config.negatives, replacement=True)
        device = processes.device
        arguments = token_ids_BT, lengths_B, torch.unique(negatives_K), self.log_share_V
        processes.part()
        loss: Tensor = network(*(argument.to(device) for argument in arguments))
        return loss * scale

    def evaluate(self, network: nn.Module) -> dict[str, float]:
        """Mean log likelihood of a token in nats, by direction and over both as `mean`."""
        assert isinstance(network, LanguageModel)
        device = next(network.parameters()).device
        sums: dict[str, list[float]] = {}
        with torch.inference_mode():
            for start in range(0, len(self.dev_rows), 32):
                batch = pad(self.dev_rows[start : start + 32], self.pad_id)
                found = network.log_likelihood(*(tensor.to(device) for tensor in batch))
                for name, values_N in zip(("forward", "backward"), found, strict=False):
                    sums.setdefault(name, []).extend(values_N.tolist())
        scores = {name: sum(values) / len(values) for name, values in sums.items()}
        return {**scores, "mean": sum(scores.values()) / len(scores)}


def count_tokens(rows: Sequence[Sequence[int]], vocab_size: int) -> np.ndarray:
    """How often each id (V,) stands in the rows."""
    count_V = np.zeros(vocab_size, dtype=np.int64)
    for start in range(0, len(rows), _COUNTED_ROWS):
        tokens = np.concatenate([np.asarray(row) for row in rows[start : start + _COUNTED_ROWS]])
        count_V += np.bincount(tokens, minlength=vocab_size)
    return count_V
