"""Texts longer than the network reads at once: cut into overlapping windows, and their logits joined again.

Evaluation and serving read a text by these same two functions, so that dev figures are those of the service.
"""

from collections.abc import Sequence


def split_windows(token_ids: Sequence[int], max_tokens: int) -> list[Sequence[int]]:
    """Cut a row into the fewest windows of at most max_tokens that overlap by at least an eighth.

    token_ids: non-empty.   Returns: one window if the row fits; else windows of near-equal stride, the last one
    ending at the last token, so that no window is a fragment without context.
    """
    return [token_ids[start : start + max_tokens] for start in window_starts(len(token_ids), max_tokens)]


def window_starts(total: int, max_tokens: int) -> list[int]:
    """Where the windows of a row of so many tokens begin."""
    if total <= max_tokens:
        return [0]
    stride = max(1, max_tokens - max_tokens // 8)
    count = -(-(total - max_tokens) // stride) + 1
    return [round(index * (total - max_tokens) / (count - 1)) for index in range(count)]


def merge_windows(logits: Sequence[Sequence[float]], lengths: Sequence[int]) -> list[float]:
    """Token-weighted mean of the windows' logits.

    logits: W windows of C values; lengths: their token counts.   Returns: C values.
    """
    if len(logits) == 1:
        return list(logits[0])
    total = sum(lengths)
    return [
        sum(value * length for value, length in zip(column, lengths, strict=True)) / total
        for column in zip(*logits, strict=True)
    ]
