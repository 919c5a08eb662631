"""Artifacts from storage: `python -m service fetch SOURCE DIRECTORY --sha256 HASH`.

The hash is that of the artifact's SHA256SUMS, which has those of all other files: kept with the deployment, it decides
every byte, and whoever can write to the storage cannot change what the service answers.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from model.artifact import REQUIRED, SUMS, ArtifactError, check_replaceable, parse_sums, write_files
from model.reader import verify

MAX_BYTES = 268_435_456
"""Most bytes of an artifact, which is held in memory until all of it is right; the shipped one has 22 MB."""
TIMEOUT = timedelta(minutes=5)
"""Of each file, so that storage which sends slowly ends too."""
CONNECT_TIMEOUT = timedelta(seconds=5)
RETRIES = 3
"""Of each request; the first after 0.1 s, each next after twice as long."""
DESCRIPTION = f"""\
Fetches an artifact into DIRECTORY, which holds all of it or is not there, and prints what was done.

    python -m service fetch s3://models/20261201-1503a311 /models/artifact --sha256 HASH

SOURCE is the address of an artifact's folder, s3://BUCKET/FOLDER or https://HOST/FOLDER. HASH is what
`sha256sum SHA256SUMS` says in it. An artifact in DIRECTORY that has the hash is left alone, any other replaced.
S3 is asked as AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say, or the machine's role.
Needs `pip install 'sentiment-service[fetch]'`. An artifact has {MAX_BYTES >> 20} MiB at most.

Exit status: 0 it is there, 1 it could not be fetched, 2 a wrong option.
"""


class FetchError(Exception):
    """Storage that does not have what was asked for; the message names the address and the reason."""


def fetch(source: str, directory: Path, sha256: str) -> bool:
    """Fetch an artifact, if it is not there already.

    sha256: of its SHA256SUMS.   Returns: whether anything had to be fetched.
    Raises: FetchError, ImportError without the extra `fetch`; FileExistsError if something that is not an artifact
    stands at `directory`, and any other OSError of writing there. Whatever it raises, the directory is as it was.
    """
    if _is_there(directory, sha256):
        return False
    check_replaceable(directory, SUMS)
    storage = Storage(source)
    sums = storage.read(SUMS, sha256)
    try:
        digests = parse_sums(sums)
    except ArtifactError as error:
        raise FetchError(f"{source}/{SUMS}: {error}") from error
    if missing := [name for name in REQUIRED if name not in digests]:
        raise FetchError(f"{source}/{SUMS}: names no {missing[0]}")
    write_files(directory, {name: storage.read(name, digest) for name, digest in digests.items()})
    return True


class Storage:
    """A folder in storage, out of which MAX_BYTES can be read and no more."""

    def __init__(self, source: str) -> None:
        """Raises: FetchError if the address is none; ImportError without the extra `fetch`."""
        from obstore.exceptions import BaseError
        from obstore.store import from_url

        self.source = source.rstrip("/")
        self._room = MAX_BYTES
        self._errors = (BaseError, OSError, ValueError)
        try:
            self._store = from_url(
                self.source,
                # Without TLS too, as storage within a cluster often is: the hash says whether it is the right file.
                client_options={"allow_http": True, "timeout": TIMEOUT, "connect_timeout": CONNECT_TIMEOUT},
                retry_config={"max_retries": RETRIES},
            )
        except self._errors as error:
            raise FetchError(f"{source}: {_first_line(error)}") from error

    def read(self, name: str, sha256: str) -> bytes:
        """Content of a file.   Raises: FetchError if it is not there, too large or another one."""
        address = f"{self.source}/{name}"
        content = bytearray()
        try:
            for chunk in self._store.get(name).stream():
                self._room -= len(chunk)
                if self._room < 0:
                    raise FetchError(f"{address}: the artifact has more than {MAX_BYTES} bytes")
                content += chunk
        except self._errors as error:
            raise FetchError(f"{address}: {_first_line(error)}") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            # Not what it is: a redirect may have led anywhere, and the hash of a short secret tells the secret.
            raise FetchError(f"{address}: is another file than that of sha256 {sha256}")
        return bytes(content)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of fetching.   Returns: exit code."""
    options = read_options(arguments)
    try:
        done = "fetched" if fetch(options.source, options.directory, options.sha256) else "there already"
    except ImportError as error:
        print(f"{error}: pip install 'sentiment-service[fetch]'", file=sys.stderr)
        return 1
    except (FetchError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.directory}: {done}")
    return 0


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Options of the command line.   Raises: SystemExit if one is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m service fetch", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("directory", metavar="DIRECTORY", type=Path)
    parser.add_argument("--sha256", metavar="HASH", required=True)
    options = parser.parse_args(arguments)
    if not re.fullmatch("[0-9a-f]{64}", options.sha256):
        parser.error("--sha256 must have 64 hexadecimal digits, in lower case")
    return options


def _is_there(directory: Path, sha256: str) -> bool:
    """Whether the artifact that is asked for stands at a path, undamaged."""
    try:
        verify(directory)
        return hashlib.sha256((directory / SUMS).read_bytes()).hexdigest() == sha256
    except ArtifactError:
        return False


def _first_line(error: Exception) -> str:
    """Behind it the library tells what its structures hold, and a server its page."""
    return str(error).partition("\n")[0]
