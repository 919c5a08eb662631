"""OpenAPI: what the document says of keys. FastAPI would know it of dependencies, which run with every request."""

from typing import Any

SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "x-api-key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "The same in another header."},
    "admin": {"type": "http", "scheme": "bearer", "description": "The admin token, which is no API key."},
}
"""How callers say who they are."""
FOR_ALL: dict[str, Any] = {"security": []}
FOR_ADMIN: dict[str, Any] = {"security": [{"admin": []}]}
"""`openapi_extra` of a route that asks for no key, or for the admin token; every other one asks for an API key."""


def describe_security(document: dict[str, Any], *, is_open: bool) -> dict[str, Any]:
    """The document with what routes ask of callers.   is_open: without a key, for none is configured."""
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    document["security"] = [*([{}] if is_open else []), {"bearer": []}, {"x-api-key": []}]
    return document
