"""Everything that a training run is told, as data."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from model.config import Cell, ModelConfig, Pooling
from training.sources import Source

Precision = Literal["auto", "float32", "bfloat16"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RunConfig:
    """What every run is told: its sources, its encoder, and how it is optimised.

    Raises: ValueError naming the field, the value and what is allowed.
    """

    train: tuple[Source, ...]
    """Sources to learn from; at least one."""
    dev_fraction: float = 0.1
    """Held out of every train source if nothing else names dev data."""
    strict: bool = False
    """Stop at the first row that cannot be used, instead of leaving it out and counting it."""
    seed: int = 0
    """Of initial weights, splits, order and dropout."""

    vocab_size: int = 24_000
    tokenizer_texts: int = 60_000
    """At most this many texts of each source train the tokenizer."""
    word_vectors: tuple[str, ...] = ()
    """Files that initialise embeddings: word2vec text (.txt), or .npy with .vocab.txt beside it."""
    cell: Cell = "lstm"
    bidirectional: bool = True
    num_layers: int = 1
    embedding_dim: int = 256
    hidden_dim: int = 256
    max_tokens: int = 512
    embedding_dropout: float = 0.3
    output_dropout: float = 0.4

    epochs: float = 3.0
    """Passes over the train sources; a fraction ends within a pass."""
    batch_tokens: int = 12_288
    """Most tokens of one update over all processes, padding included."""
    batch_rows: int = 128
    """Most rows of one update over all processes. With tokens alone, an update reads a dozen long reviews or 500 short
    phrases: sources of short texts get few updates, and learn less in as many epochs."""
    learning_rate: float = 2e-3
    warmup_fraction: float = 0.05
    """Share of all steps in which the learning rate rises to its peak."""
    final_learning_rate_fraction: float = 0.02
    """Where the cosine ends, as a share of the peak."""
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    ema_decay: float = 0.998
    """Of the average of weights that is evaluated and exported; 0 for the weights themselves."""
    precision: Precision = "auto"
    """Of the network's products in training. auto: bfloat16 where the processor multiplies it natively."""

    evaluations_per_epoch: int = 2
    patience: int = 0
    """Evaluations without a better dev score after which the run stops; 0: never."""
    checkpoint_every_s: float = 60.0
    """Seconds between checkpoints."""

    def __post_init__(self) -> None:
        if not self.train:
            raise ValueError("train=(): must name at least one source")
        bounds: dict[str, tuple[float, float]] = {
            "dev_fraction": (0.0, 0.9),
            "vocab_size": (258, 1_000_000),
            "tokenizer_texts": (1, math.inf),
            "seed": (-(2**63), 2**63 - 1),
            "epochs": (1e-6, 1e6),
            "batch_tokens": (self.max_tokens, math.inf),
            "batch_rows": (1, math.inf),
            "learning_rate": (1e-9, 10.0),
            "warmup_fraction": (0.0, 1.0),
            "final_learning_rate_fraction": (0.0, 1.0),
            "weight_decay": (0.0, math.inf),
            "clip_norm": (1e-9, math.inf),
            "ema_decay": (0.0, 0.99999),
            "evaluations_per_epoch": (1, math.inf),
            "patience": (0, math.inf),
            "checkpoint_every_s": (0.0, math.inf),
        }
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name}={value!r}: must be from {low:g} to {high:g}")

    def shape(self, vocab_size: int, **fields: Any) -> ModelConfig:
        """The network that the run is told of; fields: what else it has, or has otherwise."""
        own = ("embedding_dim", "hidden_dim", "num_layers", "cell", "bidirectional", "max_tokens")
        told = {name: getattr(self, name) for name in (*own, "embedding_dropout", "output_dropout")}
        return ModelConfig(vocab_size=vocab_size, **told | fields)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types, without the folders of this machine: sources go by name."""
        fields = asdict(self)
        for name, value in fields.items():
            given = getattr(self, name)
            if isinstance(given, RunConfig):
                fields[name] = given.to_dict()
            elif isinstance(given, tuple) and any(isinstance(item, RunConfig) for item in given):
                fields[name] = [item.to_dict() for item in given]
            elif isinstance(given, tuple) and any(isinstance(item, Source) for item in given):
                for source, record in zip(given, value, strict=True):
                    record["path"] = source.path.rsplit("/", 1)[-1]
                    record["labels"] = list(source.labels)
                    record["label_map"] = dict(source.label_map)
        fields["word_vectors"] = [path.rsplit("/", 1)[-1] for path in self.word_vectors]
        return fields


@dataclass(frozen=True, kw_only=True, slots=True)
class PretrainConfig(RunConfig):
    """One run that learns an encoder as a language model, from the text of its sources alone."""

    dev_fraction: float = 0.002
    max_tokens: int = 128
    """Texts are cut into rows of this length: what lies further back than that hardly moves the next token, and short
    rows side by side keep the processor busier than long ones."""
    batch_rows: int = 1_024
    negatives: int = 1024
    """Tokens that each prediction is told from, drawn anew each update: the whole vocabulary would cost ten times the
    recurrent layer."""
    embedding_dropout: float = 0.1
    output_dropout: float = 0.1
    learning_rate: float = 3e-3
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        RunConfig.__post_init__(self)
        if self.num_layers != 1:
            raise ValueError(
                f"num_layers={self.num_layers}: a language model has 1; above it, the halves see each other"
            )
        if not 1 <= self.negatives <= self.vocab_size:
            raise ValueError(f"negatives={self.negatives}: must be from 1 to vocab_size={self.vocab_size}")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig(RunConfig):
    """One run that fits a classifier. A recipe returns one; `dataclasses.replace` makes variants."""

    dev: tuple[Source, ...] = ()
    """Sources to select and calibrate on, beside what train sources hold out."""
    languages: tuple[str, ...] = ("en", "zh")
    """ISO 639-1 codes, for the model card."""
    pretraining: PretrainConfig | None = None
    """Learn the encoder as a language model first. Its vocabulary and widths are then those of the classifier."""
    founding: "TrainConfig | None" = None
    """Fit this classifier first, and start from it."""
    teaching: "tuple[TeacherConfig, ...]" = ()
    """Fine-tune these transformers first, and learn from them."""
    encoder: str = ""
    """Folder of an encoder to start from, by `pretrain`, or of an artifact; with its vocabulary and widths."""
    teachers: tuple[str, ...] = ()
    """Artifacts whose mean probabilities are learned beside the labels, and instead of them where there are none."""
    self_taught: bool = False
    """The artifact that the run starts from teaches it too, so that what it was taught is not forgotten; of texts
    without a label, only those that another teacher reads as well."""
    start_share: float = 0.0
    """Of the weights that the run starts from in those that it ends with, a mean of both: what fitting has forgotten
    comes back.   Source: Wortsman et al. 2022, arXiv 2109.01903."""
    cross_taught: tuple[str, ...] = ()
    """Names of train sources that a linear model teaches as well, each row by one of the other folds. It sees which
    words occur where a recurrent network reads: their mistakes differ. NAME:OTHER teaches the whole texts of the
    unlabelled source OTHER too, by all rows of NAME."""
    teacher_share: float = 0.5
    """Of the teachers in what a labelled row is trained towards; the rest is its label's."""
    unlabelled: tuple[Source, ...] = ()
    """Texts to learn from the teachers alone."""
    unlabelled_sentences: int = 0
    """Most sentences drawn from each of these, to be learned beside the whole texts, or alone of a source that is a
    train source too; every second English one also in contrast with another."""
    unlabelled_opposites: int = 0
    """Most sentences or clauses drawn from each of these that are negated, or no longer negated, by rule. What teachers
    say of such a sentence is learned of its opposite, negative and positive exchanged."""
    pooling: Pooling = "max_mean"
    subword_split: float = 0.0
    """Probability that training reads a subword as the two it was merged from."""
    label_smoothing: float = 0.0
    """Probability spread evenly over the labels that a source can carry."""
    class_weights: Literal["none", "balanced"] = "none"
    """balanced: within each labelled source, labels count as if they were equally frequent."""
    card_notes: str = ""
    """Markdown that the model card carries after its own sections: licences of the data, checks made by hand."""

    def __post_init__(self) -> None:
        RunConfig.__post_init__(self)
        for name in ("label_smoothing", "subword_split"):
            if not 0.0 <= getattr(self, name) <= 0.9:
                raise ValueError(f"{name}={getattr(self, name)!r}: must be from 0 to 0.9")
        for name in ("unlabelled_sentences", "unlabelled_opposites"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}={getattr(self, name)}: must be at least 0")
        if not 0.0 <= self.teacher_share <= 1.0:
            raise ValueError(f"teacher_share={self.teacher_share!r}: must be from 0 to 1")
        cross_taught = {other for _, other in map(split_taught, self.cross_taught)}
        taught = self.teachers or self.teaching or self.self_taught
        untaught = [source.name for source in self.unlabelled if not taught and source.name not in cross_taught]
        if untaught:
            raise ValueError(f"unlabelled={', '.join(untaught)}: no teacher to label it")
        for name in ("unlabelled_sentences", "unlabelled_opposites"):
            if getattr(self, name) and self.unlabelled and not taught:
                raise ValueError(
                    f"{name}={getattr(self, name)}: a linear model labels whole texts alone; name teachers"
                )
        sets = {source.name for source in self.train}, {source.name for source in self.unlabelled}
        for name, other in map(split_taught, self.cross_taught):
            if name not in sets[0]:
                raise ValueError(f"cross_taught={name!r}: must be the name of a train source")
            if [source.name for source in self.train].count(name) > 1:
                raise ValueError(f"cross_taught={name!r}: several train sources have this name; give one a name=")
            if other and other not in sets[1]:
                raise ValueError(f"cross_taught={name}:{other}: {other!r} must be the name of an unlabelled source")
        if not 0.0 <= self.start_share < 1.0:
            raise ValueError(f"start_share={self.start_share!r}: must be from 0 to less than 1")
        for name in ("self_taught", "start_share"):
            if getattr(self, name) and not (self.founding or self.encoder):
                raise ValueError(
                    f"{name}={getattr(self, name)}: needs an artifact to start from, by `founding` or `encoder`"
                )
        started = [name for name in ("founding", "pretraining", "encoder", "word_vectors") if getattr(self, name)]
        if len(started) > 1:
            raise ValueError(f"{' and '.join(started)}: the encoder can start from one of them only")

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types, without the folders of this machine and the card's notes."""
        fields = RunConfig.to_dict(self)
        del fields["card_notes"]
        fields["teachers"] = [path.rstrip("/").rsplit("/", 1)[-1] for path in self.teachers]
        fields["encoder"] = self.encoder.rstrip("/").rsplit("/", 1)[-1]
        return fields


def split_taught(entry: str) -> tuple[str, str]:
    """The train source of an entry of `cross_taught`, and the unlabelled one or ""."""
    name, _, other = entry.partition(":")
    return name, other


@dataclass(frozen=True, kw_only=True, slots=True)
class TeacherConfig(TrainConfig):
    """One run that fine-tunes a transformer, once over its sources; what concerns recurrent networks is not read."""

    model: str
    """Folder of a pretrained transformer, file of one that `packed` reads, package:NAME/PATH for one of them within an
    installed Python package, or a hub id."""
    specialist: bool = False
    """It is asked about the sources that it learned from alone, and about sentences drawn from them."""
    epochs: float = 1.0
    max_tokens: int = 128
    """It is asked about no longer texts either."""
    batch_rows: int = 256
    learning_rate: float = 2e-4
    label_smoothing: float = 0.05

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON types, without the folders of this machine."""
        fields = TrainConfig.to_dict(self)
        fields["model"] = Path(self.model).name if Path(self.model).is_dir() else self.model
        return fields
