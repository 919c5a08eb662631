"""The pages against the code: what they name exists, and what exists is named."""

import re
import tomllib
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

from service.app import ROUTERS
from service.errors import all_errors
from service.metrics import Metrics
from service.settings import describe_settings
from tests.deploy.files import read_dashboard, read_rules
from tests.docs.pages import FOLDER, PAGES, README, ROOT, anchor, headings, links, read, section

SUFFIXES = ("_total", "_seconds", "_ratio", "_bytes", "_ready")


def first_cells(text: str) -> list[str]:
    """What stands in backticks in the first column of a section's tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("|")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_settings_are_all_described_with_their_defaults() -> None:
    rows = {line for line in section("Settings", FOLDER / "deploy.md").splitlines() if line.startswith("| `")}
    assert rows == {f"| `{key}` | {default} | {meaning} |" for key, default, meaning in describe_settings()}


def test_error_codes_are_all_described_with_their_status() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", section("Errors", FOLDER / "api.md"), flags=re.MULTILINE)
    assert rows == [(str(error.status), error.code) for error in all_errors()]


def metric_names() -> set[str]:
    registry = CollectorRegistry()
    Metrics(registry)
    found = [metric for metric in registry.collect() if metric.name.startswith("sentiment_")]
    return {metric.name + ("_total" if metric.type == "counter" else "") for metric in found}


def test_metrics_are_all_described() -> None:
    assert set(first_cells(section("Metrics", FOLDER / "metrics.md"))) == metric_names()


def test_endpoints_are_all_described() -> None:
    described = set(re.findall(r"`((?:GET|POST) /[^`]*)`", section("Endpoints", FOLDER / "api.md")))
    served = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    routes = {f"{method} {route.path}" for route in served for method in route.methods or ()}
    assert described == (routes - {"GET /playground/{name}"}) | {"GET /docs", "GET /openapi.json"}


def test_python_versions_are_those_of_the_package() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert wanted == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in read(README)


def test_tree_names_every_file_of_the_packages() -> None:
    tree = section("The tree")
    for package in ("model", "training", "service"):
        listed = tree.split(f"\n{package}/")[1]
        listed = re.split(r"\n(?=\S)", listed)[0]
        found = {path.name for path in (ROOT / package).rglob("*.py")} - {"__init__.py"}
        assert set(re.findall(r"\b(\w+\.py)\b", listed)) == found, package


@pytest.mark.parametrize("page", [*PAGES, ROOT / "model" / "shipped" / "MODEL_CARD.md"], ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for target in links(read(page)):
        name, _, place = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        if place:
            assert place in [anchor(title) for _, title in headings(read(found))], target


def test_every_page_is_reached_from_the_readme() -> None:
    targets = {(page.parent / target.partition("#")[0]).resolve() for page in PAGES for target in links(read(page))}
    assert targets | {README} >= set(PAGES)


def test_readme_is_short() -> None:
    assert len(read(README).splitlines()) <= 260


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text()
    pattern = re.search(r"grep -m1 '([^']+)' README\.md", script)
    assert pattern is not None
    commands = [line for line in read(README).splitlines() if re.search(pattern[1], line)]
    assert len(commands) == 1
    assert commands[0].endswith("pytest")


def test_every_line_of_the_threat_model_names_a_test_that_exists() -> None:
    rows = [
        line.split(" | ")
        for line in section("Threat model", FOLDER / "security.md").splitlines()
        if line.startswith("| ")
    ][2:]
    assert len(rows) > 20
    for row in rows:
        found = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)` \|", row[-1])
        assert found is not None, row
        code = (ROOT / found[1]).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {found[2]}\(", code, re.MULTILINE), row


def test_modules_settings_and_metrics_that_the_pages_name_exist() -> None:
    known = {key for key, _, _ in describe_settings()}
    for page in PAGES:
        for module in set(re.findall(r"python -m ((?:service|training|model|tests)[\w.]*)", read(page))):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), f"{page}: {module}"
        assert set(re.findall(r"SENTIMENT_\w+", read(page))) <= known, page
        named = {name for name in re.findall(r"`(sentiment_\w+)`", read(page)) if name.endswith(SUFFIXES)}
        assert named <= metric_names(), page


def test_metrics_page_names_panels_and_every_alert() -> None:
    rows = [line.split(" | ") for line in read(FOLDER / "metrics.md").splitlines() if line.startswith("| ")]
    rows = [[cell.strip("| ") for cell in row] for row in rows if len(row) == 3 and row[0] != "| look at"]
    panels = {panel["title"] for panel in read_dashboard()["panels"]}
    for place in (name for row in rows for name in re.split(r", (?=[A-Z])", row[0]) if row[0][0] not in "-`"):
        assert place in panels
    alerts = {rule["alert"] for rule in read_rules() if "alert" in rule}
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row[2])} == alerts
