"""Files to predict, written and read again; and the command in a process of its own."""

import csv
import gzip
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from model.files import format_of, open_rows
from model.rows import Row

TEXTS = ["good, really", 'she said "no"', "很差", "a text of more than eight characters"]
ADDED = ["label", "score", "score_negative", "score_neutral", "score_positive", "language", "model"]
FORMATS = ["csv", "tsv", "jsonl", "csv.gz", "tsv.gz", "jsonl.gz", "parquet"]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Rows in the format of the path."""
    file_format = format_of(str(path))
    columns = list(rows[0])
    match file_format.removesuffix(".gz"):
        case "csv":
            buffer = io.StringIO()
            csv.writer(buffer).writerows([columns, *(row.values() for row in rows)])
            content = buffer.getvalue()
        case "tsv":
            content = "".join("\t".join(map(str, row)) + "\n" for row in [columns, *(row.values() for row in rows)])
        case "txt":
            content = "".join(f"{row['text']}\n" for row in rows)
        case "jsonl":
            content = "".join(json.dumps(row) + "\n" for row in rows)
        case _:
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
            return path
    path.write_bytes(gzip.compress(content.encode()) if file_format.endswith(".gz") else content.encode())
    return path


def read(path: Path) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        items = list(open_rows(file, str(path), format_of(str(path)), ("label",), every_column=True).items)
    return [item.fields for item in items if isinstance(item, Row)]


def rejected(path: Path) -> list[tuple[str, int, str]]:
    lines = path.with_name(f"{path.name}.rejected.jsonl").read_text(encoding="utf-8").splitlines()
    return [(found["file"], found["row"], found["reason"]) for found in map(json.loads, lines)]


def rows_of(texts: list[str]) -> list[dict[str, Any]]:
    return [{"id": str(number), "text": text, "note": f"n{number}"} for number, text in enumerate(texts)]


def command(model: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SENTIMENT_")}
    environment |= {"SENTIMENT_MODEL": str(model), "SENTIMENT_MAX_BATCH_ROWS": "1"}
    return [sys.executable, "-m", "service", "predict", *arguments], environment
