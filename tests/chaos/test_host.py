"""A host that has no room, no rights, no right time, or little of everything."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from model import SHIPPED
from tests.bench.server import free_port
from tests.bench.texts import make_reviews
from tests.chaos.host import WITHOUT_RIGHTS, Limits, fill, mounting, require, small_disk
from tests.service.conftest import ROOT, ServerProcess, start_server

Serve = Callable[..., ServerProcess]
Record = Callable[..., None]
KEY = {"x-api-key": "key"}
CORRECTION = {"text": "not bad at all", "label": "positive"}


def ask(url: str, **more: object) -> httpx.Response:
    return httpx.post(f"{url}/v1/sentiment", json={"text": "I loved it", **more}, headers=KEY, timeout=60)


def test_full_disk_stores_no_half_of_a_correction(serve: Serve, record: Record, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk:
        server = serve(SHIPPED, api_key="key", feedback=str(disk / "feedback.jsonl"))
        url = server.wait_until_ready()

        def correct() -> httpx.Response:
            return httpx.post(f"{url}/v1/feedback", json=CORRECTION, headers=KEY, timeout=60)

        before = correct().status_code
        filling = fill(disk)
        full = [correct() for _ in range(50)]
        answered = ask(url).status_code
        filling.unlink()
        after = correct().status_code
        rows = [json.loads(line) for line in (disk / "feedback.jsonl").read_text().splitlines()]
        assert server.terminate() == 0
    stored = sum(reply.status_code == 201 for reply in full)  # as far as the file's last block had room
    refused = [reply for reply in full if reply.status_code != 201]
    record(
        what="feedback to a full disk, 50 times",
        bound="503 or stored whole; predictions 200",
        measured=f"{stored} stored, {len(refused)} refused, {len(rows)} rows of {stored + 2}; predictions {answered}",
    )
    assert (before, answered, after) == (201, 200, 201)
    assert {(reply.status_code, reply.json()["code"]) for reply in refused} == {(503, "feedback_unavailable")}
    assert len(rows) == stored + 2
    assert any("No space left on device" in line["message"] for line in server.log)


def test_full_disk_stops_a_prediction_of_files_that_goes_on_later(record: Record, tmp_path: Path) -> None:
    rows = 20_000
    source = tmp_path / "in.csv"
    source.write_text("text\n" + "a fine film with a dull end\n" * rows)
    with small_disk(tmp_path / "disk", "2m") as disk:
        filling = fill(disk)
        filling.write_bytes(bytes(1 << 20))
        command = [sys.executable, "-W", "ignore", "-m", "service", "predict", str(source), "-o", str(disk / "out.csv")]
        full = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        is_there = (disk / "out.csv").exists()
        filling.unlink()
        subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        written = (disk / "out.csv").read_text().count("\n") - 1 if done.returncode == 0 else 0
    said = full.stderr.strip().splitlines()[-1]
    record(
        what=f"prediction of {rows:,} rows to a full disk, and again with room",
        bound="exit code 1 and the reason; then all rows",
        measured=f"exit code {full.returncode}, `{said.replace(str(tmp_path), '')}`; then {written:,} rows",
    )
    assert (full.returncode, is_there) == (1, False)
    assert "No space left on device" in said
    assert "Traceback" not in full.stderr
    assert (done.returncode, written) == (0, rows), done.stderr


def test_full_disk_of_the_log_holds_up_nobody(record: Record, tmp_path: Path) -> None:
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    with small_disk(tmp_path / "disk", "64k") as disk:
        log = disk / "log"
        under = ("sh", "-c", f'exec "$@" > {log}', "sh")
        with start_server(SHIPPED, under, port=port) as process:
            try:
                wait_until_ready(url)
                filling = fill(disk)
                statuses = [ask(url).status_code for _ in range(500)]
                filling.unlink()
                ask(url)
                process.terminate()
                exit_code = process.wait(60)
            finally:
                process.kill()
        lines = log.read_text().splitlines()
    messages = [json.loads(line)["message"] for line in lines if is_json(line)]
    told = [message for message in messages if "of the log were lost" in message]
    record(
        what="500 requests while the disk of the log is full",
        bound="all 200; the log says what it lost; exit code 0",
        measured=f"{statuses.count(200)} with 200; `{told[0] if told else 'nothing'}`; exit code {exit_code}",
    )
    assert statuses == [200] * 500
    assert told
    assert messages[-1] == "stopped"
    assert exit_code == 0


def test_log_that_nobody_reads_holds_up_nobody(record: Record, amount: Callable[[int], int]) -> None:
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    requests = max(12_000, amount(30_000))  # more than a pipe and the waiting lines hold
    with start_server(SHIPPED, port=port) as process, httpx.Client(base_url=url, timeout=30) as client:
        try:
            wait_until_ready(url)
            statuses = {client.get("/v1/model").status_code for _ in range(requests)}
            process.terminate()
            exit_code = process.wait(60)
        finally:
            process.kill()
    record(
        what=f"{requests:,} requests while nobody reads the pipe of the log, then SIGTERM",
        bound="all 200; exit code 0",
        measured=f"statuses {sorted(statuses)}; exit code {exit_code}",
    )
    assert statuses == {200}
    assert exit_code == 0


READ_ONLY = mounting("-o remount,bind,ro /")


def test_read_only_disk_and_full_temporary_folder_are_no_matter(serve: Serve, record: Record, tmp_path: Path) -> None:
    """Nothing is written but what is asked for: feedback, whose file is refused at the start.

    No trace is asked for: it loads torch, which loads dill where that is installed, which wants a temporary folder.
    """
    require(*READ_ONLY)
    with small_disk(tmp_path / "disk", "64k") as disk:
        fill(disk)
        server = serve(SHIPPED, (*READ_ONLY, "env", f"TMPDIR={disk}", f"HOME={disk}"), api_key="key")
        reply = ask(server.wait_until_ready(), sentences=True, explain=True)
        exit_code = server.terminate()
    refused = refuse(READ_ONLY, api_key="key", feedback=str(ROOT / "feedback.jsonl"))
    record(
        what="disk mounted read-only, and no room in /tmp and in the home directory",
        bound="answers, with sentences and explanation; feedback is refused by name",
        measured=f"status {reply.status_code}, exit code {exit_code}; feedback: exit code {refused[0]}, "
        f"{refused[1].rpartition(': ')[2].strip()}",
    )
    assert (reply.status_code, exit_code) == (200, 0)
    assert refused[0] == 2
    assert refused[1].startswith("SENTIMENT_FEEDBACK=")
    assert "Read-only file system" in refused[1]


def test_missing_rights_are_told_by_setting(record: Record, tmp_path: Path) -> None:
    require(*WITHOUT_RIGHTS)
    model, folder = tmp_path / "model", tmp_path / "folder"
    shutil.copytree(SHIPPED, model)
    shutil.copytree(SHIPPED, folder / "model")
    (model / "tokenizer.json").chmod(0)
    closed = tmp_path / "closed"
    closed.touch(0)
    folder.chmod(0)
    feedback = {"api_key": "key", "feedback": str(closed)}
    cases: list[tuple[str, int, dict[str, str]]] = [
        ("SENTIMENT_MODEL", 1, {"model": str(model)}),
        ("SENTIMENT_MODEL", 1, {"model": str(folder / "model")}),
        ("SENTIMENT_API_KEYS_FILE", 2, {"api_keys_file": str(closed)}),
        ("SENTIMENT_FEEDBACK", 2, feedback),
        ("SENTIMENT_FEEDBACK", 2, feedback | {"feedback": str(folder / "feedback.jsonl")}),
        ("SENTIMENT_PORT", 2, {"port": "1"}),
    ]
    found = [(name, exit_code, refuse(WITHOUT_RIGHTS, **chosen)) for name, exit_code, chosen in cases]
    good = [code == wanted and name in said and "Permission denied" in said for name, wanted, (code, said) in found]
    record(
        what="start without the right to model, keys, feedback or port, 6 times",
        bound="the setting is named, exit code 1 or 2, no stack trace",
        measured=f"{sum(good)} of {len(good)}",
    )
    assert all(good), found
    assert not any("Traceback" in said or '"trace"' in said for _, _, (_, said) in found)


def test_rights_and_room_that_vanish_leave_the_old_model_and_keys(serve: Serve, record: Record, tmp_path: Path) -> None:
    require(*WITHOUT_RIGHTS)
    model, keys = tmp_path / "model", tmp_path / "keys"
    shutil.copytree(SHIPPED, model)
    keys.write_text("shop 2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683\n")  # of the word key
    server = serve(model, WITHOUT_RIGHTS, api_keys_file=str(keys), admin_token="token")
    url = server.wait_until_ready()

    def reload() -> httpx.Response:
        return httpx.post(f"{url}/v1/admin/reload", headers={"authorization": "Bearer token"}, timeout=60)

    before = ask(url).json()
    (model / "model.onnx").chmod(0)
    keys.chmod(0)
    refused = reload()
    during = ask(url)
    (model / "model.onnx").chmod(0o644)
    keys.chmod(0o644)
    after = reload()
    exit_code = server.terminate()
    told = [line["message"] for line in server.log if line["level"] == "error"]
    record(
        what="reload when model and keys may not be read any more, and when they may again",
        bound="409, the old ones serve on, the log says why; then 200",
        measured=f"{refused.status_code}, answers {during.status_code}, {len(told)} lines in the log; then "
        f"{after.status_code}",
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "reload_failed")
    assert during.json() == before
    assert (after.status_code, exit_code) == (200, 0)
    assert len(told) == 2
    assert all("Permission denied" in message for message in told)


@pytest.mark.parametrize("jump_s", [315_360_000, -315_360_000, 3600, -3600])
def test_clock_that_jumps_changes_nothing(serve: Serve, record: Record, tmp_path: Path, jump_s: int) -> None:
    """Waiting, limits and timeouts are of the monotonic clock; only what is written down has the time of the wall."""
    require("cc", "--version")
    shim, clock = tmp_path / "clock.so", tmp_path / "clock"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, Path(__file__).with_name("clock.c")], check=True)
    clock.write_text("0")
    under = ("env", f"LD_PRELOAD={shim}", f"CLOCK_OFFSET_FILE={clock}")
    timeout_s = 2.0
    server = serve(
        SHIPPED,
        under,
        api_key="key",
        texts_per_second="1",
        texts_burst="5",
        request_timeout_s=str(timeout_s),
        feedback=str(tmp_path / "feedback.jsonl"),
    )
    url = server.wait_until_ready()
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(wait_with_half_a_body, httpx.URL(url))
        time.sleep(timeout_s / 2)
        used_up = [ask(url).status_code for _ in range(8)]
        clock.write_text(str(jump_s))
        still = [ask(url).status_code for _ in range(2)]
        waited_s = waiting.result()
    time.sleep(3)
    again = ask(url)
    time.sleep(2)
    corrected = httpx.post(f"{url}/v1/feedback", json=CORRECTION, headers=KEY, timeout=60).status_code
    server.process.send_signal(signal.SIGHUP)
    loaded = server.wait_for_log("model loaded")
    exit_code = server.terminate()
    [row] = [json.loads(line) for line in (tmp_path / "feedback.jsonl").read_text().splitlines()]
    years = int(row["received_at"][:4]) - time.gmtime().tm_year
    record(
        what=f"wall clock that jumps by {jump_s:+,} s under requests, limits, a timeout and a reload",
        bound=f"408 after {timeout_s:.0f} s; limits as ever; reload; exit code 0",
        measured=f"408 after {waited_s:.1f} s; {still.count(429)} of 2 refused, then {again.status_code}; "
        f"reload in {loaded['duration_s']} s; exit code {exit_code}",
    )
    assert abs(years - jump_s / 31_536_000) <= 1, "the clock did not jump"
    assert timeout_s - 0.2 <= waited_s < timeout_s + 5
    assert used_up.count(200) >= 4
    assert used_up[-1] == 429
    assert 429 in still
    assert (again.status_code, corrected, exit_code) == (200, 201, 0)
    assert 0 <= loaded["duration_s"] < 60
    assert 0 <= float(again.headers["server-timing"].rpartition("=")[2]) < 10_000


@pytest.mark.parametrize("mode", ["755", "000"], ids=["empty", "forbidden"])
def test_hidden_proc_leaves_the_affinity(serve: Serve, record: Record, mode: str) -> None:
    """No trace is asked for: torch does not work without /proc/cpuinfo, which is a 500 with its reason in the log."""
    under = (*mounting(f"-t tmpfs -o mode={mode} none /proc"), *WITHOUT_RIGHTS)
    require(*under)
    # ONNX Runtime says on stderr, in words of its own, that it does not find /proc/cpuinfo.
    server = serve(SHIPPED, (*under, "sh", "-c", 'exec "$@" 2> /dev/null', "sh"), threads="0")
    url = server.wait_until_ready()
    status, scrape = ask(url, explain=True).status_code, httpx.get(f"{url}/metrics").status_code
    exit_code = server.terminate()
    told = [line["message"] for line in server.log if line["level"] == "warning"]
    threads = next(line["threads"] for line in server.log if line["message"] == "model loaded")
    record(
        what=f"/proc {'empty' if mode == '755' else 'forbidden'}",
        bound="answers; the log says that no quota is known",
        measured=f"status {status}, metrics {scrape}, {threads} threads, exit code {exit_code}; {told}",
    )
    assert (status, scrape, exit_code) == (200, 200, 0)
    assert [message.partition(":")[0] for message in told] == ["no CPU quota is known"]
    assert threads == len(os.sched_getaffinity(0))


@pytest.fixture
def limits() -> Iterator[Limits]:
    """Of the smallest container that is spoken of."""
    limits = Limits(f"sentiment-chaos-{os.getpid()}", 512 << 20, 0.5)
    yield limits
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            limits.remove()
            return
        except OSError:  # a process of it is ending
            time.sleep(0.1)


def test_half_a_core_and_512_mb_are_enough(limits: Limits, record: Record, amount: Callable[[int], int]) -> None:
    requests, text = amount(200), " ".join(make_reviews(60))
    with start_server(SHIPPED, limits.under, threads="0", request_timeout_s="120") as process:
        try:
            server = ServerProcess(process)
            url = server.wait_until_ready()
            with ThreadPoolExecutor(8) as pool:
                statuses = list(pool.map(lambda _: ask(url, text=text, sentences=True).status_code, range(requests)))
            alone = ask(url, explain=True, trace=True).status_code
            exit_code, peak_mb, kills = server.terminate(), limits.peak_bytes() / 1e6, limits.kills()
        finally:
            process.kill()
    threads = next(line["threads"] for line in server.log if line["message"] == "model loaded")
    record(
        what=f"{requests} texts of {len(text):,} characters, 8 at once, by sentence too, in 512 MB and half a core",
        bound="all 200, none killed for memory, 1 thread",
        measured=f"{statuses.count(200)} with 200, {kills} killed, {threads} thread, peak {peak_mb:.0f} MB; a trace "
        f"afterwards {alone}",
    )
    assert statuses == [200] * requests
    assert (kills, threads, exit_code, alone) == (0, 1, 0, 200)


def refuse(under: tuple[str, ...], **settings: str) -> tuple[int, str]:
    """Start what must not start.   Returns: its exit code, and what it said."""
    model = Path(settings.pop("model", str(SHIPPED)))
    with start_server(model, under, **settings) as process:
        try:
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode, said


def wait_until_ready(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("never ready")


def wait_with_half_a_body(url: httpx.URL) -> float:
    """Seconds until a body that does not end is refused."""
    head = b"POST /v1/sentiment HTTP/1.1\r\nHost: x\r\nX-Api-Key: key\r\nContent-Type: application/json\r\n"
    started_at = time.monotonic()
    with socket.create_connection((url.host, url.port or 0), timeout=60) as connection:
        connection.sendall(head + b'Content-Length: 100\r\n\r\n{"text":')
        assert connection.recv(65_536).startswith(b"HTTP/1.1 408 ")
    return time.monotonic() - started_at


def is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
