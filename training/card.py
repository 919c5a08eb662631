"""The model card: what an artifact says of itself to people, with the plots of its run."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model.artifact import Metadata
from model.config import ModelConfig
from training.metrics import BINS
from training.plots import CAPTIONS


def model_card(
    metadata: Metadata,
    *,
    ece_before: Mapping[str, float],
    notes: str,
    command: str,
    pictures: Iterable[str],
) -> str:
    """MODEL_CARD.md.

    metadata: with data as of `Corpus.summary`, dev_metrics as of `evaluate_corpus`. ece_before: by dev set, the ECE at
    temperature 1. notes: Markdown that ends the card, with headings of its own: licences of the data, checks made by
    hand; may be empty. command: what reproduces the run. pictures: names of PNG files in the artifact.
    """
    model = metadata.model
    data = [["source", "rows", *model.labels, "left out"]]
    for source in metadata.data:
        rows = source["rows"]
        counts = [f"{rows.get(label, 0):,}" for label in model.labels]
        data.append([source["name"], f"{sum(rows.values()):,}", *counts, f"{source['rejected_rows']:,}"])
    dev = [["dev set", "n", "labels", "accuracy", "macro F1", "macro recall", "ECE before", "ECE after"]]
    for name, result in metadata.dev_metrics.items():
        figures = [_with_interval(result, figure) for figure in ("accuracy", "macro_f1", "macro_recall")]
        after = _with_interval(result, "ece")
        dev.append([name, f"{result['n']:,}", ", ".join(result["labels"]), *figures, f"{ece_before[name]:.3f}", after])
    return (
        f"""\
# Model card: sentiment, version {metadata.version}

Says whether a text is {_either(model.labels)}, with calibrated probabilities.
Languages: {", ".join(metadata.languages)}. Created {metadata.created_at}, commit {metadata.git_commit or "unknown"}.

## What it is

{describe_network(model)}

## Intended use and limits

Meant for the tone of reviews, comments and short messages, in bulk or one by one, in the languages above. Not for
decisions about people: it reads words, not intentions, and misses irony, quotation and what only context tells. Other
languages, dialects and subjects than those below are outside what was measured. A probability is calibrated over the
dev sets together, not within each.

## Training data

{_table(data)}

## Results on dev sets

Brackets are 95 % bootstrap intervals over rows. A set of fewer labels than the model's is answered among its own.

{_table(dev)}

ECE is the expected calibration error in {BINS} bins, before and after dividing the logits by the temperature
{metadata.temperature:.3f}, which was fitted on these same dev sets, as were a weight and a bias for each label's logit;
those are in the network, and in both columns.

{compiled_section(metadata.compiled, metadata.version)}## How to make it again

```
{command.strip()}
```

Versions: {", ".join(f"{name} {version}" for name, version in metadata.libraries.items())}.
The configuration, seed and digests of the data are in `metadata.json`.

## Plots

All of this and more, with the data, on one page: `report/report.html`.

{_pictures(pictures)}

{notes}""".strip()
        + "\n"
    )


def describe_network(model: ModelConfig) -> str:
    """What the network is, in two sentences of some 120 columns."""
    way = "bidirectional" if model.bidirectional else "one-way"
    shape = f"{model.num_layers} {way} {model.cell} layer(s) of width {model.hidden_dim} a direction"
    return (
        f"Byte-level BPE tokens ({model.vocab_size:,}), embeddings of width {model.embedding_dim}, {shape},\n"
        f"{model.pooling} pooling, and a linear head. It reads {model.max_tokens} tokens at once and longer texts by "
        "overlapping\nwindows."
    )


def compiled_section(compiled: Mapping[str, Mapping[str, Mapping[str, Any]]], version: str) -> str:
    """What a model card says of the compiled forms of its network; nothing if there are none.

    compiled: as in Metadata. version: that has them.
    """
    sections = []
    for file, sets in compiled.items():
        table = [["dev set", "n", "largest difference", "mean difference", "accuracy", "accuracy of model.pt"]]
        for name, figures in sets.items():
            largest, mean = figures["max_probability_difference"], figures["mean_probability_difference"]
            both = f"{figures['compiled_accuracy']:.4f}", f"{figures['accuracy']:.4f}"
            table.append([name, f"{figures['n']:,}", f"{largest:.4f}", f"{mean:.5f}", *both])
        sections.append(
            f"""\
## Compiled form

`{file}` of version {version} is the same network with int8 weights, for ONNX Runtime on a CPU. How far its
probabilities are from those of `model.pt`, over all rows and labels of each dev set:

{_table(table)}

"""
        )
    return "".join(sections)


def replace_compiled_section(card: str, compiled: Mapping[str, Mapping[str, Mapping[str, Any]]], version: str) -> str:
    """A card that ends in what `compiled_section` says, instead of what it said of compiled forms before."""
    rest = re.sub(r"\n## Compiled form\n.*?(?=\n## |\Z)", "", card, flags=re.DOTALL)
    section = compiled_section(compiled, version).rstrip()
    return f"{rest}\n{section}\n" if section else rest


def _with_interval(result: Mapping[str, Any], name: str) -> str:
    low, high = result[f"{name}_interval"]
    return f"{result[name]:.3f} [{low:.3f}, {high:.3f}]"


def _either(labels: Sequence[str]) -> str:
    return f"{', '.join(labels[:-1])} or {labels[-1]}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "| --- " * len(rows[0]) + "|", *lines[1:]])


def _pictures(names: Iterable[str]) -> str:
    return "\n\n".join(f"![{CAPTIONS[name]}]({name})\n\n{CAPTIONS[name]}" for name in names)
