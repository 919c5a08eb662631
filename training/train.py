"""One run from sources to an artifact: read, split, fit, calibrate, export, check, report."""

import json
import sys
from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from model.artifact import CARD, COMPILED, SUMS, Metadata, check_replaceable
from model.classifier import SentimentClassifier
from model.network import write_artifact
from model.rows import DataError
from model.tokenizer import SubwordTokenizer
from training.calibration import fit_temperature, fit_vector_scaling
from training.card import model_card
from training.checkpoint import fingerprint
from training.classification import Classification, EncodedSet, encode_set
from training.config import RunConfig, TrainConfig
from training.data import Corpus, Examples
from training.distillation import Teacher, load_teachers, read_unlabelled, teach
from training.distributed import Processes
from training.drift import measure
from training.encoder import SHAPE, Encoder, load_encoder, start_from
from training.evaluate import evaluate_corpus
from training.export import (
    check_reloaded,
    describe_command,
    git_commit,
    library_versions,
    round_to_half,
    scale_labels,
    script,
    version_name,
)
from training.facts import DataFacts, describe_data
from training.keys import duplicate_key
from training.loop import FitResult, fit
from training.metrics import masked_probabilities
from training.onnx_export import CompileError, compile_checked
from training.plots import ScoredSet, plots
from training.pretrain import pretrain
from training.progress import say
from training.readers import stamp
from training.report import REPORT, ReportOptions, compare_with, find_mistakes, render_report
from training.scoring import score_rows
from training.sets import read_sets
from training.start import make_tokenizer, set_word_vectors
from training.storage import lengths_of
from training.teacher import fit_teacher
from training.vectors import digest_vectors


def train(
    config: TrainConfig,
    out: Path,
    work: Path,
    processes: Processes,
    report: ReportOptions | None = None,
    *,
    left_out: Set[str] = frozenset(),
) -> list[Examples]:
    """Run a config and write its artifact.

    work: folder for checkpoints, one sub-folder a run by its fingerprint, and for data; the same call again goes on
    from there.
    left_out: keys by `duplicate_key` of texts not to learn from, beside those of its own dev sets, such as those of the
    dev sets of a run that goes on from this one.
    Returns: the dev sets.   Raises: ArtifactError, DataError, TrainingError, ExportError.
    """
    check_replaceable(out, SUMS)
    labels, corpora, train_sets, dev_sets = read_sets(config, work, left_out)
    unseen = left_out | {duplicate_key(text) for item in dev_sets for text in item.texts}
    teachers = _teachers(config, labels, unseen, work, processes)  # first: one that is missing is told of at once
    start = _start(config, unseen, work, processes)
    encoder = load_encoder(start) if start else None
    if encoder:
        _warn_of_learned(encoder, corpora[: len(config.train)], config.seed)
    if start and config.self_taught:
        teachers += load_teachers([str(start)], labels, processes.device)
    unlabelled, unlabelled_digests = read_unlabelled(config, labels, unseen, work)
    digests = [*(corpus.digest for corpus in corpora), *(teacher.digest for teacher in teachers), *unlabelled_digests]
    digests += [*([encoder.digest] if encoder else []), *digest_vectors(config.word_vectors)]
    directory = work / fingerprint(config, digests, left_out)
    say(f"checkpoints in {directory}")
    tokenizer = encoder.tokenizer if encoder else make_tokenizer(config, [item.texts for item in train_sets])
    fields: dict[str, Any] = {"labels": tuple(labels), "pooling": config.pooling}
    if encoder:
        fields |= {name: getattr(encoder.config, name) for name in SHAPE}
        fields["num_layers"] = max(encoder.config.num_layers, config.num_layers)
    torch.manual_seed(config.seed)
    network = SentimentClassifier(config.shape(tokenizer.vocab_size, **fields))
    if encoder:
        taken = start_from(encoder, network)
        say(f"start from {encoder.name}: {', '.join(taken)}")
        has_head = "head" in taken and set(labels) <= set(encoder.config.labels)
        lacking = sorted(
            network.state_dict().keys() - set(taken) - ({"head.weight", "head.bias"} if has_head else set())
        )
        if config.start_share and lacking:  # a mean with what was drawn at random
            raise DataError(f"start_share={config.start_share}: {encoder.name} lacks {lacking[0]} of the run")
    started = {name: value.clone() for name, value in network.state_dict().items()} if config.start_share else {}
    set_word_vectors(config, network.embedding, tokenizer)
    encoded_train = [encode_set(item, tokenizer, work) for item in train_sets]
    if teachers or config.cross_taught:
        encoded_train += [encode_set(item, tokenizer, work) for item in unlabelled]
        encoded_train = [
            teach(
                config,
                labels,
                teachers,
                item,
                encoded,
                processes,
                directory / f"taught-{position}",
                train_sets=train_sets,
            )
            for position, (item, encoded) in enumerate(zip([*train_sets, *unlabelled], encoded_train, strict=True))
        ]
    encoded_dev = [encode_set(item, tokenizer, work) for item in dev_sets]
    tokens = sum(int(part.sum()) * item.repeat for item in encoded_train for part in lengths_of(item.rows).parts())
    say(f"{sum(len(item.rows) for item in encoded_train):,} train rows, {tokens:,} tokens an epoch")
    parts = tokenizer.parts() if config.subword_split else None
    task = Classification(config, encoded_train, encoded_dev, tokenizer.pad_id, parts)
    result = fit(config, network, task, directory=directory, processes=processes)
    if processes.is_main:
        network.cpu()
        if started:
            ended = network.state_dict()
            network.load_state_dict({name: ended[name].lerp(started[name], config.start_share) for name in ended})
        encoded = {
            "train": encoded_train[: len(train_sets)],
            "taught": encoded_train[len(train_sets) :],
            "dev": encoded_dev,
        }
        read = corpora[: len(config.train)], corpora[len(config.train) :]
        facts = describe_data(labels, *read, dev_sets, encoded, config.max_tokens)
        _export(
            config, out, network, tokenizer, result, corpora, encoded_dev, dev_sets, facts, report or ReportOptions()
        )
    return dev_sets


