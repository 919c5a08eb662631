"""The README against the code: what it names exists, and what exists is named."""

import re
import tomllib
from pathlib import Path

from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

from service.app import ROUTERS
from service.errors import all_errors
from service.metrics import Metrics
from service.settings import describe_settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """What stands in backticks in the first column of a section's tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("|")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_settings_are_all_described_with_their_defaults() -> None:
    rows = {line for line in section("Settings").splitlines() if line.startswith("| `")}
    assert rows == {f"| `{key}` | {default} | {meaning} |" for key, default, meaning in describe_settings()}


def test_error_codes_are_all_described_with_their_status() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", section("Errors"), flags=re.MULTILINE)
    assert rows == [(str(error.status), error.code) for error in all_errors()]


def test_metrics_are_all_described() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    names = set()
    for metric in registry.collect():
        if metric.name.startswith("sentiment_"):
            names.add(metric.name + ("_total" if metric.type == "counter" else ""))
    assert set(first_cells(section("Metrics"))) == names


def test_endpoints_are_all_described() -> None:
    described = set(re.findall(r"`((?:GET|POST) /[^`]*)`", section("Endpoints")))
    served = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    routes = {f"{method} {route.path}" for route in served for method in route.methods or ()}
    assert described == (routes - {"GET /playground/{name}"}) | {"GET /docs", "GET /openapi.json"}


def test_python_versions_are_those_of_the_package() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert wanted == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in README


def test_tree_names_every_file_of_the_packages() -> None:
    tree = section("The tree")
    for package in ("model", "training", "service"):
        listed = tree.split(f"\n{package}/")[1]
        listed = re.split(r"\n(?=\S)", listed)[0]
        found = {path.name for path in (ROOT / package).rglob("*.py")} - {"__init__.py"}
        assert set(re.findall(r"\b(\w+\.py)\b", listed)) == found, package


def test_files_that_the_documents_link_to_exist() -> None:
    for document in ("README.md", "training/README.md", "model/shipped/MODEL_CARD.md"):
        path = ROOT / document
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{document}: {target}"


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text()
    pattern = re.search(r"grep -m1 '([^']+)' README\.md", script)
    assert pattern is not None
    commands = [line for line in README.splitlines() if re.search(pattern[1], line)]
    assert len(commands) == 1
    assert commands[0].endswith("pytest")


def test_modules_that_the_readme_runs_exist() -> None:
    for module in set(re.findall(r"python -m ((?:service|training|model|tests)[\w.]*)", README)):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


def test_every_line_of_the_threat_model_names_a_test_that_exists() -> None:
    rows = [line.split(" | ") for line in section("Security").splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        found = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)` \|", row[-1])
        assert found is not None, row
        code = (ROOT / found[1]).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {found[2]}\(", code, re.MULTILINE), row
