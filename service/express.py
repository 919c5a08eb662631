"""Express: the commonest request, one short text without options, answered without the layers of the app.

They take longer than all that they wrap, and the event loop's thread is what limits a busy service. Whatever else is
asked goes through the app, and whoever asks cannot tell the two ways apart.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from itertools import groupby
from operator import attrgetter

import orjson
from starlette.datastructures import Headers

from model.windows import merge_windows, split_windows
from service.answering import Context, count_results, key_in, let_texts_in
from service.batcher import Answer
from service.classification import check_tokens, describe
from service.engine import MOST_CHARS_INLINE, Engine
from service.errors import ClientGone, Draining, ServiceError
from service.keyring import UNKNOWN, Caller
from service.observer import CUT_OFF, Facts, finish_headers, problem, report, request_id, unexpected
from service.parsing import check_text, parse_query
from service.patience import too_late
from service.prediction import judge

PATH = "/v1/sentiment"
MOST_BODY_BYTES = 16_384
"""More than a text of MOST_CHARS_INLINE characters takes, each of them escaped."""
_MEDIA_TYPES = (b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8")
WATCH_EVERY_S = 0.05
"""How late the end of somebody's patience may be noticed."""
_UNUSUAL = frozenset((b"content-encoding", b"transfer-encoding", b"expect", b"origin", b"upgrade"))
"""Headers that change what there is to do."""

RawHeaders = list[tuple[bytes, bytes]]
Reply = Callable[[int, RawHeaders, bytes], None]
"""Sends a status, headers and a body."""


class Exchange:
    """A request that was taken, and is not answered yet."""

    __slots__ = ("deadline", "engine", "facts", "reading", "reply", "row", "started_at", "text", "ticket", "verdict")

    def __init__(self, context: Context, engine: Engine, facts: Facts, text: str, reply: Reply) -> None:
        self.engine = engine
        self.facts = facts
        self.text = text
        self.reply = reply
        self.ticket = context.admission.open()
        self.row: list[int] = []
        self.started_at = time.monotonic()
        self.deadline = asyncio.get_running_loop().time() + context.settings.request_timeout_s
        self.reading: asyncio.Future[Answer] | asyncio.Future[list[Answer]] | None = None
        self.verdict: ServiceError | None = None
        """Why there is nothing more to wait for."""

    def leave(self) -> None:
        """The client is gone: what nobody wants is not read."""
        self.give_up(ClientGone("the client closed the connection before the answer was ready"))

    def give_up(self, verdict: ServiceError) -> None:
        """Wait no longer."""
        if self.reading is None:
            self.verdict = verdict
        elif not self.reading.done():
            self.verdict = verdict
            self.reading.cancel()


