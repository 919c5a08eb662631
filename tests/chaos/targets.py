# ruff: noqa: PT017  # these are no tests of pytest
"""What is fuzzed: one function for each part that reads what strangers or operators wrote, and what must hold of it.

Each takes bytes, and raises whatever the part should not have raised, or AssertionError if an answer is not valid.
Imported by tests.chaos.fuzz, within Atheris, and by nothing else.
"""

import asyncio
import functools
import gzip
import itertools
import math
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import atheris
import httptools

from model import SHIPPED
from model.artifact import TOKENIZER
from model.drift import count_subwords
from model.language import LANGUAGES, detect
from model.rows import DataError, Problem, is_unicode
from model.tokenizer import SubwordTokenizer
from model.windows import merge_windows, split_windows
from service.app import create_app
from service.bucket import Bucket
from service.dialects import azure, comprehend, huggingface
from service.dialects.positions import utf16_units
from service.errors import RateLimited, ServiceError, UnsupportedMediaType
from service.files.inputs import Inputs
from service.keyring import Caller
from service.keys import KeyFileError, read_keys
from service.parsing import Query, check_media_type, check_text, parse_correction, parse_query
from service.sentences import split_sentences
from service.server import Server
from service.settings import Settings, SettingsError
from tests.service.fakes import LABELS, FakePredictor, info

MOST_TEXTS = 10
MOST_CHARS = 1000
LEAVING_S = 10.0
"""For a request to notice that its client has left; the watch for it begins after some time."""
FORMATS = ("csv", "tsv", "jsonl", "txt")
_FOLDER = Path(tempfile.mkdtemp())


def bodies(data: bytes) -> None:
    """Every parser of a body gives a query or a refusal, and so does the check of each text."""
    settings, model = Settings(max_texts_per_request=MOST_TEXTS), info()
    parsers: list[Callable[[bytes], Any]] = [
        partial(parse_query, max_texts=MOST_TEXTS),
        partial(parse_correction, labels=LABELS),
        lambda body: huggingface._parse(body, settings, model),
        lambda body: azure._parse(body, settings, model),
        lambda body: comprehend._parse(body, settings, model, is_batch=False),
        lambda body: comprehend._parse(body, settings, model, is_batch=True),
    ]
    for parse in parsers:
        try:
            found = parse(data)
        except ServiceError as error:
            assert 400 <= error.status < 500
            error.detail.encode()  # goes into a reply
            continue
        texts = found.texts if isinstance(found, Query) else [found.text]
        assert 1 <= len(texts) <= MOST_TEXTS
        for text in texts:
            refusal = check_text(text, MOST_CHARS, "text")
            assert refusal is not None or (isinstance(text, str) and text.strip() and is_unicode(text))
    try:
        check_media_type({"content-type": data.decode("latin-1")}, "application/json")
    except UnsupportedMediaType as error:
        error.detail.encode()


_TOKENIZER = SubwordTokenizer.load(SHIPPED / TOKENIZER)
_FRAGMENTS = _TOKENIZER.fragments()


def tokens(data: bytes) -> None:
    """A text has at least one id, all of them within the vocabulary, each with a place within the text."""
    text = _text(data)
    try:
        ids = _TOKENIZER.encode(text)
    except ValueError:
        assert not is_unicode(text)
        return
    assert is_unicode(text)
    assert ids
    assert all(0 <= token_id < _TOKENIZER.vocab_size for token_id in ids)
    assert _TOKENIZER.encode_batch(["a long text that stands before it", text])[1] == ids
    [places] = _TOKENIZER.locate([text])
    assert len(places) == len(ids)
    if text:
        assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in itertools.pairwise(places))
    assert sum(count_subwords(ids, _FRAGMENTS)) <= len(ids)
    assert detect(text) in LANGUAGES


