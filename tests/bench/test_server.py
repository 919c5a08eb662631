import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.bench.server import ask, free_port, running

WITH_A_CHILD = """
import http.server, json, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("answer.json", "w").write(json.dumps({"child": child.pid}))
http.server.test(http.server.SimpleHTTPRequestHandler, port=int(sys.argv[1]), bind="127.0.0.1")
"""


DIES = WITH_A_CHILD.partition("http.server.test")[0] + "print('dead'); raise SystemExit(3)"
"""Leaves its child behind."""


def kill(pid: int) -> None:
    """Kill a child of ours, and leave it to be waited for."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def wait_for_the_end_of(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:  # a signal takes a moment
        time.sleep(0.01)
    assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


def test_server_is_measured_with_its_children_and_stopped_with_them(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/answer.json"
    command = [sys.executable, "-c", WITH_A_CHILD, str(port)]
    with running(command, {}, probe=lambda: ask(url), folder=tmp_path) as server:
        child: int = ask(url)["child"]
        assert server.start_s > 0
        assert server.tree.pids() == [server.tree.pid, child]
        server.tree.reset_peak_rss()
        # The kernel raises the peak only now and then, and what is resident may have fallen by some pages in between.
        assert 5 < server.tree.rss_mb() <= server.tree.peak_rss_mb() + 0.1
        assert server.tree.cpu_s() > 0
        assert is_alive(child)
    wait_for_the_end_of(child)
    with pytest.raises(OSError, match="refused"):
        ask(url)


def test_children_of_a_server_that_died_are_stopped(tmp_path: Path) -> None:
    """They were looked for through the server, and so not found."""
    command = [sys.executable, "-c", DIES]
    with (
        pytest.raises(RuntimeError, match="dead"),
        running(command, {}, probe=lambda: ask(f"http://127.0.0.1:{free_port()}"), folder=tmp_path),
    ):
        pass
    wait_for_the_end_of(json.loads((tmp_path / "answer.json").read_text())["child"])


def test_answer_of_another_server_is_not_that_of_one_that_ended(tmp_path: Path) -> None:
    """It held the port, and was measured in our server's place."""
    script = "import os; open('pid', 'w').write(f'{os.getpid()}\\n'); print('no port'); raise SystemExit(3)"

    def probe() -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().endswith("\n"):
            time.sleep(0.01)
        wait_for_the_end_of(int((tmp_path / "pid").read_text()))

    with (
        pytest.raises(RuntimeError, match=r"exit code 3:.*\n.*no port"),
        running([sys.executable, "-c", script], {}, probe, folder=tmp_path),
    ):
        raise AssertionError("it was measured")


def test_server_that_ends_while_it_is_measured_is_told() -> None:
    with (
        pytest.raises(RuntimeError, match="ended meanwhile, exit code -9"),
        running([sys.executable, "-c", "import time; time.sleep(600)"], {}, probe=lambda: None) as server,
    ):
        kill(server.tree.pid)


def test_server_that_ends_at_once_is_told_with_its_log() -> None:
    command = [sys.executable, "-c", "import os; print(os.environ['REASON']); raise SystemExit(3)"]
    url = f"http://127.0.0.1:{free_port()}"
    with (
        pytest.raises(RuntimeError, match=r"(?s)exit code 3:.*no such model"),
        running(command, {"REASON": "no such model"}, probe=lambda: ask(url)),
    ):
        pass


def test_environment_is_added_to_ours(tmp_path: Path) -> None:
    path = tmp_path / "environment.json"
    script = f"import json, os; json.dump(dict(os.environ), open({str(path)!r}, 'w')); raise SystemExit(1)"
    with (
        pytest.raises(RuntimeError),
        running([sys.executable, "-c", script], {"A_SETTING": "1"}, probe=lambda: ask("http://127.0.0.1:9")),
    ):
        pass
    found = json.loads(path.read_text())
    assert found["A_SETTING"] == "1"
    assert found["PATH"] == os.environ["PATH"]
