"""A real Prometheus, with our configuration, scrapes the real service under load: no panel and no rule is empty.

Only what cannot be had in seconds is changed. The configuration's target and intervals: a scrape every half a second,
or no rate would have its two samples. In expressions, what looks back to before the start: `offset` is left out. Of an
alert, which is empty as long as all is well, each side of each comparison is asked for.
"""

import json
import math
import re
import shutil
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from model import SHIPPED
from model.artifact import CARD
from tests.bench.load import running_service
from tests.bench.server import ask, free_port, running
from tests.bench.texts import SHORT, make_reviews
from tests.deploy.files import DEPLOY, RULES, dashboard_expressions, read_rules
from tests.texts import LABELLED

TOKEN = "reload-please"
SETTINGS = {
    "SENTIMENT_ADMIN_TOKEN": TOKEN,
    "SENTIMENT_QUEUE_LIMIT": "1000",
    "SENTIMENT_REQUEST_TIMEOUT_S": "1",
    "SENTIMENT_THREADS": "1",
    "SENTIMENT_DRAIN_DELAY_S": "0",
}
HEAVY = {"texts": make_reviews(1000)}
"""Takes more than the second it has, and all the queue."""
LIMIT_S = 60
"""Enough for a machine that is busy with other things."""
SET_OPERATORS, COMPARISONS = r" (?:and|or)(?: on \(\w*\))? ", r" (?:==|>=|<=|>|<) "