class Express:
    """Takes requests, and answers them by callbacks: there are no tasks. Of one event loop."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: dict[Exchange, None] = {}
        """What was taken and is not answered, the oldest first."""
        self._is_watching = False
        self._untokenized: list[Exchange] = []

    def caller_of(self, headers: RawHeaders) -> Caller | None:
        """Who asks, if the headers of a POST to PATH let it be taken once its body is whole, which is then to be soon.

        Whoever may not ask is the app's, which refuses without a look at the body.
        """
        fields = dict(headers)
        length = fields.get(b"content-length", b"")
        if not (
            len(fields) == len(headers)
            and fields.get(b"content-type") in _MEDIA_TYPES
            and _UNUSUAL.isdisjoint(fields)
            and length.isdigit()
            and int(length[:6]) <= min(MOST_BODY_BYTES, self._context.settings.max_body_bytes)
        ):
            return None
        keys = self._context.keys
        caller = keys.anonymous or keys.find(key_in(Headers(raw=headers)))
        return caller if caller is not UNKNOWN and caller.may_ask() else None

    def take(self, caller: Caller, headers: RawHeaders, body: bytes, reply: Reply) -> Exchange | None:
        """Begin to answer; or None, and the request is the app's, as if nobody had looked at it.

        caller: of the headers. reply: called once, unless the client leaves before.
        """
        context = self._context
        if context.lifecycle.phase != "ready" or not context.lifecycle.is_ready:
            return None  # the app has words for it
        if not caller.may_ask():  # any more
            return None
        try:
            query = parse_query(body, max_texts=1)
        except ServiceError:
            return None
        text = query.texts[0]
        if not (query.is_plain and isinstance(text, str) and len(text) <= MOST_CHARS_INLINE):
            return None
        facts = Facts(request_id=request_id(headers), caller=caller)
        exchange = Exchange(context, context.lifecycle.engine, facts, text, reply)
        exchange.engine.acquire()
        context.metrics.http_in_progress.value += 1
        self._waiting[exchange] = None
        self._attempt(self._begin, exchange, caller, len(body))
        return exchange

    def cut_off(self) -> None:
        """Wait no longer for what was taken: the service has to end."""
        for exchange in list(self._waiting):
            exchange.give_up(Draining(CUT_OFF))

    def _attempt(self, step: Callable[..., None], exchange: Exchange, *args: object) -> None:
        """Take the next step with an exchange, and refuse it if that fails."""
        try:
            step(exchange, *args)
        except ServiceError as error:
            self._refuse(exchange, error)
        except (Exception, asyncio.CancelledError) as error:
            self._refuse(exchange, unexpected(error, exchange.facts))

    def _begin(self, exchange: Exchange, caller: Caller, body_bytes: int) -> None:
        """Raises: ServiceError."""
        context, facts, ticket = self._context, exchange.facts, exchange.ticket
        caller.ask()
        ticket.take("bytes", body_bytes)
        facts.texts = 1
        ticket.take("texts", facts.texts)
        let_texts_in(context, facts, facts.texts)
        if error := check_text(exchange.text, context.settings.max_text_chars, "text"):
            raise error
        if not self._untokenized:
            asyncio.get_running_loop().call_soon(self._tokenize)
        self._untokenized.append(exchange)

    def _tokenize(self) -> None:
        """All that began in a turn, at once: at 64 connections 10 % more is answered than if each were by itself.

        Each call gives the interpreter lock away, and finds nothing of the last one in the caches any more.
        """
        exchanges, self._untokenized = self._untokenized, []
        for engine, group in groupby(exchanges, key=attrgetter("engine")):  # of two, in the turn of a reload
            self._encode(engine, list(group))

    def _encode(self, engine: Engine, exchanges: list[Exchange]) -> None:
        began_at = time.monotonic()
        try:
            rows = engine.encode_now([exchange.text for exchange in exchanges])
        except BaseException as error:  # a panic of the tokenizer's Rust is no Exception
            if len(exchanges) == 1:
                self._refuse(exchanges[0], unexpected(error, exchanges[0].facts))
                return
            for exchange in exchanges:  # so that only those fail that cannot be tokenized
                self._encode(engine, [exchange])
            return
        took_s = time.monotonic() - began_at
        for exchange, row in zip(exchanges, rows, strict=True):
            exchange.facts.timings.tokenize_s = took_s
            exchange.row = row
            self._attempt(self._read, exchange)

    def _read(self, exchange: Exchange) -> None:
        """Raises: ServiceError."""
        if exchange.verdict is not None:
            raise exchange.verdict
        engine, facts, row = exchange.engine, exchange.facts, exchange.row
        if error := check_tokens(row, self._context.settings, "text"):
            raise error
        exchange.ticket.take("tokens", len(row))
        facts.timings.tokens = len(row)  # of what found room: the rest went through no stage
        reads = [engine.read(window) for window in split_windows(row, engine.info.max_tokens)]
        exchange.reading = reads[0] if len(reads) == 1 else asyncio.gather(*reads)
        exchange.reading.add_done_callback(partial(self._attempt, self._answer, exchange))
        if not self._is_watching:
            self._watch()

    def _answer(self, exchange: Exchange, reading: "asyncio.Future[Answer] | asyncio.Future[list[Answer]]") -> None:
        """Raises: ServiceError."""
        if exchange.verdict is not None:
            raise exchange.verdict
        found = reading.result()
        answers = [found] if isinstance(found, Answer) else found
        info, timings = exchange.engine.info, exchange.facts.timings
        timings.queue_s = max(answer.queue_s for answer in answers)
        timings.inference_s = max(answer.inference_s for answer in answers)
        lengths = [len(window) for window in split_windows(exchange.row, info.max_tokens)]
        logits = merge_windows([answer.result for answer in answers], lengths)
        prediction = describe(exchange.text, exchange.row, len(lengths), judge(logits, info), info)
        body = orjson.dumps({**prediction.to_json(), "model": info.version})
        count_results(self._context.metrics, [prediction])
        self._end(exchange, 200, [(b"content-type", b"application/json")], body)

    def _refuse(self, exchange: Exchange, error: ServiceError) -> None:
        self._context.metrics.texts.labels(error.outcome).inc(exchange.facts.texts)
        reply = problem(error, exchange.facts)
        headers = [header for header in reply.raw_headers if header[0] != b"content-length"]
        self._end(exchange, error.status, headers, bytes(reply.body))

    def _end(self, exchange: Exchange, status: int, headers: RawHeaders, body: bytes) -> None:
        context, facts = self._context, exchange.facts
        del self._waiting[exchange]
        exchange.ticket.give_back()
        exchange.engine.release()
        headers.append((b"content-length", b"%d" % len(body)))
        duration_s = time.monotonic() - exchange.started_at
        finish_headers(headers, facts, context.lifecycle, duration_s)
        exchange.reply(status, headers, body)
        context.metrics.http_in_progress.value -= 1
        report(context.metrics, facts, PATH, "POST", status, duration_s)

    def _watch(self) -> None:
        """End what has waited too long, and look again when the next may have."""
        loop, timeout_s = asyncio.get_running_loop(), self._context.settings.request_timeout_s
        now = loop.time()
        for exchange in list(self._waiting):
            if exchange.deadline > now:
                break
            exchange.give_up(too_late(timeout_s))
        self._is_watching = bool(self._waiting)
        if self._waiting:
            oldest = next(iter(self._waiting))
            loop.call_at(max(oldest.deadline, now + WATCH_EVERY_S), self._watch)
