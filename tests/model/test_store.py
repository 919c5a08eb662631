import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.artifact import CARD, METADATA, NETWORK, ArtifactError
from model.network import load_artifact
from model.store import ModelStore, main, resolve
from tests.model.test_artifact import edit_metadata

MakeVersion = Callable[[str, str], Path]


@pytest.fixture
def make_version(artifact_directory: Path, tmp_path: Path) -> MakeVersion:
    """Makes an artifact of a version and a creation time, outside the store."""

    def make(version: str, created_at: str) -> Path:
        directory = Path(shutil.copytree(artifact_directory, tmp_path / "made" / version))
        edit_metadata(directory, lambda fields: fields.update(version=version, created_at=created_at))
        return directory

    return make


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "store")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_store_is_empty(store: ModelStore) -> None:
    assert store.versions() == []
    assert store.current is None
    with pytest.raises(ArtifactError, match="no version older"):
        store.rollback()


def test_published_version_is_current_and_loads(store: ModelStore, make_version: MakeVersion) -> None:
    assert store.publish(make_version("v1", "2026-01-01")) == "v1"
    assert store.current == "v1"
    assert load_artifact(resolve(store.root)).metadata.version == "v1"
    assert names(store.root) == ["current", "versions"]
    assert names(store.root / "versions") == ["v1"]


def test_store_can_be_moved(store: ModelStore, make_version: MakeVersion) -> None:
    store.publish(make_version("v1", "2026-01-01"))
    moved = store.root.rename(store.root.with_name("moved"))
    assert load_artifact(resolve(moved)).metadata.version == "v1"


def test_versions_are_listed_by_creation_not_by_name_or_publication(
    store: ModelStore, make_version: MakeVersion
) -> None:
    for version, created_at in (("b", "2026-01-02"), ("a", "2026-01-03"), ("c", "2026-01-01")):
        store.publish(make_version(version, created_at))
    assert store.versions() == ["c", "b", "a"]
    assert store.current == "c"


def test_rollback_goes_to_the_one_before_or_to_a_named_one(store: ModelStore, make_version: MakeVersion) -> None:
    for number in (1, 2, 3):
        store.publish(make_version(f"v{number}", f"2026-01-0{number}"))
    assert store.rollback() == "v2"
    assert store.rollback() == "v1"
    assert store.current == "v1"
    with pytest.raises(ArtifactError, match="no version older than the current one, v1"):
        store.rollback()
    assert store.rollback("v3") == "v3"
    assert load_artifact(resolve(store.root)).metadata.version == "v3"


@pytest.mark.parametrize("version", ["v9", "..", "../../made/v1", "", "/"])
def test_rollback_to_what_is_no_version_is_refused(version: str, store: ModelStore, make_version: MakeVersion) -> None:
    store.publish(make_version("v1", "2026-01-01"))
    with pytest.raises(ArtifactError, match="there are: v1"):
        store.rollback(version)
    assert store.current == "v1"


def test_rollback_to_a_damaged_version_is_refused(store: ModelStore, make_version: MakeVersion) -> None:
    store.publish(make_version("v1", "2026-01-01"))
    store.publish(make_version("v2", "2026-01-02"))
    (store.root / "versions" / "v1" / NETWORK).write_bytes(b"")
    with pytest.raises(ArtifactError, match=NETWORK):
        store.rollback()
    assert store.current == "v2"


def test_damaged_version_does_not_stop_a_rollback_to_a_good_one(store: ModelStore, make_version: MakeVersion) -> None:
    """The metadata of every version were once read first, those of the broken one to be left among them."""
    store.publish(make_version("v1", "2026-01-01"))
    store.publish(make_version("v2", "2026-01-02"))
    (store.root / "versions" / "v2" / METADATA).unlink()
    assert store.rollback("v1") == "v1"


@pytest.mark.parametrize("file", [NETWORK, METADATA, CARD])
def test_bad_artifact_is_refused_and_the_current_one_stays(
    file: str, store: ModelStore, make_version: MakeVersion
) -> None:
    store.publish(make_version("v1", "2026-01-01"))
    bad = make_version("v2", "2026-01-02")
    (bad / file).write_bytes((bad / file).read_bytes() + b" ")
    with pytest.raises(ArtifactError, match=file):
        store.publish(bad)
    assert store.current == "v1"
    assert names(store.root / "versions") == ["v1"]


@pytest.mark.parametrize("version", ["../escaped", ".hidden", "a/b", ""])
def test_version_that_is_no_folder_name_is_refused(version: str, store: ModelStore, make_version: MakeVersion) -> None:
    """A version once became a path as it was, so that ../escaped was written beside the versions."""
    bad = make_version("v1", "2026-01-01")
    edit_metadata(bad, lambda fields: fields.update(version=version))
    with pytest.raises(ArtifactError, match="version"):
        store.publish(bad)
    assert not store.root.exists()


