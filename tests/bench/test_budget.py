import os

import pytest

from tests.bench.budget import OTHER, main, share_samples, thread_cpu_s


def test_sample_of_the_event_loop_counts_for_its_innermost_known_frame() -> None:
    stacks = [
        "main (service/__main__.py:30);run (service/routes.py:130);parse (service/parsing.py:60);loads (json/x.py:1) 3",
        "Thread._bootstrap (threading.py:1045);_work (service/batcher.py:166);predict (service/onnx_predictor.py:80) 5",
        "main (service/__main__.py:30);send (uvicorn/protocols/http/httptools_impl.py:400) 2",
        "main (somewhere.py:1) 1",
    ]
    assert share_samples(stacks) == {"parse the request": 3, "HTTP: uvicorn, Starlette": 2, OTHER: 1}


def test_time_of_the_first_thread_is_part_of_that_of_the_process() -> None:
    before = thread_cpu_s(os.getpid())
    while thread_cpu_s(os.getpid()) < before + 0.03:
        pass
    assert thread_cpu_s(os.getpid()) <= os.times().user + 0.02


def test_missing_profiler_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None if name == "py-spy" else name)
    with pytest.raises(SystemExit):
        main([])
    assert "py-spy is not installed: pip install py-spy" in capsys.readouterr().err
