"""Settings: what an operator chooses, read from SENTIMENT_* variables and checked once, before anything starts."""

import ast
import difflib
import hashlib
import inspect
import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

from model import SHIPPED

PREFIX = "SENTIMENT_"
BYTES_PER_ESCAPED_CHAR = 12
"""A character outside the basic plane, escaped in JSON as two surrogates: \\ud83d\\ude00."""

BackendName = Literal["onnx", "torchscript"]
Backend = Literal["auto", BackendName]
Device = Literal["auto", "cpu", "cuda"]
LogLevel = Literal["debug", "info", "warning", "error"]
Switch = Literal["on", "off"]


class SettingsError(ValueError):
    """A variable that the service cannot start with; the message names it, its value and what is wanted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """One field for each variable: SENTIMENT_MAX_BATCH_TOKENS sets max_batch_tokens.

    Raises: SettingsError if a value is out of range or two contradict each other.
    """

    model: Path = SHIPPED
    """Artifact directory, or a model store whose current version is served. Default: the model in this package."""
    model_public_key: Path | None = None
    """PEM file of an ed25519 public key; a model that its owner has not signed is refused. Unset: none is asked for."""
    host: str = "0.0.0.0"
    """Address to listen on."""
    port: int = 8000
    """TCP port to listen on; 0 takes any free one and logs it."""
    device: Device = "auto"
    """auto, cpu or cuda; auto takes a GPU where one can be used, else the CPU."""
    gpu_memory_fraction: float = 1.0
    """Share of the GPU's memory that torch may take for tensors, 0.01 to 1; what CUDA itself needs comes on top."""
    backend: Backend = "auto"
    """auto, onnx or torchscript; auto takes ONNX Runtime on a CPU if the artifact has model.onnx, else TorchScript."""
    threads: int = 0
    """Threads that run the network; 0 takes what cgroup quota and CPU affinity allow, less one with torchscript."""
    max_batch_tokens: int = 0
    """Most tokens in one model call, rows times the longest; 0 takes 4096, and on a GPU what is measured at start."""
    max_batch_rows: int = 0
    """Most rows in one model call; 0 as above, but 64. onnx takes 8 at most, with which a row is fastest."""
    queue_limit: int = 4096
    """Most texts admitted and not yet answered; beyond it requests get 429."""
    queue_limit_tokens: int = 524_288
    """Most tokens admitted and not yet answered; beyond it requests get 429, and a text longer than it gets 413."""
    queue_limit_bytes: int = 67_108_864
    """Most bytes of request bodies held at once; beyond it requests get 429."""
    max_texts_per_request: int = 1000
    """Most texts in one request."""
    max_text_chars: int = 200_000
    """Most characters (Unicode code points) in one text; in NFKC as many, or 200,000 if that is more."""
    max_sentences: int = 1000
    """Most sentences of one text, if they are asked for."""
    max_detail_tokens: int = 8192
    """Most tokens of a request whose reply tells of each of them, with explain or trace."""
    trace: Switch = "on"
    """on or off; with onnx the first trace loads torch, which takes 260 MB from then on."""
    max_body_bytes: int = 4_194_304
    """Largest request body."""
    request_timeout_s: float = 30.0
    """Seconds for the headers of a request, and again from there to its answer; then 408 while reading, else 504."""
    drain_delay_s: float = 1.0
    """Seconds after SIGTERM in which readiness fails but requests are answered, so that balancers notice."""
    drain_timeout_s: float = 25.0
    """Most seconds that the last requests get to finish once no new ones are taken."""
    api_key: str | None = field(default=None, repr=False)
    """Key that clients send as `Authorization: Bearer KEY` or `x-api-key: KEY`, or sha256: and its hash."""
    api_keys_file: Path | None = None
    """File of more keys, by name and hash, read again when it changes. Without it and API_KEY no key is asked for."""
    texts_per_second: float = 0.0
    """Texts that each key may ask for in a second, or all clients together without keys; 0 sets no limit."""
    texts_burst: int = 1000
    """Texts that a key which has paused may ask for at once, if there is a limit."""
    admin_token: str | None = field(default=None, repr=False)
    """Token for POST /v1/admin/reload, sent as `Authorization: Bearer TOKEN`, or its hash; unset disables the route."""
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may ask from a browser, such as https://shop.example, by commas; * is any. Unset: none."""
    feedback: Path | None = None
    """File that POST /v1/feedback appends texts to, with their right labels; needs an API key. Unset disables it."""
    feedback_max_bytes: int = 67_108_864
    """Largest feedback file; beyond it feedback gets 507."""
    log_level: LogLevel = "info"
    """debug, info, warning or error."""

    def __post_init__(self) -> None:
        for name, lowest, highest in _RANGES:
            value = getattr(self, name)
            if not math.isfinite(value) or value < lowest or (highest is not None and value > highest):
                wanted = f"at least {lowest}" if highest is None else f"from {lowest} to {highest}"
                raise _refusal(name, value, f"must be {wanted}")
        if self.max_texts_per_request > self.queue_limit:
            raise _refusal("queue_limit", self.queue_limit, f"must be at least {_key('max_texts_per_request')}")
        if self.max_body_bytes > self.queue_limit_bytes:
            raise _refusal("queue_limit_bytes", self.queue_limit_bytes, f"must be at least {_key('max_body_bytes')}")
        if self.backend == "onnx" and self.device == "cuda":
            raise _refusal("backend", self.backend, f"runs on a CPU only, and {_key('device')} is 'cuda'")
        if self.max_body_bytes < BYTES_PER_ESCAPED_CHAR * self.max_text_chars:
            wanted = f"must be at least {BYTES_PER_ESCAPED_CHAR} times {_key('max_text_chars')}={self.max_text_chars}"
            raise _refusal("max_body_bytes", self.max_body_bytes, wanted)
        if self.feedback and self.api_key is None and self.api_keys_file is None:
            wanted = f"needs {_key('api_key')} or {_key('api_keys_file')}, or anybody could fill the file"
            raise _refusal("feedback", str(self.feedback), wanted)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the SENTIMENT_* variables of an environment.

        Raises: SettingsError, also for a SENTIMENT_* variable that does not exist: it is a typing error.
        """
        known = {_key(item.name): item.name for item in fields(cls)}
        values: dict[str, Any] = {}
        for key, text in environment.items():
            if key in known:
                values[known[key]] = _parse(known[key], text)
            elif key.startswith(PREFIX):
                nearest = difflib.get_close_matches(key, known, n=1, cutoff=0)[0]
                raise SettingsError(f"{key} is not a setting; the nearest one is {nearest}")
        return cls(**values)


def describe_settings() -> list[tuple[str, str, str]]:
    """Variable, default and meaning of each setting, for --help; the meaning is the docstring under the field."""
    body = ast.parse(inspect.getsource(Settings)).body[0]
    assert isinstance(body, ast.ClassDef)
    meanings = {
        before.target.id: after.value.value
        for before, after in zip(body.body, body.body[1:], strict=False)
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    }
    described = []
    for item in fields(Settings):
        default = "the shipped one" if item.name == "model" else item.default
        assert default is not MISSING
        described.append(
            (_key(item.name), "unset" if default in (None, ()) else str(default), str(meanings[item.name]))
        )
    return described


_RANGES: list[tuple[str, float, float | None]] = [
    ("port", 0, 65_535),
    ("gpu_memory_fraction", 0.01, 1),
    ("threads", 0, 1024),
    ("max_batch_tokens", 0, None),
    ("max_batch_rows", 0, None),
    ("queue_limit", 1, None),
    ("queue_limit_tokens", 1, None),
    ("queue_limit_bytes", 1, None),
    ("max_texts_per_request", 1, None),
    ("max_text_chars", 1, None),
    ("max_sentences", 1, None),
    ("max_detail_tokens", 1, None),
    ("max_body_bytes", 1, None),
    ("texts_per_second", 0, None),
    ("texts_burst", 1, None),
    ("feedback_max_bytes", 1, None),
    ("request_timeout_s", 0.001, 3600),
    ("drain_delay_s", 0, 3600),
    ("drain_timeout_s", 0, 3600),
]
"""Field, smallest and largest value allowed."""

_SECRETS = ("api_key", "admin_token")
_HASHED_NOTHING = f"sha256:{hashlib.sha256().hexdigest()}"
_HASHED_SECRET = re.compile(r"sha256:[0-9a-fA-F]{64}")
_ORIGIN = re.compile(r"\*|https?://[a-z0-9.-]+(:[0-9]+)?|https?://\[[0-9a-f:]+\](:[0-9]+)?")
"""Exactly as browsers send it: in lower case, without a path."""
_FORMS = {int: "a whole number, such as 64", float: "a number, such as 2.5"}


def _parse(name: str, text: str) -> Any:
    kind = Settings.__annotations__[name]
    if kind in (int, float):
        try:
            # int() and float() also read "1_000" and " 7 ": a value that looks odd is more likely a mistake.
            if "_" in text or text != text.strip():
                raise ValueError
            return kind(text)
        except ValueError:
            raise _refusal(name, text, f"must be {_FORMS[kind]}") from None
    if not text.strip():
        raise _refusal(name, text, "must not be blank; leave the variable unset instead")
    allowed = get_args(kind) if kind in (Backend, Device, LogLevel, Switch) else ()
    if allowed and text not in allowed:
        raise _refusal(name, text, f"must be one of {', '.join(allowed)}")
    if name in _SECRETS and not (text.isascii() and text.isprintable() and " " not in text):
        raise _refusal(name, text, "must be printable ASCII without spaces, since it travels in a header")
    if name in _SECRETS and text.startswith("sha256:") and not _HASHED_SECRET.fullmatch(text):
        raise _refusal(name, text, "must have 64 hexadecimal digits behind sha256:")
    if name in _SECRETS and text.lower() == _HASHED_NOTHING:
        raise _refusal(name, text, "must not be the hash of nothing, or it opens to whoever sends none")
    if name == "cors_origins":
        origins = tuple(text.split(","))
        if not all(_ORIGIN.fullmatch(origin) for origin in origins) or ("*" in origins and origins != ("*",)):
            raise _refusal(name, text, "must be * or origins such as https://shop.example, with commas between")
        return origins
    return Path(text) if kind in (Path, Path | None) else text


def _key(name: str) -> str:
    return PREFIX + name.upper()


def _refusal(name: str, value: object, wanted: str) -> SettingsError:
    shown = "(hidden)" if name in _SECRETS else repr(value)
    return SettingsError(f"{_key(name)}={shown}: {wanted}")
