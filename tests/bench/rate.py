"""Ask the real server at given rates, whatever it answers: `python -m tests.bench.rate --help`.

Starts `python -m service` as tests.bench.load does. Requests come at random times (Poisson), one text each, as from
strangers: nobody waits for another's answer. The client, a process of its own, takes some 0.1 ms a request of the same
cores. The last line of output is one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.bench.load import running_service
from tests.bench.report import describe_machine, print_row
from tests.bench.server import ask
from tests.bench.texts import add_text_options, choose_texts
from tests.chaos.clients import Count, ask_by_the_clock, percentile, processes


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One rate."""

    texts: str
    wanted_per_s: float
    answered_per_s: float
    """By the seconds asked for, or by more if the last answer came later."""
    others: int
    """Requests without an answer of status 200."""
    p50_ms: float
    p99_ms: float
    cores: float
    """CPU seconds of the server in a second."""
    peak_rss_mb: float


def summarise(texts: str, rate: float, seconds: float, count: Count, cpu_s: float, peak_rss_mb: float) -> Result:
    """One rate's figures.   cpu_s: that the server took until the last answer."""
    began_at = min((each.due_at for each in count.exchanges), default=0.0)
    last_s = max((each.due_at + each.latency_s - began_at for each in count.exchanges), default=0.0)
    took_s = max(seconds, last_s)  # answers that come late are no more a second
    latencies = [each.latency_s * 1000 for each in count.of(200)]
    return Result(
        texts=texts,
        wanted_per_s=rate,
        answered_per_s=round(len(latencies) / took_s, 1),
        others=len(count.exchanges) + count.unconnected - len(latencies),
        p50_ms=round(percentile(latencies, 0.5), 1),
        p99_ms=round(percentile(latencies, 0.99), 1),
        cores=round(cpu_s / took_s, 3),
        peak_rss_mb=round(peak_rss_mb),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rate", description=(__doc__ or "").split("\n")[0])
    add_text_options(parser)
    parser.add_argument("--rates", type=float, nargs="+", default=[10, 1000], help="short texts a second")
    parser.add_argument("--long-rates", type=float, nargs="+", default=[10, 100], help="long texts a second")
    parser.add_argument("--seconds", type=float, default=30, help="of each rate")
    options = parser.parse_args(arguments)
    short, long = choose_texts(options)
    loads = [("short", short, rate) for rate in options.rates] + [("long", long, rate) for rate in options.long_rates]
    machine = describe_machine()

    results = []
    print_row(["texts", "wanted/s", "200/s", "others", "p50 ms", "p99 ms", "cores", "RSS MB"])
    with (
        running_service(lambda url: ask(f"{url}/health/ready"), environment={}) as (url, server),
        processes(1) as start,
    ):
        for name, texts, rate in loads:
            server.tree.reset_peak_rss()
            before_s = server.tree.cpu_s()
            count = start(ask_by_the_clock, url, rate, options.seconds, texts).result()
            cpu_s = server.tree.cpu_s() - before_s
            results.append(summarise(name, rate, options.seconds, count, cpu_s, server.tree.peak_rss_mb()))
            print_row(list(asdict(results[-1]).values()))
    print(machine)
    print(json.dumps({"machine": machine, "rates": [asdict(result) for result in results]}, separators=(",", ":")))
    return 1 if any(result.others for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
