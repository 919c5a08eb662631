"""The predictor for GPUs, on the CPU that stands in for one, and with `-m gpu` on the real thing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import pytest
import torch
from torch import Tensor

from model import SHIPPED
from model.artifact import CARD
from model.classifier import SentimentClassifier
from model.network import Network, load_artifact, write_artifact
from model.reader import read_contents
from service import gpu_predictor
from service.gpu_predictor import MOST_DIFFERENCE, ROWS_STEP, GpuPredictor, find_gpu, lacks_memory
from service.prediction import softmax
from service.torch_predictor import TorchScriptPredictor
from tests.texts import LABELLED

TEXTS = [text for text, _ in LABELLED]
LONG = " ".join(TEXTS) * 4
CUDA = pytest.param("cuda", marks=pytest.mark.gpu)


def load(directory: Path, device: str, on_no_memory: Callable[[], None] = lambda: None) -> GpuPredictor:
    where = find_gpu() if device == "cuda" else torch.device(device)
    return GpuPredictor.load_on(directory, where, 1, on_no_memory=on_no_memory)


@pytest.fixture(scope="module", params=["cpu", CUDA])
def predictor(artifact_directory: Path, request: pytest.FixtureRequest) -> GpuPredictor:
    return load(artifact_directory, request.param)


@pytest.mark.parametrize("device", ["cpu", CUDA])
def test_answers_are_those_of_the_cpu(device: str) -> None:
    """Of the shipped model, whose probabilities reach from 0 to 1."""
    predictor, plain = load(SHIPPED, device), TorchScriptPredictor.load(SHIPPED, 1)
    assert predictor.info.precision == "float16"
    for texts in (TEXTS, [LONG]):
        rows = [row[: predictor.info.max_tokens] for row in predictor.encode(texts)]
        for found, wanted in zip(predictor.predict(rows), plain.predict(rows), strict=True):
            assert softmax(found) == pytest.approx(softmax(wanted), abs=MOST_DIFFERENCE)


def test_row_alone_equals_the_row_in_a_batch(predictor: GpuPredictor) -> None:
    rows = predictor.encode(TEXTS)
    for row, logits in zip(rows, predictor.predict(rows), strict=True):
        assert softmax(predictor.predict([row])[0]) == pytest.approx(softmax(logits), abs=MOST_DIFFERENCE)


@pytest.mark.parametrize("count", [1, ROWS_STEP, ROWS_STEP + 1])
def test_rows_are_copied_all_at_once_and_their_number_made_a_multiple(predictor: GpuPredictor, count: int) -> None:
    rows = predictor.encode(TEXTS)[:count]
    token_ids_BT, lengths_B = predictor.put(rows)
    assert token_ids_BT.untyped_storage().data_ptr() == lengths_B.untyped_storage().data_ptr()
    assert token_ids_BT.is_contiguous()
    assert token_ids_BT.shape == (-(-count // ROWS_STEP) * ROWS_STEP, max(map(len, rows)))
    for row, padded, length in zip(rows, token_ids_BT.tolist(), lengths_B.tolist(), strict=False):
        assert padded[:length] == row
    assert lengths_B[count:].tolist() == [1] * (len(lengths_B) - count)
    assert len(predictor.predict(rows)) == count


def test_explanations_and_traces_are_those_of_the_cpu(predictor: GpuPredictor, artifact_directory: Path) -> None:
    plain = TorchScriptPredictor.load(artifact_directory, 1)
    rows = predictor.encode(TEXTS[:3])
    for found, wanted in zip(predictor.explain(rows), plain.explain(rows), strict=True):
        assert found.logits == pytest.approx(wanted.logits, abs=5e-3)
        assert found.contributions_TC.ravel() == pytest.approx(wanted.contributions_TC.ravel(), abs=5e-3)
    assert predictor.trace(rows[0]) == plain.trace(rows[0])


def test_gpu_is_named_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch.cuda.set_per_process_memory_fraction takes no device without one."""
    for name, value in (("init", None), ("current_device", 1)):
        monkeypatch.setattr(torch.cuda, name, Mock(return_value=value))
    monkeypatch.setattr(torch, "ones", Mock(return_value=torch.zeros(1)))
    assert find_gpu() == torch.device("cuda", 1)


