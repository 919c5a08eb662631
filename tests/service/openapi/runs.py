"""Runs of Schemathesis: requests made from an OpenAPI document are sent to a server, and the replies are checked."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent
_CHECKS = _FOLDER / "checks.py"
_REPLACED = "negative_data_rejection,positive_data_acceptance"
"""Checks that checks.py has in another form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What one run found."""

    cases: int
    """Requests that were sent."""
    failed: bool
    output: str
    """For people: each failure with its request as a curl command."""


def documents(url: str, key: str) -> dict[str, dict[str, str]]:
    """Every document of what a server answers, each with the headers by which its clients send their key.

    That of the service's own routes is its own; its dialects have none, for their clients ask for none. The header's
    name is as Schemathesis writes it: it also asks without it.
    """
    bearer = {"Authorization": f"Bearer {key}"}
    signed = {"authorization": f"AWS4-HMAC-SHA256 Credential={key}/20261121/us-east-1/comprehend/aws4_request"}
    return {
        f"{url}/openapi.json": bearer,
        str(_FOLDER / "huggingface.yaml"): bearer,
        str(_FOLDER / "azure.yaml"): {"ocp-apim-subscription-key": key},
        str(_FOLDER / "comprehend.yaml"): signed,
        str(_FOLDER / "comprehend_batch.yaml"): signed,
    }


def send_what_fits_and_what_does_not(
    document: str, url: str, folder: Path, *, examples: int, headers: dict[str, str], seed: int = 1
) -> Findings:
    """Send requests made from a document, of one seed always the same, and hold the replies against it.

    document: its URL or file. folder: where the run may write. examples: most random requests of an operation, beside
    those that are there for every bound of the schema. headers: of each request.
    """
    config = folder / "schemathesis.toml"
    config.write_text(f'hooks = "{_CHECKS}"\n')
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", document]
    command += ["--url", url, "--seed", str(seed), "--max-examples", str(examples), "--exclude-checks", _REPLACED]
    command += ["--continue-on-failure", "--request-timeout", "30", "--no-color", "--warnings", "off"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCHEMATHESIS_")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    generated = re.search(r"([\d,]+) generated", done.stdout)
    assert generated, done.stdout + done.stderr
    return Findings(cases=int(generated[1].replace(",", "")), failed=done.returncode != 0, output=done.stdout)
