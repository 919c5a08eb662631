import json
from pathlib import Path

import pytest

from model.rows import DataError
from tests.model.test_files import COLUMNS, WANTED, values
from training.readers import read_rows


def test_hugging_face_dataset_reads_by_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "reviews"
    folder.mkdir()
    for split in ("train", "test"):
        lines = [json.dumps({"text": f"{split} {text}", "label": label}) + "\n" for text, label in WANTED]
        (folder / f"{split}.jsonl").write_text("".join(lines))
    rows = list(read_rows(f"hf:{folder}", COLUMNS, split="test"))
    assert values(rows) == [(f"test {text}", label) for text, label in WANTED]
    with pytest.raises(DataError, match="split 'dev' cannot be loaded"):
        list(read_rows(f"hf:{folder}", COLUMNS, split="dev"))


def test_hugging_face_class_labels_are_read_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])})
    dataset = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, features=features)
    monkeypatch.setattr(datasets, "load_dataset", lambda name, split: dataset)
    assert values(list(read_rows("hf:any/id", COLUMNS))) == [("a", "pos"), ("b", "neg")]
