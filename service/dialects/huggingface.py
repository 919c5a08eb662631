"""Hugging Face: POST /predict and GET /info, of Text Embeddings Inference (TEI) and for `InferenceClient` alike."""

import math
import time
from dataclasses import dataclass

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from service.answering import Result, answer, context_of, facts_of, require_key
from service.dialects import object_in
from service.engine import TOKENIZER_THREADS
from service.errors import InvalidRequest, ServiceError
from service.parsing import Query, check_list, parse_object
from service.predictor import NETWORK_FILES, ModelInfo
from service.settings import Settings

KINDS = {"texts_empty": "Empty", "internal_error": "Backend", "deadline_exceeded": "Backend"}
KINDS |= {"queue_full": "Overloaded", "rate_limited": "Overloaded", "not_ready": "Unhealthy", "draining": "Unhealthy"}
STATUSES = {"texts_empty": 400, "internal_error": 424}
"""TEI's error_type and status by our code; all others are Validation with our status."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs(Query):
    """Texts, what to make of their logits, and whether the answer of a lone text stands in a list."""

    return_logits: bool = True
    function: str
    top_k: int | None
    is_nested: bool


@router.post("/predict")
async def predict(request: Request) -> Response:
    """The labels of each text, the most probable first."""
    started_at, facts = time.monotonic(), facts_of(request)
    facts.shape = _error
    require_key(request)
    query, results, model = await answer(request, _parse)
    ranked = [_rank(result, query) for result in results]
    times = facts.timings
    spent = {"tokenization": times.tokenize_s, "queue": times.queue_s, "inference": times.inference_s}
    spent["compute"] = spent["total"] = time.monotonic() - started_at
    headers = {f"x-{stage}-time": str(round(seconds * 1000)) for stage, seconds in spent.items()}
    headers |= {"x-compute-type": model.device, "x-compute-tokens": str(times.tokens)}
    headers["x-compute-characters"] = str(sum(len(str(text)) for text in query.texts))
    return Response(orjson.dumps(ranked if query.is_nested else ranked[0]), 200, headers, "application/json")


@router.get("/info")
async def info(request: Request) -> Response:
    """What runs here, and the limits of requests."""
    facts_of(request).shape = _error
    require_key(request)
    settings, engine = context_of(request).settings, context_of(request).lifecycle.engine
    model, budget = engine.info, engine.budget
    ids = {label: index for index, label in enumerate(model.labels)}
    kind = {"classifier": {"id2label": {str(index): label for label, index in ids.items()}, "label2id": ids}}
    members: dict[str, object] = {"model_id": model.version, "served_model_name": model.version, "model_type": kind}
    members["model_sha"] = model.digests[NETWORK_FILES[model.backend]]
    members["model_dtype"] = model.precision
    members |= {"max_concurrent_requests": settings.queue_limit, "max_input_length": settings.queue_limit_tokens}
    members |= {"max_batch_tokens": budget.tokens, "max_batch_requests": budget.rows}
    members |= {"max_client_batch_size": settings.max_texts_per_request, "tokenization_workers": TOKENIZER_THREADS}
    members |= {"auto_truncate": False, "version": request.app.version, "sha": None, "docker_label": None}
    return JSONResponse(members)


def _parse(body: bytes, settings: Settings, _: ModelInfo) -> Inputs:
    fields = parse_object(body)
    inputs, is_raw, parameters = fields.get("inputs"), fields.get("raw_scores"), object_in(fields, "parameters")
    function, top_k = parameters.get("function_to_apply"), parameters.get("top_k")
    if not isinstance(is_raw, bool | None):
        raise InvalidRequest("raw_scores must be true or false", field="raw_scores")
    if function not in (None, "softmax", "sigmoid", "none") or not (
        top_k is None or (type(top_k) in (int, float) and top_k >= 1 and top_k == top_k // 1)  # 2.0 is whole in JSON
    ):
        raise InvalidRequest("function_to_apply must be softmax, sigmoid or none, and top_k a whole number from 1 on")
    function, is_batch = "none" if is_raw else function or "softmax", isinstance(inputs, list)
    texts = check_list(inputs, settings.max_texts_per_request, "inputs") if is_batch else [inputs]
    texts = [text[0] if isinstance(text, list) and len(text) == 1 else text for text in texts]
    is_nested = is_batch or fields.get("parameters") is not None
    top_k, place = None if top_k is None else int(top_k), "inputs[{}]" if is_batch else "inputs"
    return Inputs(texts=texts, is_batch=is_batch, place=place, function=function, top_k=top_k, is_nested=is_nested)


def _rank(result: Result, query: Inputs) -> list[dict[str, object]]:
    if isinstance(result, ServiceError):
        raise result  # as in TEI, one text that cannot be answered fails them all
    scores = result.scores if query.function == "softmax" else result.logits or {}
    if query.function == "sigmoid":
        scores = {label: (1 + math.tanh(logit / 2)) / 2 for label, logit in scores.items()}  # never overflows
    ranked = sorted(scores.items(), key=lambda item: item[1], reverse=True)
    return [{"label": label, "score": score} for label, score in ranked[: query.top_k]]


def _error(error: ServiceError, _: str) -> JSONResponse:
    members = {"error": error.detail, "error_type": KINDS.get(error.code, "Validation")}
    return JSONResponse(members, STATUSES.get(error.code, error.status), dict(error.headers))
