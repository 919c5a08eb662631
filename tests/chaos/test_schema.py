"""The documents of what is answered, against what is answered: by Schemathesis, with keys and without."""

from collections.abc import Callable
from pathlib import Path

import pytest

from model import SHIPPED
from tests.service.conftest import ServerProcess
from tests.service.openapi.runs import documents, send_what_fits_and_what_does_not

EXAMPLES = 500
"""Random requests of an operation that takes a body, twice: such as fit the document, and such as do not."""


@pytest.mark.parametrize(
    ("who", "key", "keyed", "share"),
    [
        ("with the key", "key", True, 1.0),
        ("with a wrong key", "wrong", True, 0.1),
        ("where no key is asked for", "", False, 0.5),
    ],
    ids=["key", "wrong", "open"],
)
def test_answers_are_as_documented(
    serve: Callable[..., ServerProcess],
    record: Callable[..., None],
    amount: Callable[[int], int],
    tmp_path: Path,
    who: str,
    key: str,
    keyed: bool,
    share: float,
) -> None:
    """All checks of Schemathesis: no 5xx, only statuses, media types and bodies that are documented, and the rest."""
    keys = {"api_key": "key", "feedback": str(tmp_path / "feedback.jsonl")} if keyed else {}
    server = serve(SHIPPED, admin_token="token", **keys)
    url = server.wait_until_ready()
    found = [
        send_what_fits_and_what_does_not(
            document, url, tmp_path, examples=amount(int(EXAMPLES * share)), headers=headers, seed=seed
        )
        for seed, (document, headers) in enumerate(documents(url, key).items())
    ]
    exit_code = server.terminate()
    failures = [line for line in server.log if line["level"] in ("error", "critical") or line.get("status", 0) >= 500]
    cases, failed = sum(run.cases for run in found), sum(run.failed for run in found)
    record(
        what=f"requests made from the OpenAPI document and from those of the dialects, {who}: {cases:,}",
        bound="every check of Schemathesis; 0 5xx",
        measured=f"{failed} of {len(found)} documents with a finding; {len(failures)} 5xx or errors in the log",
    )
    assert not failed, "\n".join(run.output for run in found if run.failed)
    assert not failures
    assert exit_code == 0


def test_administration_is_as_documented(
    serve: Callable[..., ServerProcess], record: Callable[..., None], amount: Callable[[int], int], tmp_path: Path
) -> None:
    """The routes that take no key are sent the admin token: each request to one of them loads the model anew."""
    server = serve(SHIPPED, admin_token="token")
    url = server.wait_until_ready()
    headers = {"Authorization": "Bearer token"}
    found = send_what_fits_and_what_does_not(f"{url}/openapi.json", url, tmp_path, examples=amount(20), headers=headers)
    exit_code = server.terminate()
    reloads = sum(line["message"] == "model loaded" for line in server.log) - 1
    record(
        what=f"requests with the admin token: {found.cases:,}, of them {reloads} reloads",
        bound="every check of Schemathesis; exit code 0",
        measured=f"{'a' if found.failed else 'no'} finding; exit code {exit_code}",
    )
    assert not found.failed, found.output
    assert reloads > 0
    assert exit_code == 0
