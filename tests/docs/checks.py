"""What lines of a page name, held against what there is: for commands that are too large to run in a test."""

import argparse
import importlib
import io
import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from functools import cache
from typing import Any

import pytest
import yaml

from service.fetch import read_options as read_fetch
from service.files.predict import main as predict
from tests.deploy.manifests import KUBERNETES
from tests.docs.pages import ROOT
from training.__main__ import COMMANDS

PYTHON = (".venv/bin/python", "python3")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]
IMAGES = {service["image"] for service in COMPOSE.values()} | {"sentiment-service:gpu"}


def close(shown: Any, given: Any) -> bool:
    """Whether two replies are the same but for the rounding of another processor."""
    if isinstance(shown, dict):
        return shown.keys() == given.keys() and all(close(value, given[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(given) and all(map(close, shown, given))
    return bool(shown == pytest.approx(given, abs=1e-3) if isinstance(shown, float) else shown == given)


def check(words: Sequence[str]) -> None:
    """Hold a command against the files, options, services and packages that there are.

    Raises: AssertionError if something it names does not exist, or it is of no known kind.
    """
    match list(words):
        case ["python3", "-m", "venv", ".venv"]:
            pass
        case [".venv/bin/pip", *rest]:
            check_pip(rest)
        case ["python3", "-m", "pip", *rest]:
            check_pip(rest)
        case [".venv/bin/ruff" | ".venv/bin/mypy" as program, *_]:
            assert any(need.startswith(program.rpartition("/")[2]) for need in extra("dev"))
        case [".venv/bin/python", "-m", "pytest"]:
            assert any(need.startswith("pytest") for need in extra("dev"))
        case [".venv/bin/python", "-m", "torch.distributed.run", *rest]:
            check_torchrun(rest)
        case [".venv/bin/python", "-m", "tests.service.playground.screenshots", *rest]:
            assert len(rest) <= 1  # a folder; needs a browser, and the tests of the page have one
        case [".venv/bin/python", "-m", "service", "fetch", *rest]:
            read_fetch(rest)
        case [".venv/bin/python", "-m", module, *rest] if module.startswith("tests.bench."):
            check_options(rest, help_of(importlib.import_module(module).main, f"python -m {module}"))
        case ["grep", "-hv", "^groups:", *patterns]:  # tests/deploy/test_kubernetes.py runs it
            assert all(any(ROOT.glob(pattern)) for pattern in patterns)
        case ["kubectl", *rest]:
            check_kubectl(rest)
        case [".venv/bin/python", "-m", "service", "predict", *rest]:
            check_options(rest, help_of(predict, "python -m service predict"))
        case ["docker", "compose", *rest]:
            check_compose(rest)
        case ["docker", command, *rest]:
            check_docker(command, rest)
        case _:
            raise AssertionError(f"neither run nor checked: {' '.join(words)}")


def check_options(words: Sequence[str], shown: str) -> None:
    """Hold options against a command's --help."""
    for option in (word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)):
        assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", shown), f"no option {option}"


def help_of(main: Callable[..., object], program: str) -> str:
    """What a command line says of itself."""
    shown = io.StringIO()
    with redirect_stdout(shown), suppress(SystemExit):
        main(["--help"])
    assert program in shown.getvalue()
    return shown.getvalue()


def extra(name: str) -> list[str]:
    needs: list[str] = PROJECT["optional-dependencies"][name]
    return needs


@cache
def shown_by(*command: str) -> str | None:
    """The --help of a program, or None where it is not installed."""
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run([*command, "--help"], capture_output=True, text=True)
    return None if done.returncode else done.stdout


def check_pip(words: Sequence[str]) -> None:
    command, *rest = words
    if shown := shown_by(sys.executable, "-m", "pip", command):  # a virtual environment may have no pip
        check_options(rest, shown)
    assert command in ("install", "wheel", "download")
    takes_value = {"--wheel-dir", "--dest", "--find-links", "--python-version", "--platform", "--only-binary"}
    names = [
        word for before, word in zip(["", *rest], rest, strict=False) if before not in takes_value and word[0] != "-"
    ]
    assert names
    for name in names:
        match = re.fullmatch(r"(\.|sentiment-service)(?:\[([\w,]+)\])?", name)
        if match:
            assert set((match[2] or "dev").split(",")) <= PROJECT["optional-dependencies"].keys()
        else:
            wheel = f"{PROJECT['name'].replace('-', '_')}-{PROJECT['version']}-py3-none-any.whl"
            assert name == f"wheels/{wheel}"


def check_torchrun(words: Sequence[str]) -> None:
    from torch.distributed.run import get_args_parser

    options = get_args_parser().parse_args(words)
    assert options.module
    assert options.training_script == "training"
    command, *rest = options.training_script_args
    assert command in COMMANDS
    parser: argparse.ArgumentParser = importlib.import_module(f"training.{command}").build_parser()
    parser.parse_args(rest)


def check_compose(words: Sequence[str]) -> None:
    files, rest = [], list(words)
    while rest[0] == "-f":
        files.append(rest[1])
        rest = rest[2:]
    assert files[0] == "deploy/compose.yaml"
    assert all((ROOT / file).is_file() for file in files)
    command, *rest = rest
    known = {"up": {"--build", "--no-build", "--detach"}, "build": set(), "pull": set()}
    assert {word for word in rest if word[0] == "-"} <= known[command]
    assert {word for word in rest if word[0] != "-"} <= COMPOSE.keys()


def check_docker(command: str, words: Sequence[str]) -> None:
    if shown := shown_by("docker", command):
        check_options(words, shown)
    images = [word for word in words if re.fullmatch(r"[\w/-]+:v?[a-z\d][\w.-]*", word) and not word[0].isdigit()]
    assert set(images) <= IMAGES
    pairs = dict(itertools.pairwise(words))
    match command:
        case "build":
            assert words[-1] == "."
            assert pairs.get("--target", "cpu") in re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE)
            assert images
        case "run":
            assert pairs["-p"].split(":")[1] in re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
            assert images
        case "save":
            assert set(images) == {service["image"] for service in COMPOSE.values()}
        case "load":
            assert pairs["--input"].endswith(".tar")
        case _:
            raise AssertionError(f"neither run nor checked: docker {command}")


def check_kubectl(words: Sequence[str]) -> None:
    """Hold what is named against the manifests."""
    manifests = "".join(path.read_text(encoding="utf-8") for path in KUBERNETES.rglob("*.yaml"))
    match list(words):
        case ["apply", "-k", folder]:
            assert (ROOT / folder / "kustomization.yaml").is_file()
        case ["apply", "-f", "-"]:  # what is piped into it
            pass
        case ["rollout", "status" | "undo", resource]:
            assert resource == "deployment/sentiment"
        case ["label", "namespace", _, label]:
            name, value = label.split("=")
            assert f'{name}: "{value}"' in manifests
        case ["create", "secret", "generic", name, *options]:
            assert re.search(rf"(?:secretRef: {{name|secretName): {name}, optional: true}}", manifests)
            for option in options:
                literal = re.fullmatch(r"--from-literal=(\w+)=\S+", option)
                assert option == "--from-file=keys.txt" or (literal and literal[1].startswith(("SENTIMENT_", "AWS_")))
        case _:
            raise AssertionError(f"neither run nor checked: kubectl {words}")
