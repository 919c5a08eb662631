"""Explanation: an answer taken apart into what each token gave to it, exactly, from the states that the head reads.

The head is linear in what is pooled, and what is pooled is linear in the states once it is known which step won each
maximum. A unit's state, in turn, is a sum over the steps read so far: h_t is the sum over s <= t of k^(t-s) (h_s - k
h_{s-1}), whatever k is. Each term is what step s added to a memory that keeps the share k of itself a step, and is
given to token s. With k = 0 a token would be given all that is remembered at its place, with 1 all that changed there;
`_kept` takes what suits the unit. Measured by `python -m tests.bench.explain`.

Shapes in names: T steps, E encoder width, H width of one direction, P pooled width, C labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from model.config import ModelConfig
from model.windows import merge_windows, window_starts

LEAST = 1e-3
"""Nearest to 0 and to 1 that the share may come which suits a unit's states."""
FADING = 1 / 3
"""Power of that share: with 0 nothing would fade. Of 1/3, 1/2, 0.7 and 1, and of constant shares, the best."""


class Explained(NamedTuple):
    """The answer to one window, and its parts."""

    logits: list[float]
    contributions_TC: np.ndarray
    """What each token gave to each logit."""
    bias_C: np.ndarray
    """What else there is to each logit: its contributions and this add up to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What stands between the last layer's states and the logits."""

    config: ModelConfig
    weight_CP: np.ndarray
    bias_C: np.ndarray
    attention_E: np.ndarray | None = None
    """Only where the pooling is attention."""

    def explain(self, logits: list[float], states_TE: np.ndarray) -> Explained:
        """Take the answer to one row apart, by its states without padding."""
        width, hidden_dim = states_TE.shape[1], self.config.hidden_dim
        maximum_CE, mean_CE = self.weight_CP[:, :width], self.weight_CP[:, -width:]
        contributions_TC = np.zeros((len(states_TE), len(self.bias_C)), dtype=np.float32)
        for start in range(0, width, hidden_dim):
            # The backward half reads from the end: turned round, it is read like the other.
            turn = slice(None, None, -1 if start else 1)
            units = slice(start, start + hidden_dim)
            states_TH = states_TE[turn, units]
            kept_H = _kept(states_TH)
            added_TH = states_TH.copy()
            added_TH[1:] -= kept_H * states_TH[:-1]
            given_TC = np.zeros_like(contributions_TC)
            if "max" in self.config.pooling:
                given_TC += (added_TH * _left_at_maximum(states_TH, kept_H)) @ maximum_CE[:, units].T
            if "mean" in self.config.pooling:
                given_TC += (added_TH * _left_in_mean(len(states_TH), kept_H)) @ mean_CE[:, units].T
            if self.attention_E is not None:
                shares_T = self._attention(states_TE)[turn]
                given_TC += (added_TH * _left_in_sum(shares_T, kept_H)) @ mean_CE[:, units].T
            contributions_TC += given_TC[turn]
        return Explained(logits, contributions_TC, self.bias_C)

    def _attention(self, states_TE: np.ndarray) -> np.ndarray:
        score_T = states_TE @ self.attention_E
        weight_T = np.exp(score_T - score_T.max())
        shares_T: np.ndarray = weight_T / weight_T.sum()
        return shares_T


def _kept(states_TH: np.ndarray) -> np.ndarray:
    """The share of itself that each unit keeps a step: what fits its states best, softened by FADING."""
    before_TH, after_TH = states_TH[:-1], states_TH[1:]
    fit_H = (before_TH * after_TH).sum(axis=0) / np.maximum((before_TH * before_TH).sum(axis=0), LEAST)
    kept_H: np.ndarray = fit_H.clip(LEAST, 1 - LEAST) ** FADING
    return kept_H


def _left_at_maximum(states_TH: np.ndarray, kept_H: np.ndarray) -> np.ndarray:
    """How much of what each step added is left at the step that is its unit's maximum; 0 after it."""
    lag_TH = states_TH.argmax(axis=0) - np.arange(len(states_TH))[:, None]
    left_TH: np.ndarray = np.exp(np.maximum(lag_TH, 0, dtype=np.float32) * np.log(kept_H)) * (lag_TH >= 0)
    return left_TH


def _left_in_mean(steps: int, kept_H: np.ndarray) -> np.ndarray:
    """How much of what each step added is left at it and at the later steps, in the mean over all steps."""
    remaining_T1 = np.arange(steps, 0, -1, dtype=np.float32)[:, None]
    left_TH: np.ndarray = (1 - np.exp(remaining_T1 * np.log(kept_H))) / ((1 - kept_H) * steps)
    return left_TH


def _left_in_sum(share_T: np.ndarray, kept_H: np.ndarray) -> np.ndarray:
    """How much of what each step added is left at it and at the later steps, each by its share, in sum."""
    left_TH = np.empty((len(share_T), len(kept_H)), dtype=kept_H.dtype)
    later_H = np.zeros_like(kept_H)
    for step in range(len(share_T) - 1, -1, -1):
        left_TH[step] = later_H = share_T[step] + kept_H * later_H
    return left_TH


def merge_explained(windows: Sequence[Explained], tokens: int, max_tokens: int) -> Explained:
    """The answer to a row of so many tokens, and its parts, of those of its windows: joined as merge_windows does."""
    lengths = [len(window.contributions_TC) for window in windows]
    merged_TC = np.zeros((tokens, len(windows[0].bias_C)))
    for start, length, window in zip(window_starts(tokens, max_tokens), lengths, windows, strict=True):
        merged_TC[start : start + length] += window.contributions_TC * (length / sum(lengths))
    return Explained(merge_windows([window.logits for window in windows], lengths), merged_TC, windows[0].bias_C)


def margin_weights(probabilities: Sequence[float]) -> np.ndarray:
    """By label, 1 for the most probable and shares of -1 for the others, as they are probable.

    In this direction of the logits the probability of the label grows fastest.
    """
    weights_C = -np.array(probabilities)
    best = int(weights_C.argmin())
    weights_C[best] = 0.0
    total = -weights_C.sum()
    # A label that is certain, to the last bit, leaves nothing to share out.
    weights_C = weights_C / total if total > 0 else np.full(len(weights_C), -1 / (len(weights_C) - 1))
    weights_C[best] = 1.0
    return weights_C
