import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from model.rows import DataError
from tests.texts import LABELLED
from training.data import Corpus, order_labels, read_source, read_texts
from training.keys import duplicate_key, is_held_out
from training.sets import make_sets
from training.sources import Source, parse_source


def write_jsonl(path: Path, rows: Sequence[tuple[object, object]]) -> str:
    path.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows))
    return str(path)


def corpus(name: str, rows: list[tuple[str, str]], **options: object) -> Corpus:
    source = Source(path=f"{name}.jsonl", **options)  # type: ignore[arg-type]
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    return Corpus(
        source=source, texts=texts, labels=labels, carried=tuple(order_labels(labels)), problems=[], digest=""
    )


def test_unusable_rows_are_counted_with_file_row_and_reason(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "a.jsonl",
        [
            ("good", 5),
            ("", 5),
            ("bad", 1),
            (None, 1),
            (7, 1),
            ("meh", 3),
            ("x", 9),
            ("y", None),
            ("\ud800", 1),
            ("z", 1.0),
        ],
    )
    source = parse_source(f"{path}?map=1:negative,5:positive,3:")
    read = read_source(source)
    assert list(zip(read.texts, read.labels, strict=True)) == [
        ("good", "positive"),
        ("bad", "negative"),
        ("z", "negative"),
    ]
    assert [(problem.row, problem.reason.split(" in ")[0].split(";")[0]) for problem in read.problems] == [
        (2, "empty text"),
        (4, "empty text"),
        (5, "column 'text' holds a int, not text"),
        (7, "unknown label '9'"),
        (8, "no label"),
        (9, "column 'text' holds a lone surrogate, not Unicode text"),
    ]
    assert read.summary()["rejected_rows"] == 6
    with pytest.raises(DataError, match=r"a\.jsonl:2: empty text .*\(strict\)"):
        read_source(source, strict=True)


def test_number_that_is_none_is_no_label(tmp_path: Path) -> None:
    """A NaN of Parquet and 1e400 of JSON became the classes `nan` and `inf`."""
    rows = {"text": ["a", "b", "c"], "label": [1.0, 0.0, float("nan")]}
    pyarrow.parquet.write_table(pyarrow.table(rows), tmp_path / "a.parquet")
    content = '{"text": "a", "label": 1}\n{"text": "b", "label": 0}\n{"text": "c", "label": -1e400}\n'
    (tmp_path / "a.jsonl").write_text(content)
    for name in ("a.parquet", "a.jsonl"):
        read = read_source(parse_source(str(tmp_path / name)))
        assert read.carried == ("0", "1")
        assert [(problem.row, problem.reason) for problem in read.problems] == [(3, "no label in column 'label'")]


def test_label_that_is_not_unicode_is_a_problem(tmp_path: Path) -> None:
    """It ended the run with a UnicodeEncodeError that named neither file nor row."""
    path = write_jsonl(tmp_path / "a.jsonl", [("a", "good"), ("b", "bad"), ("c", "\ud800")])
    read = read_source(parse_source(path))
    assert read.carried == ("bad", "good")
    assert [str(problem) for problem in read.problems] == [
        f"{path}:3: column 'label' holds a lone surrogate, not Unicode text"
    ]


def test_texts_are_read_whatever_their_labels(tmp_path: Path) -> None:
    rows = [("good", 5), ("", 5), (None, 1), (7, 1), ("meh", None), ("\ud800", 1), ("good", 9)]
    path = write_jsonl(tmp_path / "a.jsonl", rows)
    source = parse_source(f"{path}?map=1:negative,5:positive,3:&labels=negative,positive")
    read = read_texts(source)
    assert read.texts == ["good", "meh", "good"]
    assert [(problem.row, problem.reason.split(" in ")[0]) for problem in read.problems] == [
        (2, "empty text"),
        (3, "empty text"),
        (4, "column 'text' holds a int, not text"),
        (6, "column 'text' holds a lone surrogate, not Unicode text"),
    ]
    with pytest.raises(DataError, match=r"a\.jsonl:2: empty text .*\(strict\)"):
        read_texts(source, strict=True)


