"""Fit a classifier to what others say: `python -m training distill --teacher A B --data reviews.csv --out C`.

An ensemble of several seeds, or a larger network of the same labels, teaches one that is as small as any.
"""

import argparse
import dataclasses

from training.config import TrainConfig
from training.fit import build_parser as build_fit_parser
from training.fit import run
from training.options import SOURCES
from training.sources import parse_source

EPILOG = f"""\
{SOURCES}
examples
  python -m training distill --teacher runs/seed0 runs/seed1 runs/seed2 --data reviews.csv --out artifacts/mine
  python -m training distill --teacher artifacts/mine --unlabelled reviews.txt.gz --data labelled.csv \\
      --from encoders/mine --out artifacts/better
"""


def build_parser() -> argparse.ArgumentParser:
    """The options of `fit`, and the teachers."""
    parser = build_fit_parser("distill", "Fit a sentiment classifier to teachers and labels together.", EPILOG)
    parser.add_argument("--teacher", nargs="+", required=True, metavar="ARTIFACT", help="artifacts to learn from")
    parser.add_argument(
        "--unlabelled", nargs="+", default=[], metavar="SOURCE", help="texts to learn from the teachers alone"
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)

    def finish(config: TrainConfig) -> TrainConfig:
        unlabelled = tuple(parse_source(spec) for spec in options.unlabelled)
        return dataclasses.replace(config, teachers=tuple(options.teacher), unlabelled=unlabelled)

    return run(options, finish)
