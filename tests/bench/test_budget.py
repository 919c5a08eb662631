import os
import threading
import time

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


def compute(seconds: float) -> None:
    """Take so much CPU time of the thread."""
    ends_at = time.thread_time() + seconds
    while time.thread_time() < ends_at:
        sum(range(1000))


def test_time_of_the_first_thread_is_without_that_of_others() -> None:
    before_s, all_before_s = thread_cpu_s(os.getpid()), os.times().user
    other = threading.Thread(target=compute, args=(0.3,))
    other.start()
    other.join()
    assert os.times().user - all_before_s > 0.2
    assert thread_cpu_s(os.getpid()) - before_s < 0.1
    compute(0.3)
    assert thread_cpu_s(os.getpid()) - before_s > 0.2


def test_missing_profiler_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None if name == "py-spy" else name)
    with pytest.raises(SystemExit):
        main([])
    assert "py-spy is not installed: pip install py-spy" in capsys.readouterr().err
