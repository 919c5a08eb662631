"""Other servers to measure beside ours: how each is started, what it is asked, and what it answers.

Their scripts are not here but in a folder that the user names: FOLDER/peers/NAME, with FOLDER/peers/shared on the
module path. A script reads its settings from the environment, and serves the files that ARTIFACTS names (see
artifact.py). Every peer has 2 workers of one thread and waits 2 ms for a batch, the best of what was tried with
64 connections; where another setting is better for another load, it is a row of its own.
"""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.server import Running, ask, free_port, running

Body = Callable[[Sequence[str]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What is asked of a server, ours or another."""

    single: str
    """URL for one text."""
    batch: str
    """URL for several."""
    single_body: Body
    batch_body: Body


def plain_body(texts: Sequence[str]) -> dict[str, Any]:
    """One text, or several, in the form that ours takes."""
    return {"text": texts[0]} if len(texts) == 1 else {"texts": list(texts)}


def list_body(texts: Sequence[str]) -> dict[str, Any]:
    """Always a list."""
    return {"texts": list(texts)}


def v2_body(texts: Sequence[str]) -> dict[str, Any]:
    """The Open Inference Protocol, version 2."""
    return {"inputs": [{"name": "text", "shape": [len(texts), 1], "datatype": "BYTES", "data": list(texts)}]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """One server in one configuration."""

    name: str
    """Of the row."""
    folder: str
    needs: str
    """Module that must be installed, beside torch and tokenizers."""
    command: tuple[str, ...]
    """{python} and {port} are filled in."""
    path: str
    settings: Mapping[str, str] = field(default_factory=dict)
    batch_path: str = ""
    """For several texts; empty if it is the same."""
    single_body: Body = plain_body
    batch_body: Body = plain_body


_BATCHING = {"WORKERS": "2", "MAX_BATCH": "32", "MAX_WAIT_MS": "2"}
_MOSEC = ("{python}", "server.py", "--address", "127.0.0.1", "--port", "{port}", "--timeout", "60000")
_UVICORN = ("{python}", "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", "{port}", "--workers", "{WORKERS}")
_QUIET = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
_V2 = "/v2/models/sentiment/"

PEERS = (
    Peer(name="mosec", folder="mosec", needs="mosec", command=_MOSEC, path="/inference", settings=_BATCHING),
    Peer(
        name="mosec-batch4",
        folder="mosec",
        needs="mosec",
        command=_MOSEC,
        path="/inference",
        settings={**_BATCHING, "MAX_BATCH": "4"},
    ),
    Peer(
        name="naive",
        folder="naive",
        needs="fastapi",
        command=_UVICORN + _QUIET,
        path="/predict",
        settings={"WORKERS": "2"},
        batch_path="/predict_batch",
    ),
    Peer(
        name="naive-1worker",
        folder="naive",
        needs="fastapi",
        command=_UVICORN + _QUIET,
        path="/predict",
        settings={"WORKERS": "1"},
        batch_path="/predict_batch",
    ),
    Peer(
        name="litserve",
        folder="litserve",
        needs="litserve",
        command=("{python}", "server.py"),
        path="/predict",
        settings=_BATCHING,
    ),
    Peer(
        name="torchserve",
        folder="torchserve",
        needs="ts",
        command=("bash", "start.sh"),
        path="/predictions/sentiment",
        settings=_BATCHING,
    ),
    Peer(
        name="pytriton",
        folder="pytriton",
        needs="pytriton",
        command=("bash", "start.sh"),
        path=f"{_V2}generate",
        settings=_BATCHING,
        batch_path=f"{_V2}infer",
        batch_body=v2_body,
    ),
    Peer(
        name="mlserver",
        folder="mlserver",
        needs="mlserver",
        command=("bash", "start.sh"),
        path=f"{_V2}infer",
        settings={**_BATCHING, "PARALLEL": "2"},
        single_body=v2_body,
        batch_body=v2_body,
    ),
    Peer(
        name="bentoml",
        folder="bentoml",
        needs="bentoml",
        command=("{python}", "-m", "bentoml", "serve", "service:Sentiment", "--host", "127.0.0.1", "--port", "{port}"),
        path="/predict",
        settings={**_BATCHING, "MAX_LATENCY_MS": "1000"},
        single_body=list_body,
        batch_body=list_body,
    ),
    Peer(
        name="ray",
        folder="ray",
        needs="ray",
        command=("{python}", "app.py"),
        path="/predict",
        settings={**_BATCHING, "RAY_SERVE_THROUGHPUT_OPTIMIZED": "1"},
    ),
)


def is_installed(peer: Peer, python: str) -> bool:
    """Whether an interpreter has what the peer needs."""
    script = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))"
    return subprocess.run([python, "-c", script, peer.needs, "torch", "tokenizers"], check=False).returncode == 0


@contextmanager
def running_peer(peer: Peer, folder: Path, python: str, files: Path) -> Iterator[tuple[Target, Running]]:
    """A peer on a free port. folder: that has peers/. files: what write_for_others wrote."""
    port = str(free_port())
    root = folder.resolve() / "peers"
    threads = dict.fromkeys(("TORCH_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {
        **threads,
        **peer.settings,
        "ARTIFACTS": str(files.resolve()),
        "PORT": port,
        "PY": python,
        "PYTHONPATH": f"{root / 'shared'}:{root / peer.folder}",
        "TOKENIZERS_PARALLELISM": "false",
        "DO_NOT_TRACK": "1",
        "BENTOML_DO_NOT_TRACK": "True",
        "RAY_USAGE_STATS_ENABLED": "0",
        "no_proxy": "127.0.0.1",
    }
    url = f"http://127.0.0.1:{port}"
    target = Target(
        single=url + peer.path,
        batch=url + (peer.batch_path or peer.path),
        single_body=peer.single_body,
        batch_body=peer.batch_body,
    )
    command = [part.format(python=python, port=port, **peer.settings) for part in peer.command]
    probe_body = target.single_body(["hello"])
    with running(command, environment, probe=lambda: ask(target.single, probe_body), folder=root / peer.folder) as it:
        yield target, it


def read_answers(answer: Any) -> list[tuple[str, float]]:
    """Label and probability of each text, whatever the form.

    Raises: ValueError for a form that none of the servers has.
    """
    match answer:
        case {"results": list(results)} | list(results):
            return [pair for result in results for pair in read_answers(result)]
        case {"outputs": list(outputs)}:
            columns = {output["name"]: output["data"] for output in outputs}
            return list(zip(columns["label"], columns["score"], strict=True))
        case {"label": str(label), "score": float(score)}:
            return [(label, score)]
    raise ValueError(f"neither label nor score: {json.dumps(answer)[:200]}")
