"""`python -m service predict`: the sentiment of every row of files, without a server."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from model.artifact import ArtifactError
from model.files import format_of
from model.rows import DataError
from service.backend import load_predictor
from service.cpu import read_limits, set_tokenizer_threads
from service.files.inputs import STDIO, Inputs
from service.files.job import Job
from service.files.journal import FileOutput, Mark, OutputError, StreamOutput, rejected_path_of
from service.files.summary import draw_labels, write_chart
from service.settings import Settings, SettingsError

WRITTEN = ("csv", "csv.gz", "tsv", "tsv.gz", "jsonl", "jsonl.gz")
"""Formats of standard output."""
STREAMED = (*WRITTEN, "txt", "txt.gz")
"""Formats of standard input."""
DESCRIPTION = """\
Adds label, score, the probability of each label, language and model to every row of FILE...,
and writes the rows to OUT in the order and with the columns that they have.

    python -m service predict reviews.csv -o scored.csv
    python -m service predict 2025.parquet 2026.parquet --text body -o all.parquet --chart labels.png
    zcat reviews.jsonl.gz | python -m service predict - --format jsonl -o - | head

FILE is .csv, .tsv, .jsonl, .parquet or .txt (a text a line), each also .gz, or - for standard input.
OUT is .csv, .tsv or .jsonl, each also .gz, or .parquet, or - for standard output.
"""
EPILOG = """\
Killed at any moment, the same command goes on where it was, and no row is lost or doubled; until all is
done there is no OUT, only OUT.partial and OUT.journal. Standard input or output cannot be gone on with.

Rows without a text that the API would take, and rows that cannot be read, go to OUT.rejected.jsonl with
file, row and reason; with -o - to standard error. Blank lines are no rows.

The model and its limits come from SENTIMENT_* variables, as for the server: python -m service --help.
Exit status: 0 done, 1 it could not be done, or no row has an answer, 2 a wrong option or setting, 130 interrupted.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of predictions for files.   Returns: exit code."""
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # closed, as by 2>&-
    options = _parse(arguments)
    try:
        settings = Settings.from_environment(os.environ)
        return 0 if _run(options, settings) else _fail("no row has an answer", 1)
    except SettingsError as error:
        return _fail(str(error), 2)
    except (DataError, OutputError, ArtifactError) as error:
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
    inputs = Inputs(options.files, options.format, options.text)
    limits = read_limits()
    set_tokenizer_threads(limits.cores)
    predictor = load_predictor(settings, limits)
    job = Job(inputs, predictor, settings, column=options.text, prefix=options.prefix, file_format=options.to)
    if options.output == STDIO:
        _check_chart(options, goes_on=False)
        stream = StreamOutput()
        rate = job.run(stream)
        if options.chart:
            write_chart(options.chart, stream.mark.labels)
        return _tell(stream.mark, rate, None)
    run = {
        "input files": inputs.describe(),
        "columns": list(inputs.columns),
        "model": [predictor.info.backend, predictor.info.digests],
        "options": [options.text, options.prefix, options.to],
        "limits": [settings.max_text_chars, settings.queue_limit_tokens],
    }
    output = FileOutput(Path(options.output), run, is_forced=options.force, can_go_on=not inputs.has_stdin)
    try:
        _check_chart(options, goes_on=output.mark.read > 0)
        if output.mark.read:
            _say(f"going on after row {output.mark.read:,}")
        elif inputs.has_stdin:
            _say("standard input cannot be read twice: if this is killed, it must start from the first row")
        rate = job.run(output)
        if options.chart:
            write_chart(options.chart, output.mark.labels)
        output.finish(job.encoder.finish)
    except BaseException as error:
        if output.mark.read and not inputs.has_stdin and not isinstance(error, DataError):
            _say(f"stopped after row {output.mark.read:,}; the same command goes on from there")
        raise
    finally:
        output.close()
    return _tell(output.mark, rate, output.rejected_path)


def _tell(mark: Mark, rate: float, rejected_path: Path | None) -> bool:
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


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """See ArgumentParser."""
        self.exit(2, f"{self.prog}: {message}; --help tells more\n")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m service predict",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="what to read; - is standard input")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="what to write; - is standard output")
    parser.add_argument("--text", default="text", metavar="COLUMN", help="column of the text (default: text)")
    parser.add_argument("--prefix", default="", help="put before the name of each added column, as in --prefix model_")
    parser.add_argument("--chart", type=Path, metavar="FILE.png", help="draw the labels into a picture")
    parser.add_argument("--force", action="store_true", help="overwrite OUT, and what another run has left of it")
    parser.add_argument("--format", metavar="FORMAT", help=f"of - : {', '.join(STREAMED)}")
    parser.add_argument("--to", metavar="FORMAT", help="of -o - if another than --format")
    options = parser.parse_args(arguments)
    if options.files.count(STDIO) > 1:
        parser.error("- can be read only once")
    if STDIO in options.files and not options.format:
        parser.error("standard input needs --format")
    for stream, wanted, known in (("input", options.format, STREAMED), ("output", options.to, WRITTEN)):
        if wanted and wanted not in known:
            why = "; Parquet is read from its end, so it needs a file" if wanted.startswith("parquet") else ""
            parser.error(f"standard {stream} cannot be {wanted}, only {', '.join(known)}{why}")
    if options.format and STDIO not in [*options.files, options.output]:
        parser.error("--format is for - only; files tell their format by their suffix")
    if options.to and options.output != STDIO:
        parser.error("--to is for -o - only; OUT tells its format by its suffix")
    try:
        options.to = _format_of_output(options)
    except DataError as error:
        parser.error(str(error))
    return options


def _format_of_output(options: argparse.Namespace) -> str:
    if options.output == STDIO:
        same = options.format or format_of(options.files[0])
        return str(options.to or (same if same in WRITTEN else "jsonl"))
    file_format = format_of(options.output)
    if file_format.startswith("txt"):
        raise DataError(f"{options.output}: text files have no columns; write .csv, .tsv, .jsonl or .parquet")
    if file_format == "parquet.gz":
        raise DataError(f"{options.output}: Parquet is compressed already; write .parquet")
    return file_format


def _check_paths(options: argparse.Namespace) -> None:
    """What can go wrong at the end had better do so now."""
    output = Path(options.output)
    if options.output == STDIO:
        if sys.stdout is None:
            raise OutputError("standard output is closed")
    else:
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
