"""What an ONNX file may hold: the operators of a compiled network with their weights, and nothing else.

ONNX can lead to files beside it (external data), repeat without end (Loop), and carry functions of its own. So before
ONNX Runtime gets a file, its protocol buffer is walked through: only the fields and operators below may occur. A reader
of the wire format is enough for this, and a service need not import the library `onnx`.
Source: onnx/onnx.proto; protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Iterator

ORT_FORMAT = b"ORTM"
"""Where these are bytes 4 to 8, ONNX Runtime takes a file for its own format, whatever else it can be read as."""
_OPERATORS = frozenset(
    {
        *(
            "Cast",
            "Concat",
            "DequantizeLinear",
            "Div",
            "DynamicQuantizeLSTM",
            "Expand",
            "Gather",
            "Gemm",
            "Less",
            "MaxPool",
            "Range",
        ),
        *("ReduceMax", "ReduceSum", "Reshape", "Shape", "Transpose", "Unsqueeze", "Where"),
    }
)
_DOMAINS = frozenset({"", "ai.onnx", "com.microsoft"})
_FIELDS: dict[str, dict[int, str]] = {
    # All but 20 training_info, 25 functions.
    "model": {1: "", 2: "", 3: "", 4: "", 5: "", 6: "", 7: "graph", 8: "", 14: ""},
    # All but 15 sparse_initializer.
    "graph": {1: "node", 2: "", 5: "tensor", 10: "", 11: "", 12: "", 13: ""},
    "node": {1: "", 2: "", 3: "", 4: "operator", 5: "attribute", 6: "", 7: "domain"},
    # Numbers and strings, no graph, no tensor.
    "attribute": {1: "", 2: "", 3: "", 4: "", 7: "", 8: "", 9: "", 13: "", 20: ""},
    # All but 13 external_data, 14 data_location.
    "tensor": {1: "", 2: "", 4: "", 5: "", 6: "", 7: "", 8: "", 9: "", 10: "", 11: "", 12: ""},
}
"""Message -> number of each field that it may have -> what that is, if it is looked into."""


def check_graph(content: bytes) -> None:
    """Raise ValueError with the reason if a file holds anything but what a compiled network is made of."""
    if content[4:8] == ORT_FORMAT:
        raise ValueError("is of ONNX Runtime's own format, which can hold what this does not look into")
    _check(memoryview(content), "model")


def _check(content: memoryview, message: str) -> None:
    for number, value in _fields(content):
        if number not in _FIELDS[message]:
            raise ValueError(f"has field {number} of {message}, which no network has")
        kind = _FIELDS[message][number]
        if kind in ("operator", "domain"):
            name = bytes(value).decode(errors="replace")
            if name not in (_OPERATORS if kind == "operator" else _DOMAINS):
                raise ValueError(f"has the {kind} {name!r}, which no network has")
        elif kind:
            _check(value, kind)


def _fields(content: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and content of each field of a message."""
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        start = at
        match tag & 7:
            case 0:
                _, at = _varint(content, at)
            case 1:
                at += 8
            case 2:
                size, start = _varint(content, at)
                at = start + size
            case 5:
                at += 4
            case _:
                raise ValueError("is not an ONNX file")
        if at > len(content):
            raise ValueError("is cut short, or not an ONNX file")
        yield tag >> 3, content[start:at]


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(content):
            raise ValueError("is cut short, or not an ONNX file")
        value |= (content[at] & 0x7F) << shift
        at += 1
        if content[at - 1] < 0x80:
            return value, at
    raise ValueError("is not an ONNX file")
