"""The engine of many processes and machines: `python -m service predict --engine ray`, by Ray Data.

Tasks cut the inputs, one each, into parts; actors, each with a model of its own, read the parts, answer them and write
them. What goes through Ray is the bytes of a part, not a table: Ray's own readers know neither the reason why a row
cannot be read, nor columns that only some rows have.
"""

import gc
import logging
import os
import pickle
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from model.artifact import ArtifactError
from model.reader import read_contents
from model.rows import DataError
from model.store import resolve
from service.backend import load_predictor
from service.cpu import read_limits, set_tokenizer_threads
from service.files.bulk import GARBAGE_THRESHOLD
from service.files.inputs import Inputs
from service.files.journal import Mark, OutputError
from service.files.parts import PART_BYTES, PART_ROWS, Done, begin, cut, finish, read_done, write_part
from service.files.places import Folder, expand, is_remote
from service.files.scoring import Layout, Scorer
from service.files.summary import Progress
from service.settings import Settings

WORKERS_PER_READER = 16
"""A reader cuts 500,000 rows a second, of which a core answers 6,000 to 15,000."""
CONNECT_LIMIT_S = 10.0
STORE_BYTES, STORE_BYTES_PER_CORE = 256 << 20, 32 << 20
"""Memory of the Ray that is started here: a part has some megabytes, and a worker two of them at once."""
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",  # or Ray tells its makers
    # 15 by default: beside processes of niceness 0, two workers had 5% of two cores.
    "RAY_worker_niceness": "0",
    "RAY_prestart_worker_first_driver": "0",  # processes that nobody asked for, each 1.5 s of a core
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # Ray Data restarts its actors, of which Ray warns as of an error
}
"""Variables of the Ray that is started here, unless they are set."""


class EngineError(ValueError):
    """Ray cannot do it; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """Who does the work."""

    address: str | None
    """Of a cluster's head; None starts a Ray on this machine that ends with the run."""
    workers: int | None
    """Actors; None takes one for each core, or for each GPU if SENTIMENT_DEVICE is cuda."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What every process is told."""

    paths: tuple[str, ...]
    """Inputs."""
    folder: Folder
    suffix: str
    """Of the files in it."""
    layout: Layout
    settings: Settings
    digests: Mapping[str, str]
    """Of the model that all must have."""
    done: frozenset[str]
    """Parts that are in the folder."""


def predict(
    paths: Sequence[str],
    output: str,
    settings: Settings,
    pool: Pool,
    *,
    column: str,
    prefix: str,
    file_format: str,
    is_forced: bool,
) -> tuple[Mark, float]:
    """Answer every row of files, and of the files of folders, in a folder.   Returns: the sums, and rows a second.

    Raises: DataError, OutputError, EngineError, ArtifactError, OSError.
    """
    # Workers run in folders of their own.
    paths = [path if is_remote(path) else os.path.abspath(path) for path in paths]
    paths = [found for path in paths for found in expand(path)]
    key = settings.model_public_key
    settings = replace(settings, model=settings.model.absolute(), model_public_key=key and key.absolute())
    inputs = Inputs(paths, None, column)
    contents = read_contents(resolve(settings.model))
    labels = contents.metadata.model.labels
    layout = Layout(inputs, labels, column=column, prefix=prefix, file_format=file_format)
    told = {
        "input files": inputs.describe(),
        "columns": list(inputs.columns),
        "model": [settings.backend, settings.device, contents.digests],
        "options": [column, prefix, file_format],
        "limits": [settings.max_text_chars, settings.queue_limit_tokens],
        "parts": [PART_ROWS, PART_BYTES],
    }
    folder = Folder(output)
    if taken := [path for path in paths if folder.holds(path)]:
        raise OutputError(f"{taken[0]} is an input, and would be overwritten")
    done = begin(folder, told, is_forced=is_forced)
    work = Work(
        paths=tuple(paths),
        folder=folder,
        suffix=file_format,
        layout=layout,
        settings=settings,
        digests=contents.digests,
        done=done,
    )
    if done:
        print(f"going on: {len(done):,} parts are done", file=sys.stderr, flush=True)
    total = max(1, sum(sizes := inputs.sizes()))
    parts, fraction, progress = [], 0.0, Progress(0.0)
    try:
        for part in run(work, pool):
            parts.append(part)
            fraction += part.fraction * sizes[part.file] / total
            progress.advance(0 if part.name in done else part.read, fraction)
    finally:
        progress.clear()
    finish(folder, paths, parts)
    mark = Mark(
        read=sum(part.read for part in parts),
        rejected=sum(part.rejected for part in parts),
        labels={label: sum(part.labels.get(label, 0) for part in parts) for label in labels},
    )
    return mark, progress.rate


