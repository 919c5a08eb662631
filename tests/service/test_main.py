"""`python -m service` as a process: starting, refusing to start, reloading, leaving."""

import asyncio
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from model.artifact import METADATA, NETWORK, SUMS, TOKENIZER
from model.store import ModelStore
from model.tokenizer import SubwordTokenizer
from service.__main__ import main
from service.observer import CUT_OFF
from service.settings import Settings
from tests.chaos.clients import Client
from tests.conftest import write_random_artifact
from tests.service.conftest import ROOT, ServerProcess, running, start_server

Serve = Callable[..., ServerProcess]


def test_help_lists_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    shown = capsys.readouterr().out
    for name in Settings.__dataclass_fields__:
        assert f"SENTIMENT_{name.upper()} (" in shown


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("SENTIMENT_PORT", "x", "SENTIMENT_PORT='x': must be a whole number, such as 64\n"),
        ("SENTIMENT_PROT", "1", "SENTIMENT_PROT is not a setting; the nearest one is SENTIMENT_PORT\n"),
    ],
)
def test_wrong_setting_stops_the_start_with_one_line(
    key: str, value: str, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(key, value)
    assert main([]) == 2
    assert capsys.readouterr() == ("", line)


def truncate(artifact: Path) -> str:
    network = artifact / NETWORK
    network.write_bytes(network.read_bytes()[:-100])
    return f"{network}: sha256 is"


def tamper(artifact: Path) -> str:
    tokenizer = artifact / TOKENIZER
    tokenizer.write_text(tokenizer.read_text().replace("1", "2", 1))
    return f"{tokenizer}: sha256 is"


def lose(artifact: Path) -> str:
    (artifact / METADATA).unlink()
    return f"{artifact / METADATA}: missing"


def unsum(artifact: Path) -> str:
    (artifact / SUMS).unlink()
    return f"{artifact / SUMS}: missing"


def remove(artifact: Path) -> str:
    shutil.rmtree(artifact)
    return f"{artifact}: no such artifact directory"


@pytest.mark.parametrize("harm", [truncate, tamper, lose, unsum, remove])
async def test_bad_artifact_is_refused_by_file_and_reason(
    artifact_directory: Path, tmp_path: Path, harm: Callable[[Path], str], caplog: pytest.LogCaptureFixture
) -> None:
    artifact = tmp_path / "artifact"
    shutil.copytree(artifact_directory, artifact)
    reason = harm(artifact)
    async with running(Settings(model=artifact, threads=1), None) as (client, _):
        assert (await client.post("/v1/sentiment", json={"text": "a"})).status_code == 503
    bad = [record.getMessage() for record in caplog.records if record.levelname == "CRITICAL"]
    assert len(bad) == 1
    assert bad[0].startswith(f"cannot serve: {reason}")


def test_bad_artifact_stops_the_start_with_one_line(serve: Serve, artifact_directory: Path, tmp_path: Path) -> None:
    artifact = tmp_path / "artifact"
    shutil.copytree(artifact_directory, artifact)
    reason = truncate(artifact)
    server = serve(artifact)
    assert server.wait_for_exit() == 1
    bad = [line for line in server.log if line["level"] in ("error", "critical")]
    assert len(bad) == 1
    assert bad[0]["message"].startswith(f"cannot serve: {reason}")
    assert "trace" not in json.dumps(server.log).lower()


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("127.0.0.1", "Address already in use"),
        ("192.0.2.1", "Cannot assign requested address"),
        ("é" * 80, "not the name of a host"),
    ],
)
def test_address_that_cannot_be_listened_on_stops_the_start_with_one_line(
    host: str, reason: str, artifact_directory: Path
) -> None:
    """uvicorn named no setting, ended with exit code 3, and showed a stack trace for a name that is too long."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with start_server(artifact_directory, host=host, port=str(port)) as process:
            printed, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert printed == f"SENTIMENT_HOST={host!r}, SENTIMENT_PORT={port}: {reason}\n"


def test_serves_then_leaves_with_exit_code_0(serve: Serve, artifact_directory: Path) -> None:
    server = serve(artifact_directory)
    url = server.wait_until_ready()
    assert httpx.get(f"{url}/health/live").status_code == 200
    assert httpx.get(f"{url}/health/ready").status_code == 200
    reply = httpx.post(f"{url}/v1/sentiment", json={"text": "I loved it"})
    assert reply.json()["model"] == "v1"
    assert server.terminate() == 0
    assert [line["message"] for line in server.log][-2:] == ["leaving", "stopped"]


def test_interrupt_does_not_wait_for_balancers(serve: Serve, artifact_directory: Path) -> None:
    server = serve(artifact_directory, drain_delay_s="3600")
    server.wait_until_ready()
    server.process.send_signal(signal.SIGINT)
    assert server.wait_for_exit() == 0


def test_signal_while_loading_ends_the_process(serve: Serve, artifact_directory: Path) -> None:
    server = serve(artifact_directory)
    server.wait_for_log("listening")
    assert server.terminate() == 0


SIGNALLED_WHILE_IMPORTING = """
import os, signal, sys
from service.__main__ import main

