"""The file itself: what is acknowledged is on disk and stays, whatever happens to the process or the disk."""

import asyncio
import fcntl
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from service.errors import FeedbackFull, FeedbackUnavailable
from service.feedback import FeedbackFile
from service.settings import SettingsError
from tests.service.conftest import ROOT
from training.data import read_source
from training.sources import Source

LIMIT = 1_000_000


def row(text: str = "good", label: str = "positive") -> dict[str, Any]:
    return {"text": text, "label": label}


def rows_of(path: Path) -> list[dict[str, Any]]:
    content = path.read_bytes()
    assert content.endswith(b"\n")
    return [json.loads(line) for line in content.splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feedback.jsonl"


@pytest.fixture
def file(path: Path) -> FeedbackFile:
    """A file with one row: the first one also flushes the folder."""
    file = FeedbackFile(path, LIMIT)
    file.append(row("0")).result(timeout=60)
    return file


@contextmanager
def file_size_limit(limit_bytes: int) -> Iterator[None]:
    """Makes every write of this process fail beyond a size, part of the way: as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_rows_are_appended_in_order_and_the_size_is_told(path: Path) -> None:
    file = FeedbackFile(path, LIMIT)
    texts = ["good", "很好", "two\nlines\u2028and\x00more", "😀" * 1000]
    sizes = [file.append(row(text)).result(timeout=60) for text in texts]
    assert [item["text"] for item in rows_of(path)] == texts
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == file.size() == path.stat().st_size
    file.close()
    again = FeedbackFile(path, LIMIT)
    again.append(row("after a restart")).result(timeout=60)
    assert [item["text"] for item in rows_of(path)] == [*texts, "after a restart"]


def test_file_is_for_its_owner_only(path: Path) -> None:
    FeedbackFile(path, LIMIT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_rows_that_wait_share_a_flush(file: FeedbackFile, monkeypatch: pytest.MonkeyPatch) -> None:
    flushes, is_flushing, may_flush = [], threading.Event(), threading.Event()

    def fsync(descriptor: int) -> None:
        flushes.append(len(file.path.read_bytes().splitlines()))
        is_flushing.set()
        assert may_flush.wait(timeout=60)

    monkeypatch.setattr("service.feedback.os.fsync", fsync)
    first = file.append(row("1"))
    assert is_flushing.wait(timeout=60)
    others = [file.append(row(str(n))) for n in range(2, 10)]
    assert not any(future.done() for future in (first, *others))  # nothing is acknowledged before its flush
    may_flush.set()
    assert [future.result(timeout=60) for future in others] == sorted(future.result() for future in others)
    assert flushes == [2, 10]


def test_row_that_nobody_waits_for_is_not_written(file: FeedbackFile, monkeypatch: pytest.MonkeyPatch) -> None:
    is_flushing, may_flush = threading.Event(), threading.Event()

    def fsync(descriptor: int) -> None:
        is_flushing.set()
        assert may_flush.wait(timeout=60)

    monkeypatch.setattr("service.feedback.os.fsync", fsync)
    file.append(row("first"))
    assert is_flushing.wait(timeout=60)
    assert file.append(row("given up")).cancel()
    last = file.append(row("last"))
    may_flush.set()
    last.result(timeout=60)
    assert [item["text"] for item in rows_of(file.path)] == ["0", "first", "last"]


def test_limit_refuses_the_row_and_keeps_the_file(path: Path) -> None:
    file = FeedbackFile(path, 100)
    size = file.append(row("a" * 20)).result(timeout=60)
    with pytest.raises(FeedbackFull) as caught:
        file.append(row("b" * 50)).result(timeout=60)
    wanted = size + len(json.dumps(row("b" * 50), separators=(",", ":"))) + 1
    assert (caught.value.field, caught.value.limit, caught.value.value) == ("feedback_max_bytes", 100, wanted)
    assert str(wanted) in caught.value.detail
    file.append(row("c")).result(timeout=60)  # a smaller one still fits
    assert [item["text"][0] for item in rows_of(path)] == ["a", "c"]


def test_file_that_is_moved_or_emptied_is_begun_anew(path: Path) -> None:
    file = FeedbackFile(path, 60)
    file.append(row("first" * 5)).result(timeout=60)
    path.rename(path.with_suffix(".old"))
    assert file.size() == 0
    file.append(row("second" * 4)).result(timeout=60)
    assert [item["text"] for item in rows_of(path)] == ["second" * 4]
    path.write_bytes(b"")
    file.append(row("third" * 5)).result(timeout=60)
    assert [item["text"] for item in rows_of(path)] == ["third" * 5]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("torn", [b'{"te', b'{"text":"caf\xc3', b'{"text":"half of it', b'{"text":"a","label":"x"'])
def test_torn_last_row_is_cut_and_never_merged(path: Path, torn: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file = FeedbackFile(path, LIMIT)
    file.append(row("whole")).result(timeout=60)
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    file.append(row("next")).result(timeout=60)  # while running, as after another process was killed
    assert [item["text"] for item in rows_of(path)] == ["whole", "next"]
    path.write_bytes(torn)
    FeedbackFile(path, LIMIT)
    assert path.read_bytes() == b""
    assert [record.getMessage() for record in caplog.records] == [
        f"cut a torn row of {len(torn)} bytes off the end of {path}"
    ] * 2


def test_row_without_its_line_end_is_kept(path: Path) -> None:
    """As an editor leaves the last line of a file that a person has corrected."""
    path.write_text('{"text": "by hand", "label": "neutral"}')
    FeedbackFile(path, LIMIT).append(row("next")).result(timeout=60)
    assert [item["text"] for item in rows_of(path)] == ["by hand", "next"]


@pytest.mark.parametrize("content", [b"text,label\ngood,positive\n", b"\x00\x01", b"{}", b'{"texts": 1}\n', b"no line"])
def test_file_of_something_else_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"^SENTIMENT_FEEDBACK='.*feedback.jsonl': must be empty or hold feedback"):
        FeedbackFile(path, LIMIT)
    assert path.read_bytes() == content


def test_path_that_cannot_be_written_is_refused_by_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "pipe")
    for path, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "none" / "feedback.jsonl", "No such file or directory"),
        (tmp_path / "file" / "feedback.jsonl", "Not a directory"),
        (tmp_path / "pipe", "must be a regular file"),
    ):
        with pytest.raises(SettingsError, match=reason) as caught:
            FeedbackFile(path, LIMIT)
        assert str(caught.value).startswith(f"SENTIMENT_FEEDBACK={str(path)!r}: ")


def test_full_disk_leaves_nothing_half_written_and_is_survived(
    file: FeedbackFile, caplog: pytest.LogCaptureFixture
) -> None:
    before = file.path.read_bytes()
    with file_size_limit(len(before) + 10):
        with pytest.raises(FeedbackUnavailable, match="File too large"):
            file.append(row("private words")).result(timeout=60)
        assert file.path.read_bytes() == before
    file.append(row("after")).result(timeout=60)
    assert [item["text"] for item in rows_of(file.path)] == ["0", "after"]
    assert [record.getMessage() for record in caplog.records] == [
        f"1 rows of feedback not stored in {file.path}: File too large"
    ]


def test_failed_flush_is_no_acknowledgement(file: FeedbackFile, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("service.feedback.os.fsync", lambda _: os.read(-1, 1))
        with pytest.raises(FeedbackUnavailable):
            file.append(row("lost")).result(timeout=60)
    file.append(row("kept")).result(timeout=60)
    assert [item["text"] for item in rows_of(file.path)] == ["0", "kept"]


def test_bug_reaches_the_caller(file: FeedbackFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread's own exceptions are seen by nobody: a request would wait for its deadline."""
    monkeypatch.setattr(file, "_write", lambda lines: [][1])
    with pytest.raises(IndexError):
        file.append(row()).result(timeout=60)


async def test_flush_does_not_hold_up_the_event_loop(file: FeedbackFile, monkeypatch: pytest.MonkeyPatch) -> None:
    may_flush = threading.Event()
    monkeypatch.setattr("service.feedback.os.fsync", lambda _: may_flush.wait(timeout=60))
    stored = asyncio.wrap_future(file.append(row()))
    await asyncio.sleep(0)
    assert not stored.done()
    may_flush.set()
    assert await stored == file.path.stat().st_size


WRITER = """
import sys
from pathlib import Path
from service.feedback import FeedbackFile
file, name, count = FeedbackFile(Path(sys.argv[1]), 10**9), sys.argv[2], int(sys.argv[3])
for n in range(count):
    file.append({"text": f"{name} {n} " + "x" * 5000, "label": "positive"}).result()
    print(n, flush=True)
"""


def start_writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_every_acknowledged_row_survives_a_kill(path: Path) -> None:
    for attempt in range(3):
        process = start_writer(path, str(attempt), 1_000_000)
        assert process.stdout
        for _ in range(20):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        last = max([last, *map(int, process.stdout.read().split())])
        process.wait()
        FeedbackFile(path, LIMIT)
        numbers = [int(item["text"].split()[1]) for item in rows_of(path) if item["text"].startswith(f"{attempt} ")]
        assert numbers in (list(range(last + 1)), list(range(last + 2)))  # one may be stored and not yet told
        process.stdout.close()


def test_processes_share_a_file(path: Path) -> None:
    """As a rolling update has them: the new one starts while the old one still answers."""
    writers = [start_writer(path, name, 30) for name in ("a", "b")]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    written = [tuple(item["text"].split()[:2]) for item in rows_of(path)]
    assert sorted(written) == sorted((name, str(n)) for name in ("a", "b") for n in range(30))


def test_lock_that_another_keeps_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever held it, such as an editor or a backup, kept the service from starting and from ending."""
    monkeypatch.setattr("service.feedback.LOCKED_WITHIN_S", 0.0)
    file = FeedbackFile(path, LIMIT)
    with path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(FeedbackUnavailable, match="another process keeps it locked"):
            file.append(row()).result(timeout=60)
        with pytest.raises(SettingsError, match="another process keeps it locked"):
            FeedbackFile(path, LIMIT)
        file.append(row())
        file.close()
    assert path.stat().st_size == 0


def test_training_reads_the_file_as_it_is_and_reports_a_torn_row(path: Path) -> None:
    file = FeedbackFile(path, LIMIT)
    for text, label in (("good", "positive"), ("很差", "negative"), ("good", "positive")):
        file.append({**row(text, label), "predicted": "neutral", "request_id": None}).result(timeout=60)
    with path.open("ab") as torn:
        torn.write('{"text":"半'.encode()[:-1])
    corpus = read_source(Source(path=str(path)))
    assert (corpus.texts, list(corpus.labels)) == (["good", "很差", "good"], ["positive", "negative", "positive"])
    assert [str(problem) for problem in corpus.problems] == [f"{path}:4: not UTF-8"]