def _start(config: TrainConfig, left_out: Set[str], work: Path, processes: Processes) -> Path | None:
    """Folder of what the run starts from, made first if the config says so; never on the text of its dev sets."""
    if config.founding:
        founding = replace(config.founding, seed=config.seed, strict=config.strict)
        told = json.dumps(founding.to_dict())  # with what it is founded on in turn, which a fingerprint leaves out
        name = f"founding-{fingerprint(founding, [told, *_stamps(founding, cache(stamp))], left_out)}"
        folder = work / processes.agree(name)  # another machine's copies of the files may have other times
        if not processes.agree(processes.is_main and folder.is_dir()):
            train(founding, folder, work, processes, left_out=left_out)
        processes.agree(True)  # nobody reads it before it is written
        return folder
    if config.pretraining:
        pretraining = replace(config.pretraining, seed=config.seed, strict=config.strict)
        return pretrain(pretraining, work, processes, left_out=left_out)
    return Path(config.encoder) if config.encoder else None


def _warn_of_learned(encoder: Encoder, train: list[Corpus], seed: int) -> None:
    """Say which sources hold out rows that the start of the run has learned, whose figures would be too good."""
    for corpus in train:
        if encoder.seed != seed and corpus.source.held_out and corpus.digest in encoder.learned:
            say(
                f"warning: {corpus.source.name}: {encoder.name} learned most of the rows that seed {seed} holds out: "
                f"figures on them will be too good; --set seed={encoder.seed}, or name dev data"
            )


def _stamps(config: RunConfig, known: Callable[..., str]) -> Iterator[str]:
    """Stamps of all that a run reads, and then of what is made for it first.   known: `stamp`, or as it answers."""
    columns = ("text_column", "label_column")
    groups = [(config.train, columns if isinstance(config, TrainConfig) else columns[:1])]
    made: tuple[RunConfig | None, ...] = ()
    if isinstance(config, TrainConfig):
        groups += [(config.dev, columns), (config.unlabelled, columns[:1])]
        made = (config.founding, config.pretraining, *config.teaching)
    for sources, read in groups:
        for item in sources:
            yield known(item.path, tuple(getattr(item, name) for name in read), item.split)
    yield from digest_vectors(config.word_vectors)
    for other in made:
        if other:
            yield from _stamps(other, known)


def _teachers(
    config: TrainConfig, labels: list[str], left_out: Set[str], work: Path, processes: Processes
) -> list[Teacher]:
    """Who the run learns from, some fine-tuned first if the config says so; never on the text of its dev sets."""
    paths = list(config.teachers)
    for teaching in config.teaching:
        teaching = replace(teaching, seed=config.seed, strict=config.strict)
        paths.append(str(fit_teacher(teaching, work, processes, left_out=left_out)))
    return load_teachers(paths, labels, processes.device)


