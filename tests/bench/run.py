"""Ours beside other servers, all with the same weights: `python -m tests.bench.run --help`.

One artifact is served by `python -m service` and by every peer of peers.py that is installed, one server at a time, in
rounds, so that what changes on the machine meets all. First a round in which each must give our answers; then the
loads; the table has the medians. The last line of output is one JSON object. SENTIMENT_* variables apply to ours.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from model.artifact import METADATA, Metadata
from tests.bench.artifact import prepare, write_for_others
from tests.bench.figures import OURS, Figures, compare, limit_figures, measure_server, print_figures, print_header
from tests.bench.limit import backends_of, measure_limits
from tests.bench.load import WARM_UP_S, need_wrk, running_service
from tests.bench.peers import PEERS, Peer, Target, is_installed, plain_body, read_answers, running_peer
from tests.bench.report import describe_machine
from tests.bench.server import Running, ask
from tests.bench.texts import add_text_options

AGREEMENT = 2e-2
"""Most by which the probability of a label may differ from ours."""
LIMIT_S = 4.0

Server = Callable[[], AbstractContextManager[tuple[Target, Running]]]


class DisagreementError(RuntimeError):
    """A server whose answers are not ours: its figures would be those of another network."""


def ask_all(target: Target, texts: Sequence[str]) -> list[Any]:
    """What a server answers to each text alone, and to the first two of them in one request."""
    alone = [ask(target.single, target.single_body([text])) for text in texts]
    return [*alone, ask(target.batch, target.batch_body(texts[:2]))]


def check_agreement(name: str, found: Sequence[Any], ours: Sequence[Any]) -> None:
    """Hold the answers of a server against ours.

    Raises: DisagreementError if a label's probability is another.
    """
    pairs = [pair for answer in found for pair in read_answers(answer)]
    scores = [result["scores"] for answer in ours for result in answer.get("results", [answer])]
    for (label, score), wanted in zip(pairs, scores, strict=True):
        if not abs(score - wanted.get(label, -1.0)) <= AGREEMENT:
            raise DisagreementError(f"{name} answers {label} {score:.4f}, ours {wanted}")


@contextmanager
def running_ours(artifact: Path) -> Iterator[tuple[Target, Running]]:
    """Our service, from its start to its first answer."""
    route = "/v1/sentiment"
    environment = {"SENTIMENT_MODEL": str(artifact.resolve())}
    with running_service(lambda url: ask(url + route, {"text": "hello"}), environment) as (url, server):
        yield Target(single=url + route, batch=url + route, single_body=plain_body, batch_body=plain_body), server


def choose_peers(folder: Path, only: str | None, pythons: Mapping[str, str]) -> Iterator[tuple[Peer, str]]:
    """Peers that can be run, each with its interpreter; of each that cannot, a line is printed.

    only: folders or names, with commas; None takes all. pythons: by folder; else the one that runs this.
    """
    wanted = None if only is None else only.split(",")
    for peer in PEERS:
        python = pythons.get(peer.folder, sys.executable)
        if wanted is not None and peer.folder not in wanted and peer.name not in wanted:
            continue
        if not (folder / "peers" / peer.folder).is_dir():
            print(f"{peer.name}: skipped, there is no {folder / 'peers' / peer.folder}")
        elif not is_installed(peer, python):
            print(f"{peer.name}: skipped, {python} has no {peer.needs} or no torch")
        else:
            yield peer, python


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the comparison."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--peers", type=Path, required=True, help="folder that has peers/NAME, the scripts of each")
    parser.add_argument("--only", help="peers to run, with commas; default: all that are installed")
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH", help="that has a peer installed")
    parser.add_argument("--artifact", type=Path, help="default: an untrained one of 16,000 tokens")
    add_text_options(parser)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=15, help=f"of each load, after {WARM_UP_S} s of warm-up")
    options = parser.parse_args(arguments)
    need_wrk(parser)
    if any("=" not in item for item in options.python):
        parser.error("--python: wanted NAME=PATH, such as mosec=venv/bin/python")
    # Not resolved: a virtual environment is known by the path of its link.
    pythons = {name: os.path.abspath(path) for name, _, path in (item.partition("=") for item in options.python)}
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as folder:
        artifact, texts = prepare(options, Path(folder))
        files = Path(folder) / "files"
        write_for_others(files, artifact)
        servers: dict[str, Server] = {OURS: partial(running_ours, artifact)}
        for peer, python in choose_peers(options.peers, options.only, pythons):
            servers[peer.name] = partial(running_peer, peer, options.peers, python, files)
        rounds = measure_rounds(servers, texts, options.repetitions, options.seconds)
        limits = list(measure_limits(artifact, texts, min(LIMIT_S, options.seconds), backends_of(artifact)[:1]))
        model = Metadata.from_json((artifact / METADATA).read_text(encoding="utf-8")).version
    medians, ratios = compare(rounds)
    limit = limit_figures(limits)
    print(f"\nmedians of {options.repetitions}")
    print_header()
    for name, figures in [*medians.items(), ("limit", limit), ("ours / best peer", ratios)]:
        print_figures(name, figures)
    print(f"model {model}; {machine}")
    summary = {"model": model, "machine": machine, "seconds": options.seconds, "medians": medians, "limit": limit}
    everything = {"ours_to_best_peer": ratios, "rounds": rounds, "limits": [asdict(row) for row in limits]}
    print(json.dumps(summary | everything, separators=(",", ":")))
    return 1 if any(figures["errors"] for all_figures in rounds.values() for figures in all_figures) else 0


def measure_rounds(
    servers: Mapping[str, Server], texts: Mapping[str, Sequence[str]], repetitions: int, seconds: int
) -> dict[str, list[Figures]]:
    """Figures of every server and round, printed as they come.

    servers: ours is the first.   Raises: DisagreementError before any load, RuntimeError if a server does not start.
    """
    checked = [*texts["short"][:6], *texts["long"][:2]]
    ours: list[Any] = []
    for name, start in servers.items():
        with start() as (target, _):
            found = ask_all(target, checked)
        ours = ours or found
        if name != OURS:
            check_agreement(name, found, ours)
    print(f"{len(servers)} servers give the same answers; their loads:")
    print_header()
    rounds: dict[str, list[Figures]] = {name: [] for name in servers}
    for _ in range(repetitions):
        for name, start in servers.items():
            with start() as (target, server):
                rounds[name].append(measure_server(target, server, texts, seconds))
            print_figures(name, rounds[name][-1])
    return rounds


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no server is left behind
    sys.exit(main())
