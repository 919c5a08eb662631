import dataclasses
import ipaddress
import re
import shutil
import subprocess
from typing import Any

import pytest

from service.settings import Settings
from tests.deploy.files import DEPLOY, ROOT, load_yaml

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = load_yaml(DEPLOY / "compose.yaml")["services"]
NETWORKS: dict[str, Any] = load_yaml(DEPLOY / "compose.yaml")["networks"]
CLOSED: dict[str, Any] = load_yaml(DEPLOY / "compose.closed.yaml")
PROXY = CLOSED["services"]["proxy"]
HAPROXY = DEPLOY / "haproxy.cfg"
GPU: dict[str, Any] = load_yaml(DEPLOY / "compose.gpu.yaml")["services"]["sentiment"]
SENTIMENT = SERVICES["sentiment"]
NOBODYS = ipaddress.ip_network("192.0.2.0/24")
"""Addresses for documentation, RFC 5737."""


def test_the_service_can_neither_write_nor_gain_rights() -> None:
    assert SENTIMENT["read_only"] is True
    assert SENTIMENT["tmpfs"] == ["/tmp"]
    assert not {"privileged", "user", "volumes", "network_mode"} & SENTIMENT.keys()


def test_no_connection_leads_beyond_the_host() -> None:
    assert NETWORKS == {"default": {"driver_opts": {"com.docker.network.bridge.enable_ip_masquerade": "false"}}}
    assert [ipaddress.ip_address(address) in NOBODYS for address in SENTIMENT["dns"]] == [True]
    assert not {"networks", "extra_hosts"} & SENTIMENT.keys()
    assert not {"networks", "ports", "network_mode", "dns"} & GPU.keys()


def test_closed_service_has_no_way_out() -> None:
    assert CLOSED["services"]["sentiment"] == {"networks": ["inside"], "depends_on": ["proxy"]}
    assert CLOSED["networks"] == {
        "inside": {"internal": True, "driver_opts": {"com.docker.network.bridge.inhibit_ipv4": "true"}}
    }


def test_the_way_in_to_a_closed_service_knows_no_secret() -> None:
    assert PROXY["read_only"] is True
    assert PROXY["cap_drop"] == ["ALL"]
    assert PROXY["volumes"] == ["./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"]
    assert "environment" not in PROXY
    assert PROXY["ports"] == SENTIMENT["ports"] == [f"{Settings().port}:{Settings().port}"]


def test_proxy_passes_the_port_on_and_leaves_deadlines_to_the_service() -> None:
    text = HAPROXY.read_text(encoding="utf-8")
    assert f"\n    bind :{Settings().port}\n    server sentiment sentiment:{Settings().port} " in text
    assert "\n    mode tcp\n" in text
    hours = [int(hour) for hour in re.findall(r"timeout (?:client|server) (\d+)h\n", text)]
    Settings(request_timeout_s=3600.0)  # the longest there is
    assert len(hours) == 2
    assert min(hours) * 3600 > 3600


def test_proxy_can_read_its_configuration() -> None:
    if shutil.which("haproxy") is None:
        pytest.skip("haproxy is not installed; Debian package: haproxy")
    done = subprocess.run(["haproxy", "-c", "-f", HAPROXY], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    warnings = [line for line in done.stderr.splitlines() if "[WARNING]" in line]
    assert all("could not resolve address 'sentiment'" in line for line in warnings), warnings


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_keeps_capabilities(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_takes_the_whole_machine(name: str) -> None:
    assert SERVICES[name]["cpus"] == 1
    assert SERVICES[name]["mem_limit"] == SERVICES[name]["memswap_limit"] == "512m"
    assert SERVICES[name]["pids_limit"] == (128 if name == "sentiment" else 256)


@pytest.mark.parametrize("name", ["prometheus", "grafana"])
def test_monitoring_is_pinned_and_reached_from_this_host_only(name: str) -> None:
    assert re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+", SERVICES[name]["image"])
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            assert value is None or not re.search(r"(KEY|TOKEN|PASSWORD|SECRET)$", variable)


def test_a_stop_leaves_time_to_drain() -> None:
    settings = Settings()
    grace_s = int(SENTIMENT["stop_grace_period"].removesuffix("s"))
    assert grace_s > settings.drain_delay_s + settings.drain_timeout_s


def test_variables_are_settings() -> None:
    known = {f"SENTIMENT_{item.name.upper()}" for item in dataclasses.fields(Settings)}
    text = DOCKERFILE + str(SENTIMENT["environment"]) + str(GPU["environment"])
    assert set(re.findall(r"SENTIMENT_\w+", text)) <= known


def test_targets_are_stages_and_cpu_is_the_default() -> None:
    stages = re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE)
    assert SENTIMENT["build"]["target"] == stages[-1] == "cpu"
    assert GPU["build"]["target"] == "gpu"
    assert "gpu" in stages


def test_image_runs_unprivileged_and_gets_the_signals() -> None:
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", DOCKERFILE, re.MULTILINE)
    assert re.search(r'^CMD \["python", "-m", "service"\]$', DOCKERFILE, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*CMD \[", DOCKERFILE, re.MULTILINE)
    assert "/health/ready" in DOCKERFILE
