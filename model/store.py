"""A model store: a folder of artifacts by version, with a `current` pointer that is flipped atomically.

    STORE/versions/20261121-0a1b2c3d/   an artifact
    STORE/current -> versions/20261121-0a1b2c3d

`python -m model.store STORE list | publish ARTIFACT | rollback [VERSION]`.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from model.artifact import METADATA, SIGNATURE, ArtifactError, Metadata, move_into_place, sync, write_whole
from model.reader import verify


class ModelStore:
    """Versions of a model under one folder, which is made when first published to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def publish(self, artifact: Path) -> str:
        """Copy a verified artifact into the store, with its signature if it has one, and make it current.

        Returns: its version.   Raises: ArtifactError if it is not whole, or its version is taken by other content.
        """
        digests = verify(artifact)
        version = _metadata(artifact).version
        target = self._versions / version
        if target.exists():
            if verify(target) != digests:
                raise ArtifactError(f"{target}: another artifact of version {version} is in the store")
            if (artifact / SIGNATURE).is_file():  # it may have been signed since
                write_whole(target / SIGNATURE, (artifact / SIGNATURE).read_bytes())
        else:
            self._versions.mkdir(parents=True, exist_ok=True)
            staging = Path(tempfile.mkdtemp(prefix=f".{version}.", dir=self._versions))
            try:
                # Links stay links, which the check refuses: what they lead to is not the publisher's to hand out.
                shutil.copytree(artifact, staging, symlinks=True, dirs_exist_ok=True)
                staging.chmod(0o755)
                if verify(staging) != digests:
                    raise ArtifactError(f"{artifact}: changed while it was copied")
                move_into_place(staging, target)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        self._point_to(version)
        return version

    def versions(self) -> list[str]:
        """Versions in the store, oldest first by their creation time."""
        return sorted(self._names(), key=lambda name: (_metadata(self._versions / name).created_at, name))

    @property
    def current(self) -> str | None:
        """The version that `current` points to."""
        link = self.root / "current"
        return os.path.basename(os.readlink(link)) if link.is_symlink() else None

    def rollback(self, version: str | None = None) -> str:
        """Point `current` to a version of the store, by default the one created before the current.

        Returns: the version.   Raises: ArtifactError if there is none, or it is not whole.
        """
        if version is None:
            versions = self.versions()
            older = versions[: versions.index(self.current)] if self.current in versions else []
            if not older:
                raise ArtifactError(f"{self.root}: no version older than the current one, {self.current}")
            version = older[-1]
        elif version not in self._names():
            raise ArtifactError(f"{self.root}: no version {version}; there are: {', '.join(self._names()) or 'none'}")
        verify(self._versions / version)
        self._point_to(version)
        return version

    @property
    def _versions(self) -> Path:
        return self.root / "versions"

    def _names(self) -> list[str]:
        # Read without opening any, so that a damaged version cannot stand in the way of going back to a good one.
        return sorted(path.name for path in self._versions.glob("[!.]*") if path.is_dir())

    def _point_to(self, version: str) -> None:
        staging = self.root / f".current.{os.getpid()}"
        staging.unlink(missing_ok=True)
        staging.symlink_to(Path("versions", version))
        staging.replace(self.root / "current")
        sync(self.root)


def resolve(path: Path) -> Path:
    """The artifact directory that a path means: a store's current version, or the path itself.

    The pointer is followed once, here, so that one load never mixes files of two versions.
    Raises: ArtifactError if the pointer leads to anything but a version of the store.
    """
    pointer = path / "current"
    if not pointer.is_symlink():
        return path
    target = os.readlink(pointer)
    folder, name = os.path.split(target)
    directory = path / "versions" / name
    if folder != "versions" or name in ("", ".", "..") or directory.is_symlink() or directory.parent.is_symlink():
        raise ArtifactError(f"{pointer}: leads to {target}, not to a version of the store")
    return directory


def _metadata(artifact: Path) -> Metadata:
    try:
        return Metadata.from_json((artifact / METADATA).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{artifact / METADATA}: {error}") from error


def main(arguments: list[str] | None = None) -> int:
    """Command line of the store."""
    parser = argparse.ArgumentParser(prog="python -m model.store", description="List, publish and roll back models.")
    parser.add_argument("store", type=Path, help="folder of the store; made by the first publish")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="versions, oldest first; * marks the current one")
    publish = commands.add_parser("publish", help="copy an artifact into the store and make it current")
    publish.add_argument("artifact", type=Path)
    rollback = commands.add_parser("rollback", help="make an older version current")
    rollback.add_argument("version", nargs="?", help="by default the one before the current")
    options = parser.parse_args(arguments)
    store = ModelStore(options.store)
    try:
        if options.command == "list":
            for version in store.versions():
                print(f"{'*' if version == store.current else ' '} {version}")
        elif options.command == "publish":
            print(store.publish(options.artifact))
        else:
            print(store.rollback(options.version))
    except (ArtifactError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
