"""The engine on a real Ray: one of its own, and a cluster that reads and writes S3."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.server import free_port
from tests.service.conftest import ROOT
from tests.service.files.cases import command, read, rejected, rows_of, write

pytest.importorskip("ray", reason="needs the extra ray: pip install -e '.[dev,ray]'")
pytestmark = pytest.mark.slow


def predict(model: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    words, environment = command(model, *arguments)
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def cluster(s3: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a head with two cores, which finds the S3 in its environment."""
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "0" * 32)
    port = free_port()
    options = ["--num-cpus=2", "--object-store-memory=100000000", "--include-dashboard=false", "--disable-usage-stats"]
    ray = str(Path(sys.executable).with_name("ray"))
    line = [ray, "start", "--head", "--block", f"--port={port}", *options]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as head:
        try:
            assert head.stdout
            assert any("Ray runtime started" in shown for shown in head.stdout)
            yield f"127.0.0.1:{port}"
        finally:
            head.send_signal(signal.SIGTERM)


def test_ray_of_its_own_writes_what_the_plain_command_does(compiled_directory: Path, tmp_path: Path) -> None:
    texts = [f"text {number}" if number % 50 else "" for number in range(40_000)]
    first = write(tmp_path / "a.csv", rows_of(texts[:30_000]))
    second = write(
        tmp_path / "b.jsonl.gz", [{"id": number, "text": text} for number, text in enumerate(texts[30_000:])]
    )
    (tmp_path / "c.jsonl").touch()
    files = [str(first), str(second), str(tmp_path / "c.jsonl")]
    plain, output = tmp_path / "plain.jsonl", tmp_path / "out"
    assert predict(compiled_directory, tmp_path, *files, "-o", str(plain)).returncode == 0
    ray = ["--engine", "ray", "--to", "jsonl", "--workers", "2"]
    done = predict(compiled_directory, tmp_path, "a.csv", *files[1:], "-o", "out", *ray)
    assert done.returncode == 0, done.stderr
    assert "39,200 rows, 800 rejected" in done.stderr
    found = sorted(output.glob("part-*.jsonl"))
    assert len(found) == 4  # two of the first, one of each other
    assert b"".join(path.read_bytes() for path in found) == plain.read_bytes()
    lines = [json.loads(line) for path in sorted(output.glob("_rejected/*")) for line in path.read_text().splitlines()]
    assert [(line["file"], line["row"], line["reason"]) for line in lines] == rejected(plain)


def test_cluster_reads_and_writes_s3(compiled_directory: Path, tmp_path: Path, cluster: str, s3: Any) -> None:
    for number in range(3):
        source = write(tmp_path / f"{number}.parquet", rows_of([f"text {number}", "", "很好"]))
        s3.upload_file(str(source), "data", f"in/{number}.parquet")
    arguments = ["s3://data/in/", "-o", "s3://data/out", "--engine", "ray", "--to", "parquet", "--address", cluster]
    done = predict(compiled_directory, tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert "6 rows, 3 rejected" in done.stderr
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket="data", Prefix="out/")["Contents"]]
    wanted = [f"out/part-{number:05}-0000000001-0000000003.parquet" for number in range(3)]
    assert [key for key in keys if key.endswith(".parquet")] == wanted
    s3.download_file("data", wanted[1], str(tmp_path / "found.parquet"))
    assert [(row["id"], row["text"]) for row in read(tmp_path / "found.parquet")] == [("0", "text 1"), ("2", "很好")]
    again = predict(compiled_directory, tmp_path, *arguments)
    assert (again.returncode, again.stderr) == (1, "s3://data/out exists; --force overwrites it\n")
    assert predict(compiled_directory, tmp_path, *arguments, "--workers", "9", "--force").returncode == 1


def test_cluster_that_is_not_there_is_told(compiled_directory: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", rows_of(["text"]))
    address = f"127.0.0.1:{free_port()}"
    done = predict(
        compiled_directory, tmp_path, str(source), "-o", str(tmp_path / "out"), "--engine", "ray", "--address", address
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"no Ray at {address}: ")
