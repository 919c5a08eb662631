"""The engine without Ray: what its tasks and actors do is done here, one after the other."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pyarrow
import pytest

from model.files import format_of, open_rows
from model.rows import Row
from service.files import parts, ray_engine
from service.files.parts import Done
from service.files.places import Folder
from service.files.predict import main
from service.files.ray_engine import Pool, Work
from tests.service.files.cases import FORMATS, TEXTS, read, rejected, rows_of, write


@pytest.fixture(autouse=True)
def pools(compiled_directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[Pool]:
    """Small parts, answered in this process.   Returns: what each run is told of who shall do it."""
    told: list[Pool] = []

    def run(work: Work, pool: Pool) -> Iterator[Done]:
        told.append(pool)
        worker = ray_engine._Worker(work)
        for table in ray_engine._read(work, pyarrow.table({"file": range(len(work.paths))})):
            yield ray_engine._unpack(worker(table)["value"][0].as_py())

    monkeypatch.setattr(ray_engine, "run", run)
    monkeypatch.setattr(parts, "PART_ROWS", 3)
    monkeypatch.setenv("SENTIMENT_MODEL", str(compiled_directory))
    return told


def rows_in(output: Path, form: str) -> list[dict[str, Any]]:
    return [row for path in sorted(output.glob(f"part-*.{form}")) for row in read(path)]


def problems_in(output: Path) -> list[tuple[str, int, str]]:
    lines = [line for path in sorted(output.glob("_rejected/*")) for line in path.read_text().splitlines()]
    return [(found["file"], found["row"], found["reason"]) for found in map(json.loads, lines)]


@pytest.mark.parametrize("form", FORMATS)
def test_parts_together_are_what_the_plain_command_writes(tmp_path: Path, form: str) -> None:
    first = write(tmp_path / "a.csv", rows_of(TEXTS * 3))
    second = write(
        tmp_path / "b.jsonl", [{"text": "", "n": 1}, {"text": "fine", "n": 2}, {"text": "x" * 9, "label": "y"}]
    )
    third = write(tmp_path / "c.parquet", [{"text": "three", "id": "L"}])
    files = [str(first), str(second), str(third)]
    more = ["--prefix", "p_"]
    assert main([*files, "-o", str(tmp_path / f"plain.{form}"), *more]) == 0
    assert main([*files, "-o", str(tmp_path / "out"), "--engine", "ray", "--to", form, *more]) == 0
    plain = read_prefixed(tmp_path / f"plain.{form}")
    assert [row for path in sorted((tmp_path / "out").glob("part-*")) for row in read_prefixed(path)] == plain
    assert len(plain) == 15
    assert problems_in(tmp_path / "out") == rejected(tmp_path / f"plain.{form}")


def read_prefixed(path: Path) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        items = open_rows(file, str(path), format_of(str(path)), ("p_label",), every_column=True).items
        return [item.fields for item in items if isinstance(item, Row)]


def test_folder_is_read_and_told_of(tmp_path: Path, pools: list[Pool], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        write(tmp_path / "in" / f"{number}.csv", rows_of([*TEXTS, ""]))
    output = tmp_path / "out"
    assert (
        main([str(tmp_path / "in"), "-o", str(output), "--engine", "ray", "--workers", "3", "--address", "auto"]) == 0
    )
    assert pools == [Pool(address="auto", workers=3)]
    shown = capsys.readouterr().err
    assert "12 rows, 3 rejected" in shown
    assert f"rejected rows: {output}/_rejected" in shown
    assert len(rows_in(output, "jsonl")) == 12  # the format of a folder is not known
    assert {path.name for path in output.iterdir() if path.name[0] == "_"} == {
        "_done",
        "_rejected",
        "_run.json",
        "_SUCCESS",
    }


def test_same_command_does_only_what_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, output = write(tmp_path / "in.csv", rows_of([f"text {number}" for number in range(14)])), tmp_path / "out"
    write_part = parts.write_part
    written: list[str] = []

    def stop(folder: Any, part: parts.Part, *rest: Any) -> Done:
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(part.name)
        return write_part(folder, part, *rest)

    monkeypatch.setattr(ray_engine, "write_part", stop)
    arguments = [str(source), "-o", str(output), "--engine", "ray"]
    assert main(arguments) == 130
    assert not (output / "_SUCCESS").exists()
    done = written.copy()
    written.clear()
    assert main(arguments) == 0
    assert len(written) == 2
    assert not {*done} & {*written}
    assert "going on: 3 parts are done" in capsys.readouterr().err
    assert [row["id"] for row in rows_in(output, "csv")] == [str(number) for number in range(14)]
    assert main(arguments) == 1
    assert capsys.readouterr().err == f"{output} exists; --force overwrites it\n"


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["-", "-o", "out"], 2, "--engine ray reads files, and writes a folder"),
        (["a.csv", "-o", "-"], 2, "--engine ray reads files, and writes a folder"),
        (["a.csv", "-o", "out", "--workers", "0"], 2, "--workers must be at least 1, not 0"),
        (["a.csv", "-o", "out", "--to", "xlsx"], 2, "--to cannot be xlsx, only csv"),
        (["a.csv", "-o", "out", "--format", "csv"], 2, "--format is for - only"),
        (["a.csv", "-o", "."], 1, "a.csv is an input, and would be overwritten"),
        (["in/a.csv", "-o", "in", "--force"], 1, "in/a.csv is an input, and would be overwritten"),
        (["a.csv", "-o", "other"], 1, "other: a folder with other files in it"),
        (["none.csv", "-o", "out"], 1, "none.csv: no such file"),
        (["a.csv", "-o", "out", "--text", "body"], 1, "a.csv: no column 'body'"),
        (["label.csv", "-o", "out"], 1, "label.csv: column 'label' is there already"),
        (["a.csv", "-o", "nowhere://out"], 1, "nowhere://out: "),
        (["a.csv", "-o", "out", "--engine", "local", "--workers", "2"], 2, "are for --engine ray only"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in", "other"):
        Path(name).mkdir()
    for name in ("a.csv", "in/a.csv", "other/letter.csv"):
        Path(name).write_text("text\nfine\n")
    Path("label.csv").write_text("text,label\nfine,mine\n")
    before = sorted(tmp_path.rglob("*"))
    try:
        found = main(["--engine", "ray", *arguments])
    except SystemExit as error:
        found = int(error.code or 0)
    shown = capsys.readouterr()
    assert (found, shown.out) == (code, "")
    assert line in shown.err
    assert shown.err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_input_that_breaks_off_and_output_that_is_full_end_the_run_with_their_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.txt.gz"
    source.write_bytes(gzip.compress("\n".join(str(number) for number in range(20_000)).encode())[:-9])
    arguments = [str(source), "-o", str(tmp_path / "out"), "--engine", "ray"]
    monkeypatch.setattr(parts, "PART_ROWS", 4000)
    assert main(arguments) == 1
    assert "broken gzip" in capsys.readouterr().err

    def fail(*rest: object) -> Done:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ray_engine, "write_part", fail)
    assert main([*arguments, "--force"]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'out'}: No space left on device\n"


def test_workers_are_told_whole_paths(
    compiled_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They run in folders of their own: a relative path of the public key was there no file."""
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("text\nfine\n")
    Path("model").symlink_to(compiled_directory)
    monkeypatch.setenv("SENTIMENT_MODEL", "model")
    monkeypatch.setenv("SENTIMENT_MODEL_PUBLIC_KEY", "public.pem")
    told: list[Work] = []

    def run(work: Work, pool: Pool) -> Iterator[Done]:
        told.append(work)
        return iter(())

    monkeypatch.setattr(ray_engine, "run", run)
    main(["in.csv", "-o", str(tmp_path / "out"), "--engine", "ray"])
    settings = told[0].settings
    assert (settings.model, settings.model_public_key) == (tmp_path / "model", tmp_path / "public.pem")


