"""SIGTERM under full load: what was sent is answered, or refused in words, and the process ends with exit code 0."""

import random
import time
from collections.abc import Callable

from model import SHIPPED
from service.settings import Settings
from tests.chaos.clients import Count, ask_in_turn, processes
from tests.service.conftest import ServerProcess

CLIENTS = 64
LOAD_S = 2.5
GRACE_S = Settings().drain_delay_s + Settings().drain_timeout_s


def test_terminate_under_load_loses_nothing(
    serve: Callable[..., ServerProcess], record: Callable[..., None], amount: Callable[[int], int]
) -> None:
    rounds, generator = amount(50), random.Random(0)
    seen, exit_codes, endings_s = Count(), set(), []
    with processes(1) as start:
        for _ in range(rounds):
            server = serve(SHIPPED, threads="0", drain_delay_s=str(Settings().drain_delay_s))
            load = start(ask_in_turn, server.wait_until_ready(), CLIENTS, LOAD_S)
            time.sleep(generator.uniform(0.5, 1.0))
            signalled_at = time.monotonic()
            exit_codes.add(server.terminate())
            endings_s.append(time.monotonic() - signalled_at)
            seen += load.result()
    lost, refused = seen.of(0), seen.of(503)
    record(
        what=f"SIGTERM under full load of {CLIENTS} clients, {rounds} times",
        bound=f"every request answered or refused in words, exit code 0 within {GRACE_S:.0f} s",
        measured=f"{len(lost)} of {len(seen.exchanges):,} lost, {len(refused)} refused with 503, {seen.unconnected} "
        f"connections refused, exit code {exit_codes} within {max(endings_s):.1f} s",
    )
    assert not lost, f"{sum(exchange.is_first for exchange in lost)} of {len(lost)} on a new connection"
    assert len(seen.exchanges) == len(seen.of(200)) + len(refused)
    assert all(exchange.headers["connection"] == "close" and exchange.headers["retry-after"] for exchange in refused)
    assert seen.unconnected  # or the load had ended before the server did
    assert exit_codes == {0}
    assert max(endings_s) <= GRACE_S
