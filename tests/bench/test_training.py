import json

import pytest

from tests.bench import training


@pytest.mark.slow
def test_bench_measures_the_run_and_the_bare_loop(capsys: pytest.CaptureFixture[str]) -> None:
    assert training.main(["--processes", "1", "2", "--steps", "2", "--rounds", "1"]) == 0
    alone, together = json.loads(capsys.readouterr().out.splitlines()[-1])["training"]
    assert (alone["processes"], together["processes"]) == (1, 2)
    assert alone["steps"] == together["steps"] > 1
    assert min(alone["bare_tokens_per_s"], alone["tokens_per_s"], together["kept"], together["cpu_kept"]) > 0
