"""Sign an artifact: `python -m training sign ARTIFACT --key private.pem`.

A pair of keys: `openssl genpkey -algorithm ed25519 -out private.pem`, `openssl pkey -in private.pem -pubout -out
public.pem`. Whatever writes the artifact anew takes its signature away.
"""

import argparse
import sys
from pathlib import Path

from model.artifact import SIGNATURE, ArtifactError, render_sums, write_whole
from model.reader import verify
from model.signature import KeyFileError, read_private_key
from model.store import resolve


def sign(artifact: Path, key: Path) -> Path:
    """Sign a verified artifact in its place, over any signature that it has.

    key: PEM file.   Returns: the signature's file.   Raises: ArtifactError, KeyFileError.
    """
    private_key = read_private_key(key)
    sums = render_sums(verify(artifact)).encode("ascii")  # of what was verified, not of what stands there by now
    path = artifact / SIGNATURE
    write_whole(path, private_key.sign(sums))
    return path


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training sign",
        description="Sign an artifact, so that a service with SENTIMENT_MODEL_PUBLIC_KEY takes it.",
    )
    parser.add_argument(
        "artifact", type=Path, help="artifact directory, or model store, whose current version is meant"
    )
    parser.add_argument("--key", type=Path, required=True, help="PEM file of an ed25519 private key")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        path = sign(resolve(options.artifact), options.key)
    except (ArtifactError, KeyFileError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"wrote {path}")
    return 0
