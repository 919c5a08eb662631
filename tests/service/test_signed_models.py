"""SENTIMENT_MODEL_PUBLIC_KEY: what its owner has not signed is refused, whoever can write the model store."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from model.artifact import CARD, COMPILED, SIGNATURE, SUMS, ArtifactError, read_files, write_files
from model.reader import read_network
from model.signature import read_public_key
from model.store import ModelStore
from model.tokenizer import SubwordTokenizer
from service.backend import load_predictor
from service.cpu import read_limits
from service.errors import ReloadFailed
from service.settings import Settings, SettingsError
from tests.conftest import write_random_artifact
from tests.keys import write_keys
from tests.model.test_artifact import sum_again
from tests.service.conftest import ROOT, context, running
from training.sign import sign


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return write_keys(tmp_path)


@pytest.fixture
def store(tokenizer: SubwordTokenizer, keys: tuple[Path, Path], tmp_path: Path) -> ModelStore:
    """A store whose current version is signed."""
    write_random_artifact(tmp_path / "v1", tokenizer)
    sign(tmp_path / "v1", keys[0])
    store = ModelStore(tmp_path / "store")
    store.publish(tmp_path / "v1")
    return store


def unsigned(artifact: Path) -> None:
    (artifact / SIGNATURE).unlink(missing_ok=True)


def cut(artifact: Path) -> None:
    (artifact / SIGNATURE).write_bytes((artifact / SIGNATURE).read_bytes()[:-1])


def signed_by_another(artifact: Path) -> None:
    sign(artifact, write_keys(artifact.parent.parent.parent, "other")[0])


def changed_with_its_sums(artifact: Path) -> None:
    (artifact / CARD).write_bytes(b"# another\n")
    (artifact / SUMS).unlink()
    signature = (artifact / SIGNATURE).read_bytes()
    (artifact / SIGNATURE).unlink()
    sum_again(artifact)
    (artifact / SIGNATURE).write_bytes(signature)


@pytest.mark.parametrize("harm", [unsigned, cut, signed_by_another, changed_with_its_sums])
async def test_model_that_is_not_signed_by_the_key_is_refused_at_start_and_at_reload(
    harm: Callable[[Path], None], store: ModelStore, keys: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(model=store.root, model_public_key=keys[1])
    artifact = (store.root / "current").resolve()
    async with running(settings, None) as (client, app):
        assert (await client.post("/v1/sentiment", json={"text": "good"})).status_code == 200
        harm(artifact)
        with pytest.raises(ReloadFailed):
            await context(app).lifecycle.reload()
        reason = "missing" if harm is unsigned else f"is not the required signature of {SUMS}"
        assert f"reload failed, version v1 serves on: {artifact / SIGNATURE}: {reason}" in caplog.text
        assert (await client.post("/v1/sentiment", json={"text": "good"})).status_code == 200
    async with running(settings, None) as (client, app):
        assert f"cannot serve: {artifact / SIGNATURE}: {reason}" in caplog.text
        assert (await client.post("/v1/sentiment", json={"text": "good"})).status_code == 503


def test_file_that_is_not_signed_is_refused(store: ModelStore, keys: tuple[Path, Path]) -> None:
    artifact = (store.root / "current").resolve()
    (artifact / COMPILED).write_bytes(b"a network that would be preferred")
    with pytest.raises(ArtifactError, match=f"{COMPILED}: not named in {SUMS}"):
        load_predictor(Settings(model=store.root, model_public_key=keys[1]), read_limits())


def test_older_model_that_was_signed_is_served(
    store: ModelStore, keys: tuple[Path, Path], tokenizer: SubwordTokenizer, tmp_path: Path
) -> None:
    sign(write_random_artifact(tmp_path / "v2", tokenizer, version="v2"), keys[0])
    store.publish(tmp_path / "v2")
    settings = Settings(model=store.root, model_public_key=keys[1])
    assert load_predictor(settings, read_limits()).info.version == "v2"
    store.rollback("v1")
    assert load_predictor(settings, read_limits()).info.version == "v1"


async def test_trace_runs_no_network_that_was_put_in_place_since(
    compiled_directory: Path, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    """model.pt was once loaded, and its code run, before its hash was held against the version served."""
    artifact = Path(shutil.copytree(compiled_directory, tmp_path / "artifact"))
    sign(artifact, keys[0])
    predictor = load_predictor(Settings(model=artifact, model_public_key=keys[1]), read_limits())
    write_files(artifact, read_files(artifact) | {"model.pt": b"whatever would be run"})
    with pytest.raises(ArtifactError, match=r"model\.pt: is not of the version served any more"):
        await asyncio.to_thread(predictor.trace, [5, 6])


@pytest.mark.parametrize("content", [None, b"-----BEGIN NOTHING-----"])
def test_wrong_key_file_stops_the_start_with_its_name(content: bytes | None, store: ModelStore, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    if content:
        wrong.write_bytes(content)
    with pytest.raises(SettingsError, match=f"SENTIMENT_MODEL_PUBLIC_KEY: {wrong}: "):
        load_predictor(Settings(model=store.root, model_public_key=wrong), read_limits())


def test_signature_that_nobody_asks_for_is_not_read(store: ModelStore) -> None:
    signature = (store.root / "current").resolve() / SIGNATURE
    signature.write_bytes(b"")
    assert load_predictor(Settings(model=store.root), read_limits()).info.version == "v1"


def test_library_of_signatures_is_loaded_only_where_one_is_asked_for(store: ModelStore) -> None:
    """It takes 0.1 s and 12 MB."""
    script = """if True:
        import sys
        from service.backend import load_predictor
        from service.cpu import read_limits
        from service.settings import Settings
        from pathlib import Path
        load_predictor(Settings(model=Path(sys.argv[1])), read_limits())
        sys.exit("cryptography" in sys.modules)"""
    command = [sys.executable, "-W", "ignore", "-c", script, str(store.root)]
    assert subprocess.run(command, cwd=ROOT).returncode == 0


def test_what_is_loaded_is_what_was_hashed(
    store: ModelStore, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file was once read twice, to be hashed and to be loaded: in between there was time for another."""
    artifact = (store.root / "current").resolve()
    wanted = {name: (artifact / name).read_bytes() for name in ("metadata.json", "tokenizer.json", "model.pt")}
    read = []

    def swap(text: str) -> object:
        read.append(text)
        for name in wanted:
            (artifact / name).write_bytes(b"another")
        return original(text)

    from model.artifact import Metadata

    original = Metadata.from_json
    monkeypatch.setattr(Metadata, "from_json", swap)
    contents, network = read_network(artifact, "model.pt", read_public_key(keys[1]))
    assert network == wanted["model.pt"]
    assert read == [wanted["metadata.json"].decode()]
    assert contents.tokenizer.vocab_size == 600
