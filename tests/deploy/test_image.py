"""Builds the image and runs it beside Prometheus as compose does: `pytest -m slow tests/deploy/test_image.py`.

DOCKER_BUILD_OPTIONS is passed to `docker build`, for instance `--network host --build-arg TORCH_INDEX=` where packages
come from a mirror.
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.deploy.files import DEPLOY, ROOT, load_yaml, read_rules

pytestmark = pytest.mark.slow

IMAGE = "sentiment-service:cpu"
PROXY = load_yaml(DEPLOY / "compose.closed.yaml")["services"]["proxy"]["image"]
PROMETHEUS = "http://127.0.0.1:9090/api/v1"

REACH = """
import json, socket, sys
reached = []
for host in sys.argv[2:]:
    for port in (22, 53, 80, 443, 2375, 8000, 9090):
        try:
            socket.create_connection((host, port), timeout=0.5).close()
            reached.append(f"{host}:{port}")
        except OSError:
            pass
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.sendto(b"probe", (host, int(sys.argv[1])))
try:
    reached.append(socket.gethostbyname("example.com"))
except OSError:
    pass
print(json.dumps(reached))
"""
"""Run inside a container: where among its arguments it can connect to, and whether it learns a name."""


def run(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.strip()


def ask(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def wait_until(is_true: Callable[[], bool], limit_s: float = 60) -> None:
    end = time.monotonic() + limit_s
    while not is_true():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def compose() -> Iterator[list[str]]:
    """The compose command, the image built and the project taken down again afterwards."""
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.skip("no Docker engine")
    has_plugin = subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
    program = ["docker", "compose"] if has_plugin else ["docker-compose"]
    if shutil.which(program[0]) is None:
        pytest.skip("no docker compose")
    run("docker", "build", *shlex.split(os.environ.get("DOCKER_BUILD_OPTIONS", "")), "--tag", IMAGE, str(ROOT))
    command = [*program, "--project-name", "sentiment-test", "--file", str(DEPLOY / "compose.yaml")]
    try:
        yield command
    finally:
        run(*command, "down", "--volumes", "--remove-orphans")


def test_container_becomes_healthy_answers_is_scraped_and_stops_cleanly(compose: list[str]) -> None:
    run(*compose, "up", "--detach", "--no-build", "sentiment", "prometheus")
    container = run(*compose, "ps", "--quiet", "sentiment")

    def inspect(what: str) -> str:
        return run("docker", "inspect", "--format", f"{{{{.State.{what}}}}}", container)

    wait_until(lambda: inspect("Health.Status") == "healthy")
    assert ask("http://127.0.0.1:8000/v1/sentiment", {"text": "a lovely day"})["label"]
    assert run("docker", "exec", container, "id", "-u") != "0"

    wait_until(lambda: [row["value"][1] for row in ask(f"{PROMETHEUS}/query?query=up")["data"]["result"]] == ["1"])
    groups = ask(f"{PROMETHEUS}/rules")["data"]["groups"]
    assert {rule["name"] for group in groups for rule in group["rules"]} == {
        rule.get("alert") or rule["record"] for rule in read_rules()
    }

    run(*compose, "stop", "sentiment")
    assert inspect("ExitCode") == "0"
    assert inspect("OOMKilled") == "false"


def test_container_reaches_nothing_beyond_the_host(compose: list[str]) -> None:
    """Where the same image on Docker's own bridge does; on a host without a network nothing is shown."""
    command = ask_about("1.1.1.1", "169.254.169.254", port=9)
    control = json.loads(run("docker", "run", "--rm", "--network", "bridge", IMAGE, *command))
    if not control:
        pytest.skip("Docker's own bridge reaches nothing either")
    run(*compose, "up", "--detach", "--no-build", "sentiment")
    container = run(*compose, "ps", "--quiet", "sentiment")
    assert json.loads(run("docker", "exec", container, *command)) == []


def test_closed_container_answers_and_has_no_way_out(compose: list[str]) -> None:
    """Connections, datagrams and names; the same image on the network of the proxy gets out, or nothing is shown."""
    if subprocess.run(["docker", "image", "inspect", PROXY], capture_output=True).returncode:
        pytest.skip(f"no image {PROXY}")
    closed = [*compose, "--file", str(DEPLOY / "compose.closed.yaml")]
    run(*closed, "up", "--detach", "--no-build", "sentiment", "prometheus")
    container, proxy = (run(*closed, "ps", "--quiet", name) for name in ("sentiment", "proxy"))
    wait_until(lambda: run("docker", "inspect", "--format", "{{.State.Health.Status}}", container) == "healthy")
    assert ask("http://127.0.0.1:8000/v1/sentiment", {"text": "a lovely day"})["label"]

    networks = json.loads(run("docker", "inspect", proxy))[0]["NetworkSettings"]["Networks"]
    outside = next(name for name in networks if not name.endswith("inside"))
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.connect(("1.1.1.1", 443))  # sends nothing, but chooses the host's address
        host = probe.getsockname()[0]
    addresses = [networks[outside]["IPAddress"], networks[outside]["Gateway"], host, "1.1.1.1", "169.254.169.254"]
    with socket.socket(type=socket.SOCK_DGRAM) as listener:
        listener.bind(("0.0.0.0", 0))
        listener.settimeout(1)
        command = ask_about("proxy", "prometheus", *addresses, port=listener.getsockname()[1])
        control = json.loads(run("docker", "run", "--rm", "--network", outside, IMAGE, *command))
        assert {f"{networks[outside]['IPAddress']}:8000", "prometheus:9090"} <= {*control}
        assert listener.recv(9) == b"probe"
        while True:  # as many as there are addresses of the host
            try:
                listener.recv(9)
            except TimeoutError:
                break
        assert json.loads(run("docker", "exec", container, *command)) == ["proxy:8000", "prometheus:9090"]
        with pytest.raises(TimeoutError):
            listener.recv(9)


def ask_about(*hosts: str, port: int) -> list[str]:
    """The command that tells, inside a container, which of the hosts it reaches. port: of its datagrams."""
    return ["python", "-c", REACH, str(port), *hosts]
