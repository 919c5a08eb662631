import gzip
import json
import pickle
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from model.rows import DataError, Problem
from service.files import parts
from service.files.inputs import Inputs, Item
from service.files.journal import OutputError
from service.files.parts import Done, Part, begin, check_whole, cut, finish
from service.files.places import Folder
from tests.service.files.cases import FORMATS, rows_of, write

RUN = {"options": ["text", "", "csv"], "limits": (1, 2)}


def done(file: int, first: int, last: int, *, is_last: bool = False) -> Done:
    return Done(
        file=file, first=first, last=last, is_last=is_last, fraction=0.5, read=3, rejected=1, labels={"positive": 2}
    )


def items_of(found: Iterable[Part]) -> list[Item]:
    """The rows of parts that have travelled."""
    return [item for part in found for item in pickle.loads(pickle.dumps(part)).items()]


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", 4)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("count", [1, 3, 4, 5, 8, 11])
@pytest.mark.usefixtures("_small_parts")
def test_parts_hold_every_row_once_and_in_order(tmp_path: Path, form: str, count: int) -> None:
    source = str(write(tmp_path / f"in.{form}", rows_of([f"line\nof {number}" for number in range(count)])))
    if form.startswith("tsv"):
        source = str(write(tmp_path / f"in.{form}", rows_of([f"line of {number}" for number in range(count)])))
    found = list(cut(source, 7, "text"))
    assert items_of(found) == list(Inputs([source], None, "text").items())
    assert [len(items_of([part])) for part in found[:-1]] == [4] * (len(found) - 1)
    assert [part.is_last for part in found] == [False] * (len(found) - 1) + [True]
    assert found[0].first == 1
    assert all(after.first == before.last + 1 for before, after in pairwise(found))
    assert sum(part.fraction for part in found) == pytest.approx(1)
    assert len({part.name for part in found}) == len(found)
    assert all(part.name.startswith("part-00007-") for part in found)
    again = list(cut(source, 7, "text"))
    assert ([part.name for part in again], items_of(again)) == ([part.name for part in found], items_of(found))


@pytest.mark.usefixtures("_small_parts")
def test_input_without_rows_is_one_part(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,n\n")
    (part,) = cut(str(tmp_path / "in.csv"), 0, "text")
    assert (items_of([part]), part.is_last, part.fraction) == ([], True, 1.0)


def test_long_rows_make_short_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 100)
    source = write(tmp_path / "in.jsonl", [{"text": "x" * 60}] * 6)
    assert [len(items_of([part])) for part in cut(str(source), 0, "text")] == [2, 2, 2]


@pytest.mark.usefixtures("_small_parts")
def test_bad_rows_are_in_their_place(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "a"}\n\n{"text": \n{"text": "b"}\n' + b'{"body": "c"}\n' * 6)
    found = items_of(cut(str(tmp_path / "in.jsonl"), 0, "text"))
    assert [row.number for _, row in found] == [1, 3, 4, *range(5, 11)]
    assert [isinstance(row, Problem) for _, row in found] == [False, True, False, *[True] * 6]


@pytest.mark.usefixtures("_small_parts")
def test_input_that_breaks_off_gives_its_good_parts_first(tmp_path: Path) -> None:
    data = gzip.compress("\n".join(str(number) for number in range(20_000)).encode())
    (tmp_path / "in.txt.gz").write_bytes(data[:-9])
    found: list[Part] = []
    with pytest.raises(DataError, match="broken gzip"):
        found.extend(cut(str(tmp_path / "in.txt.gz"), 0, "text"))
    assert len(found) > 1000


def test_run_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "out"))
    assert begin(folder, RUN, is_forced=False) == set()
    assert begin(folder, RUN, is_forced=False) == set()
    folder.write("_done/part-1.json", b"{}")
    assert begin(folder, RUN, is_forced=False) == {"part-1"}
    with pytest.raises(OutputError, match="was begun with other limits; --force starts"):
        begin(folder, RUN | {"limits": (1, 3)}, is_forced=False)
    assert begin(folder, RUN | {"limits": (1, 3)}, is_forced=True) == set()
    assert folder.names() - {"_staging"} == {"_run.json"}


def test_run_that_was_killed_before_its_first_file_can_begin(tmp_path: Path) -> None:
    (tmp_path / "out" / "_staging").mkdir(parents=True)
    (tmp_path / "out" / "_staging" / "tmp1").touch()
    assert begin(Folder(str(tmp_path / "out")), RUN, is_forced=False) == set()


def test_finished_run_is_not_done_again_unless_forced(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "out"))
    begin(folder, RUN, is_forced=False)
    finish(folder, ["a.csv"], [done(0, 1, 9, is_last=True)])
    assert folder.names() == {"_run.json", "_SUCCESS"}
    told = json.loads((tmp_path / "out" / "_SUCCESS").read_text())
    assert (told["read"], told["rejected"]) == (3, 1)
    assert [(part["input"], part["first"], part["last"]) for part in told["parts"]] == [("a.csv", 1, 9)]
    with pytest.raises(OutputError, match="exists; --force overwrites it"):
        begin(folder, RUN, is_forced=False)
    assert begin(folder, RUN, is_forced=True) == set()
    assert "_SUCCESS" not in folder.names()


@pytest.mark.parametrize("is_forced", [False, True])
def test_folder_of_somebody_else_is_left_alone(tmp_path: Path, is_forced: bool) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(OutputError, match="a folder with other files in it"):
        begin(Folder(str(tmp_path)), RUN, is_forced=is_forced)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


WHOLE = [done(0, 1, 9), done(0, 10, 12, is_last=True), done(1, 1, 0, is_last=True), done(2, 1, 5, is_last=True)]


def test_whole_output_is_whole_in_any_order() -> None:
    check_whole(reversed(WHOLE), 3)


@pytest.mark.parametrize("index", range(len(WHOLE)))
def test_missing_part_and_one_that_is_there_twice_are_found(index: int) -> None:
    for broken in ([part for part in WHOLE if part is not WHOLE[index]], [*WHOLE, WHOLE[index]]):
        with pytest.raises(OutputError, match="is missing, or there twice"):
            check_whole(broken, 3)
    with pytest.raises(OutputError, match="is missing"):
        check_whole([replace(part, is_last=False) for part in WHOLE], 3)
