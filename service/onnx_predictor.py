"""The predictor on model.onnx, by ONNX Runtime on a CPU. Never imports torch: that is most of the memory and the start.

Shapes in names: B rows, T steps, C labels.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from model.artifact import COMPILED, METADATA, ArtifactError, Contents, read_contents
from service.predictor import describe, warm_up_batches

BEST_ROWS = 8
"""Of 32 tokens a row takes 0.42 ms alone, 0.18 ms among 4 to 16, 0.19 ms among 64; and the fewer, the less padding."""


class OnnxPredictor:
    """As many calls at once as there are threads, each on one of them."""

    best_rows = BEST_ROWS

    def __init__(self, session: onnxruntime.InferenceSession, contents: Contents, threads: int) -> None:
        self._session = session
        self._tokenizer = contents.tokenizer
        self.workers = threads
        self.info = describe(contents, backend="onnx", device="cpu", threads=threads)

    @classmethod
    def load(cls, directory: Path, threads: int) -> "OnnxPredictor":
        """Load and verify an artifact.

        Raises: ArtifactError naming the file and the reason.
        """
        contents = read_contents(directory)
        path = directory / COMPILED
        if COMPILED not in contents.digests:
            raise ArtifactError(
                f"{path}: missing, and SENTIMENT_BACKEND is onnx; `python -m training compile` makes it"
            )
        predictor = cls(_open(path), contents, threads)
        predictor._check(path, contents)
        return predictor

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """See Predictor."""
        return self._tokenizer.encode_batch(texts)

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        """See Predictor."""
        values: list[list[float]] = self._run(rows).tolist()
        return values

    def warm_up(self, *, max_batch_tokens: int, max_batch_rows: int) -> None:
        """See Predictor."""
        for rows in warm_up_batches(
            self._tokenizer.empty_id,
            self.info.max_tokens,
            max_batch_tokens=max_batch_tokens,
            max_batch_rows=max_batch_rows,
        ):
            self.predict(rows)

    def _run(self, rows: Sequence[Sequence[int]]) -> np.ndarray:
        lengths_B = np.array([len(row) for row in rows], dtype=np.int64)
        token_ids_BT = np.full((len(rows), lengths_B.max()), self._tokenizer.pad_id, dtype=np.int64)
        for index, row in enumerate(rows):
            token_ids_BT[index, : len(row)] = row
        logits_BC: np.ndarray = self._session.run(["logits"], {"token_ids": token_ids_BT, "lengths": lengths_B})[0]
        return logits_BC

    def _check(self, path: Path, contents: Contents) -> None:
        """Hold the network against what the metadata says of it."""
        config = contents.metadata.model
        said = self._session.get_modelmeta().custom_metadata_map
        for name, wanted in (("labels", "\n".join(config.labels)), ("vocab_size", str(config.vocab_size))):
            if said.get(name) != wanted:
                raise ArtifactError(f"{path}: {name} {said.get(name)!r}, {METADATA} describes {wanted!r}")
        try:
            logits_BC = self._run([[self._tokenizer.empty_id], [*range(7), config.vocab_size - 1]])
        except Exception as error:  # ONNX Runtime has no error of its own that all others are
            raise ArtifactError(f"{path}: does not run: {_first_line(error)}") from error
        if logits_BC.shape != (2, len(config.labels)) or not np.isfinite(logits_BC).all():
            raise ArtifactError(f"{path}: answers with shape {logits_BC.shape} or with values that are not finite")


def _open(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a call runs in the thread that makes it
    options.log_severity_level = 3  # errors only: they are raised as well
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as above
        raise ArtifactError(f"{path}: not an ONNX network: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
