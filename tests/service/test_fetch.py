"""Artifacts from real servers on this machine: S3 by moto, HTTP by the standard library."""

import contextlib
import hashlib
import http.server
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from model.artifact import CARD, METADATA, NETWORK, SUMS, TOKENIZER, read_files, write_files
from model.reader import verify
from service import fetch as module
from service.__main__ import main
from service.fetch import FetchError, fetch

Publish = Callable[[Mapping[str, bytes]], str]
"""Puts files where they can be fetched, and returns the address."""
BUCKET = "models"


class Handler(http.server.SimpleHTTPRequestHandler):
    """A folder; of `endless` and of `stalled` in it, it sends a beginning, and goes on for ever, or never.

    From `moved` it leads to `secret`, by another name of this host.
    """

    is_stalling = threading.Event()
    was_led_elsewhere = threading.Event()

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        if self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.headers['Host'].rpartition(':')[2]}/secret")
            self.end_headers()
            return None
        if name == "secret":
            self.was_led_elsewhere.set()
        if name not in ("endless", "stalled"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Length", str(10**12))
        self.end_headers()
        with contextlib.suppress(OSError):  # the client has left
            while self.wfile.write(bytes(65_536)) and name == "endless":
                pass
            self.is_stalling.set()
            self.rfile.read()
        self.close_connection = True
        return None

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and folder of a web server."""
    folder = tmp_path_factory.mktemp("web")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Endpoint of an S3 with one bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture(params=["http", "s3"])
def publish(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Publish:
    """Publishing to one storage after the other."""
    if request.param == "http":
        url, root = request.getfixturevalue("web")

        def put(files: Mapping[str, bytes]) -> str:
            name = tmp_path_factory.mktemp("artifact").name
            write(root / name, files)
            return f"{url}/{name}"

        return put

    endpoint = request.getfixturevalue("s3")
    settings = {"ENDPOINT_URL": endpoint, "ACCESS_KEY_ID": "id", "SECRET_ACCESS_KEY": "key", "REGION": "us-east-1"}
    for name, value in settings.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)

    def put_objects(files: Mapping[str, bytes]) -> str:
        folder = tmp_path_factory.mktemp("artifact").name
        for name, content in files.items():
            client.put_object(Bucket=BUCKET, Key=f"{folder}/{name}", Body=content)
        return f"s3://{BUCKET}/{folder}"

    return put_objects


@pytest.fixture
def files(artifact_directory: Path, tmp_path: Path) -> dict[str, bytes]:
    """An artifact with a folder in it."""
    artifact = tmp_path / "original"
    write_files(artifact, read_files(artifact_directory) | {"report/loss.png": b"\x89PNG"})
    return read_files(artifact) | {SUMS: (artifact / SUMS).read_bytes()}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "fetched" / "artifact"


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def with_sums(files: Mapping[str, bytes], **other: str) -> dict[str, bytes]:
    """Files with a SHA256SUMS that also says what `other` does: hash by name."""
    digests = {name: sha256(content) for name, content in files.items() if name != SUMS} | other
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return {**files, SUMS: lines.encode()}


def assert_refused(source: str, directory: Path, files: Mapping[str, bytes], reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        fetch(source, directory, sha256(files[SUMS]))
    assert not directory.parent.exists()


def test_artifact_is_fetched_whole_once_and_then_left_alone(
    publish: Publish, files: dict[str, bytes], directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["fetch", publish(files) + "/", str(directory), "--sha256", sha256(files[SUMS])]
    assert main(command) == 0
    assert read_files(directory) | {SUMS: (directory / SUMS).read_bytes()} == files
    assert [path.name for path in directory.parent.iterdir()] == [directory.name]
    inode = directory.stat().st_ino
    command[1] = "http://127.0.0.1:1"  # where nobody answers
    assert main(command) == 0
    assert directory.stat().st_ino == inode
    assert capsys.readouterr().out == f"{directory}: fetched\n{directory}: there already\n"


def test_another_or_a_damaged_artifact_is_replaced(publish: Publish, files: dict[str, bytes], directory: Path) -> None:
    write_files(directory, files | {CARD: b"# Another\n"})
    assert fetch(publish(files), directory, sha256(files[SUMS]))
    (directory / NETWORK).write_bytes(b"")
    assert fetch(publish(files), directory, sha256(files[SUMS]))
    assert verify(directory)[NETWORK] == sha256(files[NETWORK])


def test_something_else_is_not_replaced(web: tuple[str, Path], files: dict[str, bytes], directory: Path) -> None:
    directory.mkdir(parents=True)
    (directory / "letters.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not replaced"):
        fetch(web[0], directory, sha256(files[SUMS]))
    assert (directory / "letters.txt").read_text() == "mine"


def test_other_sums_than_asked_for_are_refused(publish: Publish, files: dict[str, bytes], directory: Path) -> None:
    """Whoever can write to the storage makes all hashes fit each other, but not that which the deployment names."""
    forged = with_sums({**files, CARD: b"# Forged\n"})
    reason = f"{SUMS}: is another file than that of sha256 {sha256(files[SUMS])}"
    assert_refused(publish(forged), directory, files, reason)


@pytest.mark.parametrize("content", [b"", b"{}", b"longer than it was" * 10_000])
def test_altered_file_is_refused(publish: Publish, files: dict[str, bytes], directory: Path, content: bytes) -> None:
    assert_refused(publish(files | {METADATA: content}), directory, files, f"{METADATA}: is another file than")


def test_redirect_is_followed_but_what_was_there_is_not_told(
    web: tuple[str, Path], files: dict[str, bytes], directory: Path
) -> None:
    """The message had the hash of what it led to, which tells a short secret to whoever tries them all."""
    url, folder = web
    (folder / "secret").write_bytes(b"1234")
    with pytest.raises(FetchError) as caught:
        fetch(f"{url}/moved", directory, sha256(files[SUMS]))
    assert Handler.was_led_elsewhere.is_set()
    assert sha256(b"1234") not in str(caught.value)
    assert not directory.parent.exists()


@pytest.mark.parametrize("name", [SUMS, TOKENIZER, "report/loss.png"])
def test_missing_file_is_told(publish: Publish, files: dict[str, bytes], directory: Path, name: str) -> None:
    rest = {other: content for other, content in files.items() if other != name}
    assert_refused(publish(rest), directory, files, f"{name}: .*not found.*404")


@pytest.mark.parametrize("name", ["../escaped", "report/../../escaped", "a//b", "./a", "report/..", "a/"])
def test_name_that_leads_out_is_refused(publish: Publish, files: dict[str, bytes], directory: Path, name: str) -> None:
    spoiled = with_sums(files, **{name: sha256(b"")})
    assert_refused(publish(spoiled), directory, spoiled, "is not a sha256 and a file name")


def test_what_is_no_artifact_is_refused(publish: Publish, files: dict[str, bytes], directory: Path) -> None:
    rest = with_sums({CARD: files[CARD]})
    assert_refused(publish(rest), directory, rest, f"{SUMS}: names no {NETWORK}")


def test_artifact_that_is_too_large_is_refused(
    publish: Publish, files: dict[str, bytes], directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = sum(map(len, files.values()))
    monkeypatch.setattr(module, "MAX_BYTES", total - 1)
    assert_refused(publish(files), directory, files, f"has more than {total - 1} bytes")
    monkeypatch.setattr(module, "MAX_BYTES", total)
    assert fetch(publish(files), directory, sha256(files[SUMS]))


def test_body_without_end_is_given_up(
    web: tuple[str, Path], files: dict[str, bytes], directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = web
    monkeypatch.setattr(module, "MAX_BYTES", 1_000_000)
    spoiled = with_sums(files, endless="0" * 64)
    write(folder / "with-endless", spoiled)
    assert_refused(f"{url}/with-endless", directory, spoiled, "endless: the artifact has more than 1000000 bytes")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("http://127.0.0.1:1/models", "after 3 retries"),
        ("ftp://127.0.0.1/models", "Unable to recognise URL"),
        ("models", "relative URL without a base"),
    ],
)
def test_storage_that_cannot_be_asked_is_one_line_and_exit_code_1(
    source: str, reason: str, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", source, str(directory), "--sha256", "0" * 64]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith(source)
    assert reason in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_directory_that_cannot_be_written_is_exit_code_1(
    publish: Publish, files: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["fetch", publish(files), str(tmp_path / "file" / "a"), "--sha256", sha256(files[SUMS])]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["", "0" * 63, "G" * 64, "A" * 64])
def test_hash_that_is_none_is_exit_code_2(wrong: str, directory: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["fetch", "s3://models/v1", str(directory), "--sha256", wrong])
    assert caught.value.code == 2


def test_without_the_extra_it_says_what_to_install(
    directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    assert main(["fetch", "s3://models/v1", str(directory), "--sha256", "0" * 64]) == 1
    assert "pip install 'sentiment-service[fetch]'" in capsys.readouterr().err


def test_killed_midway_leaves_nothing(web: tuple[str, Path], files: dict[str, bytes], directory: Path) -> None:
    url, folder = web
    spoiled = with_sums(files, stalled="0" * 64)
    write(folder / "with-stalled", spoiled)
    source, wanted = f"{url}/with-stalled", sha256(spoiled[SUMS])
    directory.parent.mkdir()
    command = [sys.executable, "-m", "service", "fetch", source, str(directory), "--sha256", wanted]
    with subprocess.Popen(command) as process:
        assert Handler.is_stalling.wait(60)
        process.kill()
    assert list(directory.parent.iterdir()) == []
