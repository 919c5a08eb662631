"""Learn an encoder as a language model, from text alone: `python -m training pretrain TEXT... --out encoders/mine`."""

import argparse
import sys
from collections.abc import Sequence, Set
from pathlib import Path

import torch

from model.artifact import check_replaceable
from model.rows import DataError
from training.checkpoint import fingerprint
from training.config import PretrainConfig
from training.data import read_texts
from training.distributed import Processes, join
from training.duplicates import find_new
from training.encoder import RECORD, write_encoder
from training.encoding import encode_texts
from training.export import library_versions
from training.language_model import LanguageModel, LanguageModelling
from training.loop import TrainingError, fit
from training.options import SOURCES, add_run_options, override
from training.progress import say
from training.sequences import Joined, choose
from training.sets import find_held_out
from training.sources import parse_source
from training.start import make_tokenizer, set_word_vectors
from training.vectors import digest_vectors

EPILOG = f"""\
{SOURCES}
  Labels, where a source has any, are not read.

examples
  python -m training pretrain reviews.txt.gz 'tweets.csv?text=body' --out encoders/mine --set epochs=2
  python -m training sample encoders/mine 'The food was'
  python -m training fit --from encoders/mine --data labelled.csv --out artifacts/mine

Killed at any moment, the same command goes on from its last checkpoint.
"""


def pretrain(
    config: PretrainConfig,
    work: Path,
    processes: Processes,
    *,
    out: Path | None = None,
    left_out: Set[str] = frozenset(),
) -> Path:
    """Run a config and write its encoder.

    work: folder for checkpoints, one sub-folder a run, and for data; the same call again goes on from there.
    out: folder of the encoder; by default within the run's sub-folder.
    left_out: keys by `duplicate_key` of texts not to learn from, such as those of dev sets.
    Returns: the encoder's folder.   Raises: DataError, TrainingError.
    """
    if out is not None:
        check_replaceable(out, RECORD)
    corpora = [read_texts(source, strict=config.strict, work=work) for source in config.train]
    digests = [*(corpus.digest for corpus in corpora), *digest_vectors(config.word_vectors)]
    directory = work / fingerprint(config, digests, left_out)
    say(f"pretraining: checkpoints in {directory}")
    train: list[Sequence[str]] = []
    held_out: list[Sequence[str]] = []
    split_seed = ~config.seed  # by the same seed, a classifier's held-out texts, left out here, are just the dev texts
    for corpus, flags in zip(corpora, find_new([corpus.texts for corpus in corpora], left_out), strict=True):
        new = choose(corpus.texts, flags)
        held = find_held_out(new, config.dev_fraction, split_seed)
        held_out.append(choose(new, held))
        train.append(choose(new, held.others()))
        problems = f", {len(corpus.problems):,} rows left out" if corpus.problems else ""
        say(f"{corpus.source.name}: {len(train[-1]):,} of {len(corpus.texts):,} texts are new{problems}")
    dev = Joined(held_out, [1] * len(held_out))
    if not dev:
        raise DataError(
            f"no text is held out of {sum(map(len, train)):,} by dev_fraction={config.dev_fraction}: raise it"
        )
    tokenizer = make_tokenizer(config, train)
    torch.manual_seed(config.seed)
    network = LanguageModel(config.shape(tokenizer.vocab_size))
    set_word_vectors(config, network.embedding, tokenizer)
    rows = Joined(
        [encode_texts(texts, tokenizer, work, config.max_tokens) for texts in train],
        [corpus.source.repeat for corpus in corpora],
    )
    dev_rows = encode_texts(dev, tokenizer, work, config.max_tokens)
    task = LanguageModelling(config, rows, dev_rows, vocab_size=tokenizer.vocab_size, pad_id=tokenizer.pad_id)
    say(f"{len(task.rows):,} rows, {sum(part.sum() for part in task.lengths.parts()):,} tokens an epoch")
    result = fit(config, network, task, directory=directory, processes=processes)
    encoder = out or directory / "encoder"
    if processes.is_main:
        record = {
            "training": config.to_dict() | {"best_step": result.best_step},
            "records": result.records,
            "data": [{"name": corpus.source.name, "sha256": corpus.digest} for corpus in corpora],
            "libraries": library_versions(),
        }
        write_encoder(encoder, network.cpu(), tokenizer, record)
        say(f"wrote {encoder}, log likelihood {result.best_score:.4f} nats a token on held-out text")
    processes.agree(True)  # nobody reads it before it is written
    return encoder


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training pretrain",
        description="Learn embeddings and a recurrent layer by predicting the next token, and the one before.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("texts", nargs="+", metavar="TEXT", help="sources to learn from")
    parser.add_argument("--out", type=Path, required=True, help="folder of the encoder")
    add_run_options(parser)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        config = PretrainConfig(train=tuple(parse_source(spec) for spec in options.texts), strict=options.strict)
        with join(options.device) as processes:
            pretrain(override(config, options.set), options.work, processes, out=options.out)
    except (ValueError, OSError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0
