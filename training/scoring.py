"""Logits of many texts by a network, long texts read by windows as the service reads them.

Shapes in names: N texts, C labels, B rows, T steps.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from model.padding import pad
from model.tokenizer import SubwordTokenizer
from model.windows import merge_windows, split_windows
from training.encoding import portions


def score_texts(
    network: Callable[[Tensor, Tensor], Tensor],
    tokenizer: SubwordTokenizer,
    max_tokens: int,
    texts: Sequence[str],
    batch_tokens: int = 16_384,
    device: str = "cpu",
) -> np.ndarray:
    """Logits (N, C) float32 of texts."""
    found = [
        score_rows(network, tokenizer.encode_batch(some), tokenizer.pad_id, max_tokens, batch_tokens, device)
        for some in portions(texts)
    ]
    return np.concatenate(found)


def score_rows(
    network: Callable[[Tensor, Tensor], Tensor],
    rows: Sequence[Sequence[int]],
    pad_id: int,
    max_tokens: int,
    batch_tokens: int = 16_384,
    device: str = "cpu",
) -> np.ndarray:
    """Logits (N, C) float32 of encoded texts of any length.

    batch_tokens: most tokens of one call, counted as rows times the longest.
    """
    windows = [(owner, window) for owner, row in enumerate(rows) for window in split_windows(row, max_tokens)]
    windows.sort(key=lambda item: len(item[1]))
    logits: list[list[list[float]]] = [[] for _ in rows]
    lengths: list[list[int]] = [[] for _ in rows]
    start = 0
    with torch.inference_mode():
        while start < len(windows):
            stop = start + 1
            while stop < len(windows) and len(windows[stop][1]) * (stop + 1 - start) <= batch_tokens:
                stop += 1
            token_ids_BT, lengths_B = pad([window for _, window in windows[start:stop]], pad_id)
            logits_BC = network(token_ids_BT.to(device), lengths_B.to(device)).float().cpu()
            for (owner, window), values in zip(windows[start:stop], logits_BC.tolist(), strict=True):
                logits[owner].append(values)
                lengths[owner].append(len(window))
            start = stop
    merged = [merge_windows(values, counts) for values, counts in zip(logits, lengths, strict=True)]
    return np.array(merged, dtype=np.float32)
