"""Azure AI Language: POST /language/:analyze-text, for its kind SentimentAnalysis."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from service.answering import answer, facts_of, require_key
from service.dialects import object_in, require_polarities
from service.dialects.positions import UNITS, Unit, places
from service.errors import InvalidRequest, ServiceError, UnsupportedLanguage
from service.parsing import Query, check_list, parse_object
from service.prediction import Prediction
from service.predictor import ModelInfo
from service.settings import Settings

CODES = {401: "Unauthorized", 408: "Timeout", 429: "TooManyRequests", 500: "InternalServerError"}
CODES |= {503: "ServiceUnavailable", 504: "Timeout"}
"""Azure's code by status; all others are InvalidRequest, or InvalidArgument in a document, with an inner code."""
INNER_CODES = {"id": "InvalidDocument", "modelVersion": "ModelVersionIncorrect", "texts_empty": "MissingInputDocuments"}
INNER_CODES |= {"invalid_json": "InvalidRequestBodyFormat", "invalid_utf8": "InvalidRequestBodyFormat"}
INNER_CODES |= {"unsupported_media_type": "InvalidRequestBodyFormat", "too_many_texts": "InvalidDocumentBatch"}
INNER_CODES |= {"body_too_large": "InvalidRequest", "request_too_large": "InvalidRequest"}
INNER_CODES |= {"unsupported_language": "UnsupportedLanguageCode", "invalid_request": "InvalidParameterValue"}
"""By what an error is about, else by our code; all others are InvalidDocument."""
NO_SCORES = {"positive": 0.0, "neutral": 0.0, "negative": 0.0}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Documents(Query):
    """Texts, of which each has an id, and the unit that the places of their sentences are counted in."""

    is_batch: bool = True
    place: str = "documents[{}].text"
    sentences: bool = True
    ids: list[str]
    unit: Unit


@router.post("/language/:analyze-text")
async def analyze_text(request: Request) -> JSONResponse:
    """Each document has its sentiment and that of its sentences, or its own error."""
    facts_of(request).shape = _error
    require_key(request, request.headers.get("ocp-apim-subscription-key", ""), "send Ocp-Apim-Subscription-Key: KEY")
    query, results, model = await answer(request, _parse)
    items = list(zip(query.ids, query.texts, results, strict=True))
    documents = [{"id": i, **_describe(r, str(text), query.unit)} for i, text, r in items if isinstance(r, Prediction)]
    errors = [{"id": i, "error": _failure(r, "InvalidArgument")} for i, _, r in items if isinstance(r, ServiceError)]
    members = {"documents": documents, "errors": errors, "modelVersion": model.version}
    return JSONResponse({"kind": "SentimentAnalysisResults", "results": members})


def _parse(body: bytes, settings: Settings, model: ModelInfo) -> Documents:
    require_polarities(model)
    fields = parse_object(body)
    if fields.get("kind") != "SentimentAnalysis":
        raise InvalidRequest("kind must be SentimentAnalysis: this service analyses nothing else", field="kind")
    parameters, documents = object_in(fields, "parameters"), object_in(fields, "analysisInput").get("documents")
    unit = UNITS.get(_lower(parameters.get("stringIndexType"), "unicodecodepoint"))
    if unit is None:
        raise InvalidRequest("stringIndexType must be UnicodeCodePoint or Utf16CodeUnit", field="stringIndexType")
    if not (parameters.get("opinionMining") is None or parameters["opinionMining"] is False):  # which 0 equals
        raise InvalidRequest("opinionMining must be false: this model finds no opinions", field="opinionMining")
    if parameters.get("modelVersion") not in (None, "latest", model.version):
        raise InvalidRequest(f"modelVersion must be latest or {model.version}", field="modelVersion")
    documents = check_list(documents, settings.max_texts_per_request, "documents", "objects")
    ids = [document.get("id") if isinstance(document, dict) else None for document in documents]
    good = [name for name in ids if isinstance(name, str) and name.isprintable() and 0 < len(name) <= 512]
    if len(set(good)) < len(documents):
        raise InvalidRequest("each document must have an id of its own, of 1 to 512 printable characters", field="id")
    return Documents(texts=[_text(document, model) for document in documents], ids=good, unit=unit)


def _text(document: Any, model: ModelInfo) -> object:
    if _lower(document.get("language"), "").removesuffix("-hans") in ("", *model.languages):
        return document.get("text")
    return UnsupportedLanguage(f"language must be one of {', '.join(model.languages)}", field="language")


def _lower(name: object, default: str) -> str:
    """A name in lower case; the default where it is left out, and a name of nothing where it is no string."""
    return default if name is None else name.lower() if isinstance(name, str) else "(no string)"


def _describe(prediction: Prediction, text: str, unit: Unit) -> dict[str, Any]:
    found = prediction.sentences or ()
    sentences: list[dict[str, Any]] = [
        {"sentiment": sentence.label, "confidenceScores": NO_SCORES | sentence.scores, **place}
        for sentence, place in zip(found, places(text, found, unit), strict=True)
    ]
    sentiment, scores = "mixed" if prediction.mixed else prediction.label, NO_SCORES | prediction.scores
    return {"sentiment": sentiment, "confidenceScores": scores, "sentences": sentences, "warnings": []}


def _failure(error: ServiceError, code: str) -> dict[str, Any]:
    if error.status in CODES:
        return {"code": CODES[error.status], "message": error.detail}
    inner = INNER_CODES.get(error.field or "", INNER_CODES.get(error.code, "InvalidDocument"))
    return {"code": code, "message": error.detail, "innererror": {"code": inner, "message": error.detail}}


def _error(error: ServiceError, _: str) -> JSONResponse:
    status = 400 if error.status == 422 or error.code == "too_many_texts" else error.status
    return JSONResponse({"error": _failure(error, "InvalidRequest")}, status, dict(error.headers))
