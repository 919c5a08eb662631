import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.bench import limit, load, run
from tests.bench.figures import COLUMNS, FOREIGN, OURS, compare, limit_figures
from tests.bench.limit import Limit
from tests.bench.peers import Peer
from tests.bench.run import DisagreementError, check_agreement
from tests.bench.texts import SHORT

FAKE_SERVER = """
import http.server, json, os, pathlib, sys
import torch
from shared_part import softmax
from tokenizers import Tokenizer

files = pathlib.Path(os.environ["ARTIFACTS"])
tokenizer, network = Tokenizer.from_file(str(files / "tokenizer.json")), torch.jit.load(files / "model.pt")
labels = json.loads((files / "labels.json").read_text())


def answer(text):
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    best = softmax(network(torch.tensor([ids]), torch.tensor([len(ids)])))[0].max(dim=0)
    return {"label": labels[int(best.indices)], "score": float(best.values) * float(os.environ["FACTOR"])}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = answer(body["text"]) if "text" in body else {"results": [answer(text) for text in body["texts"]]}
        content = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def figures(value: float) -> dict[str, float]:
    return dict.fromkeys(COLUMNS, value) | {FOREIGN: 0.0, "errors": 0}


def limit_row(texts: str, window: int, texts_per_s: float) -> Limit:
    return Limit(
        backend="onnx",
        processes=2,
        threads=1,
        texts=texts,
        plan="",
        window=window,
        texts_per_s=texts_per_s,
        tokens_per_s=0.0,
        cpu_s_per_1000=1000 / texts_per_s,
        padding=0.0,
    )


def fake_peer(factor: str) -> Peer:
    command = ("{python}", "server.py", "{port}")
    return Peer(name="fake", folder="fake", needs="torch", command=command, path="/", settings={"FACTOR": factor})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    softmax = "def softmax(logits):\n    return logits.softmax(dim=1)\n"
    for name, content in (("fake/server.py", FAKE_SERVER), ("shared/shared_part.py", softmax)):
        (tmp_path / "peers" / name).parent.mkdir(parents=True)
        (tmp_path / "peers" / name).write_text(content)
    return tmp_path


def test_ratio_is_to_the_best_peer_of_each_column() -> None:
    rounds = {OURS: [figures(6.0), figures(7.0), figures(1.0)], "a": [figures(2.0)], "b": [figures(3.0)]}
    medians, ratios = compare(rounds)
    assert medians[OURS]["start_s"] == 6.0
    assert ratios["start_s"] == 3.0  # the less the better: a is the best
    assert ratios["single_c64_texts_per_s"] == 2.0


def test_without_peers_there_is_no_ratio() -> None:
    assert compare({OURS: [figures(1.0)]})[1] == {}


def test_limit_of_a_load_has_no_more_texts_at_once() -> None:
    """What 2,048 texts give, sorted together, was told as the limit of 64 connections."""
    speeds = {2048: 800.0, 128: 640.0, 64: 500.0, 8: 400.0, 1: 200.0}
    rows = [limit_row("short", window, texts_per_s) for window, texts_per_s in speeds.items()]
    found = limit_figures(
        [*rows, limit_row("long", 2048, 80.0), limit_row("long", 8, 40.0), limit_row("long", 1, 50.0)]
    )
    assert found == {
        "single_c1_p50_ms": 10.0,  # 200 texts a second on two cores
        "single_c8_texts_per_s": 400.0,
        "single_c64_texts_per_s": 500.0,
        "single_c64_cpu_s_per_1000": 2.0,
        "long_c8_texts_per_s": 50.0,
        "batch32_c4_texts_per_s": 640.0,
    }


def test_answers_must_be_ours() -> None:
    ours = [{"label": "good", "score": 0.6, "scores": {"good": 0.6, "bad": 0.4}}]
    ours_twice = [*ours, {"results": ours * 2}]
    near, far, other = ({"label": label, "score": score} for label, score in [("bad", 0.41), ("bad", 0.5), ("?", 0.6)])
    check_agreement("near", [near, {"results": [near, near]}], ours_twice)
    for wrong in (far, other, {"label": "good", "score": float("nan")}):
        with pytest.raises(DisagreementError, match=str(wrong["label"]) if wrong is not other else "answers"):
            check_agreement("wrong", [near, {"results": [near, wrong]}], ours_twice)


@pytest.mark.slow
def test_other_answers_than_ours_stop_the_run(
    compiled_directory: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not installed; Debian package: wrk")
    monkeypatch.setattr(run, "PEERS", (fake_peer("0.9"),))
    with pytest.raises(DisagreementError, match="fake answers"):
        run.main(["--peers", str(folder), "--artifact", str(compiled_directory)])


@pytest.mark.slow
def test_run_measures_ours_and_a_peer(
    compiled_directory: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not installed; Debian package: wrk")
    monkeypatch.setattr(run, "PEERS", (fake_peer("1"),))
    monkeypatch.setattr(load, "WARM_UP_S", 1)
    monkeypatch.setattr(limit, "WINDOW", {"short": 64, "long": 64})
    texts = folder / "texts.txt"
    texts.write_text("\n".join(SHORT))
    options = ["--artifact", str(compiled_directory), "--repetitions", "1", "--seconds", "1", "--long", str(texts)]
    assert run.main(["--peers", str(folder), "--python", f"fake={sys.executable}", *options]) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(summary["medians"]) == {"ours", "fake"}
    assert all(figures[column] > 0 for figures in summary["medians"].values() for column in COLUMNS)
    assert set(summary["ours_to_best_peer"]) == set(COLUMNS)
    assert summary["rounds"]["fake"][0]["errors"] == 0
    assert -0.2 < summary["medians"]["fake"][FOREIGN] < os.cpu_count()  # ticks of the clock may make it less than 0
    assert set(summary["limit"]) <= set(COLUMNS)
