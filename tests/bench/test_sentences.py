import json
import sys

import pytest

from tests.bench import sentences


def test_segmenters_that_are_not_installed_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> sentences.Segmenter:
        raise ImportError("No module named 'gone'")

    monkeypatch.setattr(sentences, "SEGMENTERS", {"gone": missing, "ours": sentences.SEGMENTERS["ours"]})
    monkeypatch.setattr(sys, "argv", ["sentences"])
    sentences.main()
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == "gone | left out: No module named 'gone'"
    assert [row["segmenter"] for row in json.loads(last)["segmenters"]] == ["ours"]
