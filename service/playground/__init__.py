"""The playground: a page that tries the service out, and the headers that keep it to this host.

The page has no build step and asks nobody but the service it came from. Its addresses are relative, so that it also
works behind a proxy that adds a path.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.errors import NotFound

PAGE = "index.html"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Asked again each time, by ETag: a script of this release must not meet a style of the last one.
    "Cache-Control": "no-cache",
}

_INDENT_AND_REMARKS = re.compile(rb"^\t*(?:/\*\*.*?\*/|//[^\n]*)\n|^\t+", re.MULTILINE | re.DOTALL)
"""For us, not for browsers: 7 of the 60 KB that a page may have."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the page, as it is sent."""

    content: bytes
    media_type: str
    etag: str


def read_files() -> dict[str, File]:
    """The files of the page, by name."""
    files = {}
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.suffix in MEDIA_TYPES:
            content = _INDENT_AND_REMARKS.sub(b"", path.read_bytes())
            digest = hashlib.sha256(content).hexdigest()[:32]
            files[path.name] = File(content, MEDIA_TYPES[path.suffix], f'"{digest}"')
    assert PAGE in files
    return files


FILES = read_files()
"""Read once: no request leads to a path on disk."""


@router.get("/")
async def page(request: Request) -> Response:
    """The page."""
    return _answer(request, FILES[PAGE])


@router.get("/playground/{name}")
async def part(request: Request, name: str) -> Response:
    """A script or style of the page."""
    if name not in FILES or name == PAGE:
        raise NotFound("there is no such route; see /docs")
    return _answer(request, FILES[name])


def _answer(request: Request, file: File) -> Response:
    headers = HEADERS | {"ETag": file.etag}
    known = request.headers.get("if-none-match", "")
    # Proxies that compress say that an ETag is weak now: W/"…".
    if file.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
