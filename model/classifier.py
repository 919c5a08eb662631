"""SentimentClassifier: token ids in, one logit per label out.

Shapes in names: B rows, T steps, D embedding width, E encoder output width, P pooled width, C labels.
"""

import torch
from torch import Tensor, nn

from model.config import ModelConfig
from model.recurrent import Layer, reversal


class SentimentClassifier(nn.Module):
    """Embedding, dropout, stacked recurrent layers, masked pooling, linear head. Scriptable.

    Padding is a true no-op: a row alone gives the logits that it gives in any batch, to rounding.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.embedding_dim)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.embedding_dropout = nn.Dropout(config.embedding_dropout)
        self.output_dropout = nn.Dropout(config.output_dropout)
        encoder_dim = config.hidden_dim * (2 if config.bidirectional else 1)
        self.layers = nn.ModuleList(
            Layer(config.cell, encoder_dim if depth else config.embedding_dim, config.hidden_dim, config.bidirectional)
            for depth in range(config.num_layers)
        )
        self.pooling = config.pooling
        self.attention = nn.Linear(encoder_dim, 1, bias=False) if config.pooling == "attention" else nn.Identity()
        self.head = nn.Linear(encoder_dim * (2 if config.pooling == "max_mean" else 1), len(config.labels))

    def forward(self, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        """token_ids (B, T) int64, lengths (B,) int64 from 1 to T -> logits (B, C)."""
        x_BTE = self.encode(token_ids_BT, lengths_B)
        logits_BC: Tensor = self.head(self.output_dropout(self.pool(x_BTE, lengths_B)))
        return logits_BC

    def encode(self, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        """token_ids (B, T), lengths (B,) -> states of the last layer (B, T, E); past a row's end they mean nothing."""
        reversal_BT = reversal(lengths_B, token_ids_BT.size(1))
        x_BTE: Tensor = self.embedding_dropout(self.embedding(token_ids_BT))
        for depth, layer in enumerate(self.layers):
            # Not after the last layer: a maximum over steps of which some are zeroed and the others scaled up is larger
            # in training than it is later. What is pooled is dropped instead.
            x_BTE = layer(x_BTE if depth == 0 else self.output_dropout(x_BTE), reversal_BT)
        return x_BTE

    def pool(self, x_BTE: Tensor, lengths_B: Tensor) -> Tensor:
        """States (B, T, E), lengths (B,) -> what the head reads (B, P)."""
        position_BT = torch.arange(x_BTE.size(1), device=x_BTE.device).unsqueeze(0)
        mask_BT1 = (position_BT < lengths_B.unsqueeze(1)).unsqueeze(-1)
        if self.pooling == "attention":
            weight_BT1 = self.attention(x_BTE).masked_fill(~mask_BT1, -torch.inf).softmax(dim=1)
            mixed_BE: Tensor = (weight_BT1 * x_BTE).sum(dim=1)
            return mixed_BE
        max_BE = x_BTE.masked_fill(~mask_BT1, -torch.inf).amax(dim=1)
        mean_BE = x_BTE.masked_fill(~mask_BT1, 0.0).sum(dim=1) / lengths_B.unsqueeze(1)
        if self.pooling == "max":
            return max_BE
        if self.pooling == "mean":
            return mean_BE
        return torch.cat([max_BE, mean_BE], dim=-1)
