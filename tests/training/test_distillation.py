import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from model.artifact import METADATA, read_files, write_files
from model.network import load_artifact
from model.rows import DataError
from model.tokenizer import SubwordTokenizer
from tests.conftest import write_random_artifact
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from tests.training.toy import ALONE, BOTH, fit_config
from training.checkpoint import STATE
from training.classification import encode_set
from training.data import Examples
from training.distill import main
from training.distillation import ArtifactTeacher, draw_opposites, draw_sentences, read_unlabelled, set_against, teach
from training.distributed import Processes
from training.keys import duplicate_key
from training.metrics import masked_probabilities
from training.scoring import score_texts
from training.sources import Source

LABELS = ["negative", "neutral", "positive"]
TEXTS = [text for text, _ in LABELLED[:6]]


@pytest.fixture
def examples() -> Examples:
    return Examples(name="a", texts=TEXTS, targets=[0, 2, 0, 2, 0, 2], carried=(True, False, True))


def test_teachers_are_averaged_and_mixed_with_the_label(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    artifacts = [load_artifact(write_random_artifact(tmp_path / str(seed), tokenizer, seed=seed)) for seed in (1, 2)]
    teachers = [ArtifactTeacher(artifact) for artifact in artifacts]
    encoded = encode_set(examples, tokenizer, tmp_path)
    config = fit_config(teacher_share=0.25)
    taught = teach(config, LABELS, teachers, examples, encoded, ALONE, tmp_path / "shares", train_sets=[examples])
    carried = np.array(examples.carried)
    said = [
        masked_probabilities(
            score_texts(item.network, item.tokenizer, item.metadata.model.max_tokens, TEXTS),
            carried,
            item.metadata.temperature,
        )
        for item in artifacts
    ]
    expected = 0.25 * (said[0] + said[1]) / 2 + 0.75 * np.eye(3)[examples.targets]
    assert np.asarray(taught.shares) == pytest.approx(expected, abs=1e-5)
    assert taught.rows == encoded.rows
    assert np.abs(said[0] - said[1]).max() > 1e-3


def test_unlabelled_text_is_learned_from_the_teachers_alone(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    teacher = ArtifactTeacher(load_artifact(write_random_artifact(tmp_path / "teacher", tokenizer, seed=1)))
    encoded = encode_set(examples, tokenizer, tmp_path)
    taught = teach(fit_config(), LABELS, [teacher], examples, encoded, ALONE, tmp_path / "shares", train_sets=[])
    assert np.asarray(taught.shares).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert (np.asarray(taught.shares)[:, 1] == 0).all()
    assert list(taught.targets) == np.asarray(taught.shares).argmax(axis=1).tolist()
    assert not taught.labelled


class OneTextTeacher:
    """Reads the first text only, and names its labels in another order."""

    labels = ("positive", "negative", "neutral")
    digest, temperature = "0", 1.0
    sources: tuple[str, ...] | None = None

    def reads(self, texts: Sequence[str]) -> list[bool]:
        return [text == TEXTS[0] for text in texts]

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        assert list(texts) == TEXTS[:1]
        return np.array([[0.0, np.log(3.0), 5.0]], dtype=np.float32)


def test_row_that_no_teacher_reads_keeps_its_label(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    config = fit_config(teacher_share=1.0, label_smoothing=0.1)
    encoded = encode_set(examples, tokenizer, tmp_path)
    taught = teach(
        config, LABELS, [OneTextTeacher()], examples, encoded, ALONE, tmp_path / "shares", train_sets=[examples]
    )
    assert np.asarray(taught.shares)[0] == pytest.approx([0.75, 0.0, 0.25])
    assert np.asarray(taught.shares)[1] == pytest.approx([0.05, 0.0, 0.95])
    unlabelled = teach(config, LABELS, [OneTextTeacher()], examples, encoded, ALONE, tmp_path / "others", train_sets=[])
    assert list(unlabelled.rows) == [encoded.rows[0]]
    assert list(unlabelled.targets) == [0]


def test_set_all_of_whose_rows_stand_in_dev_has_nothing_to_be_taught(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    """The share of its rows that are read was divided by their number, 0."""
    empty = replace(examples, texts=[], targets=[])
    encoded = encode_set(empty, tokenizer, tmp_path)
    taught = teach(
        fit_config(), LABELS, [OneTextTeacher()], empty, encoded, ALONE, tmp_path / "shares", train_sets=[empty]
    )
    assert taught is encoded


def test_teacher_at_another_temperature_is_another_teacher(tmp_path: Path, artifact_directory: Path) -> None:
    """After `calibrate`, a run went on with what the teacher had said before."""
    warmer = replace(load_artifact(artifact_directory).metadata, temperature=3.0)
    write_files(tmp_path / "warmer", read_files(artifact_directory) | {METADATA: warmer.to_json().encode()})
    teachers = [ArtifactTeacher(load_artifact(path)) for path in (artifact_directory, tmp_path / "warmer")]
    assert teachers[0].digest != teachers[1].digest
    assert teachers[0].digest == ArtifactTeacher(load_artifact(artifact_directory)).digest


@pytest.mark.parametrize(("name", "is_asked"), [("a", True), ("a, sentences", True), ("b", False), ("ab", False)])
def test_specialist_is_asked_about_its_sources_and_their_sentences_alone(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples, name: str, is_asked: bool
) -> None:
    specialist = OneTextTeacher()
    specialist.sources = ("a",)
    named = replace(examples, name=name)
    encoded = encode_set(named, tokenizer, tmp_path)
    taught = teach(fit_config(), LABELS, [specialist], named, encoded, ALONE, tmp_path / "shares", train_sets=[])
    assert len(taught.rows) == is_asked


def test_unlabelled_text_that_only_the_runs_own_start_reads_is_left_out(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    own = ArtifactTeacher(load_artifact(write_random_artifact(tmp_path / "own", tokenizer, seed=1)))
    encoded = encode_set(examples, tokenizer, tmp_path)
    config = fit_config(self_taught=True, encoder="own")
    path = tmp_path / "shares"
    taught = teach(config, LABELS, [OneTextTeacher(), own], examples, encoded, ALONE, path, train_sets=[])
    assert list(taught.rows) == [encoded.rows[0]]
    said = masked_probabilities(own.logits(TEXTS[:1]), np.array(examples.carried), own.temperature)
    expected = (said[0] + [0.75, 0.0, 0.25]) / 2
    assert np.asarray(taught.shares)[0] == pytest.approx(expected, abs=1e-5)
    path = tmp_path / "labelled"
    labelled = teach(config, LABELS, [own], examples, encoded, ALONE, path, train_sets=[examples])
    assert len(labelled.rows) == len(TEXTS)
    assert np.asarray(labelled.shares)[0] != pytest.approx(np.eye(3)[0], abs=1e-3)


def test_processes_divide_the_texts_among_them(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = ArtifactTeacher(load_artifact(write_random_artifact(tmp_path / "teacher", tokenizer, seed=1)))
    encoded = encode_set(examples, tokenizer, tmp_path)
    barrier, said, asked = Barrier(2), [np.zeros(0)] * 2, []

    def agree(self: Processes, value: object) -> object:
        barrier.wait(60)
        return value

    def gather(self: Processes, values: np.ndarray) -> list[np.ndarray]:
        said[self.rank] = values
        barrier.wait(60)
        found = list(said)
        barrier.wait(60)  # nobody's is written over before all have read it
        return found

    class Noting(ArtifactTeacher):
        def logits(self, texts: Sequence[str]) -> np.ndarray:
            asked.append(list(texts))
            return super().logits(texts)

    def teach_with(process: Processes, path: Path) -> np.ndarray:
        teachers = [Noting(teacher.artifact)]
        taught = teach(fit_config(), LABELS, teachers, examples, encoded, process, path, train_sets=[examples])
        return np.asarray(taught.shares)

    with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(Processes, "agree", agree)
        patch.setattr(Processes, "gather", gather)
        first, second = pool.map(lambda process: teach_with(process, tmp_path / "both"), BOTH)
    assert sorted(asked) == sorted([TEXTS[::2], TEXTS[1::2]])
    assert first.tolist() == second.tolist()
    assert first == pytest.approx(teach_with(ALONE, tmp_path / "alone"), abs=1e-5)
    assert len(asked) == 3
    assert first.tolist() == teach_with(ALONE, tmp_path / "both").tolist()
    assert len(asked) == 3, "what a killed run has asked is asked again"


def test_answers_about_other_texts_are_not_taken_for_those_about_these(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    """They went by the run: code that drew other sentences since gave them what had been said of the former ones."""
    own = ArtifactTeacher(load_artifact(write_random_artifact(tmp_path / "own", tokenizer, seed=1)))

    def shares(texts: list[str]) -> np.ndarray:
        some = replace(examples, texts=texts)
        encoded = encode_set(some, tokenizer, tmp_path)
        taught = teach(fit_config(), LABELS, [own], some, encoded, ALONE, tmp_path / "shares", train_sets=[])
        return np.asarray(taught.shares)

    first, other = shares(TEXTS), shares(TEXTS[::-1])
    assert other == pytest.approx(first[::-1], abs=1e-5)
    assert other != pytest.approx(first, abs=1e-5)


def test_sentences_are_drawn_whole_once_and_by_seed() -> None:
    texts = [
        "I liked it a lot. Would I see it again? Yes!<br />The end was weak.",
        "这部电影很好看。演员也很不错！",
        "I liked it a lot.",
    ]
    drawn = draw_sentences(texts, 10, seed=0)
    assert sorted(drawn) == ["I liked it a lot.", "The end was weak.", "Would I see it again?", "这部电影很好看。"]
    assert draw_sentences(texts, 2, seed=1) == draw_sentences(texts, 2, seed=1)
    assert len(draw_sentences(texts, 2, seed=1)) == 2
    assert draw_sentences(texts, 0, seed=1) == []
    assert draw_sentences(texts * 50, 2, seed=1) == draw_sentences(reversed(texts), 2, seed=1)
    assert len({tuple(draw_sentences(texts, 2, seed)) for seed in range(20)}) > 6


def test_opposites_are_drawn_of_sentences_and_of_chinese_clauses() -> None:
    texts = [
        "The room was clean. Would I go again?<br />It was cheap because it is far.",
        "屏幕很清晰，但是电池不太好！",
    ]
    pairs = dict(draw_opposites(texts, 10, seed=0))
    assert pairs.keys() == {"The room was clean.", "屏幕很清晰"}
    assert pairs["The room was clean."] in {"The room was not clean.", "The room wasn't clean."}
    assert draw_opposites(texts, 10, seed=0) == draw_opposites(texts, 10, seed=0)
    assert len(draw_opposites(texts, 1, seed=0)) == 1
    assert draw_opposites(texts, 0, seed=0) == []


def test_every_second_english_sentence_is_set_against_the_one_before() -> None:
    [found] = set_against(["The room was nice.", "房间很好。", "I hated the food!", "It rained."], seed=0)
    assert "he room was nice" in found
    assert " hated the food" in found


def test_of_an_opposite_is_learned_what_teachers_say_of_the_text_with_the_poles_exchanged(
    tmp_path: Path, tokenizer: SubwordTokenizer
) -> None:
    own = ArtifactTeacher(load_artifact(write_random_artifact(tmp_path / "own", tokenizer, seed=1)))
    path = tmp_path / "more.txt"
    path.write_text("The room was clean.\n他们很热情\nWe left.\n", encoding="utf-8")
    more = Source(path=str(path))
    config = fit_config(unlabelled=(more,), unlabelled_opposites=9, self_taught=True, encoder="own")
    whole, opposites = read_unlabelled(config, LABELS, set(), tmp_path / "work")[0]
    assert opposites.name == "more, opposites"
    reversed_from = list(opposites.opposite_of or ())
    assert set(reversed_from) == {"The room was clean.", "他们很热情"}
    encoded = encode_set(opposites, tokenizer, tmp_path)
    taught = teach(config, LABELS, [own], opposites, encoded, ALONE, tmp_path / "shares", train_sets=[])
    assert list(taught.rows) == list(encoded.rows), "the run's own start is enough: it has not said that of them"
    said = masked_probabilities(own.logits(reversed_from), np.array([True] * 3), own.temperature)
    assert np.asarray(taught.shares) == pytest.approx(said[:, ::-1], abs=1e-5)
    encoded = encode_set(whole, tokenizer, tmp_path)
    untaught = teach(config, LABELS, [own], whole, encoded, ALONE, tmp_path / "others", train_sets=[])
    assert len(untaught.rows) == 0


def test_sentence_of_a_dev_set_is_learned_neither_in_contrast_nor_as_an_opposite(tmp_path: Path) -> None:
    path = tmp_path / "more.txt"
    path.write_text("The room was clean. Yes.\nThe view was not nice. Yes.\nThe bed was soft. Yes.\n", encoding="utf-8")
    drawn = {"unlabelled_sentences": 9, "unlabelled_opposites": 9}
    config = fit_config(unlabelled=(Source(path=str(path)),), teachers=("t",), **drawn)
    left_out = {duplicate_key(text) for text in ("The room was clean", "The view was nice")}
    _, sentences, opposites = read_unlabelled(config, LABELS, left_out, tmp_path / "work")[0]
    assert opposites.opposite_of == ["The bed was soft."]
    assert not any("room" in text for text in sentences.texts), "nor in contrast with another"


def test_opposites_need_labels_to_exchange(tmp_path: Path) -> None:
    path = tmp_path / "more.txt"
    path.write_text("The room was clean.\n", encoding="utf-8")
    config = fit_config(unlabelled=(Source(path=str(path)),), unlabelled_opposites=9, teachers=("t",))
    with pytest.raises(
        DataError, match="unlabelled_opposites=9: exchanges negative and positive; the labels are no, yes"
    ):
        read_unlabelled(config, ["no", "yes"], set(), tmp_path / "work")


def test_any_sentence_is_as_likely_to_be_drawn() -> None:
    sentences = [f"sentence number {number:03}" for number in range(100)]
    drawn = [text for seed in range(200) for text in draw_sentences(sentences, 10, seed)]
    assert len(drawn) == 2000
    assert max(drawn.count(text) for text in sentences) < 40
    assert min(drawn.count(text) for text in sentences) > 5


def test_command_fits_to_teachers_labels_and_unlabelled_text(
    tmp_path: Path, artifact_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(3) for text, label in LABELLED])
    (tmp_path / "more.txt").write_text("The soup was cold\n汤是凉的\n", encoding="utf-8")
    command = ["--teacher", str(artifact_directory), "--unlabelled", str(tmp_path / "more.txt"), "--recipe", "tiny"]
    command += ["--data", data, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work"), "--set", "epochs=1"]
    assert main(command) == 0
    shown = capsys.readouterr().err
    assert "more: 2 unlabelled texts" in shown
    assert "data: teachers read 100% of the rows and agree with" in shown
    training = json.loads((tmp_path / "out" / METADATA).read_text(encoding="utf-8"))["training"]
    assert training["teachers"] == [artifact_directory.name]
    assert [source["path"] for source in training["unlabelled"]] == ["more.txt"]


def test_run_goes_on_only_with_the_unlabelled_texts_it_began_with(tmp_path: Path, artifact_directory: Path) -> None:
    """Other texts under the same name were taken for the same: the run went on from a checkpoint of the former ones."""
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(3) for text, label in LABELLED])
    command = ["--teacher", str(artifact_directory), "--unlabelled", str(tmp_path / "more.txt"), "--recipe", "tiny"]
    command += ["--data", data, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work"), "--set", "epochs=1"]
    for text in ("The soup was cold", "The soup was cold", "The soup was hot"):
        (tmp_path / "more.txt").write_text(f"{text}\n", encoding="utf-8")
        assert main(command) == 0
    assert len(list((tmp_path / "work").glob(f"*/{STATE}"))) == 2


@pytest.mark.parametrize(
    ("rows", "teacher", "message"),
    [
        ([("good", "yes"), ("bad", "no")] * 20, None, "those of the run are no, yes"),
        (LABELLED, "none", "none: no such artifact directory"),
    ],
)
def test_teacher_that_cannot_teach_ends_with_one_clear_line(
    tmp_path: Path,
    artifact_directory: Path,
    capsys: pytest.CaptureFixture[str],
    rows: list[tuple[str, str]],
    teacher: str | None,
    message: str,
) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n, (text, label) in enumerate(rows)])
    command = ["--teacher", teacher or str(artifact_directory), "--recipe", "tiny", "--data", data]
    assert main([*command, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert message in last


def test_linear_model_of_the_other_folds_teaches_the_sets_that_are_named(
    tmp_path: Path, tokenizer: SubwordTokenizer
) -> None:
    """A row that is labelled against all others of its kind is not believed: its own label taught nobody of it."""
    rows = [(f"{text} {n}", label) for n in range(10) for text, label in LABELLED if label != "neutral"]
    targets = [LABELS.index(label) for _, label in rows]
    targets[0] = 0  # "I loved every minute of this film 0"
    examples = Examples(name="a", texts=[text for text, _ in rows], targets=targets, carried=(True, False, True))
    config = fit_config(train=(Source(path="a.jsonl"),), cross_taught=("a",), teacher_share=1.0)
    taught = teach(
        config,
        LABELS,
        [],
        examples,
        encode_set(examples, tokenizer, tmp_path),
        ALONE,
        tmp_path / "shares",
        train_sets=[examples],
    )
    assert np.asarray(taught.shares)[0].argmax() == 2
    assert np.asarray(taught.shares)[:, 1].max() == 0
    assert np.asarray(taught.shares).sum(axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)


def test_linear_model_of_a_train_set_teaches_the_unlabelled_texts_named_with_it(
    tmp_path: Path, tokenizer: SubwordTokenizer
) -> None:
    rows = [(f"{text} {n}", label) for n in range(10) for text, label in LABELLED if label != "neutral"]
    texts, targets = [text for text, _ in rows], [LABELS.index(label) for _, label in rows]
    labelled = Examples(name="a", texts=texts, targets=targets, carried=(True, False, True))
    texts = [TEXTS[0], TEXTS[1]]
    others = Examples(name="more", texts=texts, targets=[0, 0], carried=(True, True, True))
    sources = (Source(path="a.jsonl"),), (Source(path="more.txt"),)
    config = fit_config(train=sources[0], unlabelled=sources[1], teachers=("t",), cross_taught=("a:more",))
    encoded = encode_set(others, tokenizer, tmp_path)
    taught = teach(config, LABELS, [], others, encoded, ALONE, tmp_path / "shares", train_sets=[labelled])
    assert list(taught.targets) == [LABELS.index(label) for _, label in LABELLED[:2]]
    assert np.asarray(taught.shares)[:, 1].max() == 0
    sentences = replace(others, name="more, sentences")
    untaught = teach(config, LABELS, [], sentences, encoded, ALONE, tmp_path / "others", train_sets=[labelled])
    assert len(untaught.rows) == 0


def test_sentences_by_rule_keep_their_labels_whatever_teachers_say(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    teacher = ArtifactTeacher(load_artifact(write_random_artifact(tmp_path / "teacher", tokenizer, seed=1)))
    encoded = encode_set(examples, tokenizer, tmp_path)
    config = fit_config(train=(Source(path="grammar:en", name="a"),), label_smoothing=0.1)
    taught = teach(config, LABELS, [teacher], examples, encoded, ALONE, tmp_path / "shares", train_sets=[examples])
    assert np.asarray(taught.shares)[:2] == pytest.approx(np.array([[0.95, 0, 0.05], [0.05, 0, 0.95]]))


def test_train_source_that_is_unlabelled_too_gives_its_sentences_alone(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "a.jsonl", [("The film was good. The staff were rude!", "positive"), ("bad", "negative")]
    )
    config = fit_config(
        train=(Source(path=path),), unlabelled=(Source(path=path),), teachers=("t",), unlabelled_sentences=5
    )
    [found], _ = read_unlabelled(config, LABELS, set(), tmp_path / "work")
    assert found.name == "a, sentences"
    assert set(found.texts) >= {"The film was good.", "The staff were rude!"}
    assert "bad" not in found.texts
