"""Schemas: what requests and replies look like, for the OpenAPI page and for tests that hold replies against it.

Requests are read by `parsing`, which can say more exactly what is wrong than a schema can.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from model.language import Language
from service.errors import HeadersTimeout, HeadersTooLarge, MalformedRequest, ServiceError
from service.parsing import REQUEST_ID

NOT_BLANK = r"[^\s\x1c-\x1f\x85]"
"""A character that Python's strip() leaves: not every dialect of regular expressions has the last five in its \\s."""


class Strict(BaseModel):
    """No member more than those written down."""

    model_config = ConfigDict(extra="forbid")


class Options(Strict):
    """What a reply may tell beside the sentiment."""

    return_logits: bool = Field(default=False, description="Add the network's outputs before the softmax.")
    sentences: bool = Field(default=False, description="Add the sentiment of each sentence, read alone.")
    explain: bool = Field(default=False, description="Add what each token gave to the label.")
    trace: bool = Field(default=False, description="Add what each token did to the network's memory.")


class SingleQuery(Options):
    """One text."""

    text: str = Field(pattern=NOT_BLANK, examples=["I loved every minute of it."])


class BatchQuery(Options):
    """Several texts, each answered or refused on its own."""

    texts: list[str] = Field(min_length=1, examples=[["I loved every minute of it.", "房间又脏又吵"]])


class FeedbackQuery(Strict):
    """A text and the label that it should have had. The text is kept."""

    text: str = Field(pattern=NOT_BLANK, examples=["Not bad at all."])
    label: str = Field(description="One of the model's labels.", examples=["positive"])
    request_id: str = Field(
        default_factory=str,  # may be left out, but has no default that could be written down
        pattern=f"^{REQUEST_ID.pattern}$",
        description="The x-request-id of the prediction, to be kept with it.",
    )


class Opinion(Strict):
    """A sentiment."""

    label: str = Field(description="The most probable label.", examples=["positive"])
    score: float = Field(ge=0, le=1, description="Its calibrated probability.", examples=[0.98])
    scores: dict[str, float] = Field(
        description="Probability of every label.", examples=[{"negative": 0.01, "neutral": 0.01, "positive": 0.98}]
    )


class Sentence(Opinion):
    """The sentiment of one sentence, read alone."""

    offset: int = Field(ge=0, description="Where it begins, in Unicode code points of the text as sent.")
    length: int = Field(ge=1, description="Of how many code points it is.")


class Place(Strict):
    """Where a token comes from; the bytes of one character share its place."""

    offset: int = Field(ge=0, description="Where it begins, in Unicode code points of the text as sent.")
    length: int = Field(ge=1, description="Of how many code points it is.")
    text: str


class Contribution(Place):
    """What a token gave to the margin."""

    contribution: float


class Explanation(Strict):
    """Why the text has its label: margin = bias + the sum of the contributions."""

    label: str
    margin: float = Field(description="The label's logit less the mean of the others', weighted by probability.")
    bias: float = Field(description="What is there whatever the tokens are.")
    tokens: list[Contribution]


class DirectionTrace(Strict):
    """One layer read in one direction: numbers by token, in the order of the text. A cell has some of them."""

    layer: int = Field(ge=0)
    direction: Literal["forward", "backward"]
    forget: list[float] | None = Field(default=None, description="Gates and candidate are means over the units.")
    input: list[float] | None = None
    output: list[float] | None = None
    update: list[float] | None = Field(default=None, description="Of a GRU, as is reset.")
    reset: list[float] | None = None
    candidate: list[float] | None = None
    cell_norm: list[float] | None = Field(default=None, description="Norm of the memory.")
    hidden_norm: list[float] = Field(description="Norm of the output.")


class Trace(Strict):
    """What happened in the network's memory."""

    tokens: list[Place]
    directions: list[DirectionTrace]


