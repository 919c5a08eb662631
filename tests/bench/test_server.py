import json
import os
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
    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:  # a signal takes a moment
        time.sleep(0.01)
    assert not is_alive(child)
    with pytest.raises(OSError, match="refused"):
        ask(url)


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
