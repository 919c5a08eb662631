"""Two replicas behind HAProxy are restarted one after the other, and no client notices."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from model import SHIPPED
from service.settings import Settings
from tests.bench.server import free_port
from tests.chaos.clients import Count, ask_in_turn, processes
from tests.chaos.waiting import wait_until
from tests.service.conftest import ROOT, ServerProcess

NAMES = "ab"
CLIENTS = 16
START_LIMIT_S = 60.0
RESTART_S = 12.0
"""Of load for each restart, which is over sooner."""


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="needs HAProxy: apt install haproxy")
def test_rolling_restart_fails_no_request(
    serve: Callable[..., ServerProcess], record: Callable[..., None], amount: Callable[[int], int], tmp_path: Path
) -> None:
    rounds, ports = amount(5), [free_port(), free_port()]
    delay = {"threads": "1", "drain_delay_s": str(Settings().drain_delay_s)}
    replicas = [serve(SHIPPED, port=str(port), **delay) for port in ports]
    seen, exit_codes = Count(), []
    with haproxy(tmp_path, ports) as url, processes(1) as start:
        for name in NAMES:
            _wait_until_used(url, name)
        for _ in range(rounds):
            for index, (name, port) in enumerate(zip(NAMES, ports, strict=True)):
                load = start(ask_in_turn, url, CLIENTS, RESTART_S)
                time.sleep(0.5)
                exit_codes.append(replicas[index].terminate())
                replicas[index] = serve(SHIPPED, port=str(port), **delay)
                _wait_until_used(url, name)
                assert not load.done(), "the restart outlasted the load"
                seen += load.result()
    failed = len(seen.exchanges) - len(seen.of(200)) + seen.unconnected
    record(
        what=f"rolling restart of 2 replicas behind HAProxy under load of {CLIENTS} clients, {rounds} times",
        bound="0 requests failed",
        measured=f"{failed} of {len(seen.exchanges):,} failed",
    )
    assert failed == 0, {each.status for each in seen.exchanges}
    assert set(exit_codes) == {0}


@contextmanager
def haproxy(folder: Path, ports: list[int]) -> Iterator[str]:
    """HAProxy before replicas at these ports, configured as the documentation shows; yields its URL."""
    page = (ROOT / "deploy/docs/deploy.md").read_text()
    found = re.search(r"## Behind a balancer\n.*?```text\n(.*?)```", page, re.DOTALL)
    assert found
    config, port = found[1], free_port()
    config = config.replace("bind :80", f"bind 127.0.0.1:{port}\n    stats uri /replicas")
    for name, replica in zip(NAMES, ports, strict=True):
        config = config.replace(f"{name}.internal:8000", f"127.0.0.1:{replica}")
    assert ".internal" not in config
    (folder / "haproxy.cfg").write_text(config)
    process = subprocess.Popen(["haproxy", "-db", "-f", folder / "haproxy.cfg"])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_until_used(url: str, name: str) -> None:
    """Wait until the balancer sends requests to a replica."""
    used = re.compile(rf"^sentiment,{name},.*,UP,", re.MULTILINE)
    wait_until(lambda: used.search(httpx.get(f"{url}/replicas;csv").text), START_LIMIT_S)
