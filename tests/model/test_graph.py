"""An ONNX file that does more than compute is refused before ONNX Runtime gets it."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model import SHIPPED
from model.artifact import COMPILED
from model.graph import check_graph


@pytest.fixture
def network(compiled_directory: Path) -> onnx.ModelProto:
    return onnx.load(compiled_directory / COMPILED)


def refused(network: onnx.ModelProto) -> str:
    with pytest.raises(ValueError, match="which no network has") as caught:
        check_graph(network.SerializeToString())
    return str(caught.value)


def test_compiled_networks_pass(network: onnx.ModelProto) -> None:
    check_graph(network.SerializeToString())
    check_graph((SHIPPED / COMPILED).read_bytes())


def test_external_data_are_refused(network: onnx.ModelProto) -> None:
    """It is a path: to any file, from a folder that a network in memory does not have."""
    tensor = network.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../../etc/passwd")
    assert "of tensor" in refused(network)


@pytest.mark.parametrize("operator", ["Loop", "If", "Scan", "RandomNormal", "ConstantOfShape", "Tile", "EyeLike"])
def test_foreign_operators_are_refused(operator: str, network: onnx.ModelProto) -> None:
    network.graph.node.add(op_type=operator, input=["token_ids"], output=["more"])
    assert f"operator '{operator}'" in refused(network)


def test_foreign_domain_is_refused(network: onnx.ModelProto) -> None:
    network.graph.node.add(op_type="Cast", domain="ai.onnx.ml", input=["token_ids"], output=["more"])
    assert "domain 'ai.onnx.ml'" in refused(network)


def test_graphs_and_tensors_within_attributes_are_refused(network: onnx.ModelProto) -> None:
    tensor = numpy_helper.from_array(np.zeros(1))
    for attribute in (helper.make_attribute("g", network.graph), helper.make_attribute("t", tensor)):
        changed = onnx.ModelProto()
        changed.CopyFrom(network)
        changed.graph.node[0].attribute.append(attribute)
        assert "of attribute" in refused(changed)


def test_functions_and_training_are_refused(network: onnx.ModelProto) -> None:
    for field in ("functions", "training_info"):
        changed = onnx.ModelProto()
        changed.CopyFrom(network)
        getattr(changed, field).add()
        assert "of model" in refused(changed)


def test_format_of_the_runtime_is_refused() -> None:
    """ONNX Runtime told it by these bytes and read nothing else, while the walk saw two strings: a Loop got through."""
    with pytest.raises(ValueError, match="ONNX Runtime's own format"):
        check_graph(b"\x08\x80\x80\x09ORTM" + bytes(8))


@pytest.mark.parametrize("content", [b"\x08", b"\xff" * 20, b"\x3a\xff\xff\x03", b"\x0b", b"not a network"])
def test_what_is_no_protocol_buffer_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"ONNX file|which no network has"):
        check_graph(content)
