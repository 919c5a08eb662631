"""How fast two artifacts answer the same texts: each form of their networks, in rounds that alternate between them."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from model.artifact import COMPILED, NETWORK
from model.network import Artifact
from model.padding import pad
from model.windows import split_windows
from training.onnx_export import OnnxNetwork

ROWS_AT_ONCE = 8
"""Rows of a call when many texts wait, as the service runs model.onnx."""
MOST_TEXTS, MOST_ALONE = 128, 32
"""Texts of a round in batches, and of one in which each is answered alone."""
TURN = 32
"""Texts in batches before another system's turn; alone, one."""
FORMS = (COMPILED, NETWORK)

Form = Callable[[Sequence[str], int], None]
"""Answers texts, so many rows a call."""


def load_forms(artifact: Artifact, directory: Path) -> dict[str, Form]:
    """The forms of an artifact's network by file name, the tokenizer before each; model.onnx is not in every one."""
    networks: dict[str, Callable[..., Any]] = {NETWORK: artifact.network}
    if COMPILED in artifact.digests:
        networks[COMPILED] = OnnxNetwork((directory / COMPILED).read_bytes())
    tokenizer, max_tokens = artifact.tokenizer, artifact.metadata.model.max_tokens

    def form(network: Callable[..., Any]) -> Form:
        def run(texts: Sequence[str], rows_at_once: int) -> None:
            rows = [row for ids in tokenizer.encode_batch(texts) for row in split_windows(ids, max_tokens)]
            rows.sort(key=len)
            with torch.inference_mode():
                for start in range(0, len(rows), rows_at_once):
                    network(*pad(rows[start : start + rows_at_once], tokenizer.pad_id))

        return run

    return {name: form(network) for name, network in networks.items()}


def measure(
    a: Mapping[str, Form],
    b: Mapping[str, Form],
    texts: Sequence[str],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Any]:
    """Speed of every form of A and of B, as JSON types.

    Returns: texts, rounds, threads; by form a and b, each None or with texts_per_s (in batches) and ms_per_text (one
    text a call), medians over rounds; if both have the form, ratio of each, B over A: the median, the lowest and the
    highest of the rounds' own ratios.
    Why: what else the machine does comes and goes. All take turns every few texts, the first of them another each time,
    so that it meets them alike; the spread of the ratios tells how far that went. A first round, not counted, warms up.
    """
    systems = {(name, side): forms[name] for name in FORMS for side, forms in (("a", a), ("b", b)) if name in forms}
    alone = texts[:: max(1, len(texts) // MOST_ALONE)][:MOST_ALONE]
    modes: dict[str, tuple[list[Sequence[str]], int]] = {
        "texts_per_s": ([texts[start : start + TURN] for start in range(0, len(texts), TURN)], ROWS_AT_ONCE),
        "ms_per_text": ([[text] for text in alone], 1),
    }
    spent_s: dict[tuple[str, str, str], list[float]] = {(mode, *system): [] for mode in modes for system in systems}
    for number in range(rounds + 1):
        for mode, (turns, rows_at_once) in modes.items():
            round_s = dict.fromkeys(systems, 0.0)
            for turn, texts_of_turn in enumerate(turns):
                for system in list(systems) if (number + turn) % 2 else reversed(systems):
                    started = clock()
                    systems[system](texts_of_turn, rows_at_once)
                    round_s[system] += clock() - started
            if number:
                for system, seconds in round_s.items():
                    spent_s[mode, *system].append(seconds)
    forms: dict[str, Any] = {}
    for name in dict.fromkeys(name for name, _ in systems):
        sides = {side: side in [other for form, other in systems if form == name] for side in ("a", "b")}
        forms[name] = {
            side: {
                "texts_per_s": statistics.median(len(texts) / value for value in spent_s["texts_per_s", name, side]),
                "ms_per_text": 1000 * statistics.median(spent_s["ms_per_text", name, side]) / len(alone),
            }
            if is_there
            else None
            for side, is_there in sides.items()
        }
        if all(sides.values()):
            # Of two speeds, the ratio is that of B's to A's; of two times too.
            faster = _divide(spent_s["texts_per_s", name, "a"], spent_s["texts_per_s", name, "b"])
            longer = _divide(spent_s["ms_per_text", name, "b"], spent_s["ms_per_text", name, "a"])
            forms[name]["ratio"] = {"texts_per_s": faster, "ms_per_text": longer}
    return {"texts": len(texts), "rounds": rounds, "threads": torch.get_num_threads(), "forms": forms}


def sample(texts: Sequence[str]) -> list[str]:
    """At most MOST_TEXTS of many texts, evenly from all of them."""
    return (
        [texts[index * len(texts) // MOST_TEXTS] for index in range(MOST_TEXTS)]
        if len(texts) > MOST_TEXTS
        else list(texts)
    )


def _divide(upper: Sequence[float], lower: Sequence[float]) -> dict[str, float]:
    ratios = [over / under for over, under in zip(upper, lower, strict=True)]
    return {"median": statistics.median(ratios), "lowest": min(ratios), "highest": max(ratios)}