def test_worker_with_another_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in.csv", rows_of(TEXTS))
    arguments = [str(source), "-o", str(tmp_path / "out"), "--engine", "ray"]

    def run(work: Work, pool: Pool) -> Iterator[Done]:
        ray_engine._Worker(replace(work, digests={}))
        return iter(())

    monkeypatch.setattr(ray_engine, "run", run)
    assert main(arguments) == 1
    assert "not the same model here as where the run began" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("resources", "wanted", "threads", "is_cuda", "workers"),
    [
        ({"CPU": 8.0}, None, 1, False, 8),
        ({"CPU": 8.0}, None, 3, False, 2),
        ({"CPU": 8.0, "GPU": 2.0}, None, 1, True, 2),
        ({"CPU": 8.0}, 5, 1, False, 5),
        ({"CPU": 8.0}, 9, 1, False, "a worker needs 1 CPUs: there is room for 8, not for 9"),
        ({"CPU": 8.0}, None, 1, True, "a worker needs a GPU: there is room for 0, not for 1"),
    ],
)
def test_each_worker_has_cores_or_a_gpu(
    resources: dict[str, float], wanted: int | None, threads: int, is_cuda: bool, workers: int | str
) -> None:
    if isinstance(workers, int):
        assert ray_engine._count_workers(resources, wanted, threads, is_cuda=is_cuda) == workers
    else:
        with pytest.raises(ray_engine.EngineError, match=workers):
            ray_engine._count_workers(resources, wanted, threads, is_cuda=is_cuda)


