"""Headers: what every reply tells browsers and caches, unless its route has said otherwise."""

NOT_STORED = (b"cache-control", b"no-store")
ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
FOR_PAGES = ((b"x-frame-options", b"DENY"), (b"content-security-policy", b"frame-ancestors 'none'; base-uri 'none'"))


def complete_headers(headers: list[tuple[bytes, bytes]]) -> None:
    """Add what is missing to the headers of a reply, whose names are in lower case.

    What has an ETag may be kept, and asked for again: the scripts and styles of pages.
    """
    present = dict(headers)
    for header in ALWAYS:
        if header[0] not in present:
            headers.append(header)
    if b"cache-control" not in present and b"etag" not in present:
        headers.append(NOT_STORED)
    if present.get(b"content-type", b"").startswith(b"text/html"):
        headers += [header for header in FOR_PAGES if header[0] not in present]
