"""The learning rate as a pure function of the step."""

import math


def learning_rate(step: int, total_steps: int, *, peak: float, warmup_fraction: float, final_fraction: float) -> float:
    """Linear warm-up to the peak, then half a cosine down to final_fraction of it.

    step: from 0 to total_steps - 1.   Source: Loshchilov & Hutter 2017, arXiv 1608.03983.
    """
    warmup_steps = round(total_steps * warmup_fraction)
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    progress = (step - warmup_steps) / max(1, total_steps - 1 - warmup_steps)
    return peak * (final_fraction + (1 - final_fraction) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))
