import hashlib
from pathlib import Path

import pytest

from model import SHIPPED
from service.settings import Settings, SettingsError, describe_settings


def test_nothing_set_serves_the_shipped_model() -> None:
    settings = Settings.from_environment({"PATH": "/bin"})
    assert settings == Settings()
    assert settings.model == SHIPPED
    assert (settings.host, settings.port) == ("0.0.0.0", 8000)


def test_each_kind_of_value_is_read() -> None:
    settings = Settings.from_environment(
        {
            "SENTIMENT_MODEL": "/models",
            "SENTIMENT_PORT": "0",
            "SENTIMENT_DEVICE": "cpu",
            "SENTIMENT_REQUEST_TIMEOUT_S": "2.5",
            "SENTIMENT_API_KEY": "secret",
            "SENTIMENT_FEEDBACK": "/data/feedback.jsonl",
            "SENTIMENT_CORS_ORIGINS": "https://shop.example,http://localhost:3000,http://[::1]:80",
        }
    )
    assert (settings.model, settings.feedback) == (Path("/models"), Path("/data/feedback.jsonl"))
    assert settings.cors_origins == ("https://shop.example", "http://localhost:3000", "http://[::1]:80")
    assert (settings.port, settings.device, settings.request_timeout_s, settings.api_key) == (0, "cpu", 2.5, "secret")


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("SENTIMENT_PORT", "http", "a whole number"),
        ("SENTIMENT_PORT", "", "a whole number"),
        ("SENTIMENT_PORT", "8_000", "a whole number"),
        ("SENTIMENT_PORT", "65536", "from 0 to 65535"),
        ("SENTIMENT_PORT", "tcp://10.0.0.1:8000", "a whole number"),  # Kubernetes sets this for a Service `sentiment`
        ("SENTIMENT_THREADS", "-1", "from 0 to 1024"),
        ("SENTIMENT_MAX_BATCH_ROWS", "-1", "at least 0"),
        ("SENTIMENT_REQUEST_TIMEOUT_S", "nan", "from 0.001 to 3600"),
        ("SENTIMENT_REQUEST_TIMEOUT_S", "inf", "from 0.001 to 3600"),
        ("SENTIMENT_DRAIN_DELAY_S", "1s", "a number, such as 2.5"),
        ("SENTIMENT_DEVICE", "gpu", "auto, cpu, cuda"),
        ("SENTIMENT_BACKEND", "openvino", "auto, onnx, torchscript"),
        ("SENTIMENT_LOG_LEVEL", "INFO", "debug, info, warning, error"),
        ("SENTIMENT_MODEL", " ", "not be blank"),
        ("SENTIMENT_TEXTS_PER_SECOND", "-1", "at least 0"),
        ("SENTIMENT_CORS_ORIGINS", "shop.example", "origins such as https://shop.example"),
        ("SENTIMENT_CORS_ORIGINS", "https://shop.example/", "origins such as https://shop.example"),
        ("SENTIMENT_CORS_ORIGINS", "https://Shop.example", "origins such as https://shop.example"),
        ("SENTIMENT_CORS_ORIGINS", "https://shop.example, https://x.example", "with commas between"),
        ("SENTIMENT_CORS_ORIGINS", "*,https://shop.example", "must be * or origins"),
    ],
)
def test_wrong_value_is_refused_by_key_value_and_form(key: str, value: str, wanted: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({key: value})
    message = str(caught.value)
    assert key in message
    assert repr(value) in message or value in message
    assert wanted in message
    assert "\n" not in message


@pytest.mark.parametrize("key", ["SENTIMENT_API_KEY", "SENTIMENT_ADMIN_TOKEN"])
def test_secret_is_shown_nowhere(key: str) -> None:
    assert "s3cr3t" not in repr(Settings.from_environment({key: "s3cr3t"}))
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({key: "s3cr3t\n"})
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("digits", ["", "5" * 63, "g" * 64])
def test_hash_of_a_secret_must_be_one(digits: str) -> None:
    with pytest.raises(SettingsError, match=r"^SENTIMENT_ADMIN_TOKEN=\(hidden\): must have 64 hexadecimal digits"):
        Settings.from_environment({"SENTIMENT_ADMIN_TOKEN": f"sha256:{digits}"})


@pytest.mark.parametrize("name", ["SENTIMENT_ADMIN_TOKEN", "SENTIMENT_API_KEY"])
def test_hash_of_nothing_is_no_secret(name: str) -> None:
    """Made of a variable that is not set, it opened the service, or administration, to whoever sent no key at all."""
    with pytest.raises(SettingsError, match=rf"^{name}=\(hidden\): must not be the hash of nothing"):
        Settings.from_environment({name: f"sha256:{hashlib.sha256().hexdigest()}"})


def test_unknown_setting_is_refused_and_the_nearest_named() -> None:
    with pytest.raises(SettingsError, match=r"SENTIMENT_MAX_BATCH_TOKEN is not.*SENTIMENT_MAX_BATCH_TOKENS$"):
        Settings.from_environment({"SENTIMENT_MAX_BATCH_TOKEN": "1"})


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"SENTIMENT_QUEUE_LIMIT": "999"}, "SENTIMENT_MAX_TEXTS_PER_REQUEST"),
        ({"SENTIMENT_QUEUE_LIMIT_BYTES": "4194303"}, "SENTIMENT_MAX_BODY_BYTES"),
        ({"SENTIMENT_MAX_TEXT_CHARS": "1000000"}, "SENTIMENT_MAX_BODY_BYTES"),
        ({"SENTIMENT_FEEDBACK": "feedback.jsonl"}, "^SENTIMENT_FEEDBACK='feedback.jsonl': needs SENTIMENT_API_KEY"),
    ],
)
def test_contradiction_is_refused(values: dict[str, str], key: str) -> None:
    with pytest.raises(SettingsError, match=key):
        Settings.from_environment(values)


def test_every_setting_is_described() -> None:
    described = describe_settings()
    assert len(described) == len(Settings.__dataclass_fields__)
    assert all(key.startswith("SENTIMENT_") and meaning.endswith(".") for key, _, meaning in described)