class Result(Opinion):
    """The sentiment of one text."""

    language: Language = Field(description="Told from the script of the text.")
    tokens: int = Field(ge=1, description="Tokens of the text.", examples=[7])
    windows: int = Field(ge=1, description="Overlapping windows that a long text was read in.", examples=[1])
    truncated: bool = Field(description="Whether any of the text was not read.", examples=[False])
    logits: dict[str, float] | None = Field(default=None, description="With return_logits; before temperature.")
    document_rule: Literal["whole_text"] | None = Field(
        default=None, description="With sentences: how the label of the text follows. The whole text is read by itself."
    )
    mixed: bool | None = Field(
        default=None, description="With sentences: whether one is plainly positive and another plainly negative."
    )
    sentences: list[Sentence] | None = Field(default=None, description="With sentences: each, in order.")
    explanation: Explanation | None = Field(default=None, description="With explain.")
    trace: Trace | None = Field(default=None, description="With trace.")


class SingleReply(Result):
    """The sentiment of the text."""

    model: str = Field(description="Version that computed it.", examples=["20261121-0a1b2c3d"])


class ItemError(Strict):
    """Why one text has no result."""

    code: str = Field(examples=["text_blank"])
    message: str


class ItemResult(Result):
    """The sentiment of one text of a batch."""

    index: int = Field(ge=0)


class ItemFailure(Strict):
    """A text of a batch that has no result."""

    index: int = Field(ge=0)
    error: ItemError


class BatchReply(Strict):
    """One entry for each text, in order."""

    results: list[ItemResult | ItemFailure]
    model: str = Field(description="Version that computed all of them.", examples=["20261121-0a1b2c3d"])


class Problem(Strict):
    """An error, as in RFC 9457."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request's id, as in x-request-id and in the log.")
    code: str = Field(description="Stable name of the error.")
    field: str | None = Field(default=None, description="What it is about.")
    limit: float | None = Field(default=None, description="The limit that was passed.")
    value: Any = Field(default=None, description="What was found instead.")


class ModelReply(Strict):
    """What is being served."""

    version: str
    created_at: str
    digests: dict[str, str] = Field(description="sha256 by file of the artifact.")
    labels: list[str]
    languages: list[str]
    temperature: float
    max_tokens: int = Field(description="Longest window; longer texts are read by several.")
    dev_metrics: dict[str, dict[str, Any]]
    backend: str = Field(description="What runs the network: onnx or torchscript.")
    device: str
    threads: int = Field(description="That run the network.")
    limits: dict[str, float]


class HealthReply(Strict):
    """State of the process."""

    status: str


class ReloadReply(Strict):
    """The version served after a reload."""

    model: str


class FeedbackReply(Strict):
    """A correction that is on disk."""

    stored: Literal[True] = Field(description="The text and all of these are kept until the operator deletes them.")
    predicted: str = Field(description="What the model makes of the text now.", examples=["negative"])
    model: str = Field(description="Version that computed it.", examples=["20261121-0a1b2c3d"])
    bytes: int = Field(ge=1, description="Size of the feedback file.")
    limit_bytes: int = Field(ge=1, description="Its largest size; beyond it feedback is refused.")


AnyQuery = Annotated[SingleQuery | BatchQuery, Field()]

_OF_ANY_ROUTE: tuple[type[ServiceError], ...] = (MalformedRequest, HeadersTimeout, HeadersTooLarge)
"""What the protocol refuses before there is a route."""


def problem_responses(*errors: type[ServiceError]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entry of a route's errors and of those that any may meet: one schema, one example for each code."""
    responses: dict[int | str, dict[str, Any]] = {}
    for error in (*errors, *_OF_ANY_ROUTE):
        response = responses.setdefault(
            error.status,
            {"model": Problem, "description": error.title, "content": {"application/problem+json": {"examples": {}}}},
        )
        example = error("What happened, for people.").to_problem("4bf92f3577b34da6a3ce929d0e0e4736")
        response["content"]["application/problem+json"]["examples"][error.code] = {"value": example}
    return responses