def test_texts_need_no_label_column_and_are_known_in_any_format(tmp_path: Path) -> None:
    texts = [text for text, _ in LABELLED]
    (tmp_path / "a.txt").write_text("\n\n".join(texts), encoding="utf-8")
    lines = [json.dumps({"body": text}, ensure_ascii=False) + "\n" for text in texts]
    (tmp_path / "b.jsonl").write_text("".join(lines), encoding="utf-8")
    plain = read_texts(parse_source(str(tmp_path / "a.txt")))
    other = read_texts(parse_source(f"{tmp_path / 'b.jsonl'}?text=body"))
    assert plain.texts == other.texts == texts
    assert plain.digest == other.digest
    assert plain.source.name == "a"
    with pytest.raises(DataError, match=r"no column 'text'; there are: 'body'"):
        read_texts(parse_source(str(tmp_path / "b.jsonl")))


def test_file_without_a_usable_text_is_refused(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [("", 1), (3, 1)])
    with pytest.raises(DataError, match=r"no usable row; the first of 2 problems: .*:1: empty text"):
        read_texts(parse_source(path))


def test_one_class_only_is_refused_unless_the_labels_are_declared(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [("good", "positive"), ("fine", "positive")])
    with pytest.raises(DataError, match=r"one class only, 'positive' in all 2 rows"):
        read_source(parse_source(path))
    assert read_source(parse_source(f"{path}?labels=negative,positive")).carried == ("negative", "positive")


def test_label_outside_the_declared_ones_is_a_problem(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [("good", "positive"), ("bad", "negative"), ("meh", "neutral")])
    read = read_source(parse_source(f"{path}?labels=negative,positive"))
    assert [str(problem) for problem in read.problems] == [
        f"{path}:3: unknown label 'neutral'; the source carries negative, positive"
    ]


def test_text_column_given_as_label_is_refused(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [(f"text {number}", "positive") for number in range(200)])
    with pytest.raises(DataError, match=r"200 different labels in column 'text', at most 100"):
        read_source(parse_source(f"{path}?label=text"))


def test_file_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [("", "positive")])
    with pytest.raises(DataError, match=r"no usable row; the first of 1 problems: .*:1: empty text"):
        read_source(parse_source(path))


def test_labels_are_ordered_as_a_scale_and_others_by_name() -> None:
    assert order_labels(["positive", "negative", "neutral", "positive"]) == ["negative", "neutral", "positive"]
    assert order_labels(["spam", "ham"]) == ["ham", "spam"]


def test_split_keeps_duplicates_on_one_side_and_holds_out_the_fraction() -> None:
    texts = [f"text number {number}" for number in range(4000)]
    rows = [(text, "positive" if index % 2 else "negative") for index, text in enumerate(texts)]
    rows += [(text.upper() + " !", label) for text, label in rows]
    train, dev, left_out = make_sets([corpus("a", rows, held_out=0.25)], [], ["negative", "positive"], seed=1)
    train_keys, dev_keys = ({duplicate_key(text) for text in part.texts} for part in (train[0], dev[0]))
    assert not train_keys & dev_keys
    assert len(train[0].texts) + len(dev[0].texts) == 8000
    assert 0.22 < len(dev[0].texts) / 8000 < 0.28
    assert left_out == {}


def test_split_follows_the_seed_and_not_the_other_rows() -> None:
    texts = [text for text, _ in LABELLED] * 3
    first = [is_held_out(text, 0.5, seed=1) for text in texts]
    assert first == [is_held_out(text, 0.5, seed=1) for text in texts]
    assert first != [is_held_out(text, 0.5, seed=2) for text in texts]


def test_train_row_that_stands_in_a_dev_set_is_left_out_and_counted() -> None:
    rows = [("good", "positive"), ("bad", "negative"), ("Good!", "positive"), ("fine", "positive")]
    train, dev, left_out = make_sets(
        [corpus("a", rows)], [corpus("b", [("GOOD", "positive"), ("x", "negative")])], ["negative", "positive"], seed=0
    )
    assert list(train[0].texts) == ["bad", "fine"]
    assert list(train[0].targets) == [0, 1]
    assert dev[0].texts == ["GOOD", "x"]
    assert left_out == {"a": 2}


def test_binary_source_carries_two_of_three_labels() -> None:
    labels = ["negative", "neutral", "positive"]
    train, _, _ = make_sets([corpus("a", [("good", "positive"), ("bad", "negative")])], [], labels, seed=0)
    assert list(train[0].targets) == [2, 0]
    assert train[0].carried == (True, False, True)


def test_dev_label_that_the_model_lacks_is_named() -> None:
    with pytest.raises(DataError, match=r"b\.jsonl: unknown label 'mixed'; the model has negative, positive"):
        make_sets([], [corpus("b", [("x", "mixed"), ("y", "positive")])], ["negative", "positive"], seed=0)
