import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from service.metrics import Metrics
from tests.deploy.files import DEPLOY, RULES, dashboard_expressions, read_rules

RULE_TESTS = sorted(Path(__file__).parent.glob("*rules_test.yml"))
PROMETHEUS_OWN = {"up", "ALERTS"}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
"""By the type of a metric; of the others a series has the name alone."""


@pytest.fixture
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed; Debian package: prometheus")
    return found


def run(*command: str | Path) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_configuration_and_the_rules_it_names_are_valid(promtool: str) -> None:
    run(promtool, "check", "config", "--lint=all", "--lint-fatal", DEPLOY / "prometheus" / "prometheus.yml")
    run(promtool, "check", "rules", "--lint=all", "--lint-fatal", *RULES)


@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_alerts_fire_and_keep_quiet(promtool: str, path: Path) -> None:
    run(promtool, "test", "rules", path)


def test_every_alert_is_tested() -> None:
    tested = "".join(path.read_text(encoding="utf-8") for path in RULE_TESTS)
    for rule in read_rules():
        assert "alert" not in rule or f'{{alertname="{rule["alert"]}"}}' in tested


def test_every_alert_says_how_urgent_it_is_and_what_to_do() -> None:
    for rule in read_rules():
        if "alert" in rule:
            assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
            assert set(rule["annotations"]) == {"summary", "description", "runbook"}, rule["alert"]


def test_dashboard_queries_are_valid(promtool: str, tmp_path: Path) -> None:
    rules = [
        {"record": "query", "expr": expr, "labels": {"n": str(n)}} for n, expr in enumerate(dashboard_expressions())
    ]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}), encoding="utf-8")
    run(promtool, "check", "rules", path)


def test_rules_and_dashboard_use_metrics_that_exist() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    known = PROMETHEUS_OWN | {rule["record"] for rule in read_rules() if "record" in rule}
    for family in registry.collect():  # process_* and python_* are among them
        known |= {family.name + suffix for suffix in SUFFIXES.get(family.type, ("",))}
    for expr in [rule["expr"] for rule in read_rules()] + dashboard_expressions():
        for name in re.findall(r"\b(?:sentiment[_:][\w:]+|up\b|ALERTS\b|process_\w+|python_\w+)", expr):
            assert name in known, f"{name} in {expr}"
