import asyncio
import json
import time
from pathlib import Path

import pytest

from tests.bench import rate
from tests.chaos.clients import Count, Exchange, ask_by_the_clock


@pytest.mark.slow
def test_rates_are_kept_and_answered(
    artifact_directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTIMENT_MODEL", str(artifact_directory))
    assert rate.main(["--rates", "20", "--long-rates", "20", "--seconds", "3"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rates"]
    assert [row["texts"] for row in rows] == ["short", "long"]
    for row in rows:
        assert row["answered_per_s"] == pytest.approx(row["wanted_per_s"], rel=0.25)
        assert row["others"] == 0
        assert 0 < row["p50_ms"] <= row["p99_ms"]


def test_answers_after_the_window_are_no_more_a_second() -> None:
    """200 answers in 20 s, of which 10 s were after the last request, were 20 a second instead of 10."""
    exchanges = [Exchange("", False, number / 20, latency_s=number / 20 + 0.1, status=200) for number in range(200)]
    result = rate.summarise("short", 20.0, 10.0, Count(exchanges), cpu_s=10.0, peak_rss_mb=1.0)
    assert result.answered_per_s == pytest.approx(10.0, rel=0.01)
    assert result.cores == pytest.approx(0.5, rel=0.01)
    assert result.others == 0


async def test_latency_is_from_when_a_request_was_due() -> None:
    """The client's own lag was left out: requests that it sent late seemed to be answered as soon as any."""
    stall_s, answered = 0.3, 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal answered
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        if not answered:
            time.sleep(stall_s)  # noqa: ASYNC251  the client is in this loop too, and is held up
        answered += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        count = await ask_by_the_clock(f"http://127.0.0.1:{port}", 100, 0.4, ["a"])
    assert len(count.of(200)) == len(count.exchanges) > 20
    late = [each for each in count.exchanges if each.latency_s > stall_s / 2]
    assert len(late) > 5
