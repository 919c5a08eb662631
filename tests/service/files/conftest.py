from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.server import free_port


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an S3 of our own, which has a bucket `data`, and which pyarrow finds in the environment."""
    moto = pytest.importorskip("moto.server", reason="needs moto, of the extra dev")
    import boto3

    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    yield client
    server.stop()


@pytest.fixture
def gs(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a Google Cloud Storage of our own; it gives no ranges, so that pyarrow cannot read inputs from it."""
    storage = pytest.importorskip("gcp_storage_emulator.server", reason="needs gcp-storage-emulator, of the extra dev")
    port = free_port()
    monkeypatch.setenv("CLOUD_STORAGE_EMULATOR_ENDPOINT", f"http://127.0.0.1:{port}")
    server = storage.create_server("127.0.0.1", port, in_memory=True, default_bucket="data")
    server.start()
    yield "gs://anonymous@data"
    server.stop()