def _export(
    config: TrainConfig,
    out: Path,
    network: SentimentClassifier,
    tokenizer: SubwordTokenizer,
    result: FitResult,
    corpora: list[Corpus],
    dev_sets: list[EncodedSet],
    dev_examples: list[Examples],
    facts: DataFacts,
    report: ReportOptions,
) -> None:
    """Calibrate, measure, compile, write the artifact with its report, and check what was written."""
    unscaled = _score(network, dev_sets, tokenizer.pad_id, config.max_tokens)
    scale_labels(network, *fit_vector_scaling([item.answered for item in unscaled]))
    round_to_half(network)
    scored = _score(network, dev_sets, tokenizer.pad_id, config.max_tokens)
    temperature = fit_temperature([item.answered for item in scored])
    labels = network.config.labels
    before, after = ({item.name: _figures(item, labels, value) for item in scored} for value in (1.0, temperature))
    compiled, compiled_figures = b"", {}
    try:
        compiled, compiled_figures[COMPILED] = compile_checked(
            network.state_dict(),
            network.config,
            temperature,
            dev_sets,
            [item.logits_NC for item in scored],
            tokenizer.pad_id,
        )
    except CompileError as error:
        say(f"no {COMPILED}, so that CPUs run the slower model.pt: {error}")
    created_at = datetime.now(UTC)
    answered = [
        (examples.texts, item.rows, score.logits_NC)
        for examples, item, score in zip(dev_examples, dev_sets, scored, strict=True)
    ]
    metadata = Metadata(
        version=version_name(network.state_dict(), tokenizer, temperature, created_at, compiled),
        created_at=created_at.isoformat(timespec="seconds"),
        model=network.config,
        languages=config.languages,
        temperature=temperature,
        training=config.to_dict() | {"best_step": result.best_step},
        data=[corpus.summary() for corpus in corpora],
        dev_metrics=after,
        compiled=compiled_figures,
        baseline=measure(answered, labels, temperature, tokenizer),
        libraries=library_versions(),
        git_commit=git_commit(),
    )
    pictures = plots(result.records, scored, labels, temperature)
    command = describe_command(sys.argv[1:])
    page = render_report(
        metadata,
        records=result.records,
        scored=scored,
        before=before,
        facts=facts,
        mistakes=find_mistakes(dev_examples, scored, temperature, labels, quote=report.quote),
        comparison=compare_with(report.against, metadata, dev_examples, scored) if report.against else None,
        weights=sum(value.numel() for value in network.state_dict().values()),
        command=command,
    )
    card = model_card(
        metadata,
        ece_before={name: figures["ece"] for name, figures in before.items()},
        notes=config.card_notes,
        command=command,
        pictures=pictures,
    )
    probe = [item.rows[index][: config.max_tokens] for item in dev_sets for index in range(min(16, len(item.rows)))]
    others = {CARD: card.encode(), REPORT: page.encode(), **pictures} | ({COMPILED: compiled} if compiled else {})
    write_artifact(out, script(network, probe, tokenizer.pad_id), tokenizer, metadata, others)
    check_reloaded(out, network, probe, tokenizer.pad_id)
    say(f"temperature {temperature:.3f}; weights of step {result.best_step}")
    for name, figures in after.items():
        shown = f"n {figures['n']:,}  accuracy {figures['accuracy']:.4f}  macro recall {figures['macro_recall']:.4f}"
        say(f"{name}: {shown}  ECE {before[name]['ece']:.4f} -> {figures['ece']:.4f}")
    say(f"wrote {out}, version {metadata.version}")


def _score(network: SentimentClassifier, dev_sets: list[EncodedSet], pad_id: int, max_tokens: int) -> list[ScoredSet]:
    return [
        ScoredSet(
            name=item.name,
            logits_NC=score_rows(network, item.rows, pad_id, max_tokens),
            gold_N=np.array(item.targets),
            carried_C=np.array(item.carried),
            tokens_N=np.array([len(row) for row in item.rows]),
        )
        for item in dev_sets
    ]


def _figures(item: ScoredSet, labels: tuple[str, ...], temperature: float) -> dict[str, Any]:
    probabilities_NC = masked_probabilities(item.logits_NC, item.carried_C, temperature)
    return evaluate_corpus(probabilities_NC, item.gold_N, item.carried_C.tolist(), labels)
