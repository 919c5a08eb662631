"""What the service answers, against what it documents: requests made from its OpenAPI documents, by Schemathesis.

Some requests of one seed; tests/chaos/test_schema.py sends thousands, and made from all of the documents.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.conftest import ServerProcess
from tests.service.openapi.runs import documents, send_what_fits_and_what_does_not


@pytest.mark.slow
def test_answers_are_as_documented(
    serve: Callable[..., ServerProcess], artifact_directory: Path, tmp_path: Path
) -> None:
    """Every check of Schemathesis on every route, with bodies that fit the schemas and bodies that do not."""
    settings = {"api_key": "k", "admin_token": "t", "feedback": str(tmp_path / "feedback.jsonl"), "trace": "off"}
    server = serve(artifact_directory, **settings)
    url = server.wait_until_ready()
    for document, headers in list(documents(url, "k").items())[:3]:  # each takes two seconds
        found = send_what_fits_and_what_does_not(document, url, tmp_path, examples=3, headers=headers)
        assert not found.failed, found.output
        assert found.cases > 10
    assert server.terminate() == 0
    assert not [line for line in server.log if line["level"] in ("error", "critical")]