def run(work: Work, pool: Pool) -> Iterator[Done]:
    """Do what is not done.   Yields: each part once, in any order, also those that were done.

    Raises: EngineError; DataError if an input cannot be read to its end; OSError if a part cannot be written.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise EngineError("--engine ray needs Ray: pip install 'sentiment-service[ray]'") from error
    is_cuda = work.settings.device == "cuda"
    threads = max(1, work.settings.threads)
    work = replace(work, settings=replace(work.settings, threads=threads, device="cuda" if is_cuda else "cpu"))
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        _connect(ray, pool, threads)
        workers = _count_workers(ray.cluster_resources(), pool.workers, threads, is_cuda=is_cuda)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.target_max_block_size = 1  # each part a block of its own, which a worker has as soon as it is read
        files = ray.data.from_items([{"file": file} for file in range(len(work.paths))])
        parts = files.map_batches(
            partial(_read, work),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray.data.TaskPoolStrategy(size=workers if is_cuda else -(-workers // WORKERS_PER_READER)),
            num_cpus=0,  # the workers have all cores, and wait for this
        )
        results = parts.map_batches(
            _Worker,
            fn_constructor_args=(work,),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=workers, max_tasks_in_flight_per_actor=2),
            num_cpus=threads,
            num_gpus=1 if is_cuda else None,
        )
        for row in results.iter_rows():
            yield _unpack(row["value"])
    except ray.exceptions.RayError as error:
        raise EngineError(f"Ray: {str(error).strip().splitlines()[-1]}") from error
    finally:
        ray.shutdown()


def _connect(ray: Any, pool: Pool, threads: int) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if pool.address:
        host, _, port = pool.address.rpartition(":")
        try:
            if port.isdecimal() and "//" not in host:
                socket.create_connection((host, int(port)), CONNECT_LIMIT_S).close()  # Ray would try for minutes
            ray.init(address=pool.address, **quiet)
        except (OSError, ValueError) as error:
            raise EngineError(f"no Ray at {pool.address}: {error}") from error
        return
    cores = max(read_limits().cores, (pool.workers or 1) * threads)
    store_bytes = STORE_BYTES + STORE_BYTES_PER_CORE * cores
    ray.init(address="local", num_cpus=cores, object_store_memory=store_bytes, include_dashboard=False, **quiet)


def _count_workers(resources: Mapping[str, float], wanted: int | None, threads: int, *, is_cuda: bool) -> int:
    most = int(resources.get("GPU", 0)) if is_cuda else int(resources.get("CPU", 0)) // threads
    if not 1 <= (workers := wanted or most) <= most:
        needs = "a GPU" if is_cuda else f"{threads} CPUs"
        raise EngineError(f"a worker needs {needs}: there is room for {most}, not for {max(1, workers)}")
    return workers


def _read(work: Work, table: Any) -> Iterator[Any]:
    """Files by number -> their parts, a table each; of those that are done, without the rows."""
    gc.set_threshold(GARBAGE_THRESHOLD)
    for file in table["file"].to_pylist():
        try:
            for part in cut(work.paths[file], file, work.layout.column):
                yield _pack(replace(part, block=None) if part.name in work.done else part)
        except DataError as error:
            yield _pack(error)


class _Worker:
    """A process with a model."""

    def __init__(self, work: Work) -> None:
        gc.set_threshold(GARBAGE_THRESHOLD)
        set_tokenizer_threads(work.settings.threads)
        predictor = load_predictor(work.settings, read_limits())
        if predictor.info.digests != work.digests:
            raise ArtifactError(f"{work.settings.model}: not the same model here as where the run began")
        self._work = work
        self._scorer = Scorer(work.layout, predictor, work.settings)

    def __call__(self, table: Any) -> Any:
        """A part -> what was written of it; or what went wrong, which is for the driver to tell."""
        work = self._work
        try:
            part = _unpack(table["value"][0].as_py())
            if part.name in work.done:
                return _pack(read_done(work.folder, part.name))
            return _pack(write_part(work.folder, part, self._scorer, work.layout.encoder, work.suffix))
        except (DataError, OSError) as error:
            return _pack(error)


def _pack(value: object) -> Any:
    """A table of one row, which is how things travel in Ray Data."""
    import pyarrow

    return pyarrow.table({"value": pyarrow.array([pickle.dumps(value)], pyarrow.large_binary())})


def _unpack(data: bytes) -> Any:
    """What was packed.   Raises: it, if it is an exception."""
    value = pickle.loads(data)
    if isinstance(value, Exception):
        raise value
    return value
