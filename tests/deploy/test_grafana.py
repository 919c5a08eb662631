from tests.deploy.files import DEPLOY, load_yaml, read_dashboard

ROWS = ["Traffic and errors", "Batching", "Model quality and drift", "Resources"]
PROVISIONING = DEPLOY / "grafana" / "provisioning"
PANELS = read_dashboard()["panels"]


def test_dashboard_has_the_four_rows() -> None:
    assert [panel["title"] for panel in PANELS if panel["type"] == "row"] == ROWS


def test_panels_have_titles_and_ids_of_their_own() -> None:
    assert len({panel["id"] for panel in PANELS}) == len({panel["title"] for panel in PANELS}) == len(PANELS)


def test_panels_say_what_they_show_and_in_what_unit() -> None:
    for panel in PANELS:
        if panel["type"] != "row":
            assert panel["description"].endswith("."), panel["title"]
            axis = panel.get("options", {}).get("yAxis", {})
            unit = panel["fieldConfig"]["defaults"].get("unit") or axis.get("unit")
            assert unit or panel["type"] == "table", panel["title"]
            for target in panel["targets"]:
                assert target["legendFormat"], panel["title"]


def test_lines_are_drawn_at_the_objectives_and_where_alerts_fire() -> None:
    lines = {
        panel["title"]: panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"]
        for panel in PANELS
        if "thresholds" in panel.get("fieldConfig", {}).get("defaults", {})
    }
    assert lines == {"Failed and refused": 0.001, "Request duration": 0.1, "Distance from the baseline": 0.2}


def test_panels_do_not_overlap() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in PANELS:
        position = panel["gridPos"]
        assert position["x"] + position["w"] <= 24
        for x in range(position["x"], position["x"] + position["w"]):
            for y in range(position["y"], position["y"] + position["h"]):
                assert (x, y) not in taken, f"{panel['title']} lies on {taken[x, y]}"
                taken[x, y] = panel["title"]


def test_panels_read_the_provisioned_datasource() -> None:
    (datasource,) = load_yaml(PROVISIONING / "datasources" / "prometheus.yml")["datasources"]
    for panel in PANELS:
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": datasource["type"], "uid": datasource["uid"]}, panel["title"]


def test_provider_reads_the_folder_that_compose_mounts() -> None:
    (provider,) = load_yaml(PROVISIONING / "dashboards" / "files.yml")["providers"]
    volumes = load_yaml(DEPLOY / "compose.yaml")["services"]["grafana"]["volumes"]
    assert f"./grafana/dashboards:{provider['options']['path']}:ro" in volumes
