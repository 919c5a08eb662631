import sys
from pathlib import Path

import pytest

from tests.bench.peers import PEERS, is_installed, list_body, plain_body, read_answers, v2_body
from tests.bench.run import choose_peers


@pytest.mark.parametrize(
    "answer",
    [
        {"results": [{"label": "positive", "score": 0.75}, {"label": "negative", "score": 1.0}], "model": "x"},
        [{"label": "positive", "score": 0.75}, {"label": "negative", "score": 1.0}],
        {
            "outputs": [
                {"name": "label", "shape": [2, 1], "datatype": "BYTES", "data": ["positive", "negative"]},
                {"name": "score", "shape": [2, 1], "datatype": "FP64", "data": [0.75, 1.0]},
            ]
        },
    ],
)
def test_answers_are_read_in_every_form(answer: object) -> None:
    assert read_answers(answer) == [("positive", 0.75), ("negative", 1.0)]


def test_answer_to_one_text_is_read() -> None:
    assert read_answers({"label": "positive", "score": 0.75, "model_name": "x"}) == [("positive", 0.75)]


def test_other_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="busy"):
        read_answers({"detail": "busy"})


def test_bodies() -> None:
    assert plain_body(["a"]) == {"text": "a"}
    assert plain_body(["a", "b"]) == {"texts": ["a", "b"]}
    assert list_body(["a"]) == {"texts": ["a"]}
    assert v2_body(["a", "b"])["inputs"][0]["shape"] == [2, 1]


def test_rows_have_names_of_their_own_and_commands_are_complete() -> None:
    assert len({peer.name for peer in PEERS}) == len(PEERS)
    for peer in PEERS:
        command = [part.format(python="py", port="1", **peer.settings) for part in peer.command]
        assert not any("{" in part for part in command)


def test_peers_that_cannot_run_are_skipped_with_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.bench.run.is_installed", lambda peer, python: python == "has-it")
    for name in ("mosec", "naive"):
        (tmp_path / "peers" / name).mkdir(parents=True)
    found = [
        (peer.name, python)
        for peer, python in choose_peers(tmp_path, "mosec-batch4,naive,litserve", {"naive": "has-it"})
    ]
    assert found == [("naive", "has-it"), ("naive-1worker", "has-it")]
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["mosec-batch4", "litserve"]
    assert "has no mosec" in lines[0]
    assert "there is no" in lines[1]


def test_what_is_not_installed_is_found_out() -> None:
    naive = next(peer for peer in PEERS if peer.folder == "naive")
    missing = next(peer for peer in PEERS if peer.folder == "torchserve")
    assert is_installed(naive, sys.executable)
    assert not is_installed(missing, sys.executable)
