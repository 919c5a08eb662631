"""The model is changed under load, again and again, and every other time the new one is broken."""

import http.client
import json
import random
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from model import SHIPPED
from model.artifact import COMPILED, METADATA, TOKENIZER, Metadata, read_files, write_files
from model.store import ModelStore
from tests.bench.server import ProcessTree
from tests.bench.texts import SHORT, make_reviews
from tests.chaos.waiting import wait_until
from tests.service.conftest import ServerProcess

TEXTS = [*SHORT, *make_reviews(7)]
TOLERANCE = 1e-5
"""Of a probability: what batching may change, and far less than the two temperatures do."""
SECOND_TEMPERATURE = 2.0
"""Times the first one."""
CLIENTS = 4
ADMIN = {"authorization": "Bearer t"}
SETTLE_S = 0.4
"""For the last requests of the old model, after which it is freed."""
RELOAD_LIMIT_S = 60.0
Answer = dict[str, float]
"""Probabilities by label."""


def cut(directory: Path) -> None:
    """A whole artifact by its sums, but the network was cut before it was written."""
    files = read_files(directory)
    write_files(directory, files | {COMPILED: files[COMPILED][: len(files[COMPILED]) // 2]})


def flip_a_byte(directory: Path) -> None:
    path = directory / COMPILED
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lose_a_file(directory: Path) -> None:
    (directory / TOKENIZER).unlink()


def describe_another(directory: Path) -> None:
    """The metadata tell of a network whose labels stand in another order."""
    metadata = read_metadata(directory)
    other = replace(metadata.model, labels=metadata.model.labels[::-1])
    write_files(
        directory, read_files(directory) | {METADATA: replace(metadata, model=other, baseline=None).to_json().encode()}
    )


BREAKS = (cut, flip_a_byte, lose_a_file, describe_another)


def read_metadata(directory: Path) -> Metadata:
    return Metadata.from_json((directory / METADATA).read_text(encoding="utf-8"))


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """Two good versions that answer differently, `first` and `second`, and a broken one for each way of breaking."""
    store, files, metadata = ModelStore(tmp_path / "store"), read_files(SHIPPED), read_metadata(SHIPPED)
    for version in ("second", *(each.__name__ for each in BREAKS), "first"):
        warmer = metadata.temperature * (SECOND_TEMPERATURE if version == "second" else 1.0)
        own = replace(metadata, version=version, temperature=warmer).to_json().encode()
        write_files(tmp_path / version, files | {METADATA: own})
        store.publish(tmp_path / version)
    for each in BREAKS:
        each(store.root / "versions" / each.__name__)
    return store


class Clients:
    """Ask one text or several, one after the other without a pause, and look at every answer."""

    def __init__(self, url: httpx.URL, known: dict[str, list[Answer]]) -> None:
        self.answers = 0
        self.texts = 0
        self.wrong: list[str] = []
        """What was not as it must be."""
        self.largest_difference = 0.0
        self.versions: set[str] = set()
        self._url = url
        self._known = known
        self._counting = threading.Lock()
        self._ended = threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._ask, args=(random.Random(seed),)) for seed in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()

    def _ask(self, generator: random.Random) -> None:
        connection = http.client.HTTPConnection(self._url.host, self._url.port or 0, timeout=60)
        while not self._ended.is_set():
            chosen = generator.sample(range(len(TEXTS)), generator.choice((1, 1, 1, len(TEXTS))))
            try:
                status, reply = post(connection, [TEXTS[number] for number in chosen])
                found = [] if status == 200 else [f"status {status}: {reply}"]
                differences = [0.0] if found else self._compare(chosen, reply)
            except Exception as error:
                found, differences = [repr(error)], [0.0]
                connection.close()  # and the next request opens it again
            with self._counting:
                self.answers += 1
                self.texts += len(chosen)
                self.largest_difference = max(self.largest_difference, *differences)
                self.wrong += found + [f"{reply}" for difference in differences if difference > TOLERANCE]
        connection.close()

    def _compare(self, chosen: list[int], reply: dict[str, Any]) -> list[float]:
        """How far each probability is from what the version that the reply names is known to answer."""
        known = self._known[reply["model"]]
        self.versions.add(reply["model"])
        differences = []
        for number, result in zip(chosen, reply["results"], strict=True):
            expected = known[number]
            assert result["label"] == max(expected, key=expected.__getitem__)
            assert result["scores"].keys() == expected.keys()
            differences += [abs(result["scores"][label] - expected[label]) for label in expected]
        return differences


def post(connection: http.client.HTTPConnection, texts: list[str]) -> tuple[int, dict[str, Any]]:
    connection.request("POST", "/v1/sentiment", json.dumps({"texts": texts}), {"content-type": "application/json"})
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())


def point(store: ModelStore, version: str) -> None:
    """As `ln -sfn` does: the store itself would not point to a broken version."""
    link = store.root / "next"
    link.symlink_to(Path("versions", version))
    link.replace(store.root / "current")


def reloads(url: httpx.URL) -> dict[str, int]:
    """How many have ended, by result."""
    lines = httpx.get(url.join("/metrics")).text.splitlines()
    counts = [line.split() for line in lines if line.startswith("sentiment_model_reloads_total")]
    return {name.split('"')[1]: int(float(value)) for name, value in counts}


def hang_up(server: ServerProcess, url: httpx.URL) -> None:
    """Reload by signal, and wait for the end of it."""
    before = reloads(url)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: reloads(url) != before, RELOAD_LIMIT_S)