class Finder:
    def find_spec(self, name, *_):
        if name == "service.app":
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Finder())
sys.exit(main([]))
"""


def test_signal_while_modules_are_imported_is_not_lost() -> None:
    """Process 1 of a container lost a SIGTERM of its first second and served on; SIGHUP was the end of any process."""
    done = subprocess.run([sys.executable, "-c", SIGNALLED_WHILE_IMPORTING], cwd=ROOT, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


async def test_terminate_loses_no_admitted_request(serve: Serve, artifact_directory: Path) -> None:
    """All requests that were in the service when the signal came are answered; readiness fails meanwhile."""
    server = serve(artifact_directory, max_batch_rows="1", drain_delay_s="0.5", queue_limit_tokens="1048576")
    url = await asyncio.to_thread(server.wait_until_ready)
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        long = {"texts": ["a" * 1000] * 30}
        requests = [asyncio.create_task(client.post("/v1/sentiment", json=long)) for _ in range(8)]
        while "sentiment_queue_texts 240.0" not in (await client.get("/metrics")).text:
            pass
        server.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(server.wait_for_log, "leaving")
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["code"], ready.headers["connection"]) == (503, "draining", "close")
        for reply in await asyncio.gather(*requests):
            assert reply.status_code == 200
            assert len(reply.json()["results"]) == 30
    assert await asyncio.to_thread(server.wait_for_exit) == 0


def test_drain_has_a_limit(serve: Serve, artifact_directory: Path) -> None:
    """Whoever is cut off by it is told to ask again elsewhere; uvicorn alone would answer 500, as for a bug."""
    server = serve(artifact_directory, drain_timeout_s="0")
    url = httpx.URL(server.wait_until_ready())
    with socket.create_connection((url.host, url.port or 0)) as connection:
        connection.sendall(
            b"POST /v1/sentiment HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )
        while httpx.get(url.join("/metrics")).text.find("sentiment_queue_bytes 1.0") < 0:
            pass
        assert server.terminate() == 0
        reply = connection.makefile("rb").read()
    assert reply.startswith(b"HTTP/1.1 503 ")
    assert b'"code":"draining"' in reply
    assert any(line["message"].startswith("Cancel 1 running task") for line in server.log)


async def test_drain_has_a_limit_for_short_texts_too(serve: Serve, artifact_directory: Path) -> None:
    """They are answered without a task, of which uvicorn would end the rest."""
    server = serve(artifact_directory, drain_timeout_s="0", drain_delay_s="0", max_batch_rows="1", threads="1")
    url = await asyncio.to_thread(server.wait_until_ready)
    client = Client(url)
    asked = [asyncio.create_task(client.post("1" * 1000)) for _ in range(400)]  # as many tokens each
    async with httpx.AsyncClient(base_url=url, timeout=60) as observer:
        while not re.search(r"sentiment_queue_texts [34]\d\d\.0", (await observer.get("/metrics")).text):
            pass
    server.process.send_signal(signal.SIGTERM)
    replies = [reply for reply in await asyncio.gather(*asked) if reply is not None]
    client.close()
    assert {reply.status for reply in replies} == {200, 503}
    assert sum(CUT_OFF.encode() in reply.body for reply in replies) > 100  # no more could be outside the queue
    assert await asyncio.to_thread(server.wait_for_exit) == 0


def test_half_closed_and_half_sent_requests_leave_the_server_well(serve: Serve, artifact_directory: Path) -> None:
    server = serve(artifact_directory, request_timeout_s="0.5")
    url = httpx.URL(server.wait_until_ready())
    head = b"POST /v1/sentiment HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    for part in (
        b"POST /v1",
        head,
        head + b"Content-Length: 100\r\n\r\n{",
        head + b"Transfer-Encoding: chunked\r\n\r\n5\r\n",
    ):
        for half_closed in (False, True):
            with socket.create_connection((url.host, url.port or 0)) as connection:
                connection.sendall(part)
                if half_closed:
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(1)
    with socket.create_connection((url.host, url.port or 0)) as connection:
        connection.sendall(head + b"Content-Length: 100\r\n\r\n{")
        reply = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert reply.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"body_timeout"' in reply
    assert httpx.post(url.join("/v1/sentiment"), json={"text": "good"}).status_code == 200
    assert server.terminate() == 0
    assert not [line for line in server.log if line["level"] in ("error", "critical")]


def test_hang_up_signal_and_admin_route_reload_from_the_store(
    serve: Serve, tokenizer: SubwordTokenizer, tmp_path: Path
) -> None:
    store = ModelStore(tmp_path / "store")
    for version in ("v1", "v2", "v3"):
        write_random_artifact(tmp_path / version, tokenizer, seed=ord(version[1]), version=version)
    store.publish(tmp_path / "v1")
    server = serve(store.root, admin_token="t")
    url = server.wait_until_ready()

    def ask() -> dict[str, object]:
        reply = httpx.post(f"{url}/v1/sentiment", json={"text": "good"})
        assert reply.status_code == 200
        return dict(reply.json())

    first = ask()
    assert first["model"] == "v1"
    store.publish(tmp_path / "v2")
    assert ask() == first
    server.process.send_signal(signal.SIGHUP)
    assert server.wait_for_log("model loaded")["version"] == "v2"
    while (second := ask())["model"] == "v1":  # loaded, and about to be swapped in
        pass
    assert second["scores"] != first["scores"]

    store.publish(tmp_path / "v3")
    broken = store.root / "versions" / "v3" / NETWORK
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-1])
    server.process.send_signal(signal.SIGHUP)
    assert f"version v2 serves on: {broken}: sha256 is" in server.wait_for_log("reload failed")["message"]
    assert ask() == second
    headers = {"authorization": "Bearer t"}
    refused = httpx.post(f"{url}/v1/admin/reload", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "reload_failed")
    assert refused.json()["detail"] == "version v2 serves on; the cause is in the log"
    broken.write_bytes(whole)
    assert httpx.post(f"{url}/v1/admin/reload", headers=headers).json() == {"model": "v3"}
    assert ask()["model"] == "v3"
    store.rollback()
    assert httpx.post(f"{url}/v1/admin/reload", headers=headers).json()["model"] in ("v1", "v2")
    metrics = httpx.get(f"{url}/metrics").text
    assert 'sentiment_model_reloads_total{result="ok"} 3.0' in metrics
    assert 'sentiment_model_reloads_total{result="failed"} 2.0' in metrics
    assert server.terminate() == 0
