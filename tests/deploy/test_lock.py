"""The lock against pyproject.toml: everything but torch, at versions that are allowed, by hash."""

import re
import tomllib

from packaging.requirements import Requirement

from tests.deploy.files import DEPLOY, ROOT

LOCK = (DEPLOY / "requirements.lock").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^([a-z0-9.-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", LOCK, re.MULTILINE)
VERSIONS = {name: version for name, version, _ in ENTRIES}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_line_is_a_version_with_its_hashes() -> None:
    names = re.findall(r"^([^\s#].*?)==", LOCK, re.MULTILINE)
    assert len(names) > 30
    assert names == list(VERSIONS)


def test_lock_has_what_the_service_and_its_command_fetch_need_but_torch() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = project["dependencies"] + project["optional-dependencies"]["fetch"]
    for requirement in map(Requirement, needed):
        if requirement.name == "torch":
            assert requirement.name not in VERSIONS
        else:
            assert VERSIONS[requirement.name.lower()] in requirement.specifier, requirement


def test_lock_has_what_torch_needs() -> None:
    assert {"filelock", "fsspec", "jinja2", "networkx", "sympy", "typing-extensions"} <= VERSIONS.keys()


def test_image_takes_nothing_without_a_hash_but_torch() -> None:
    installs = re.findall(r"pip --no-cache-dir (?:--python \S+ )?install (.*)", DOCKERFILE)
    assert [("--require-hashes" in line, "torch.txt" in line, "--target /opt/app" in line) for line in installs] == [
        (True, False, False),
        (False, True, False),  # GPU
        (False, True, False),
        (False, False, True),  # our own code, without dependencies
    ]
    assert "--no-deps" in installs[-1]
