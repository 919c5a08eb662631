"""The files under deploy/, parsed."""

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "sentiment.json"


def load_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_rules() -> list[dict[str, Any]]:
    """Every recording and alerting rule."""
    return [rule for path in RULES for group in load_yaml(path)["groups"] for rule in group["rules"]]


def read_dashboard() -> dict[str, Any]:
    dashboard: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return dashboard


def dashboard_expressions() -> list[str]:
    """Every query of the dashboard, with Grafana's own variable filled in."""
    dashboard = read_dashboard()
    queries = [target for panel in dashboard["panels"] for target in panel.get("targets", [])]
    queries += dashboard["annotations"]["list"]
    return [query["expr"].replace("$__rate_interval", "1m") for query in queries]