@pytest.mark.parametrize(("device", "num_gpus", "workers"), [("cuda", 1, 2), ("cpu", None, 8)])
def test_worker_asks_for_a_gpu_if_the_device_is_cuda(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str, num_gpus: int | None, workers: int
) -> None:
    """What Ray is asked for, of a Ray that only listens: no GPU is needed, and none is used."""
    model = os.environ["SENTIMENT_MODEL"]
    monkeypatch.undo()
    ray = MagicMock()
    ray.cluster_resources.return_value = {"CPU": 8.0, "GPU": 2.0}
    ray.exceptions.RayError = RuntimeError
    for name, value in {"ray": ray, "ray.data": ray.data}.items():
        monkeypatch.setitem(sys.modules, name, value)
    for name in ray_engine.ENVIRONMENT:
        monkeypatch.setenv(name, "")  # or the engine's would stay
    monkeypatch.setenv("SENTIMENT_MODEL", model)
    monkeypatch.setenv("SENTIMENT_DEVICE", device)
    monkeypatch.setenv("SENTIMENT_THREADS", "1")
    source = write(tmp_path / "in.csv", rows_of(TEXTS))
    assert main([str(source), "-o", str(tmp_path / "out"), "--engine", "ray"]) == 1  # nothing was answered
    asked = ray.data.from_items.return_value.map_batches.return_value.map_batches.call_args
    assert asked.args == (ray_engine._Worker,)
    assert (asked.kwargs["num_gpus"], asked.kwargs["num_cpus"]) == (num_gpus, 1)
    assert ray.data.ActorPoolStrategy.call_args.kwargs["size"] == workers


def test_parts_are_written_to_google_cloud_storage(tmp_path: Path, gs: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", rows_of([*TEXTS, ""]))
    arguments = [str(source), "-o", f"{gs}/out", "--engine", "ray"]
    assert main(arguments) == 0
    assert "4 rows, 1 rejected" in capsys.readouterr().err
    folder = Folder(f"{gs}/out")
    parts_there = [folder.read(name) or b"" for name in sorted(folder.names()) if name.startswith("part-")]
    assert len(parts_there) == 2
    rows = [row for data in parts_there for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]
    assert [row["text"] for row in rows] == TEXTS
    assert main(arguments) == 1
    assert capsys.readouterr().err == f"{gs}/out exists; --force overwrites it\n"
    assert main([*arguments, "--force"]) == 0


def test_ray_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "ray", None)
    source = write(tmp_path / "in.csv", rows_of(TEXTS))
    assert main([str(source), "-o", str(tmp_path / "out"), "--engine", "ray"]) == 1
    assert capsys.readouterr().err == "--engine ray needs Ray: pip install 'sentiment-service[ray]'\n"


def test_ray_is_loaded_only_if_it_is_chosen() -> None:
    script = "import sys, service.files.predict; sys.exit(bool({'ray', 'pyarrow', 'torch'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
