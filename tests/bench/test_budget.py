import pytest

from tests.bench.budget import NAMES, PARTS, main, share_samples


def test_sample_counts_for_its_innermost_known_frame() -> None:
    stacks = [
        "run (uvicorn/server.py:70);run (service/routes.py:130);parse (service/parsing.py:60);loads (json/x.py:1) 3",
        "thread (threading.py:1);_work (service/batcher.py:166);predict (service/onnx_predictor.py:80) 5",
        "run (uvicorn/server.py:70);send (uvicorn/protocols/http/httptools_impl.py:400) 2",
        "main (somewhere.py:1) 1",
    ]
    assert share_samples(stacks) == {"parse": 3, "model": 5, "HTTP": 2, "other": 1}


def test_every_part_has_a_name() -> None:
    assert {*PARTS.values(), "other"} == set(NAMES)


def test_missing_profiler_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None if name == "py-spy" else name)
    with pytest.raises(SystemExit):
        main([])
    assert "py-spy is not installed: pip install py-spy" in capsys.readouterr().err
