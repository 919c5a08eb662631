"""Command line: `python -m training --data reviews.csv --out artifacts/mine`."""

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from training.config import TrainConfig
from training.recipes import RECIPES

EPILOG = """\
sources
  A source is a file (.csv, .tsv, .jsonl, .parquet; each also .gz) or hf:ID of a Hugging Face dataset. Options follow
  as in a URL:
    text=COLUMN label=COLUMN     columns, by default text and label
    map=1:negative,5:positive    labels in the file -> labels of the model; a label mapped to nothing (3:) is left out
    labels=negative,positive     labels that the source can carry; by default those that occur in it
    name=NAME repeat=N           name in reports; how often each epoch reads it
    held_out=0.1                 fraction kept from training as a dev set
    split=train                  split of a Hugging Face dataset
  Sources of two and of three labels mix: the loss of a row is masked to the labels that its source can carry.

examples
  python -m training --data reviews.csv --out artifacts/mine
  python -m training --data 'shop.csv?text=body&label=stars&map=1:negative,3:neutral,5:positive' tweets.jsonl.gz \\
      --dev dev.tsv --out artifacts/mine --set epochs=5 hidden_dim=128
  torchrun --nproc-per-node 2 -m training --data reviews.parquet --out artifacts/mine

Killed at any moment, the same command goes on from its last checkpoint.
`SENTIMENT_MODEL=artifacts/mine python -m service` serves the result.
"""


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Fit a sentiment classifier on labelled text and export it as an artifact.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", nargs="+", required=True, metavar="SOURCE", help="sources to learn from")
    parser.add_argument("--dev", nargs="+", default=[], metavar="SOURCE", help="sources to select and calibrate on")
    parser.add_argument("--out", type=Path, required=True, help="folder of the artifact")
    parser.add_argument("--recipe", choices=RECIPES, default="bilstm_base", help="named run (default: %(default)s)")
    parser.add_argument(
        "--set",
        nargs="+",
        default=[],
        metavar="FIELD=VALUE",
        help="overrides of the recipe; fields: training/config.py",
    )
    parser.add_argument("--work", type=Path, default=Path("runs"), help="folder of checkpoints (default: %(default)s)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--strict", action="store_true", help="stop at the first row that cannot be used")
    parser.add_argument("--publish", type=Path, metavar="STORE", help="publish the artifact into this model store")
    return parser


def override(config: TrainConfig, assignments: list[str]) -> TrainConfig:
    """A config with fields replaced by FIELD=VALUE texts, each read as the field's type.

    Raises: ValueError naming the field, the value and what is allowed.
    """
    hints = get_type_hints(TrainConfig)
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, separator, text = assignment.partition("=")
        if not separator or name not in hints or name in ("train", "dev"):
            allowed = ", ".join(sorted(hints.keys() - {"train", "dev"}))
            raise ValueError(f"--set {assignment}: must be FIELD=VALUE with a field of: {allowed}")
        values[name] = _parse(name, text, hints[name])
    return dataclasses.replace(config, **values)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    # Imported late, so that --help and a mistyped option answer at once.
    from model.artifact import ArtifactError
    from model.store import ModelStore
    from training.distributed import join
    from training.export import ExportError
    from training.loop import TrainingError
    from training.train import say, train

    try:
        config = override(RECIPES[options.recipe](options.data, options.dev), options.set)
        config = dataclasses.replace(config, strict=config.strict or options.strict)
        with join(options.device) as processes:
            train(config, options.out, options.work, processes)
            if options.publish and processes.is_main:
                say(f"published {ModelStore(options.publish).publish(options.out)} in {options.publish}")
    except (ValueError, FileExistsError, ArtifactError, TrainingError, ExportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0


def _parse(name: str, text: str, kind: Any) -> Any:
    try:
        if kind is bool:
            return {"true": True, "false": False}[text.lower()]
        if kind in (int, float):
            return kind(text)
    except (KeyError, ValueError):
        raise ValueError(f"{name}={text!r}: must be of type {kind.__name__}") from None
    if get_origin(kind) is tuple:
        return tuple(part for part in text.split(",") if part)
    if get_args(kind) and text not in get_args(kind):
        raise ValueError(f"{name}={text!r}: must be one of {', '.join(get_args(kind))}")
    return text


if __name__ == "__main__":
    sys.exit(main())