class Prometheus:
    """The HTTP API of one that runs."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/api/v1"

    def query(self, expression: str) -> list[float]:
        """Values of an instant query that are numbers."""
        found = ask(f"{self.url}/query?{urllib.parse.urlencode({'query': expression})}")["data"]
        samples = [found["value"]] if found["resultType"] == "scalar" else [item["value"] for item in found["result"]]
        return [value for value in (float(sample[1]) for sample in samples) if math.isfinite(value)]

    def rules(self) -> list[dict[str, Any]]:
        """Every rule as it was last evaluated."""
        return [rule for group in ask(f"{self.url}/rules")["data"]["groups"] for rule in group["rules"]]


class Callers:
    """Clients that go on asking all sorts of things until they are told to stop, and count the answers by status."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.statuses: Counter[int] = Counter()
        self.is_over = threading.Event()

    def post(self, path: str, body: object, headers: dict[str, str] | None = None) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | (headers or {})
        request = urllib.request.Request(f"{self.url}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=LIMIT_S) as response:
                status: int = response.status
        except urllib.error.HTTPError as error:
            error.close()
            status = error.code
        self.statuses[status] += 1
        return status

    def reload(self) -> int:
        return self.post("/v1/admin/reload", b"", {"Authorization": f"Bearer {TOKEN}"})

    def ask_well(self) -> None:
        texts = [text for text, _ in LABELLED] + SHORT
        while not self.is_over.is_set():
            self.post("/v1/sentiment", {"texts": [*texts, ""]})
            for text in (*texts[::5], *make_reviews(1)):
                self.post("/v1/sentiment", {"text": text})

    def ask_badly(self) -> None:
        bodies = [b"{", {"text": ""}, {"text": "x" * 200_001}, {"text": 1}, {"words": "x"}, {"texts": []}]
        while not self.is_over.wait(0.2):
            for body in bodies:
                self.post("/v1/sentiment", body)
            self.post("/v2/sentiment", {})

    def ask_too_much(self) -> None:
        while not self.is_over.wait(0.5):
            self.post("/v1/sentiment", HEAVY)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Prometheus, Callers]]:
    """Prometheus and the callers of a service that has seen load, errors, refusals, deadlines and two reloads."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed; Debian package: prometheus")
    folder = tmp_path_factory.mktemp("live")
    model = shutil.copytree(SHIPPED, folder / "model")
    port = free_port()
    command = [
        *(program, f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"),
        *(f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"),
    ]
    prometheus = Prometheus(f"http://127.0.0.1:{port}")
    environment = SETTINGS | {"SENTIMENT_MODEL": str(model)}
    with running_service(lambda url: ask(f"{url}/health/ready"), environment) as (url, _):
        write_configuration(folder / "prometheus.yml", urllib.parse.urlsplit(url).netloc)
        with running(command, {}, probe=lambda: ask(f"{prometheus.url}/status/runtimeinfo")):
            wait_until(lambda: prometheus.query("up") == [1])
            callers = Callers(url)
            with ThreadPoolExecutor() as threads:
                work = [callers.ask_well, callers.ask_well, callers.ask_badly, callers.ask_too_much]
                futures = [threads.submit(call) for call in work]
                try:
                    assert callers.reload() == 200
                    (model / CARD).write_text("altered")
                    assert callers.reload() == 409
                    wait_until(lambda: {200, 404, 413, 422, 429, 504} <= callers.statuses.keys())
                    wait_until(lambda: bool(prometheus.query('ALERTS{alertname="ReloadFailed", alertstate="firing"}')))
                    yield prometheus, callers
                finally:
                    callers.is_over.set()
                for future in futures:
                    future.result()


def write_configuration(path: Path, target: str) -> None:
    """Ours, with another target and shorter intervals."""
    configuration = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    configuration["global"] |= {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"}
    configuration["rule_files"] = [str(rules) for rules in RULES]
    (scrape,) = configuration["scrape_configs"]
    scrape["static_configs"] = [{"targets": [target]}]
    path.write_text(yaml.safe_dump(configuration), encoding="utf-8")


def wait_until(is_true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(LIMIT_S * 10):
        if is_true():
            return
        pause.wait(0.1)
    raise AssertionError("timed out")


def sides(expression: str) -> list[str]:
    """What an alert compares: the operands between its set operators and comparisons.

    Left out: constants, and `absent`, which is empty as long as there is something.
    """
    parts = [part for both in split(expression, SET_OPERATORS) for part in split(both, COMPARISONS)]
    return [part.strip() for part in parts if re.search("[a-z]", part) and "absent(" not in part]


def split(expression: str, operators: str) -> list[str]:
    """Operands of the operators that stand outside of all brackets."""
    parts, start = [], 0
    for match in re.finditer(operators, expression):
        before = expression[: match.start()]
        if all(before.count(left) == before.count(right) for left, right in ("()", "[]", "{}")):
            parts.append(expression[start : match.start()])
            start = match.end()
    return [*parts, expression[start:]]


def expect_data(prometheus: Prometheus, expressions: dict[str, list[str]]) -> None:
    """Ask until each expression has had a number, and say which has not."""
    empty = {(name, re.sub(r" offset \w+", "", expr)) for name, all_of in expressions.items() for expr in all_of}

    def ask_again() -> bool:
        for item in list(empty):
            if prometheus.query(item[1]):
                empty.discard(item)
        return not empty

    try:
        wait_until(ask_again)
    except AssertionError:
        raise AssertionError("\n".join(f"{name} has no data: {expr}" for name, expr in sorted(empty))) from None


def test_sides_of_an_alert_are_found() -> None:
    assert sides(
        'a{b="x > y"} / (c > 0) > 14.4 * 0.001 and sum(d or e) >= 10 and on () f offset 1d and on (i) g or absent(g)'
    ) == [
        'a{b="x > y"} / (c > 0)',
        "sum(d or e)",
        "f offset 1d",
        "g",
    ]


@pytest.mark.slow
def test_every_panel_has_data(live: tuple[Prometheus, Callers]) -> None:
    expect_data(live[0], {"dashboard": dashboard_expressions()})


@pytest.mark.slow
def test_every_rule_has_data(live: tuple[Prometheus, Callers]) -> None:
    recorded = {rule["record"]: [rule["expr"], rule["record"]] for rule in read_rules() if "record" in rule}
    alerts = {rule["alert"]: sides(rule["expr"]) for rule in read_rules() if "alert" in rule}
    assert all(alerts.values())
    expect_data(live[0], recorded | alerts)


@pytest.mark.slow
def test_rules_are_evaluated_without_error_and_the_refused_model_is_told_of(live: tuple[Prometheus, Callers]) -> None:
    prometheus, _ = live
    rules = prometheus.rules()
    assert {rule["name"] for rule in rules} == {rule.get("alert") or rule["record"] for rule in read_rules()}
    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
    assert "ReloadFailed" in {rule["name"] for rule in rules if rule.get("state") == "firing"}


@pytest.mark.slow
def test_distance_from_the_baseline_is_that_of_every_signal(live: tuple[Prometheus, Callers]) -> None:
    for signal in ("label", "language", "confidence", "subword"):
        expect_data(live[0], {signal: [f'sentiment:psi:1h{{signal="{signal}"}}']})
