import pytest

from service.errors import OUTCOMES, ServiceError, all_errors
from service.schemas import Problem


def test_codes_are_unique_and_stable() -> None:
    """Clients depend on these: add to them, never rename."""
    assert [(error.status, error.code) for error in all_errors()] == [
        (400, "invalid_json"),
        (400, "invalid_utf8"),
        (400, "malformed_request"),
        (401, "admin_unauthorized"),
        (401, "unauthorized"),
        (403, "admin_disabled"),
        (403, "feedback_disabled"),
        (403, "trace_disabled"),
        (404, "not_found"),
        (405, "method_not_allowed"),
        (408, "body_timeout"),
        (408, "headers_timeout"),
        (409, "explain_unavailable"),
        (409, "reload_failed"),
        (413, "body_too_large"),
        (413, "request_too_large"),
        (413, "text_too_long"),
        (413, "too_many_sentences"),
        (413, "too_many_texts"),
        (413, "trace_too_long"),
        (415, "unsupported_media_type"),
        (422, "invalid_request"),
        (422, "text_blank"),
        (422, "text_invalid_unicode"),
        (422, "text_not_string"),
        (422, "texts_empty"),
        (422, "unknown_field"),
        (422, "unknown_label"),
        (422, "unsupported_language"),
        (429, "queue_full"),
        (429, "rate_limited"),
        (431, "headers_too_large"),
        (499, "client_gone"),
        (500, "internal_error"),
        (503, "draining"),
        (503, "feedback_unavailable"),
        (503, "not_ready"),
        (504, "deadline_exceeded"),
        (507, "feedback_full"),
    ]


@pytest.mark.parametrize("error", all_errors())
def test_every_error_has_the_one_shape(error: type[ServiceError]) -> None:
    problem = Problem.model_validate(error("x", field="text", limit=1, value=2).to_problem("id"))
    assert (problem.status, problem.code, problem.limit) == (error.status, error.code, 1)
    assert error.outcome in OUTCOMES
    assert "limit" not in error("x").to_problem("id")