def ask_for_reload(_: ServerProcess, url: httpx.URL) -> None:
    """Reload by HTTP, which says when it has ended."""
    before = reloads(url)
    status = httpx.post(url.join("/v1/admin/reload"), headers=ADMIN, timeout=60).status_code
    assert status == (409 if reloads(url)["failed"] > before["failed"] else 200)


def learn(store: ModelStore, url: httpx.URL, version: str) -> list[Answer]:
    """What a version answers to each text, alone and with nobody beside."""
    point(store, version)
    assert httpx.post(url.join("/v1/admin/reload"), headers=ADMIN, timeout=60).json() == {"model": version}
    connection = http.client.HTTPConnection(url.host, url.port or 0)
    answers = [post(connection, [text])[1]["results"][0]["scores"] for text in TEXTS]
    connection.close()
    return answers


def test_changing_models_under_load_loses_and_mixes_nothing(
    serve: Callable[..., ServerProcess],
    store: ModelStore,
    amount: Callable[[int], int],
    record: Callable[..., None],
) -> None:
    count = max(20, amount(200))
    server = serve(store.root, admin_token="t")
    url = httpx.URL(server.wait_until_ready())
    known = {version: learn(store, url, version) for version in ("second", "first")}
    apart = [max(abs(one[label] - two[label]) for label in one) for one, two in zip(*known.values(), strict=True)]
    assert min(apart) > 100 * TOLERANCE

    tree, generator, served, rss_mb = ProcessTree(server.process.pid), random.Random(0), "first", []
    clients = Clients(url, known)
    with clients.asking():
        for number in range(count):
            is_good = number % 2 == 1
            wanted = next(each for each in known if each != served) if is_good else generator.choice(BREAKS).__name__
            point(store, wanted)
            before, reload = reloads(url), generator.choice((hang_up, ask_for_reload))
            reload(server, url)
            result = "ok" if is_good else "failed"
            assert reloads(url) == before | {result: before[result] + 1}
            served = wanted if is_good else served
            assert httpx.get(url.join("/v1/model")).json()["version"] == served
            time.sleep(SETTLE_S)
            rss_mb.append(tree.rss_mb())
    early_mb, late_mb = statistics.median(rss_mb[:10]), statistics.median(rss_mb[-10:])
    record(
        what=f"{count} reloads under load, every other artifact broken, by SIGHUP or HTTP",
        bound="0 failed, 0 mixed answers; RSS at the end <= 1.1 times that after 5",
        measured=f"{len(clients.wrong)} of {clients.answers:,} requests ({clients.texts:,} texts) failed or mixed, "
        f"probabilities within {clients.largest_difference:.0e} of the version named; "
        f"RSS {early_mb:.0f} MB after 5, {late_mb:.0f} MB at the end",
    )
    assert clients.wrong == []
    assert clients.versions == known.keys()
    assert clients.answers > 10 * count
    assert late_mb <= 1.1 * early_mb
    assert server.terminate() == 0
