"""A server under load: started on a port of its own, asked until it answers, read from /proc, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

START_LIMIT_S = 120.0
STOP_LIMIT_S = 15.0
ASK_LIMIT_S = 30.0
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the environment's proxies are not for us


class ProcessTree:
    """A server and its children, read from /proc."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def cpu_s(self) -> float:
        """User and system time until now."""
        return sum(self.cpu_times_s())

    def cpu_times_s(self) -> tuple[float, float]:
        """User time, and system time, until now."""
        user = system = 0
        for pid in self.pids():
            values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            user, system = user + int(values[11]), system + int(values[12])
        return user / os.sysconf("SC_CLK_TCK"), system / os.sysconf("SC_CLK_TCK")

    def reset_peak_rss(self) -> None:
        """Let the kernel forget the peak until now."""
        for pid in self.pids():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_rss_mb(self) -> float:
        """Peak resident memory since the reset; pages that processes share count in each."""
        return self._memory_mb("VmHWM:")

    def rss_mb(self) -> float:
        """Resident memory now, counted in the same way."""
        return self._memory_mb("VmRSS:")

    def pids(self) -> list[int]:
        """The server's process and, after it, those that it started."""
        found = [self.pid]
        for pid in found:  # grows while it is walked
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(OSError):  # the thread has ended since
                    found += [int(child) for child in children.read_text().split()]
        return found

    def _memory_mb(self, field: str) -> float:
        status = [line for pid in self.pids() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in status if line.startswith(field)) / 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A server that has answered."""

    tree: ProcessTree
    start_s: float
    """Seconds from its start to its first answer."""


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], probe: Callable[[], object], folder: Path | None = None
) -> Iterator[Running]:
    """Start a server, wait until it answers, and stop it and all that it started.

    environment: variables beside those of this process. probe: raises OSError for as long as there is no answer.
    folder: that it runs in.   Raises: RuntimeError with the end of its log if it ends, or takes too long.
    Why it is looked at again: another process may hold the port, and would answer in its place.
    """
    with tempfile.TemporaryFile("w+") as log:
        started_at = time.monotonic()
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
        tree = ProcessTree(process.pid)
        try:
            while True:
                answers = _answers(probe)
                if process.poll() is not None or (not answers and time.monotonic() > started_at + START_LIMIT_S):
                    raise RuntimeError(f"{command}: no answer, exit code {process.returncode}:\n{_end_of(log)}")
                if answers:
                    break
                time.sleep(0.02)
            yield Running(tree=tree, start_s=round(time.monotonic() - started_at, 2))
            if process.poll() is not None:
                raise RuntimeError(f"{command}: ended meanwhile, exit code {process.returncode}:\n{_end_of(log)}")
        finally:
            _stop(process, tree)


def foreign_cpu_s(tree: ProcessTree) -> float:
    """CPU time, until now and of all cores, of what is neither the server nor this process nor its ended children."""
    fields = Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]  # the rest is in these already
    user, nice, system, _idle, _waiting, *interrupts_and_steal = map(int, fields)
    busy_s = (user + nice + system + sum(interrupts_and_steal)) / os.sysconf("SC_CLK_TCK")
    return busy_s - tree.cpu_s() - sum(os.times()[:4])


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def ask(url: str, body: object = None) -> Any:
    """The JSON that a server answers: to GET, or to POST if there is a body.

    Raises: OSError if it does not, or with a status over 399.
    """
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with _OPENER.open(request, timeout=ASK_LIMIT_S) as response:
        return json.load(response)


def _answers(probe: Callable[[], object]) -> bool:
    try:
        probe()
    except OSError:
        return False
    return True


def _end_of(log: IO[str]) -> str:
    log.seek(0)
    return log.read()[-3000:]


def _stop(process: subprocess.Popen[bytes], tree: ProcessTree) -> None:
    pids = tree.pids()  # once the first has ended, its children are no longer found through it
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_LIMIT_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # also the children of one that has died, whom nothing else finds
    for pid in pids[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # those that have left the group
    if (exit_code := process.wait()) not in (0, -signal.SIGTERM):
        print(f"{process.args!r} ended with exit code {exit_code}", file=sys.stderr)
