import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model.rows import DataError
from training.packed import MAGIC, load_packed
from training.transformer import Transformer

LABELS = ("negative", "neutral", "positive")
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0), ("▁good", -2.0), ("g", -6.0)]
PIECES += [(letter, -6.0) for letter in "od"] + [
    ("很好", -4.0),
    ("很", -6.0),
    ("好", -6.0),
    (",", -5.0),
    ("<mask>", 0.0),
]
NAMES = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value"}
NAMES |= {"ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense"}
NAMES |= {"fo": "output.dense", "oln": "output.LayerNorm"}


def pack_matrix(weight: torch.Tensor) -> tuple[bytes, torch.Tensor]:
    """Blocks of a matrix by their rule, and what is left of the weights."""
    blocks = weight.reshape(-1, 32).numpy()
    scales = (np.abs(blocks).max(axis=1) / 7).astype(np.float16)
    numbers = np.clip(np.rint(blocks / scales[:, None].astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    packed = b"".join(
        scale.tobytes() + bytes(low | high << 4 for low, high in zip(row[:16].tolist(), row[16:].tolist(), strict=True))
        for scale, row in zip(scales, numbers, strict=True)
    )
    kept = (numbers.astype(np.float32) - 8) * scales[:, None].astype(np.float32)
    return packed, torch.from_numpy(kept).reshape(weight.shape)


def write_packed(path: Path) -> Any:
    """A file of a BERT of 2 layers, 32 wide; the same BERT with the weights that four bits leave of its own."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    shape: dict[str, Any] = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
    model = BertModel(
        BertConfig(
            vocab_size=len(PIECES),
            num_attention_heads=2,
            max_position_embeddings=40,
            initializer_range=0.3,
            pad_token_id=None,
            **shape,
        )
    ).eval()  # type: ignore[no-untyped-call]
    state = model.state_dict()
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    for layer in range(2):
        for short, name in NAMES.items():
            for kind, long in (("w", "weight"), ("b", "bias")):
                names[f"l{layer}.{short}.{kind}"] = f"encoder.layer.{layer}.{name}.{long}"
    tensors: list[tuple[str, int, int, bytes]] = []
    for short, name in names.items():
        value = state[name]
        is_matrix = value.ndim == 2 and short not in ("emb.pos", "emb.type")
        data = value.numpy().astype("<f4").tobytes()
        if is_matrix:
            data, kept = pack_matrix(value)
            value.copy_(kept)
        tensors.append((short, int(is_matrix), value.numel(), data))
    pieces = [piece.encode() for piece, _ in PIECES]
    starts = np.cumsum([0, *map(len, pieces)]).astype("<u4").tobytes()
    head = MAGIC + struct.pack("<8i", 1, 32, 2, 2, 64, len(PIECES), 40, 2) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, pieces)))
    head += starts + np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(pieces)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xFF0C, 1, ord(","))
    size = len(head) + 4 + sum(2 + len(short) + 21 for short, *_ in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for short, form, count, data in tensors:
        directory += struct.pack("<H", len(short)) + short.encode()
        directory += struct.pack("<BIQQ", form, count, size + len(body), len(data))
        body += data
    path.write_bytes(head + directory + body)
    return model


def test_packed_weights_are_those_of_the_model(tmp_path: Path) -> None:
    original = write_packed(tmp_path / "model.bin")
    model, _ = load_packed(tmp_path / "model.bin", LABELS)
    ids = torch.tensor([[0, 5, 12, 9, 2], [0, 10, 2, 1, 1]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    with torch.no_grad():
        wanted = original(input_ids=ids, attention_mask=mask).last_hidden_state
        found = model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
    assert torch.allclose(found, wanted, atol=1e-5)
    assert wanted[0].std() > 0.1


def test_tokenizer_takes_the_likeliest_pieces_between_its_marks(tmp_path: Path) -> None:
    write_packed(tmp_path / "model.bin")
    _, tokenizer = load_packed(tmp_path / "model.bin", LABELS)
    assert tokenizer.encode("good").tokens == ["<s>", "▁good", "</s>"]
    # Full width becomes half, space is one, control characters go, what is unknown has its mark.
    assert tokenizer.encode(" ｇood，\t很好\x07 ☃").tokens == ["<s>", "▁good", ",", "▁", "很好", "▁", "☃", "</s>"]
    assert tokenizer.encode("☃").ids[-2] == 3
    assert tokenizer.token_to_id("<pad>") == 1


def test_packed_transformer_becomes_one_that_is_trained_and_saved(tmp_path: Path) -> None:
    write_packed(tmp_path / "model.bin")
    transformer = Transformer.load(str(tmp_path / "model.bin"), LABELS)
    texts = ["good", "很好", "good, good, good"]
    assert transformer.reader.pad_id == 1
    transformer.save(tmp_path / "saved", temperature=1.0, max_tokens=16, languages=["zh"])
    saved = Transformer.load(str(tmp_path / "saved"))
    assert saved.logits(texts) == pytest.approx(transformer.logits(texts), abs=1e-5)
    assert saved.reader.encode_batch(texts) == transformer.reader.encode_batch(texts)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"GGUF" + data[4:], "does not begin with E5S1"),
        (lambda data: data[:50], "requires a buffer of at least"),
        (lambda data: data[:-4000], "buffer"),
        (lambda data: data.replace(b"l1.oln.b", b"l1.oln.x"), "damaged: 'x'"),
    ],
)
def test_file_that_is_damaged_is_refused_by_name(tmp_path: Path, damage: Any, message: str) -> None:
    write_packed(tmp_path / "model.bin")
    (tmp_path / "model.bin").write_bytes(damage((tmp_path / "model.bin").read_bytes()))
    with pytest.raises(DataError, match=rf"model\.bin: not a transformer that can be read: .*({message})"):
        Transformer.load(str(tmp_path / "model.bin"), LABELS)


def test_packed_file_has_no_head_of_its_own(tmp_path: Path) -> None:
    write_packed(tmp_path / "model.bin")
    with pytest.raises(DataError, match=r"model\.bin: .*has no head"):
        Transformer.load(str(tmp_path / "model.bin"))
