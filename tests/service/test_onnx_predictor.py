import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from model.artifact import COMPILED, METADATA, ArtifactError, read_files, write_files
from model.reader import read_contents
from service import onnx_predictor
from service.onnx_predictor import OnnxPredictor
from service.torch_predictor import TorchScriptPredictor

ROOT = Path(__file__).parents[2]
TEXTS = ["I loved it", "房间很干净", "a" * 60, "What a dull, cold and pointless story", ""]


@pytest.fixture(scope="module")
def predictor(compiled_directory: Path) -> OnnxPredictor:
    return OnnxPredictor.load(compiled_directory, 2)


@pytest.mark.parametrize("module", ["service.onnx_predictor", "training.onnx_export"])
def test_library_tells_nobody_what_it_runs(module: str, tmp_path: Path) -> None:
    """ONNX Runtime 1.29 began to send Microsoft what it runs.

    At its import it wrote a device id and a queue of events into the home directory, and where it could not, a line
    into our log that is no JSON.
    """
    environment = {name: value for name, value in os.environ.items() if name not in ("ORT_DISABLE_TELEMETRY", "CI")}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import {module}, onnxruntime; onnxruntime.SessionOptions()"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert list(tmp_path.rglob("*icrosoft*")) == []


def test_answers_are_those_of_torchscript_but_for_rounding(predictor: OnnxPredictor, compiled_directory: Path) -> None:
    other = TorchScriptPredictor.load(compiled_directory, 1)
    rows = predictor.encode(TEXTS)
    assert rows == other.encode(TEXTS)
    np.testing.assert_allclose(predictor.predict(rows), other.predict(rows), atol=2e-3)
    assert replace(predictor.info, backend="torchscript", precision="float32", threads=1) == other.info


def test_row_alone_equals_the_row_in_a_batch(predictor: OnnxPredictor) -> None:
    rows = predictor.encode(TEXTS)
    for row, logits in zip(rows, predictor.predict(rows), strict=True):
        assert predictor.predict([row])[0] == pytest.approx(logits, abs=1e-6)


def test_calls_at_once_do_not_mix(predictor: OnnxPredictor) -> None:
    batches = [[[number % 250 + 2] * length for length in range(1, 9)] for number in range(40)]
    expected = [predictor.predict(batch) for batch in batches]
    with ThreadPoolExecutor(predictor.workers) as threads:
        assert list(threads.map(predictor.predict, batches)) == expected


def test_warm_up_runs_the_shortest_and_the_largest_batch(
    predictor: OnnxPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes: list[tuple[int, int]] = []
    monkeypatch.setattr(predictor, "predict", lambda rows: shapes.append((len(rows), len(rows[0]))))
    predictor.warm_up(max_batch_tokens=640, max_batch_rows=32)
    assert shapes.count((1, 1)) == shapes.count((32, 1)) == shapes.count((10, 64)) == 2


def edited(content: bytes, edit: Callable[[onnx.ModelProto], None]) -> bytes:
    network = onnx.load_from_string(content)
    edit(network)
    return bytes(network.SerializeToString())


def name_other(key: str, value: str) -> Callable[[onnx.ModelProto], None]:
    def edit(network: onnx.ModelProto) -> None:
        next(item for item in network.metadata_props if item.key == key).value = value

    return edit


def put_nan(network: onnx.ModelProto) -> None:
    bias = next(item for item in network.graph.initializer if list(item.dims) == [3] and item.data_type == 1)
    bias.CopyFrom(onnx.numpy_helper.from_array(np.full(3, np.nan, dtype=np.float32), bias.name))


def shrink_table(network: onnx.ModelProto) -> None:
    table = network.graph.initializer[0]
    table.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(table)[:100], table.name))


def rename_input(network: onnx.ModelProto) -> None:
    network.graph.input[0].name = "ids"
    network.graph.node[0].input[0] = "ids"


def drop_states(network: onnx.ModelProto) -> None:
    del network.graph.output[1]


def transpose_states(network: onnx.ModelProto) -> None:
    node = next(node for node in network.graph.node if "states" in node.output)
    node.output[list(node.output).index("states")] = "own"
    for other in network.graph.node:
        other.input[:] = ["own" if name == "states" else name for name in other.input]
    network.graph.node.append(onnx.helper.make_node("Transpose", ["own"], ["states"], perm=[1, 0, 2, 3]))
    network.graph.output[1].type.tensor_type.ClearField("shape")


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda content: b"not a network", "not an ONNX network: "),
        (lambda content: content[: len(content) // 2], "not an ONNX network: "),
        (
            lambda content: edited(content, name_other("labels", "bad\ngood")),
            r"labels 'bad\\ngood', metadata.json desc",
        ),
        (lambda content: edited(content, name_other("vocab_size", "7")), "vocab_size '7', metadata.json describes"),
        (lambda content: edited(content, lambda network: network.ClearField("metadata_props")), "labels None"),
        (lambda content: edited(content, put_nan), r"answers with shape \(2, 3\) or with values that are not finite"),
        (lambda content: edited(content, shrink_table), "does not run: "),
        (lambda content: edited(content, rename_input), "does not run: "),
        # A head was taken for a promise of states: each request for an explanation failed.
        (lambda content: edited(content, drop_states), "does not run: .*states"),
        (lambda content: edited(content, transpose_states), r"states of shape \(2, 8, 2, "),
        (lambda content: edited(content, name_other("config", "[1]")), "its config: not a model config"),
        (lambda content: edited(content, name_other("config", "[" * 9999)), "its config: nested"),
    ],
)
def test_network_that_does_not_fit_is_refused_by_file_and_reason(
    compiled_directory: Path, tmp_path: Path, harm: Callable[[bytes], bytes], reason: str
) -> None:
    """The sums are right: as someone who makes an artifact by hand would have it."""
    files: dict[str, Any] = read_files(compiled_directory)
    write_files(tmp_path / "a", files | {COMPILED: harm(files[COMPILED])})
    with pytest.raises(ArtifactError, match=f"^{re.escape(str(tmp_path / 'a' / COMPILED))}: {reason}") as caught:
        OnnxPredictor.load(tmp_path / "a", 1)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", [{"cell": "gru"}, {"num_layers": 3}, {"embedding_dim": 7}, {"max_tokens": 32}])
