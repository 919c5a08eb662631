"""The arrows between the packages: model <- training, model <- service, and what stands on what inside service."""

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OUTSIDE_MODEL = {"torch", "tokenizers"}
OPTIONAL = {
    "parquet.py": {"pyarrow"},
    "signature.py": {"cryptography"},
    "reader.py": {"cryptography"},
    "network.py": {"cryptography"},
}
"""Libraries of an extra, by the file that imports them in a function."""
# Each may import those before it. Files that are not named here may stand anywhere between errors and app.
SERVICE_ORDER = ("settings", "errors", "batcher", "routes", "app")
TORCH_FREE = ("settings", "errors", "batcher", "cpu", "predictor", "onnx_predictor", "engine", "metrics", "bulk")
FASTAPI_FREE = ("settings", "errors", "batcher", "predictor", "onnx_predictor", "torch_predictor", "backend", "predict")


def imported(path: Path) -> set[str]:
    """Dotted names that a file imports anywhere, in functions too; `from a import b` counts as a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            assert node.module is not None
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def packages(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def reached(module: str) -> set[str]:
    """Modules of service that a module of service imports, directly or through others."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        names = imported(ROOT / "service" / f"{waiting.pop()}.py")
        new = set(existing(name.split(".")[1] for name in names if name.startswith("service."))) - found
        found |= new
        waiting += new
    return found


def existing(modules: Iterable[str]) -> list[str]:
    return [module for module in modules if (ROOT / "service" / f"{module}.py").is_file()]


def test_model_imports_only_the_standard_library_torch_and_tokenizers() -> None:
    allowed = set(sys.stdlib_module_names) | OUTSIDE_MODEL | {"model"}
    assert len(files("model")) > 5
    for path in files("model"):
        assert packages(imported(path)) <= allowed | OPTIONAL.get(path.name, set()), path


@pytest.mark.parametrize(("package", "stranger"), [("service", "training"), ("training", "service")])
def test_training_and_service_do_not_know_each_other(package: str, stranger: str) -> None:
    assert files(package)
    for path in files(package):
        assert stranger not in packages(imported(path)), path


@pytest.mark.parametrize("package", ["model", "training", "service"])
def test_no_package_imports_the_tests(package: str) -> None:
    for path in files(package):
        assert "tests" not in packages(imported(path)), path


@pytest.mark.parametrize("module", existing(SERVICE_ORDER))
def test_service_modules_stand_on_those_below_them(module: str) -> None:
    above = set(SERVICE_ORDER[SERVICE_ORDER.index(module) + 1 :])
    assert not above & reached(module)


@pytest.mark.parametrize("module", existing(SERVICE_ORDER[:2]))
def test_settings_and_errors_stand_on_nothing_of_the_service(module: str) -> None:
    assert reached(module) <= {"settings", "errors"} - {module}


@pytest.mark.parametrize(
    ("module", "library"),
    [(module, "torch") for module in existing(TORCH_FREE)] + [(module, "fastapi") for module in existing(FASTAPI_FREE)],
)
def test_library_stays_out_of_a_module(module: str, library: str) -> None:
    for name in (module, *reached(module)):
        assert library not in packages(imported(ROOT / "service" / f"{name}.py")), name


def test_reading_an_artifact_a_store_and_rows_does_not_load_torch() -> None:
    script = (
        "import sys, model.files, model.store, model.windows; sys.exit(bool({'torch', 'pyarrow'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0


@pytest.mark.parametrize(("package", "strangers"), [("service", "training"), ("model", "training service fastapi")])
def test_loading_a_package_does_not_load_a_stranger(package: str, strangers: str) -> None:
    """What reading the imports cannot see: names put together at run time, and what libraries load."""
    # __main__ is left out: importing it may start the service.
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files(package) if "__" not in path.name]
    script = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[2:]]; "
    script += "sys.exit(str([name for name in sys.argv[1].split() if name in sys.modules] or '') or 0)"
    command = [sys.executable, "-W", "ignore", "-c", script, strangers, *names]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
