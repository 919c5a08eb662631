"""Options that the commands of a run share, and the reading of FIELD=VALUE."""

import argparse
import dataclasses
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from training.config import RunConfig

SOURCES = """\
sources
  A source is a file (.csv, .tsv, .jsonl, .parquet, .txt of a text a line; each also .gz) or hf:ID of a Hugging Face
  dataset; grammar:en and grammar:zh are labelled sentences that training/grammar/ writes by rule.
  Options follow as in a URL:
    text=COLUMN label=COLUMN     columns, by default text and label
    map=1:negative,5:positive    labels in the file -> labels of the model; a label mapped to nothing (3:) is left out
    labels=negative,positive     labels that the source can carry; by default those that occur in it
    name=NAME repeat=N           name in reports; how often each epoch reads it
    held_out=0.1                 fraction kept from training as a dev set
    split=train                  split of a Hugging Face dataset
"""

_NOT_SET = {"train", "dev", "founding", "pretraining", "teaching", "teachers", "unlabelled", "model"}
"""Fields that have an option of their own, or none."""
_Config = TypeVar("_Config", bound=RunConfig)


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Options of every command that trains."""
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


def rewriting_parser(command: str, description: str, data: str, about_data: str) -> argparse.ArgumentParser:
    """The options of a command that reads data and writes an artifact anew.   data: what its sources are called."""
    parser = argparse.ArgumentParser(
        prog=f"python -m training {command}",
        description=description,
        epilog=SOURCES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("artifact", type=Path, help="artifact directory or model store")
    parser.add_argument("data", nargs="+", metavar=data, help=about_data)
    parser.add_argument("--out", type=Path, required=True, help="folder of the new artifact")
    parser.add_argument("--strict", action="store_true", help="stop at the first row that cannot be used")
    return parser


def override(config: _Config, assignments: list[str]) -> _Config:
    """A config with fields replaced by FIELD=VALUE texts, each read as the field's type.

    Raises: ValueError naming the field, the value and what is allowed.
    """
    hints = get_type_hints(type(config))
    settable = hints.keys() - _NOT_SET
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, separator, text = assignment.partition("=")
        if not separator or name not in settable:
            raise ValueError(f"--set {assignment}: must be FIELD=VALUE with a field of: {', '.join(sorted(settable))}")
        values[name] = _parse(name, text, hints[name])
    return dataclasses.replace(config, **values)


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
