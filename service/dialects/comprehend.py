"""AWS Comprehend: DetectSentiment and BatchDetectSentiment of its JSON 1.1 protocol, at POST /."""

from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.answering import answer, facts_of, require_key
from service.dialects import require_polarities
from service.errors import NotFound, ServiceError, UnsupportedLanguage
from service.parsing import Query, check_list, parse_object
from service.prediction import Prediction
from service.predictor import ModelInfo
from service.settings import Settings

MEDIA_TYPE = "application/x-amz-json-1.1"
SINGLE, BATCH = "Comprehend_20171127.DetectSentiment", "Comprehend_20171127.BatchDetectSentiment"
ERRORS = {
    "invalid_json": "SerializationException",
    "invalid_utf8": "SerializationException",
    "unauthorized": "UnrecognizedClientException",
    "not_found": "UnknownOperationException",
    "unsupported_media_type": "UnknownOperationException",
    "unsupported_language": "UnsupportedLanguageException",
    "text_too_long": "TextSizeLimitExceededException",
    "request_too_large": "TextSizeLimitExceededException",
    "body_too_large": "TextSizeLimitExceededException",
    "too_many_texts": "BatchSizeLimitExceededException",
    "queue_full": "ThrottlingException",  # which its clients send again, after a while that grows
    "rate_limited": "ThrottlingException",
    "body_timeout": "RequestTimeoutException",  # as after this
    "internal_error": "InternalServerException",
    "deadline_exceeded": "InternalServerException",
    "not_ready": "ServiceUnavailableException",
    "draining": "ServiceUnavailableException",
}
"""AWS's exception by our code; all others are InvalidRequestException."""

router = APIRouter(include_in_schema=False)


@router.post("/")
async def detect_sentiment(request: Request) -> Response:
    """The operation that the header X-Amz-Target names. The signature is not checked: it needs the client's secret."""
    facts = facts_of(request)
    facts.shape = _error
    require_key(request, _access_key_id(request), "sign with the API key as access key id")
    operation = request.headers.get("x-amz-target")
    if operation not in (SINGLE, BATCH):
        raise NotFound(f"the header X-Amz-Target must be {SINGLE} or {BATCH}")
    query, results, _ = await answer(request, partial(_parse, is_batch=operation == BATCH), MEDIA_TYPE)
    good: list[dict[str, Any]] = []
    bad: list[dict[str, Any]] = []
    for index, result in enumerate(results):
        if isinstance(result, Prediction):
            good.append({"Index": index, **_describe(result)})
        else:
            bad.append({"Index": index, "ErrorCode": _exception(result), "ErrorMessage": result.detail})
    reply: dict[str, Any] = {"ResultList": good, "ErrorList": bad}
    if not query.is_batch:
        [reply] = good
        del reply["Index"]
    return _reply(200, reply, {"x-amzn-requestid": facts.request_id})


def _parse(body: bytes, settings: Settings, model: ModelInfo, *, is_batch: bool) -> Query:
    require_polarities(model)
    fields = parse_object(body)
    if fields.get("LanguageCode") not in model.languages:
        raise UnsupportedLanguage(f"LanguageCode must be one of {', '.join(model.languages)}", field="LanguageCode")
    text, texts = fields.get("Text"), fields.get("TextList")
    texts = check_list(texts, settings.max_texts_per_request, "TextList") if is_batch else [text]
    return Query(texts=texts, is_batch=is_batch, place="TextList[{}]" if is_batch else "Text")


def _describe(prediction: Prediction) -> dict[str, Any]:
    """Never mixed: the model has no such label, and a score that no label stands behind would not be calibrated."""
    scores = {name: prediction.scores.get(name.lower(), 0.0) for name in ("Positive", "Negative", "Neutral", "Mixed")}
    return {"Sentiment": prediction.label.upper(), "SentimentScore": scores}


def _access_key_id(request: Request) -> str:
    """From `Authorization: AWS4-HMAC-SHA256 Credential=ID/DATE/REGION/SERVICE/aws4_request, SignedHeaders=…`."""
    credential = request.headers.get("authorization", "").partition("Credential=")[2].partition("/aws4_request")[0]
    return credential.rsplit("/", 3)[0]


def _exception(error: ServiceError) -> str:
    return ERRORS.get(error.code, "InvalidRequestException")


def _error(error: ServiceError, request_id: str) -> Response:
    name, status = _exception(error), error.status if error.status >= 500 else 400
    headers = {**error.headers, "x-amzn-errortype": name, "x-amzn-requestid": request_id}
    return _reply(status, {"__type": name, "Message": error.detail}, headers)


def _reply(status: int, members: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(orjson.dumps(members), status, headers, MEDIA_TYPE)