@pytest.mark.parametrize("device", ["cpu", CUDA])
def test_network_that_half_precision_changes_runs_in_full(
    device: str, artifact_directory: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By logits of some thousands that differ by ones, which 11 bits do not tell apart."""
    artifact, contents = load_artifact(artifact_directory), read_contents(artifact_directory)
    network = SentimentClassifier(contents.metadata.model).eval()
    network.load_state_dict(artifact.network.state_dict())
    with torch.no_grad():
        network.head.weight.mul_(20)
        network.head.bias.fill_(4000)
    write_artifact(
        tmp_path / "a", torch.jit.script(network), contents.tokenizer, contents.metadata, {CARD: b"# Large\n"}
    )
    predictor = load(tmp_path / "a", device)
    assert predictor.info.precision == "float32"
    (message,) = caplog.messages
    assert message.startswith(f"float16 on {device} moves probabilities by up to 0.")


def test_device_that_answers_otherwise_is_refused(artifact_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_predictor, "MOST_DIFFERENCE", -1.0)
    with pytest.raises(RuntimeError, match="cpu answers otherwise than the CPU"):
        load(artifact_directory, "cpu")


def test_gpu_without_tensor_cores_runs_in_full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (6, 1))
    assert gpu_predictor._precisions(torch.device("cuda")) == ["float32"]
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 0))
    assert gpu_predictor._precisions(torch.device("cuda")) == ["float16", "float32"]


@torch.jit.script
def _too_large(rows: int, most: int) -> Tensor:
    return torch.empty([1125899906842624 if rows > most else 0])


def small_batches_only(network: Network, most: int) -> Any:
    """A network that asks for a petabyte if it gets too many rows: torch's own error, by way of TorchScript."""

    def run(token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        _too_large(len(lengths_B), most)
        return network(token_ids_BT, lengths_B)

    return run


def test_call_without_memory_is_halved_until_it_fits(
    artifact_directory: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counted: list[None] = []
    predictor = load(artifact_directory, "cpu", lambda: counted.append(None))
    rows = predictor.encode(TEXTS[:32])
    wanted = predictor.predict(rows)
    monkeypatch.setattr(predictor, "_network", small_batches_only(predictor._network, 8))
    assert predictor.predict(rows) == wanted
    assert len(counted) == len(caplog.messages) == 3
    assert caplog.messages[0].startswith("no memory on cpu for 32 rows")
    monkeypatch.setattr(predictor, "_network", small_batches_only(predictor._network, 0))
    with pytest.raises(RuntimeError, match="can't allocate memory"):
        predictor.predict(rows[:1])
    assert len(counted) == 4


def test_other_errors_are_not_tried_again(predictor: GpuPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fail(token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        calls.append(len(lengths_B))
        raise RuntimeError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(predictor, "_network", fail)
    with pytest.raises(RuntimeError, match="device-side assert"):
        predictor.predict(predictor.encode(TEXTS[:4]))
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (torch.OutOfMemoryError("Allocation failed"), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
    ],
    ids=str,
)
def test_want_of_memory_is_known_by_type_or_message(error: RuntimeError, is_memory: bool) -> None:
    assert lacks_memory(error) is is_memory


@pytest.mark.gpu
def test_memory_fraction_is_kept_and_calls_beyond_it_are_halved() -> None:
    """By rows of which the embeddings alone would fill half of it."""
    counted: list[None] = []
    device = find_gpu()
    total = torch.cuda.get_device_properties(device).total_memory
    try:
        predictor = GpuPredictor.load_on(SHIPPED, device, 1, 0.01, lambda: counted.append(None))
        rows = [[5] * predictor.info.max_tokens] * (total // 100 // (predictor.info.max_tokens * 1024))
        answers = predictor.predict(rows)
        assert len(answers) == len(rows)
        assert counted
        assert torch.cuda.memory_reserved(device) <= 0.01 * total
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, device)


@pytest.mark.gpu
def test_rows_are_copied_from_pinned_memory(artifact_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pinned: list[bool] = []
    copy = Tensor.to

    def to(self: Tensor, *arguments: Any, **options: Any) -> Tensor:
        pinned.append(self.is_pinned())
        return copy(self, *arguments, **options)

    predictor = load(artifact_directory, "cuda")
    monkeypatch.setattr(Tensor, "to", to)
    predictor.put(predictor.encode(TEXTS[:2]))
    assert pinned == [True]


@pytest.mark.gpu
def test_weights_lie_as_cudnn_wants_them(artifact_directory: Path) -> None:
    """Else torch copies them together at each call."""
    state = cast(Any, load(artifact_directory, "cuda")._network).state_dict()
    storages = {
        value.untyped_storage().data_ptr() for name, value in state.items() if "layers.0.forward_direction" in name
    }
    assert len(storages) == 1