def windows(data: bytes) -> None:
    """Windows are the fewest that overlap by an eighth, cover every token, and merge to a mean of what they say."""
    provider = atheris.FuzzedDataProvider(data)
    most = provider.ConsumeIntInRange(1, 600)
    row = range(provider.ConsumeIntInRange(1, 3000))
    cut = split_windows(row, most)
    assert cut[0][0] == 0
    assert cut[-1][-1] == row[-1]
    assert all(0 < len(window) <= most for window in cut)
    assert len(cut) == 1 or all(len(window) == most for window in cut)
    steps = [after[0] - before[0] for before, after in itertools.pairwise(cut)]
    stride = max(1, most - most // 8)
    assert all(0 < step <= stride for step in steps)
    assert not steps or max(steps) - min(steps) <= 1
    assert len(cut) == 1 or most + (len(cut) - 2) * stride < len(row), "one window less would have done"
    values = [[provider.ConsumeFloatInRange(-1e4, 1e4)] for _ in cut[:20]]
    [merged] = merge_windows(values, list(map(len, cut[:20])))
    assert min(values)[0] - 1e-6 <= merged <= max(values)[0] + 1e-6


def sentences(data: bytes) -> None:
    """Sentences follow each other, begin and end with what is no white space, and leave out white space alone."""
    text = _text(data).encode(errors="replace").decode()
    found = split_sentences(text)
    pieces = [text[span.slice] for span in found]
    assert all(piece and piece == piece.strip() for piece in pieces)
    assert all(a.offset + a.length <= b.offset for a, b in itertools.pairwise(found))
    assert all(span.offset >= 0 and span.offset + span.length <= len(text) for span in found)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert sum(map(utf16_units, pieces)) <= utf16_units(text)


def files(data: bytes) -> None:
    """A file of rows is read to its end, each row good or a problem that says where it is, or it is refused."""
    kind = data[0] if data else 0
    content = data[1:]
    file_format = FORMATS[kind % len(FORMATS)]
    path = _FOLDER / f"rows.{file_format}{'.gz' if kind & 64 else ''}"
    path.write_bytes(gzip.compress(content, 1) if kind & 64 and not kind & 128 else content)
    try:
        inputs = Inputs([str(path)], None, "text")
        last = 0
        for name, row in inputs.items():
            assert name == str(path)
            assert last < row.number
            last = row.number
            if isinstance(row, Problem):
                assert str(row).startswith(f"{path}:{row.number}: ")
                continue
            assert "text" in row.fields
            if file_format != "jsonl":
                assert all(is_unicode(value) for value in row.fields.values())
            fraction = inputs.fraction(row.number)
            assert fraction is not None
            assert 0 <= fraction <= 1
    except DataError as error:
        assert str(error).startswith(str(path))


def keys(data: bytes) -> None:
    """A file of keys gives keys that can be asked for texts, or is refused by line, without a word of it."""
    try:
        found = read_keys(data)
    except KeyFileError as error:
        assert str(error).isascii()
        return
    assert len({key.digest for key in found}) == len(found) > 0
    for key in found:
        assert len(key.digest) == 32
        assert key.name.isascii()
        per_second, burst = key.texts_per_second or 1.0, key.burst or 1.0
        caller = Caller(key.name, Bucket(per_second, burst, 0.0))
        for texts in (1, 1000, 1000):
            try:
                caller.ask_for(texts)
            except RateLimited as error:
                assert math.isfinite(float(error.headers["Retry-After"]))


def settings(data: bytes) -> None:
    """Settings of any value can be used, or are refused in one line that names the variable."""
    provider = atheris.FuzzedDataProvider(data)
    names = list(Settings.__dataclass_fields__)
    chosen = {}
    for _ in range(provider.ConsumeIntInRange(1, 3)):
        name = names[provider.ConsumeIntInRange(0, len(names) - 1)]
        # As the environment has it: no NUL, and bytes that are no UTF-8 as lone surrogates.
        value = provider.ConsumeBytes(20).replace(b"\0", b"").decode("utf-8", "surrogateescape")
        chosen[f"SENTIMENT_{name.upper()}"] = value
    try:
        Settings.from_environment(chosen)
    except SettingsError as error:
        assert any(name in str(error) for name in chosen)
        assert str(error).isprintable()


def protocol(data: bytes) -> None:
    """Bytes on a connection are answered with whole replies, none of them a 5xx, or the connection is closed."""
    server = _server()
    server.loop.run_until_complete(server.send(data))


class _Wire:
    """The transport of a connection without a socket, and what was written to it."""

    def __init__(self) -> None:
        self.written = bytearray()
        self.is_closed = False

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.written += data

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class _Replies:
    """What httptools makes of the replies on a wire."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.is_whole = True
        self.parser = httptools.HttpResponseParser(self)

    def on_message_begin(self) -> None:
        self.is_whole = False

    def on_headers_complete(self) -> None:
        self.statuses.append(self.parser.get_status_code())

    def on_message_complete(self) -> None:
        self.is_whole = True


class _Server:
    """The app with a model that is a fake, behind the protocol that servers speak, on an event loop of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(self._note)
        self._troubles: list[object] = []
        app = create_app(Settings(request_timeout_s=5, trace="off"), FakePredictor())
        self._lifespan = app.router.lifespan_context(app)
        self.loop.run_until_complete(self._lifespan.__aenter__())
        self.loop.run_until_complete(app.state.context.lifecycle.settled())
        server = Server(app)
        self._config, self._state = server.config, server.server_state
        self._config.load()
        self._make_protocol: Callable[..., Any] = self._config.http_protocol_class

    async def send(self, data: bytes) -> None:
        wire = _Wire()
        connection = self._make_protocol(self._config, self._state, {}, self.loop)
        connection.connection_made(wire)
        size = 1 + data[0] if data else 1  # of a read
        for start in range(1, len(data), size):
            if wire.is_closed:
                break
            connection.data_received(data[start : start + size])
        await self._settle(0.0)
        connection.connection_lost(None)
        await self._settle(LEAVING_S)
        assert not self._is_busy(), "a request outlives its connection"
        assert not self._troubles, self._troubles
        replies = _Replies()
        replies.parser.feed_data(bytes(wire.written))
        assert replies.is_whole
        assert all(status < 500 for status in replies.statuses), replies.statuses

    async def _settle(self, limit_s: float) -> None:
        """Let requests be answered; what waits for more of its body goes on to wait, up to the limit."""
        ends_at = self.loop.time() + limit_s
        turns = 0
        while self._is_busy() and (turns < 200 or self.loop.time() < ends_at):
            await asyncio.sleep(0)
            turns += 1

    def _is_busy(self) -> bool:
        return bool(self._state.tasks or self._make_protocol.express._waiting)  # type: ignore[attr-defined]

    def _note(self, _: asyncio.AbstractEventLoop, trouble: dict[str, Any]) -> None:
        self._troubles.append(trouble)


@functools.cache
def _server() -> _Server:
    return _Server()


def _text(data: bytes) -> str:
    """Any text: of characters of one, two or four bytes, lone surrogates among them."""
    text: str = atheris.FuzzedDataProvider(data).ConsumeUnicode(sys.maxsize)
    return text


TARGETS = {each.__name__: each for each in (bodies, tokens, windows, sentences, files, keys, settings, protocol)}
