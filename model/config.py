"""What a network is made of: the numbers that training chooses and an artifact carries."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

Cell = Literal["rnn", "lstm", "gru", "peephole_lstm"]
Pooling = Literal["max_mean", "max", "mean", "attention"]

MOST_LAYERS = 64
"""Each is objects before it is weights: a million layers of one weight are 14 MB in a file, and gigabytes in memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelConfig:
    """Shape of a SentimentClassifier.

    Raises: ValueError naming the field, the value and what is allowed.
    """

    vocab_size: int
    """Rows of the embedding table; at least the tokenizer's vocabulary."""
    labels: tuple[str, ...] = ("negative", "neutral", "positive")
    """Class names in the order of the logits."""
    embedding_dim: int = 256
    hidden_dim: int = 256
    """Width of one direction."""
    num_layers: int = 1
    cell: Cell = "lstm"
    bidirectional: bool = True
    pooling: Pooling = "max_mean"
    max_tokens: int = 512
    """Longest row the network reads at once; longer texts are read by overlapping windows of this length."""
    embedding_dropout: float = 0.0
    """Probability of zeroing an embedding component, in training only."""
    output_dropout: float = 0.0
    """Probability of zeroing a component between layers or after pooling, in training only."""

    def __post_init__(self) -> None:
        for name in ("vocab_size", "embedding_dim", "hidden_dim", "num_layers", "max_tokens"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name}={value!r}: must be an integer of at least 1")
        if self.num_layers > MOST_LAYERS:
            raise ValueError(f"num_layers={self.num_layers!r}: must be at most {MOST_LAYERS}")
        for name, allowed in (("cell", get_args(Cell)), ("pooling", get_args(Pooling))):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name}={getattr(self, name)!r}: must be one of {', '.join(allowed)}")
        for name in ("embedding_dropout", "output_dropout"):
            if not 0.0 <= getattr(self, name) < 1.0:
                raise ValueError(f"{name}={getattr(self, name)!r}: must be at least 0 and below 1")
        are_names = all(isinstance(label, str) and label and label.isprintable() for label in self.labels)
        if len(self.labels) < 2 or len(set(self.labels)) != len(self.labels) or not are_names:
            raise ValueError(f"labels={self.labels!r}: must be at least two different, printable names")

    @property
    def fewest_weights(self) -> int:
        """A lower bound of a network's weights, told without making one: of each direction, one matrix a source."""
        directions = 2 if self.bidirectional else 1
        first = directions * self.hidden_dim * (self.embedding_dim + self.hidden_dim)
        further = directions * self.hidden_dim * (directions + 1) * self.hidden_dim * (self.num_layers - 1)
        return self.vocab_size * self.embedding_dim + first + further + len(self.labels) * self.hidden_dim

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types."""
        return {**asdict(self), "labels": list(self.labels)}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """Inverse of to_dict.

        Raises: ValueError if a field is missing, unknown or out of range.
        """
        try:
            return cls(**{**fields, "labels": tuple(fields["labels"])})
        except (TypeError, KeyError) as error:
            raise ValueError(f"not a model config: {error}") from error
