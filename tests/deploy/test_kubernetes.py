"""The manifests against Kubernetes' schemas, against each other, and against the code, the image and compose."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from service.app import ROUTERS
from service.cpu import CpuLimits
from service.fetch import MAX_BYTES, read_options
from service.metrics import Metrics
from service.settings import Settings
from tests.deploy.files import DEPLOY, ROOT, RULES, load_yaml
from tests.deploy.manifests import (
    KUBERNETES,
    OVERLAYS,
    Manifest,
    check_schemas,
    container_of,
    environment_of,
    one,
    pod_of,
    render,
    render_overlay,
)

COMPOSE = {
    "cpu": load_yaml(DEPLOY / "compose.yaml")["services"]["sentiment"],
    "gpu": load_yaml(DEPLOY / "compose.gpu.yaml")["services"]["sentiment"],
}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ROUTES = {getattr(route, "path", None) for router in ROUTERS for route in router.routes}
LABELS = {"app.kubernetes.io/name": "sentiment"}
UNITS = {"Mi": 2**20, "Gi": 2**30}
REGISTRY = "registry.example/sentiment"
HASH = "b1946ac92492d2347c6235b4d2611184" * 2


@pytest.fixture(scope="module", params=["cpu", "gpu"])
def target(request: pytest.FixtureRequest) -> str:
    """Which of the overlays."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def manifests(target: str) -> list[Manifest]:
    return render(OVERLAYS / target)


