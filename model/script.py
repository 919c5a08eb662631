"""What a TorchScript file may hold: the arithmetic of a SentimentClassifier, and nothing else.

TorchScript can write files, read them, print and warn, already while it is loaded (__setstate__). So before torch loads
a file, each record of it is looked at: code is made of the words below, which are those that `torch.jit.script` writes
for every cell and pooling; data is made of modules, tensors and plain values; nothing unpacks to more than the file.
"""

import ast
import io
import pickletools
import re

import torch

MOST_PACKED_BYTES = 1 << 22
"""Of a network's code, which torch compresses, beyond what the file has: the shipped one unpacks to 60 KB of it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RECORD = re.compile(
    r"data\.pkl|constants\.pkl|version|byteorder|\.data/serialization_id|(data|constants)/[0-9]+|code/.+"
)
_TORCH = _words("""
    __contains__ __is__ __isnot__ __not__ add amax append arange bitwise_not cat chunk contiguous dim div dropout
    dropout_ embedding eq expand format gather ge gru gt index_select linear list lstm lt masked_fill matmul mul ne
    neg rnn_tanh select sigmoid size slice softmax squeeze stack sub sum tanh unsqueeze where zeros zeros_like
""")
_PRIM = _words("RaiseException device dtype")
_MEMBERS = _words("""
    _flat_weights _pool _update_flat_weights attention b backward_direction bias bidirectional check_forward_args
    check_hidden_size check_input embedding embedding_dropout encode forward forward__0 forward_direction
    get_expected_cell_size get_expected_hidden_size head hidden_dim layers network output_dropout p_f p_i p_o
    permute_hidden pool pooling training w_h w_x weight
""")
_FUNCTIONS = _MEMBERS | _words("""
    __len__ _apply_permutation dropout forward__1 gather_steps peephole_lstm_parts peephole_lstm_step reversal
""")
_CALLED = re.compile(r"_[0-9]+|annotate|getattr|int|range|unchecked_cast|uninitialized")
"""By a plain name: a function of the file, by the number it is given, or one of these."""
_BEFORE_A_DOT = _words("CONSTANTS __torch__ ops torch")
"""By another name, or by getattr, they would lead to anything."""
_OURS = re.compile(r"__torch__(\.torch)?|__torch__\.(model|torch\.nn)(\.\w+)*")
"""And what leads to it: each part of a dotted name is a node of its own."""
_SYNTAX = (
    *(ast.Module, ast.ClassDef, ast.FunctionDef, ast.arguments, ast.arg, ast.keyword, ast.Load, ast.Store),
    *(ast.AnnAssign, ast.Assign, ast.Expr, ast.For, ast.If, ast.Pass, ast.Return),
    *(ast.Attribute, ast.Call, ast.Constant, ast.List, ast.Name, ast.Subscript, ast.Tuple, ast.UnaryOp, ast.USub),
)
_GLOBALS = re.compile(
    r"__torch__\.(model|torch\.nn)[.\w]* \w+|collections OrderedDict|torch \w+Storage|torch\._utils _rebuild_tensor_v2"
    r"|torch\.jit\._pickle (build_intlist|build_tensorlist|restore_type_tag)"
)


def check_script(content: bytes) -> None:
    """Raise ValueError with the reason if a file holds anything but what a network of this package is made of."""
    try:
        reader = torch._C.PyTorchFileReader(io.BytesIO(content))
        names = reader.get_all_records()
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"not a TorchScript network: {str(error).partition(chr(10))[0]}") from error
    if sum(map(reader.get_record_size, names)) > len(content) + MOST_PACKED_BYTES:
        raise ValueError("unpacks to more than it is")
    for name in names:
        if not _RECORD.fullmatch(name):
            raise ValueError(f"holds {name!r}, which no network has")
        if name.endswith("pkl"):
            _check_pickle(name, reader.get_record(name))
        elif name.startswith("code/"):
            _check_code(name, reader.get_record(name))


def _check_pickle(name: str, content: bytes) -> None:
    try:
        for operation, argument, _ in pickletools.genops(content):
            is_global = "GLOBAL" in operation.name or operation.name in ("INST", "EXT1", "EXT2", "EXT4")
            if is_global and not (operation.name == "GLOBAL" and _GLOBALS.fullmatch(str(argument))):
                raise ValueError(f"calls for {argument}")
    except Exception as error:  # what is no pickle raises whatever it stumbles over
        raise ValueError(f"{name}: {error}") from error


def _check_code(name: str, content: bytes) -> None:
    try:
        nodes = list(ast.walk(ast.parse(content.decode("ascii"))))
        roots = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        for node in nodes:
            _check_node(node)
            if isinstance(node, ast.Name):
                _check_name(node.id, is_root=id(node) in roots, is_called=id(node) in called)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"{name}: {error}") from error


def _check_node(node: ast.AST) -> None:
    if not isinstance(node, _SYNTAX):
        raise ValueError(f"has a statement or expression that no network needs, {type(node).__name__}")
    if isinstance(node, ast.Attribute) and not _is_known(_dotted(node)):
        raise ValueError(f"uses {_dotted(node)}, which no network needs")
    if isinstance(node, ast.FunctionDef) and node.name not in _FUNCTIONS:
        raise ValueError(f"defines {node.name}, which no network needs")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not _CALLED.fullmatch(node.func.id):
        raise ValueError(f"calls {node.func.id}, which no network needs")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        match node.args[1:]:
            case [ast.Constant(value=str(layer))] if layer.isdecimal():
                return
        raise ValueError("calls getattr for more than a numbered layer, which no network needs")


def _check_name(name: str, *, is_root: bool, is_called: bool) -> None:
    """A name by itself, which another one could be made to stand for."""
    if (
        name in ("print", "fork", "awaitable")
        or (name == "getattr" and not is_called)
        or (name in _BEFORE_A_DOT and not is_root)
    ):
        raise ValueError(f"uses {name}, which no network needs")


def _is_known(dotted: str) -> bool:
    root, _, rest = dotted.partition(".")
    if root == "torch":
        return rest in _TORCH
    if root == "ops":
        return rest == "prim" or rest.removeprefix("prim.") in _PRIM
    if root == "__torch__":
        return _OURS.fullmatch(dotted) is not None
    return root == "CONSTANTS" or dotted.rpartition(".")[2] in _MEMBERS


def _dotted(node: ast.Attribute) -> str:
    """Such as torch.add; of a member of any other expression, its name alone behind a dot."""
    value = node.value
    if isinstance(value, ast.Attribute):
        inner = _dotted(value)
        return f"{inner}.{node.attr}" if inner.split(".")[0] in ("torch", "ops", "__torch__") else f".{node.attr}"
    return f"{value.id}.{node.attr}" if isinstance(value, ast.Name) else f".{node.attr}"
