"""The error tree: every way in which a request fails, each with its HTTP status, stable code and title.

Messages name the field, the limit and the value where there are such; they never repeat the user's text.
"""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, get_args

Outcome = Literal["ok", "invalid", "too_long", "rejected", "cancelled", "timeout", "error"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class ServiceError(Exception):
    """A failure that the client is told of.

    detail: a sentence for people. field, limit, value: what it is about, where there is such a thing.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "The service failed"
    headers: Mapping[str, str] = {}
    """Sent with the reply."""
    outcome: ClassVar[Outcome] = "invalid"
    """What becomes of the texts, for metrics."""

    def __init__(
        self, detail: str, *, field: str | None = None, limit: float | None = None, value: object = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.limit = limit
        self.value = value

    def to_problem(self, instance: str) -> dict[str, Any]:
        """The RFC 9457 object; instance identifies this occurrence, and is found in the log."""
        about = {"field": self.field, "limit": self.limit, "value": self.value}
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
            **{name: value for name, value in about.items() if value is not None},
        }


class InternalError(ServiceError):
    """A bug or a broken model; what happened is in the log."""

    outcome = "error"


class InvalidJSON(ServiceError):
    """The body is not a JSON document."""

    status, code, title = 400, "invalid_json", "The body is not JSON"


class InvalidUTF8(ServiceError):
    """The body is not UTF-8."""

    status, code, title = 400, "invalid_utf8", "The body is not UTF-8"


class MalformedRequest(ServiceError):
    """What came is not HTTP, or its parts contradict each other."""

    status, code, title = 400, "malformed_request", "The request is not HTTP"


class Unauthorized(ServiceError):
    """The API key is missing or wrong."""

    status, code, title = 401, "unauthorized", "A valid API key is needed"
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class AdminUnauthorized(Unauthorized):
    """The admin token is missing or wrong."""

    code, title = "admin_unauthorized", "A valid admin token is needed"


class AdminDisabled(ServiceError):
    """No admin token is set."""

    status, code, title = 403, "admin_disabled", "Administration is disabled"


class FeedbackDisabled(ServiceError):
    """No feedback file is set."""

    status, code, title = 403, "feedback_disabled", "Feedback is disabled"


class TraceDisabled(ServiceError):
    """Traces are switched off here."""

    status, code, title = 403, "trace_disabled", "Traces are disabled"


class NotFound(ServiceError):
    """No such route."""

    status, code, title = 404, "not_found", "There is nothing here"


class MethodNotAllowed(ServiceError):
    """The route does not take this method."""

    status, code, title = 405, "method_not_allowed", "The method is not allowed"


class BodyTimeout(ServiceError):
    """The body did not arrive in time."""

    outcome = "timeout"
    status, code, title = 408, "body_timeout", "The body came too slowly"
    headers: Mapping[str, str] = {"Connection": "close"}


class HeadersTimeout(ServiceError):
    """The headers did not arrive in time."""

    outcome = "timeout"
    status, code, title = 408, "headers_timeout", "The headers came too slowly"


class ReloadFailed(ServiceError):
    """The new model cannot be used; the old one goes on, and the cause is in the log."""

    status, code, title = 409, "reload_failed", "The model was not reloaded"


class ExplainUnavailable(ServiceError):
    """The model served cannot explain: an earlier release compiled it."""

    status, code, title = 409, "explain_unavailable", "The model cannot explain"


class BodyTooLarge(ServiceError):
    """The body is larger than the limit."""

    outcome = "too_long"
    status, code, title = 413, "body_too_large", "The body is too large"


class TooManyTexts(ServiceError):
    """The request has more texts than the limit."""

    outcome = "too_long"
    status, code, title = 413, "too_many_texts", "The request has too many texts"


class RequestTooLarge(ServiceError):
    """The request as a whole can never be admitted."""

    outcome = "too_long"
    status, code, title = 413, "request_too_large", "The request is too large"


class UnsupportedMediaType(ServiceError):
    """The body is not sent as JSON."""

    status, code, title = 415, "unsupported_media_type", "The content type is not supported"


class InvalidRequest(ServiceError):
    """The JSON is not a request."""

    status, code, title = 422, "invalid_request", "The request is not valid"


class UnknownField(InvalidRequest):
    """A field that does not exist."""

    code, title = "unknown_field", "The request has an unknown field"


class UnknownLabel(InvalidRequest):
    """A label that the model does not have."""

    code, title = "unknown_label", "The label is unknown"


class TextsEmpty(InvalidRequest):
    """The list of texts is empty."""

    code, title = "texts_empty", "The list of texts is empty"


class UnsupportedLanguage(InvalidRequest):
    """The client of another protocol names a language that the model does not know."""

    code, title = "unsupported_language", "The language is not supported"


class HeadersTooLarge(ServiceError):
    """The headers are larger than the limit, or too many."""

    outcome = "too_long"
    status, code, title = 431, "headers_too_large", "The headers are too large"


class QueueFull(ServiceError):
    """There is no room now."""

    outcome = "rejected"
    status, code, title = 429, "queue_full", "The queue is full"
    headers: Mapping[str, str] = {"Retry-After": "1"}


class RateLimited(ServiceError):
    """The key has asked for more texts than it may.

    wait_s: seconds after which the same request would be let through, if the key asks for nothing else.
    """

    outcome = "rejected"
    status, code, title = 429, "rate_limited", "Too many texts"

    def __init__(self, detail: str, *, wait_s: float = 1.0, **about: Any) -> None:
        super().__init__(detail, **about)
        self.headers = {"Retry-After": str(max(1, math.ceil(wait_s)))}


class ClientGone(ServiceError):
    """The client closed the connection; nobody reads this answer, but logs and metrics count it."""

    outcome = "cancelled"
    status, code, title = 499, "client_gone", "The client left"


class NotReady(ServiceError):
    """The model is not loaded yet, or no longer works."""

    outcome = "rejected"
    status, code, title = 503, "not_ready", "The service is not ready"
    headers: Mapping[str, str] = {"Retry-After": "1"}


class FeedbackUnavailable(ServiceError):
    """The feedback file cannot be written; nothing of the row is kept."""

    status, code, title = 503, "feedback_unavailable", "The feedback was not stored"


class Draining(ServiceError):
    """The process is about to end."""

    outcome = "rejected"
    status, code, title = 503, "draining", "The service is shutting down"
    headers: Mapping[str, str] = {"Retry-After": "1", "Connection": "close"}


class DeadlineExceeded(ServiceError):
    """The answer was not ready in time."""

    outcome = "timeout"
    status, code, title = 504, "deadline_exceeded", "The answer took too long"


class FeedbackFull(ServiceError):
    """The feedback file has reached its limit."""

    status, code, title = 507, "feedback_full", "The feedback file is full"


class TextError(ServiceError):
    """One text that cannot be answered: an item's error in a batch, the request's error if it is alone."""

    status = 422


class TextBlank(TextError):
    """The text is empty or whitespace."""

    code, title = "text_blank", "The text is blank"


class TextNotString(TextError):
    """The text is not a JSON string."""

    code, title = "text_not_string", "The text is not a string"


class TextInvalidUnicode(TextError):
    """The text holds half a surrogate pair."""

    code, title = "text_invalid_unicode", "The text is not valid Unicode"


class TextTooLong(TextError):
    """The text is longer than the limit."""

    outcome = "too_long"
    status, code, title = 413, "text_too_long", "The text is too long"


class TraceTooLong(TextError):
    """The text has more tokens than a trace takes."""

    outcome = "too_long"
    status, code, title = 413, "trace_too_long", "The text is too long for a trace"


class TooManySentences(TextError):
    """The text has more sentences than the limit, and they were asked for."""

    outcome = "too_long"
    status, code, title = 413, "too_many_sentences", "The text has too many sentences"


def all_errors() -> list[type[ServiceError]]:
    """Every error with a code of its own, by status and code: for documentation, tests and metrics."""
    found, waiting = {InternalError.code: InternalError}, [ServiceError]
    ordered: dict[str, type[ServiceError]] = dict(found)
    while waiting:
        for error in waiting.pop().__subclasses__():
            ordered.setdefault(error.code, error)
            waiting.append(error)
    return sorted(ordered.values(), key=lambda error: (error.status, error.code))
