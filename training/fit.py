"""Fit a classifier on labelled text: `python -m training fit --data reviews.csv --out artifacts/mine`."""

import argparse
import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

from training.config import TrainConfig
from training.options import SOURCES, add_run_options, override
from training.recipes import RECIPES

EPILOG = f"""\
{SOURCES}
  Sources of two and of three labels mix: the loss of a row is masked to the labels that its source can carry.

examples
  python -m training fit --data reviews.csv --out artifacts/mine
  python -m training fit --from shipped --data mine.csv --out artifacts/mine
  python -m training fit --data 'shop.csv?text=body&label=stars&map=1:negative,3:neutral,5:positive' tweets.jsonl.gz \\
      --dev dev.tsv --out artifacts/mine --set epochs=5 hidden_dim=128
  torchrun --nproc-per-node 2 -m training fit --data reviews.parquet --out artifacts/mine

Killed at any moment, the same command goes on from its last checkpoint.
`SENTIMENT_MODEL=artifacts/mine python -m service` serves the result.
"""

ENCODER_FIELDS = ("vocab_size", "embedding_dim", "hidden_dim", "cell", "bidirectional", "word_vectors")
"""Fields of the config that an encoder decides."""


def build_parser(
    command: str = "fit",
    description: str = "Fit a sentiment classifier on labelled text and export it as an artifact.",
    epilog: str = EPILOG,
) -> argparse.ArgumentParser:
    """The options of this command, and of those that add to them."""
    parser = argparse.ArgumentParser(
        prog=f"python -m training {command}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", nargs="+", required=True, metavar="SOURCE", help="sources to learn from")
    parser.add_argument("--dev", nargs="+", default=[], metavar="SOURCE", help="sources to select and calibrate on")
    parser.add_argument("--out", type=Path, required=True, help="folder of the artifact")
    parser.add_argument(
        "--from",
        dest="encoder",
        metavar="ENCODER",
        help="start from an encoder that `pretrain` wrote, from an artifact or a model store, or from `shipped`, the "
        "model in this package",
    )
    parser.add_argument("--recipe", choices=RECIPES, help="named run (default: bilstm_base; with --from, finetune)")
    add_run_options(parser)
    parser.add_argument(
        "--publish",
        type=Path,
        metavar="STORE",
        help="publish the artifact into this model store, unless its current version is better on the dev sets",
    )
    parser.add_argument("--force", action="store_true", help="publish a worse model too")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="VERSION",
        help="artifact, model store or `shipped`: the report compares with it on the dev sets (default: the store of "
        "--publish)",
    )
    parser.add_argument(
        "--quote",
        action="store_true",
        help="let the report quote the most confident mistakes on the dev sets: the artifact then holds their text",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    return run(build_parser().parse_args(arguments), lambda config: config)


def run(options: argparse.Namespace, finish: Callable[[TrainConfig], TrainConfig]) -> int:
    """Run what the options say; the exit status.

    finish: makes the changes of the command's own options to the config, which those of --set may refer to.
    """
    # Imported late, so that --help and a mistyped option answer at once.
    from model import SHIPPED
    from model.artifact import ArtifactError
    from model.store import ModelStore
    from training.distributed import join
    from training.export import ExportError
    from training.loop import TrainingError
    from training.progress import say
    from training.publish import publish
    from training.report import ReportOptions
    from training.train import train

    try:
        recipe = options.recipe or ("finetune" if options.encoder else "bilstm_base")
        config = RECIPES[recipe](options.data, options.dev)
        if options.encoder:
            encoder = str(SHIPPED) if options.encoder == "shipped" else options.encoder
            config = dataclasses.replace(config, encoder=encoder, founding=None, pretraining=None, word_vectors=())
            fixed = {assignment.partition("=")[0] for assignment in options.set} & {*ENCODER_FIELDS}
            if fixed:
                raise ValueError(f"--set {', '.join(sorted(fixed))}: comes from the encoder, and cannot be set")
        if options.quote and recipe == "shipped":
            raise ValueError("--quote: not with the recipe shipped, whose artifact is public and its data is not")
        config = override(finish(config), options.set)
        config = dataclasses.replace(config, strict=config.strict or options.strict)
        with join(options.device) as processes:
            report = ReportOptions(quote=options.quote, against=_find_previous(options))
            dev_sets = train(config, options.out, options.work, processes, report)
            if options.publish and processes.is_main:
                version = publish(options.out, ModelStore(options.publish), dev_sets, force=options.force)
                say(f"published {version} in {options.publish}")
    except (ValueError, OSError, ArtifactError, TrainingError, ExportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0


def _find_previous(options: argparse.Namespace) -> Path | None:
    """What the report compares with: what the options name, else the store if it has a version."""
    from model import SHIPPED
    from model.store import ModelStore

    if options.against:
        return SHIPPED if str(options.against) == "shipped" else Path(options.against)
    return options.publish if options.publish and ModelStore(options.publish).current else None
