"""The options of `python -m service predict`, and what --help says of it."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from model.files import format_of
from model.rows import DataError
from service.files.inputs import STDIO

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
    python -m service predict s3://bucket/reviews/ -o s3://bucket/scored --engine ray --address auto

FILE is .csv, .tsv, .jsonl, .parquet or .txt (a text a line), each also .gz, or - for standard input.
OUT is .csv, .tsv or .jsonl, each also .gz, or .parquet, or - for standard output.

With --engine ray the work is done by many processes, here or on a cluster; FILE may be a folder, and OUT
is one, of files that each hold the answers to some rows of one FILE.
"""
EPILOG = """\
Killed at any moment, the same command goes on where it was, and no row is lost or doubled; until all is
done there is no OUT, only OUT.partial and OUT.journal, or with --engine ray no OUT/_SUCCESS. Standard
input or output cannot be gone on with.

Rows without a text that the API would take, and rows that cannot be read, go to OUT.rejected.jsonl with
file, row and reason; with -o - to standard error, and with --engine ray into OUT/_rejected. Blank lines
are no rows.

The model and its limits come from SENTIMENT_* variables, as for the server: python -m service --help.
Exit status: 0 done, 1 it could not be done, or no row has an answer, 2 a wrong option or setting, 130 interrupted.
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """See ArgumentParser."""
        self.exit(2, f"{self.prog}: {message}; --help tells more\n")


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Options of the command; those that contradict each other end the process with status 2."""
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
    parser.add_argument("--to", metavar="FORMAT", help="of -o - if not --format; of ray if not that of the first FILE")
    parser.add_argument("--engine", choices=("local", "ray"), default="local", help="what does the work")
    parser.add_argument("--workers", type=int, metavar="N", help="processes of ray (default: one for each core or GPU)")
    parser.add_argument("--address", metavar="HOST:PORT", help="cluster for ray (default: a ray of its own)")
    options = parser.parse_args(arguments)
    try:
        options.to = (_check_ray if options.engine == "ray" else _check_local)(options, parser)
    except DataError as error:
        parser.error(str(error))
    return options


def _check_ray(options: argparse.Namespace, parser: _Parser) -> str:
    """Returns: format of the output."""
    if STDIO in [*options.files, options.output]:
        parser.error("--engine ray reads files, and writes a folder: it takes no -")
    if options.format:
        parser.error("--format is for - only; files tell their format by their suffix")
    if options.workers is not None and options.workers < 1:
        parser.error(f"--workers must be at least 1, not {options.workers}")
    known = (*WRITTEN, "parquet")
    if options.to and options.to not in known:
        parser.error(f"--to cannot be {options.to}, only {', '.join(known)}")
    suffixes = [f".{known_format}" for known_format in known]
    first = next((suffix for suffix in suffixes if options.files[0].endswith(suffix)), ".jsonl")
    return str(options.to or first.removeprefix("."))


def _check_local(options: argparse.Namespace, parser: _Parser) -> str:
    """Returns: format of the output."""
    if options.workers is not None or options.address:
        parser.error("--workers and --address are for --engine ray only")
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
    if options.output == STDIO:
        same = options.format or format_of(options.files[0])
        return str(options.to or (same if same in WRITTEN else "jsonl"))
    file_format = format_of(options.output)
    if file_format.startswith("txt"):
        raise DataError(f"{options.output}: text files have no columns; write .csv, .tsv, .jsonl or .parquet")
    if file_format == "parquet.gz":
        raise DataError(f"{options.output}: Parquet is compressed already; write .parquet")
    return file_format