@pytest.fixture(scope="module")
def fetching(target: str, tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    """The overlay with a model from storage, and an image from a registry."""
    return render_fetching(target, tmp_path_factory.mktemp("overlay"))


def render_fetching(target: str, folder: Path, sha256: str = HASH) -> list[Manifest]:
    model = {"name": "sentiment-model", "literals": ["SOURCE=s3://models/mine", f"SHA256={sha256}"]}
    overlay = {
        "resources": [f"../{target}"],
        "components": ["../../components/fetch"],
        "configMapGenerator": [model],
        "images": [{"name": "sentiment-service", "newName": REGISTRY}],
    }
    return render_overlay(overlay, folder)


def metric_names() -> set[str]:
    registry = CollectorRegistry()
    Metrics(registry)
    return {metric.name for metric in registry.collect()}


def size(text: str) -> int:
    return int(text[:-2]) * UNITS[text[-2:]]


def containers(manifests: list[Manifest]) -> list[Manifest]:
    pod = pod_of(manifests)
    return [*pod["containers"], *pod.get("initContainers", ())]


def test_every_manifest_is_what_kubernetes_takes(manifests: list[Manifest], fetching: list[Manifest]) -> None:
    assert {item["kind"] for item in manifests} == {
        *("Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler", "NetworkPolicy", "ServiceMonitor"),
    }
    check_schemas(manifests)
    check_schemas(fetching)


def test_every_file_is_part_of_an_overlay_or_named_by_a_comment() -> None:
    named = {KUBERNETES / "components" / "prometheus" / name for name in ("adapter.yaml", "rules.yaml")}
    for path in KUBERNETES.rglob("kustomization.yaml"):
        content = load_yaml(path)
        named |= {path, *(path.parent / name for name in content.get("resources", ()))}
        named |= {path.parent / patch["path"] for patch in content.get("patches", ())}
    assert {path for path in KUBERNETES.rglob("*") if path.is_file()} <= named


def test_everything_selects_the_pods(manifests: list[Manifest]) -> None:
    deployment = one(manifests, "Deployment")["spec"]
    assert deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"] == LABELS
    assert one(manifests, "Service")["spec"]["selector"] == LABELS
    assert one(manifests, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == LABELS
    spread = deployment["template"]["spec"]["topologySpreadConstraints"]
    assert [item["topologyKey"] for item in spread] == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
    assert all(item["labelSelector"]["matchLabels"] == LABELS for item in spread)
    for policy in (item for item in manifests if item["kind"] == "NetworkPolicy"):
        assert policy["spec"]["podSelector"]["matchLabels"] == LABELS


def test_ports_and_paths_are_those_of_the_service(manifests: list[Manifest]) -> None:
    container = container_of(manifests)
    assert container["ports"] == [{"name": "http", "containerPort": Settings().port}]
    assert f"EXPOSE {Settings().port}\n" in DOCKERFILE
    probes = [container[f"{name}Probe"]["httpGet"] for name in ("startup", "readiness", "liveness")]
    assert [probe["path"] for probe in probes] == ["/health/ready", "/health/ready", "/health/live"]
    (port,) = one(manifests, "Service")["spec"]["ports"]
    (scraped,) = one(manifests, "ServiceMonitor")["spec"]["endpoints"]
    assert {probe["path"] for probe in probes} | {scraped["path"]} <= ROUTES
    assert (
        {probe["port"] for probe in probes} == {port["targetPort"]} == {port["name"]} == {scraped["port"]} == {"http"}
    )


def test_settings_are_those_of_compose_but_for_the_delay(target: str, manifests: list[Manifest]) -> None:
    compose = COMPOSE["cpu"]["environment"] | COMPOSE[target]["environment"]
    environment = environment_of(container_of(manifests))
    Settings.from_environment(environment)
    assert environment == {key: str(value) for key, value in compose.items() if value is not None} | {
        "SENTIMENT_DRAIN_DELAY_S": "5"
    }


def test_a_pod_has_time_to_drain(manifests: list[Manifest]) -> None:
    settings = Settings.from_environment(environment_of(container_of(manifests)))
    grace_s = pod_of(manifests)["terminationGracePeriodSeconds"]
    assert grace_s > settings.drain_delay_s + settings.drain_timeout_s


def test_limits_are_those_of_compose_and_give_each_thread_a_core(target: str, manifests: list[Manifest]) -> None:
    compose = COMPOSE["cpu"] | COMPOSE[target]
    resources = container_of(manifests)["resources"]
    gpu = (
        {"nvidia.com/gpu": compose["deploy"]["resources"]["reservations"]["devices"][0]["count"]}
        if "deploy" in compose
        else {}
    )
    limits = {"cpu": str(compose["cpus"]), "memory": compose["mem_limit"].replace("m", "Mi").replace("g", "Gi")}
    assert resources == {"requests": limits, "limits": limits | gpu}
    assert "SENTIMENT_THREADS" not in environment_of(container_of(manifests))
    assert CpuLimits(quota_cores=float(limits["cpu"]), affinity_cores=64).cores == int(limits["cpu"])


def test_containers_can_neither_write_nor_gain_rights(manifests: list[Manifest], fetching: list[Manifest]) -> None:
    user = re.search(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    assert user
    for rendered in (manifests, fetching):
        pod = pod_of(rendered)
        assert pod["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": int(user[1]),
            "runAsGroup": int(user[2]),
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        for container in containers(rendered):
            assert container["securityContext"] == {
                "readOnlyRootFilesystem": True,
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            }
        writable = [
            mount["mountPath"] for mount in container_of(rendered)["volumeMounts"] if not mount.get("readOnly", False)
        ]
        assert writable == ["/tmp"]


def test_images_are_those_that_are_built(target: str, manifests: list[Manifest], fetching: list[Manifest]) -> None:
    assert COMPOSE[target]["image"].endswith(f":{COMPOSE[target]['build']['target']}")
    assert [container["image"] for container in containers(manifests)] == [COMPOSE[target]["image"]]
    assert [container["image"] for container in containers(fetching)] == [f"{REGISTRY}:{target}"] * 2


def test_update_keeps_all_pods_unless_a_gpu_would_be_missing(target: str, manifests: list[Manifest]) -> None:
    deployment = one(manifests, "Deployment")["spec"]
    surge = {"cpu": {"maxSurge": 1, "maxUnavailable": 0}, "gpu": {"maxSurge": 0, "maxUnavailable": 1}}
    assert deployment["strategy"]["rollingUpdate"] == surge[target]
    assert "replicas" not in deployment  # or each apply would undo what the autoscaler did
    assert one(manifests, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    assert one(manifests, "HorizontalPodAutoscaler")["spec"]["minReplicas"] == 2


def test_autoscaler_follows_cpu_and_a_queue_metric_that_there_is(manifests: list[Manifest]) -> None:
    scaler = one(manifests, "HorizontalPodAutoscaler")["spec"]
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "sentiment"}
    cpu, queue = scaler["metrics"]
    assert cpu["resource"]["name"] == "cpu"
    name = queue["pods"]["metric"]["name"]
    (rule,) = load_yaml(KUBERNETES / "components" / "prometheus" / "adapter.yaml")["rules"]
    assert rule["name"]["as"] == name
    assert rule["seriesQuery"].startswith(name + "{")
    assert name in metric_names()
    # The one target of a CPU's core held for GPUs too, whose queue is four times as long.
    limit = int(environment_of(container_of(manifests))["SENTIMENT_QUEUE_LIMIT_TOKENS"])
    assert limit == 64 * int(queue["pods"]["target"]["averageValue"])


def test_adapter_asks_what_prometheus_understands(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; Debian package: prometheus")
    (rule,) = load_yaml(KUBERNETES / "components" / "prometheus" / "adapter.yaml")["rules"]
    filled = {"<<.Series>>": rule["name"]["as"], "<<.LabelMatchers>>": 'pod=~"a|b"', "<<.GroupBy>>": "pod"}
    query = rule["metricsQuery"]
    for placeholder, value in filled.items():
        assert placeholder in query
        query = query.replace(placeholder, value)
    rules = [{"record": f"query:{number}", "expr": expr} for number, expr in enumerate([query, rule["seriesQuery"]])]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "adapter", "rules": rules}]}), encoding="utf-8")
    done = subprocess.run([promtool, "check", "rules", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_monitor_finds_the_service(manifests: list[Manifest]) -> None:
    """The operator's own schema is not at hand: these are all the fields that it is given."""
    monitor, service = one(manifests, "ServiceMonitor"), one(manifests, "Service")
    assert monitor["apiVersion"] == "monitoring.coreos.com/v1"
    assert monitor["spec"].keys() == {"selector", "endpoints"}
    assert monitor["spec"]["selector"] == {"matchLabels": service["metadata"]["labels"]}
    assert [endpoint.keys() for endpoint in monitor["spec"]["endpoints"]] == [{"port", "path", "interval"}]


def test_command_of_the_page_makes_a_rule_of_every_group() -> None:
    page = (DEPLOY / "docs" / "deploy.md").read_text(encoding="utf-8")
    (line,) = (line for line in page.splitlines() if line.startswith("grep -hv '^groups:'"))
    command = line.removesuffix(" | kubectl apply -f -")
    done = subprocess.run(["bash", "-euc", command], cwd=ROOT, capture_output=True, text=True, check=True)
    rule = yaml.safe_load(done.stdout)
    assert (rule["apiVersion"], rule["kind"]) == ("monitoring.coreos.com/v1", "PrometheusRule")
    assert rule["metadata"] == {"name": "sentiment", "labels": LABELS}
    assert rule["spec"] == {"groups": [group for path in RULES for group in load_yaml(path)["groups"]]}


def test_nobody_is_let_in_but_clients_and_prometheus_and_only_to_the_port(manifests: list[Manifest]) -> None:
    policies = [item["spec"] for item in manifests if item["kind"] == "NetworkPolicy"]
    rules = [rule for policy in policies for rule in policy["ingress"]]
    assert [rule["ports"] for rule in rules] == [[{"protocol": "TCP", "port": "http"}]] * 2
    namespaces = [peer["namespaceSelector"]["matchLabels"] for rule in rules for peer in rule["from"]]
    assert namespaces == [{"sentiment-client": "true"}, {"kubernetes.io/metadata.name": "monitoring"}]


def test_pods_may_ask_nobody(manifests: list[Manifest]) -> None:
    closed = one(manifests, "NetworkPolicy")["spec"]
    assert "Egress" in closed["policyTypes"]
    assert closed["egress"] == []
    assert all("egress" not in item["spec"] for item in manifests if item["metadata"]["name"] == "sentiment-prometheus")


def test_pods_that_fetch_may_ask_for_names_and_by_https(fetching: list[Manifest]) -> None:
    rules = one(fetching, "NetworkPolicy", "sentiment-fetch")["spec"]["egress"]
    assert [[port["port"] for port in rule["ports"]] for rule in rules] == [[53, 53], [443]]
    assert "to" in rules[0]


def test_fetched_model_is_the_one_that_is_served(fetching: list[Manifest]) -> None:
    pod, service = pod_of(fetching), container_of(fetching)
    (init,) = pod["initContainers"]
    (reference,) = (item["configMapRef"]["name"] for item in init["envFrom"] if "configMapRef" in item)
    given = one(fetching, "ConfigMap", reference)["data"]
    command = [re.sub(r"^\$\((\w+)\)$", lambda match: given[match[1]], word) for word in init["command"]]
    assert command[:4] == ["python", "-m", "service", "fetch"]
    options = read_options(command[4:])
    assert (options.source, options.sha256) == ("s3://models/mine", HASH)
    assert Settings.from_environment(environment_of(service)).model == options.directory
    (mount,) = init["volumeMounts"]
    assert mount["mountPath"] == str(options.directory.parent)  # what is written beside it is renamed into place
    assert mount | {"readOnly": True} in service["volumeMounts"]
    (volume,) = (item for item in pod["volumes"] if item["name"] == mount["name"])
    assert size(volume["emptyDir"]["sizeLimit"]) > MAX_BYTES
    assert size(init["resources"]["limits"]["memory"]) > MAX_BYTES


def test_another_hash_is_another_release(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A ConfigMap that changed under its old name would be seen by no pod until it is restarted."""
    first, second = (pod_of(render_fetching("cpu", tmp_path_factory.mktemp(digit), digit * 64)) for digit in "01")
    assert first != second