def test_publishing_again_is_harmless(store: ModelStore, make_version: MakeVersion) -> None:
    first = make_version("v1", "2026-01-01")
    store.publish(first)
    store.publish(make_version("v2", "2026-01-02"))
    assert store.publish(first) == "v1"
    assert (store.current, store.versions()) == ("v1", ["v1", "v2"])


def test_version_taken_by_other_content_is_refused(store: ModelStore, make_version: MakeVersion) -> None:
    other = make_version("v1", "2026-01-01")
    store.publish(other)
    edit_metadata(other, lambda fields: fields.update(temperature=2.0))
    with pytest.raises(ArtifactError, match="another artifact of version v1"):
        store.publish(other)
    assert load_artifact(resolve(store.root)).metadata.temperature == 1.5


def test_failed_copy_leaves_no_version(
    store: ModelStore, make_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.publish(make_version("v1", "2026-01-01"))

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(shutil, "copytree", fail)
    second = store.root.parent / "made" / "v1"
    edit_metadata(second, lambda fields: fields.update(version="v2"))
    with pytest.raises(OSError, match="disk full"):
        store.publish(second)
    assert (store.current, names(store.root / "versions")) == ("v1", ["v1"])


def test_reader_never_fails_while_versions_are_flipped(store: ModelStore, make_version: MakeVersion) -> None:
    made = [make_version(f"v{number}", f"2026-01-0{number}") for number in range(1, 5)]
    store.publish(made[0])
    seen: list[str] = []
    failures: list[Exception] = []
    has_read, is_done = threading.Event(), threading.Event()

    def read() -> None:
        while not is_done.is_set():
            try:
                directory = resolve(store.root)
                version = load_artifact(directory).metadata.version
                assert version == directory.name
                seen.append(version)
            except Exception as error:
                failures.append(error)
            has_read.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for artifact in [*made[1:], *made] * 3:
            store.publish(artifact)
            store.rollback("v1")
        assert has_read.wait(60)
    finally:
        is_done.set()
        reader.join()
    assert failures == []
    assert seen


def test_pointer_is_replaced_never_removed(
    store: ModelStore, make_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment of the flip the old version is still what a reader finds."""
    store.publish(make_version("v1", "2026-01-01"))
    found: list[str] = []
    replace = Path.replace

    def look_first(self: Path, target: Path) -> Path:
        found.append(resolve(store.root).name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look_first)
    store.publish(make_version("v2", "2026-01-02"))
    assert found == ["v1"]
    assert store.current == "v2"


def test_artifact_path_that_is_no_store_means_itself(artifact_directory: Path, tmp_path: Path) -> None:
    assert resolve(artifact_directory) == artifact_directory
    assert resolve(tmp_path / "nowhere") == tmp_path / "nowhere"


def test_command_line(store: ModelStore, make_version: MakeVersion, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(store.root)
    for number in (1, 2):
        assert main([root, "publish", str(make_version(f"v{number}", f"2026-01-0{number}"))]) == 0
    assert capsys.readouterr().out == "v1\nv2\n"
    assert main([root, "list"]) == 0
    assert capsys.readouterr().out == "  v1\n* v2\n"
    assert main([root, "rollback"]) == 0
    assert main([root, "rollback", "v2"]) == 0
    assert capsys.readouterr().out == "v1\nv2\n"


def test_command_line_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "publish", str(tmp_path / "nowhere")]) == 1
    assert main([str(tmp_path), "rollback"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nowhere: no such artifact directory" in captured.err
    assert "no version older" in captured.err


def test_store_that_cannot_be_made_ends_in_one_line(
    make_version: MakeVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["/dev/null/store", "publish", str(make_version("v1", "2026-01-01"))]) == 1
    assert "Not a directory" in capsys.readouterr().err


def test_current_is_a_relative_link(store: ModelStore, make_version: MakeVersion) -> None:
    store.publish(make_version("v1", "2026-01-01"))
    assert (store.root / "current").readlink() == Path("versions/v1")
    assert json.loads((store.root / "current" / METADATA).read_text())["version"] == "v1"


@pytest.mark.parametrize(
    "target", ["/etc", "..", "versions", "versions/..", "versions/v1/../../..", "current", "v1", "versions/"]
)
def test_pointer_that_leads_elsewhere_is_refused(target: str, store: ModelStore, make_version: MakeVersion) -> None:
    """It was once followed wherever it led, and round in a circle until Python gave up."""
    store.publish(make_version("v1", "2026-01-01"))
    (store.root / "current").unlink()
    (store.root / "current").symlink_to(target)
    with pytest.raises(ArtifactError, match="not to a version of the store"):
        resolve(store.root)


def test_version_that_is_a_link_is_refused(store: ModelStore, make_version: MakeVersion) -> None:
    store.publish(make_version("v1", "2026-01-01"))
    version = store.root / "versions" / "v1"
    version.rename(store.root.parent / "elsewhere")
    version.symlink_to(store.root.parent / "elsewhere")
    with pytest.raises(ArtifactError, match="not to a version of the store"):
        resolve(store.root)
