"""Places: files and folders on this machine or, by a URI such as s3://bucket/reviews.csv, of a cloud.

What is remote is read and written by pyarrow, which finds credentials, region and endpoint as the cloud's tools do.
"""

import io
import os
import tempfile
from pathlib import Path
from typing import IO, Any, NamedTuple

from model.artifact import sync
from model.parquet import NEEDS_PYARROW
from model.rows import DataError

_BUFFER_BYTES = 4 << 20
"""Of a remote file, read at once: each time is a request."""
STAGING = "_staging"


class Found(NamedTuple):
    """A file that exists."""

    size: int
    """Bytes."""
    changed_ns: int


def is_remote(path: str) -> bool:
    """Whether it is a URI."""
    return "://" in path


def find_file(path: str) -> Found | None:
    """None if there is no file.   Raises: DataError if nobody can know."""
    if not is_remote(path):
        return Found(Path(path).stat().st_size, Path(path).stat().st_mtime_ns) if Path(path).is_file() else None
    files, name = _resolve(path)
    try:
        info = files.get_file_info(name)
    except OSError as error:
        raise DataError(f"{path}: {_line(error)}") from error
    return Found(info.size, info.mtime_ns) if info.is_file else None


def open_file(path: str) -> IO[bytes]:
    """Open a file to read it.   Raises: OSError, DataError."""
    if not is_remote(path):
        return open(path, "rb")
    files, name = _resolve(path)
    return io.BufferedReader(files.open_input_file(name), _BUFFER_BYTES)


def expand(path: str) -> list[str]:
    """The files of a folder and of those in it, by name; of anything else the path itself.   Raises: DataError."""
    try:
        files, root = _resolve(path.rstrip("/") or "/")
        found = _select(files, root) if is_remote(path) or Path(path).is_dir() else []
    except OSError as error:
        raise DataError(f"{path}: {_line(error)}") from error
    ends = sorted(info.path.removeprefix(root) for info in found if info.is_file)
    return [path.rstrip("/") + end for end in ends if not any(map(_is_hidden, end.split("/")))] or [path]


class Folder:
    """Files that are each whole or not there. Can be pickled.   Raises: DataError if the path means nothing."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._files, self._root = _resolve(path)
        self._is_local = self._files.type_name == "local"

    def holds(self, path: str) -> bool:
        """Whether a file is in it, or would be."""
        files, name = _resolve(path)
        return bool(files.equals(self._files)) and f"{name}/".startswith(f"{self._root}/")

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, or None if it is not there."""
        try:
            with self._files.open_input_stream(f"{self._root}/{name}") as stream:
                data: bytes = stream.read()
        except FileNotFoundError:
            return None
        return data

    def write(self, name: str, data: bytes) -> None:
        """Put a file in its place, or another for it."""
        if not self._is_local:
            # There is no object until its upload is complete.
            with self._files.open_output_stream(f"{self._root}/{name}") as stream:
                stream.write(data)
            return
        staging, target = Path(self._root, STAGING), Path(self._root, name)
        for folder in (staging, target.parent):
            folder.mkdir(parents=True, exist_ok=True)
        # A name of its own: whoever was thought to be dead may be writing the same file.
        descriptor, staged = tempfile.mkstemp(dir=staging)
        with open(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(descriptor, 0o644)
        sync(Path(staged))
        os.replace(staged, target)
        sync(target.parent)

    def names(self, below: str = "") -> set[str]:
        """Of the files and folders in it, or in a folder in it."""
        found = _select(self._files, f"{self._root}/{below}".rstrip("/"), recursive=False)
        return {info.base_name for info in found}

    def clear(self, below: str = "") -> None:
        """Delete all that is in it, or in a folder in it."""
        self._files.delete_dir_contents(f"{self._root}/{below}".rstrip("/"), missing_dir_ok=True)

    def remove_staging(self) -> None:
        """Delete what was left of files that were never whole."""
        if self._is_local:
            self._files.delete_dir(f"{self._root}/{STAGING}")


def _is_hidden(name: str) -> bool:
    """Whether readers of a folder leave it out."""
    return name.startswith(("_", "."))


def _resolve(path: str) -> tuple[Any, str]:
    """A pyarrow.fs.FileSystem, and the name that the path has there."""
    try:
        from pyarrow import ArrowException, fs
    except ImportError as error:
        raise DataError(f"{path}: {NEEDS_PYARROW}") from error
    if not is_remote(path):
        return fs.LocalFileSystem(), str(Path(path).resolve())
    try:
        found: tuple[Any, str] = fs.FileSystem.from_uri(path)
    except (ArrowException, OSError) as error:
        raise DataError(f"{path}: {_line(error)}") from error
    return found


def _select(files: Any, root: str, *, recursive: bool = True) -> list[Any]:
    from pyarrow.fs import FileSelector

    found: list[Any] = files.get_file_info(FileSelector(root, allow_not_found=True, recursive=recursive))
    return found


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
