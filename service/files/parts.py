"""Parts: an output that is a folder, each file of it the answers to some rows of one input, whole or not there.

    OUT/part-FILE-FIRST-LAST.csv    rows FIRST to LAST, as they are counted in messages, of the input with number FILE
    OUT/_rejected/part-....jsonl    those of its rows that have no answer, if there are any
    OUT/_done/part-....json         what is in the two; written after them, so that a run that goes on can leave it out
    OUT/_run.json                   what the run was told; another run may not go on with it
    OUT/_SUCCESS                    every part, once all are there

Who writes a part twice writes the same to the same files: a row may be computed again, but is never there twice.
"""

import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from model.rows import Block
from service.files.bulk import WINDOW_ROWS
from service.files.inputs import Inputs, Item
from service.files.journal import OutputError
from service.files.outputs import Encoder
from service.files.places import STAGING, Folder
from service.files.scoring import Scorer, write_problems

PART_ROWS, PART_BYTES = 4 * WINDOW_ROWS, 4 << 20
"""Most rows and bytes of a part, but for its last row: seconds of a core, which a worker that dies takes with it."""
REJECTED = "_rejected"
_DONE, _RUN, _SUCCESS = "_done", "_run.json", "_SUCCESS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Which rows of which input."""

    file: int
    """Number of the input, from 0."""
    first: int
    """One more than the last row of the span before, or 1."""
    last: int
    """Row.number of the last row; 0 if there is none."""
    is_last: bool
    """Of this input."""
    fraction: float
    """Of the input's bytes."""

    @property
    def name(self) -> str:
        """Tells it from all others of a run."""
        return f"part-{self.file:05}-{self.first:010}-{self.last:010}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part(Span):
    """Rows to answer."""

    path: str
    block: Block | None
    """None of an input without rows, or if they are not needed."""

    def items(self) -> Iterator[Item]:
        """Its rows."""
        return zip(repeat(self.path), self.block.items() if self.block else (), strict=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done(Span):
    """Rows that were answered, or not."""

    read: int
    """Bad ones included."""
    rejected: int
    """Bad ones among them."""
    labels: dict[str, int]
    """Rows by predicted label."""


def cut(path: str, file: int, column: str) -> Iterator[Part]:
    """An input in parts, at least one, and the same ones each time.   Raises: DataError as Inputs does."""
    inputs = Inputs([path], None, column)
    blocks = inputs.blocks(PART_ROWS, PART_BYTES)
    first, before = 1, 0.0
    block, is_last = next(blocks, None), False
    while not is_last:
        last = block.last if block else 0
        fraction = inputs.fraction(last) or 0.0
        following = next(blocks, None)
        is_last = not following
        fraction = 1.0 if is_last else fraction
        yield Part(
            file=file, first=first, last=last, is_last=is_last, fraction=fraction - before, path=path, block=block
        )
        first, before, block = last + 1, fraction, following


def write_part(folder: Folder, part: Part, scorer: Scorer, encoder: Encoder, suffix: str) -> Done:
    """Answer the rows of a part, and put its files in their places.   suffix: of the format."""
    read, problems, labels = 0, [], Counter[str]()
    with TemporaryDirectory() as scratch:
        written, target = Path(scratch, "written"), Path(scratch, f"{part.name}.{suffix}")
        with written.open("wb") as file:
            file.write(encoder.head())
            for scored in scorer.score(part.items(), lambda number: None):
                file.write(scored.data)
                read += scored.read
                problems += scored.problems
                labels += scored.labels
        encoder.finish(written, target)
        folder.write(target.name, target.read_bytes())
    if problems:
        folder.write(f"{REJECTED}/{part.name}.jsonl", write_problems(problems))
    span = {field.name: getattr(part, field.name) for field in fields(Span)}
    done = Done(**span, read=read, rejected=len(problems), labels=dict(labels))
    folder.write(f"{_DONE}/{part.name}.json", json.dumps(asdict(done)).encode())
    return done


def read_done(folder: Folder, name: str) -> Done:
    """What was written of a part that `begin` has named."""
    data = folder.read(f"{_DONE}/{name}.json")
    assert data is not None
    return Done(**json.loads(data))


def begin(folder: Folder, run: dict[str, Any], *, is_forced: bool) -> frozenset[str]:
    """Begin an output, or go on with it.   Returns: names of the parts that are done.

    run: what a run that goes on must have in common with the one that began, by name.
    Raises: OutputError if the folder has other files, is finished, or was begun by another run; the latter two not if
    is_forced.
    """
    run = json.loads(json.dumps(run))  # as it will be read
    found = folder.names() - {STAGING}
    data = folder.read(_RUN)
    if found and data is None:
        raise OutputError(f"{folder.path}: a folder with other files in it")
    if data is None or is_forced:
        folder.clear()
        folder.write(_RUN, json.dumps(run, indent=1).encode())
        return frozenset()
    if _SUCCESS in found:
        raise OutputError(f"{folder.path} exists; --force overwrites it")
    begun = json.loads(data)
    if others := [name for name, value in run.items() if begun.get(name) != value]:
        raise OutputError(f"{folder.path} was begun with other {', '.join(others)}; --force starts from the first row")
    return frozenset(name.removesuffix(".json") for name in folder.names(_DONE))


def finish(folder: Folder, paths: Sequence[str], parts: Sequence[Done]) -> None:
    """Tell that all is done.   Raises: OutputError if it is not."""
    check_whole(parts, len(paths))
    lines = [{"input": paths[done.file], **asdict(done)} for done in sorted(parts, key=_place)]
    sums = {"read": sum(done.read for done in parts), "rejected": sum(done.rejected for done in parts)}
    folder.write(_SUCCESS, json.dumps({**sums, "parts": lines}, indent=1, ensure_ascii=False).encode())
    folder.remove_staging()


def check_whole(parts: Iterable[Done], files: int) -> None:
    """Hold that each row of each input is in one part.   Raises: OutputError naming the place if it is not."""
    expected, ordered = (0, 1), deque(sorted(parts, key=_place))
    while ordered and _place(ordered[0]) == expected:
        done = ordered.popleft()
        expected = (done.file + 1, 1) if done.is_last else (done.file, done.last + 1)
    if ordered or expected != (files, 1):
        file, row = expected
        raise OutputError(f"the part of input {file} from row {row} on is missing, or there twice")


def _place(done: Done) -> tuple[int, int]:
    return done.file, done.first
