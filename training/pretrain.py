"""Learn an encoder as a language model, from text alone: `python -m training pretrain TEXT... --out encoders/mine`."""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence, Set
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from model.artifact import check_replaceable
from model.config import ModelConfig
from model.rows import DataError
from training.checkpoint import fingerprint
from training.config import PretrainConfig
from training.data import hash_keys, hash_texts, is_held_out, parse_source, read_texts
from training.distributed import Processes, join
from training.encoder import RECORD, write_encoder
from training.encoding import encode_texts
from training.export import library_versions
from training.language_model import LanguageModel, LanguageModelling
from training.loop import TrainingError, fit
from training.options import SOURCES, add_run_options, override
from training.progress import say
from training.start import make_tokenizer, set_word_vectors
from training.storage import Joined, choose

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
    digests = [corpus.digest for corpus in corpora]
    directory = work / fingerprint(config, [*digests, hashlib.sha256("\n".join(sorted(left_out)).encode()).hexdigest()])
    say(f"pretraining: checkpoints in {directory}")
    train: list[Sequence[str]] = []
    dev: list[str] = []
    split_seed = ~config.seed  # by the same seed, a classifier's held-out texts, left out here, are just the dev texts
    for corpus, is_new_N in zip(corpora, find_new([corpus.texts for corpus in corpora], left_out), strict=True):
        for row in np.flatnonzero(is_new_N):
            text = corpus.texts[int(row)]
            if is_held_out(text, config.dev_fraction, split_seed):
                dev.append(text)
                is_new_N[row] = False
        train.append(choose(corpus.texts, np.flatnonzero(is_new_N)))
        problems = f", {len(corpus.problems):,} rows left out" if corpus.problems else ""
        say(f"{corpus.source.name}: {len(train[-1]):,} of {len(corpus.texts):,} texts are new{problems}")
    if not dev:
        raise DataError(
            f"no text is held out of {sum(map(len, train)):,} by dev_fraction={config.dev_fraction}: raise it"
        )
    tokenizer = make_tokenizer(config, train)
    torch.manual_seed(config.seed)
    network = LanguageModel(
        ModelConfig(
            vocab_size=tokenizer.vocab_size,
            embedding_dim=config.embedding_dim,
            hidden_dim=config.hidden_dim,
            cell=config.cell,
            bidirectional=config.bidirectional,
            max_tokens=config.max_tokens,
            embedding_dropout=config.embedding_dropout,
            output_dropout=config.output_dropout,
        )
    )
    set_word_vectors(config, network.embedding, tokenizer)
    rows = Joined(
        [encode_texts(texts, tokenizer, work, config.max_tokens) for texts in train],
        [corpus.source.repeat for corpus in corpora],
    )
    dev_rows = encode_texts(dev, tokenizer, work, config.max_tokens)
    task = LanguageModelling(config, rows, dev_rows, vocab_size=tokenizer.vocab_size, pad_id=tokenizer.pad_id)
    say(f"{len(task.rows):,} rows, {task.lengths_N.sum():,} tokens an epoch")
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


def find_new(sets: Sequence[Sequence[str]], left_out: Set[str]) -> Iterator[np.ndarray]:
    """Whether each text (N,) of each set stands in no row before it, and its key is not left out.

    Texts are told apart by hashes of 8 bytes: among 200 million, one is taken for another by a chance of 1 in 1,000.
    """
    hashes = [hash_keys(left_out), *map(hash_texts, sets)]
    is_new = np.zeros(sum(map(len, hashes)), dtype=bool)
    is_new[np.unique(np.concatenate(hashes), return_index=True)[1]] = True
    return islice(iter(np.split(is_new, np.cumsum(list(map(len, hashes[:-1]))))), 1, None)


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
