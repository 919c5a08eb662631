"""Keyring: who may ask, how much, and who may administer.

Keys come from the environment and from a file, which is read every second: keys come and go without a restart.
"""

import asyncio
import hmac
import logging
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from service.bucket import Bucket
from service.errors import RateLimited
from service.keys import Key, KeyFileError, digest_of, read_keys, stored_digest
from service.logs import FIELDS
from service.metrics import Metrics
from service.settings import Settings, SettingsError

CHECK_EVERY_S = 1.0
MOST_FILE_BYTES = 1_048_576
_NO_DIGEST = bytes(32)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever holds a key."""

    name: str
    """For metrics; never the key or its hash."""
    bucket: Bucket | None = None
    """None if there is no limit."""

    def may_ask(self) -> bool:
        """Whether a request would be let in now."""
        return self.bucket is None or self.bucket.holds(1, monotonic())

    def ask(self) -> None:
        """Let a request in, whose texts are not known yet: it takes the room of one.

        Raises: RateLimited.
        """
        self._take(1)

    def ask_for(self, texts: int) -> None:
        """Let in the texts of a request that was let in itself.

        Raises: RateLimited; the request keeps the one text that it took.
        """
        self._take(texts - 1, again=1)

    def _take(self, texts: int, again: int = 0) -> None:
        if self.bucket is not None and (wait_s := self.bucket.take(texts, monotonic(), again)):
            raise RateLimited(
                f"this key has asked for more texts than it may; wait {wait_s:.1f} s", field="texts", wait_s=wait_s
            )


UNKNOWN = Caller("unknown")
"""Whoever has a wrong key, or none where one is asked for."""


class Keyring:
    """The keys of a service.

    Raises: SettingsError if the file cannot be used, or an API key would open administration.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._admin = stored_digest(settings.admin_token) if settings.admin_token else None
        self._buckets: dict[str, Bucket] = {}
        self._path = settings.api_keys_file
        self._content: bytes | None = None
        self._trouble = ""
        self._callers: dict[bytes, tuple[bytes, Caller]] = {}
        self.anonymous: Caller | None = None
        """Everybody, if no key is asked for."""
        if settings.api_key is None and self._path is None:
            self.anonymous = self._caller(Key(name="anonymous", digest=_NO_DIGEST))
        metrics.name_key(UNKNOWN.name)
        content = b""
        try:
            if self._path is not None:
                content = _read(self._path)
            self._use(content)
        except KeyFileError as error:
            name = "api_key" if self._path is None else "api_keys_file"
            shown = "(hidden)" if self._path is None else repr(str(self._path))
            raise SettingsError(f"SENTIMENT_{name.upper()}={shown}: {error}") from None

    def find(self, sent: str) -> Caller:
        """Who sent this key; UNKNOWN if nobody has it.

        Takes the same time for every key, right or wrong: which entry of a dict a hash falls on depends on a secret of
        this process, and the hash of what is sent cannot be chosen piece by piece. The comparison is a second guard.
        """
        digest = digest_of(sent)
        known, caller = self._callers.get(digest, (_NO_DIGEST, UNKNOWN))
        return caller if hmac.compare_digest(digest, known) else UNKNOWN

    def is_admin(self, sent: str) -> bool:
        """Whether this is the admin token. Compared in constant time."""
        return self._admin is not None and hmac.compare_digest(digest_of(sent), self._admin)

    async def watch(self) -> None:
        """Follow the file as long as this is not cancelled."""
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            await self.reload()

    async def reload(self) -> None:
        """Take the keys as they are in the file now; a file that cannot be used changes nothing, and is logged once."""
        if self._path is None:
            return
        try:
            content = await asyncio.to_thread(_read, self._path)
            # Compared by content, not by time: two edits within a tick of the file system's clock look alike.
            if content != self._content:
                self._use(content)
                logger.info("API keys read", extra={FIELDS: {"keys": len(self._callers)}})
            self._trouble = ""
        except KeyFileError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                logger.error("the API keys stay as they were: %s: %s", self._path, error)

    def _use(self, content: bytes) -> None:
        keys = read_keys(content) if self._path is not None else []
        if self._settings.api_key is not None:
            keys.append(Key(name="environment", digest=stored_digest(self._settings.api_key)))
        for key in keys:
            if self._admin is not None and hmac.compare_digest(key.digest, self._admin):
                raise KeyFileError(f"the key {key.name} is the admin token")
        self._callers = {key.digest: (key.digest, self._caller(key)) for key in keys}
        self._content = content
        for name in self._buckets.keys() - {key.name for key in keys}:
            del self._buckets[name]

    def _caller(self, key: Key) -> Caller:
        self._metrics.name_key(key.name)
        per_second = self._settings.texts_per_second if key.texts_per_second is None else key.texts_per_second
        burst = self._settings.texts_burst if key.burst is None else key.burst
        if not per_second:
            return Caller(key.name)
        now = monotonic()
        bucket = self._buckets.get(key.name)
        if bucket is None:
            bucket = self._buckets[key.name] = Bucket(per_second, burst, now)
        else:
            bucket.change(per_second, burst, now)
        return Caller(key.name, bucket)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise KeyFileError(error.strerror or type(error).__name__) from None
    if len(content) > MOST_FILE_BYTES:
        raise KeyFileError(f"larger than {MOST_FILE_BYTES} bytes")
    return content