def test_other_network_than_described_is_refused(
    compiled_directory: Path, tmp_path: Path, change: dict[str, Any]
) -> None:
    """Labels and vocabulary alone were compared: an LSTM was served as the GRU that the metadata said."""
    files, metadata = read_files(compiled_directory), read_contents(compiled_directory).metadata
    other = replace(metadata, model=replace(metadata.model, **change))
    write_files(tmp_path / "a", files | {METADATA: other.to_json().encode()})
    ((name, value),) = change.items()
    with pytest.raises(ArtifactError, match=rf"model\.onnx: {name} .*, metadata\.json describes {value!r}"):
        OnnxPredictor.load(tmp_path / "a", 1)


def test_format_of_the_runtime_is_not_loaded(
    compiled_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session takes it by its looks, and the check of operators cannot see into it; each guard holds alone."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "network.ort")
    options.add_session_config_entry("session.save_model_format", "ORT")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(compiled_directory / COMPILED, options, providers=["CPUExecutionProvider"])
    content = (tmp_path / "network.ort").read_bytes()
    onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    write_files(tmp_path / "a", read_files(compiled_directory) | {COMPILED: content})
    with pytest.raises(ArtifactError, match="not an ONNX network: is of ONNX Runtime's own format"):
        OnnxPredictor.load(tmp_path / "a", 1)
    monkeypatch.setattr(onnx_predictor, "check_graph", lambda content: None)
    with pytest.raises(ArtifactError, match=r"not an ONNX network: .*protobuf parsing failed"):
        OnnxPredictor.load(tmp_path / "a", 1)


def test_damaged_file_is_refused(compiled_directory: Path, tmp_path: Path) -> None:
    files = read_files(compiled_directory)
    write_files(tmp_path / "a", files)
    (tmp_path / "a" / COMPILED).write_bytes(files[COMPILED][:-1])
    with pytest.raises(ArtifactError, match=r"model\.onnx: sha256 is"):
        OnnxPredictor.load(tmp_path / "a", 1)


def test_tokenizer_larger_than_the_network_is_refused(compiled_directory: Path, tmp_path: Path) -> None:
    files, metadata = read_files(compiled_directory), read_contents(compiled_directory).metadata
    smaller = replace(metadata, model=replace(metadata.model, vocab_size=300))
    write_files(tmp_path / "a", files | {METADATA: smaller.to_json().encode()})
    with pytest.raises(ArtifactError, match=r"tokenizer\.json: \d+ ids, the network has 300"):
        OnnxPredictor.load(tmp_path / "a", 1)


def test_torch_is_loaded_for_a_trace_and_for_nothing_else(compiled_directory: Path) -> None:
    script = """
import sys
from pathlib import Path
from service.onnx_predictor import OnnxPredictor
predictor = OnnxPredictor.load(Path(sys.argv[1]), 1)
rows = predictor.encode(["I loved it"])
predictor.predict(rows), predictor.explain(rows), predictor.locate(["I loved it"])
assert "torch" not in sys.modules
assert len(predictor.trace(rows[0])[0].figures["forget"]) == len(rows[0])
assert "torch" in sys.modules
"""
    command = [sys.executable, "-W", "ignore", "-c", script, str(compiled_directory)]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr


def test_trace_of_both_predictors_is_one(predictor: OnnxPredictor, compiled_directory: Path) -> None:
    other = TorchScriptPredictor.load(compiled_directory, 1)
    assert predictor.trace([5, 6, 7]) == other.trace([5, 6, 7])


def test_trace_of_another_artifact_than_the_served_is_refused(compiled_directory: Path, tmp_path: Path) -> None:
    files = read_files(compiled_directory)
    write_files(tmp_path / "served", files)
    predictor = OnnxPredictor.load(tmp_path / "served", 1)
    write_files(tmp_path / "served", files | {"MODEL_CARD.md": b"# Another\n"})
    with pytest.raises(ArtifactError, match="not of the version served"):
        predictor.trace([5])


def test_form_without_a_head_answers_but_cannot_explain(compiled_directory: Path, tmp_path: Path) -> None:
    """As that of the first release does."""
    files = read_files(compiled_directory)
    network = onnx.load_from_string(files[COMPILED])
    del network.graph.output[1]
    kept = [item for item in network.metadata_props if item.key in ("labels", "vocab_size")]
    del network.metadata_props[:]
    network.metadata_props.extend(kept)
    write_files(tmp_path / "old", files | {COMPILED: network.SerializeToString()})
    old, new = (OnnxPredictor.load(folder, 1) for folder in (tmp_path / "old", compiled_directory))
    assert (old.can_explain, new.can_explain) == (False, True)
    assert old.predict([[5, 6]]) == new.predict([[5, 6]])
