"""`python -m service predict`: the sentiment of every row of files, without a server."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from model.artifact import ArtifactError
from model.rows import DataError
from service.backend import load_predictor
from service.cpu import read_limits, set_tokenizer_threads
from service.files.inputs import STDIO, Inputs
from service.files.job import run
from service.files.journal import FileOutput, Mark, OutputError, StreamOutput, rejected_path_of
from service.files.options import parse_options
from service.files.parts import REJECTED
from service.files.places import is_remote
from service.files.ray_engine import EngineError, Pool
from service.files.ray_engine import predict as predict_by_ray
from service.files.scoring import Layout
from service.files.summary import draw_labels, write_chart
from service.settings import Settings, SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of predictions for files.   Returns: exit code."""
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # closed, as by 2>&-
    options = parse_options(arguments)
    try:
        settings = Settings.from_environment(os.environ)
        return 0 if _run(options, settings) else _fail("no row has an answer", 1)
    except SettingsError as error:
        return _fail(str(error), 2)
    except (DataError, OutputError, ArtifactError, EngineError) as error:
        return _fail(str(error), 1)
    except BrokenPipeError:  # the reader of standard output has seen enough
        _drop_stdout()
        return 1
    except OSError as error:
        name = options.output
        if name == STDIO:
            name = "standard output"
            _drop_stdout()
        return _fail(f"{error.filename or name}: {error.strerror or error}", 1)
    except KeyboardInterrupt:
        return _fail("interrupted", 130)


def _run(options: argparse.Namespace, settings: Settings) -> bool:
    """Returns: whether a row has an answer, or there is none."""
    _check_paths(options)
    if options.engine == "ray":
        return _run_ray(options, settings)
    inputs = Inputs(options.files, options.format, options.text)
    limits = read_limits()
    set_tokenizer_threads(limits.cores)
    predictor = load_predictor(settings, limits)
    labels = predictor.info.labels
    layout = Layout(inputs, labels, column=options.text, prefix=options.prefix, file_format=options.to)
    if options.output == STDIO:
        _check_chart(options, goes_on=False)
        stream = StreamOutput()
        rate = run(inputs, layout, predictor, settings, stream)
        if options.chart:
            write_chart(options.chart, stream.mark.labels)
        return _tell(stream.mark, rate, None)
    told = {
        "input files": inputs.describe(),
        "columns": list(inputs.columns),
        "model": [predictor.info.backend, predictor.info.digests],
        "options": [options.text, options.prefix, options.to],
        "limits": [settings.max_text_chars, settings.queue_limit_tokens],
    }
    output = FileOutput(Path(options.output), told, is_forced=options.force, can_go_on=not inputs.has_stdin)
    try:
        _check_chart(options, goes_on=output.mark.read > 0)
        if output.mark.read:
            _say(f"going on after row {output.mark.read:,}")
        elif inputs.has_stdin:
            _say("standard input cannot be read twice: if this is killed, it must start from the first row")
        rate = run(inputs, layout, predictor, settings, output)
        if options.chart:
            write_chart(options.chart, output.mark.labels)
        output.finish(layout.encoder.finish)
    except BaseException as error:
        if output.mark.read and not inputs.has_stdin and not isinstance(error, DataError):
            _say(f"stopped after row {output.mark.read:,}; the same command goes on from there")
        raise
    finally:
        output.close()
    return _tell(output.mark, rate, output.rejected_path)


def _run_ray(options: argparse.Namespace, settings: Settings) -> bool:
    """As _run."""
    _check_chart(options, goes_on=False)
    mark, rate = predict_by_ray(
        options.files,
        options.output,
        settings,
        Pool(address=options.address, workers=options.workers),
        column=options.text,
        prefix=options.prefix,
        file_format=options.to,
        is_forced=options.force,
    )
    if options.chart:
        write_chart(options.chart, mark.labels)
    return _tell(mark, rate, f"{options.output}/{REJECTED}")


def _tell(mark: Mark, rate: float, rejected_path: Path | str | None) -> bool:
    """Sum up.   Returns: whether a row has an answer, or there is none."""
    if not mark.read:
        _say("there are no rows")
        return True
    answered = mark.read - mark.rejected
    _say(f"{answered:,} rows, {mark.rejected:,} rejected, {rate:,.0f} rows/s")
    _say(draw_labels(mark.labels))
    if mark.rejected and rejected_path:
        _say(f"rejected rows: {rejected_path}")
    return answered > 0


def _check_paths(options: argparse.Namespace) -> None:
    """What can go wrong at the end had better do so now."""
    output = Path(options.output)
    if options.output == STDIO:
        if sys.stdout is None:
            raise OutputError("standard output is closed")
    elif options.engine == "local":
        if is_remote(options.output):
            raise OutputError(f"{options.output}: only --engine ray writes there")
        written = {output.resolve(), rejected_path_of(output).resolve()}
        if taken := [path for path in options.files if path != STDIO and Path(path).resolve() in written]:
            raise OutputError(f"{taken[0]} is an input, and would be overwritten")
    if options.chart is None:
        return
    if options.chart.suffix.lower() != ".png":
        raise OutputError(f"{options.chart}: the chart is a .png")
    if not options.chart.parent.is_dir():
        raise OutputError(f"{options.chart.parent}: no such folder")
    if find_spec("matplotlib") is None:
        raise OutputError("--chart needs matplotlib: pip install 'sentiment-service[files]'")


def _check_chart(options: argparse.Namespace, *, goes_on: bool) -> None:
    """A run that goes on may find its own."""
    if options.chart and options.chart.exists() and not options.force and not goes_on:
        raise OutputError(f"{options.chart} exists; --force overwrites it")


def _drop_stdout() -> None:
    """Let Python write into nothing what is still in its buffer, when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _fail(message: str, code: int) -> int:
    _say(message)
    return code
