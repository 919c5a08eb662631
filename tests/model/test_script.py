"""A TorchScript file that does more than compute is refused before any of it is run."""

import io
import warnings
import zipfile
from pathlib import Path

import pytest
import torch

from model import SHIPPED
from model.artifact import NETWORK
from model.classifier import SentimentClassifier
from model.config import Cell, ModelConfig, Pooling
from model.network import check_weights
from model.script import check_script
from tests.networks import EVERY_PAIR, with_kinds


def to_bytes(network: torch.nn.Module) -> bytes:
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(network.eval()), buffer)
    return buffer.getvalue()


def make_config(**fields: object) -> ModelConfig:
    return ModelConfig(vocab_size=20, embedding_dim=4, hidden_dim=3, **fields)  # type: ignore[arg-type]


class SavesItself(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        torch.ops.aten.save(x, "/tmp/never")
        return x


class Reads(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.from_file("/etc/passwd", False, 10, dtype=torch.uint8)


class Prints(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        print(x)
        return x


class Warns(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        warnings.warn("heard", stacklevel=1)
        return x


class NeverEnds(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        while bool((x == x).all()):
            x = x + 1
        return x


class Draws(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.rand_like(x)


class WakesUp(torch.nn.Module):
    """Writes a file while it is loaded, before any check of the loaded network could see it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x

    @torch.jit.export
    def __getstate__(self) -> tuple[int, bool]:
        return 1, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[int, bool]) -> None:
        torch.ops.aten.save(torch.zeros(1), "/tmp/never")
        self.training = state[1]


@with_kinds(EVERY_PAIR)
def test_every_network_of_this_package_passes(
    cell: Cell, pooling: Pooling, bidirectional: bool, num_layers: int
) -> None:
    config = make_config(cell=cell, pooling=pooling, num_layers=num_layers, bidirectional=bidirectional)
    network = SentimentClassifier(config).half()
    check_script(to_bytes(network))
    check_weights(network.state_dict(), config, 10**6)
    assert config.fewest_weights > sum(value.numel() for value in network.state_dict().values()) / 8


def test_shipped_network_passes() -> None:
    check_script((SHIPPED / NETWORK).read_bytes())


@pytest.mark.parametrize("make", [Reads, Prints, Warns, NeverEnds, Draws, WakesUp, SavesItself])
def test_script_that_does_more_than_compute_is_refused(make: type[torch.nn.Module]) -> None:
    """TorchScript was once run as it came: it could write a file of the service's user while it was loaded."""
    with pytest.raises(ValueError, match=r"data\.pkl: calls for __torch__\.tests"):
        check_script(to_bytes(make()))
    named_as_ours = type("SentimentClassifier", (make,), {"__module__": "model.classifier"})
    with pytest.raises(ValueError, match=r"code/__torch__/model/classifier\S*\.py: (uses|calls|has|defines) "):
        check_script(to_bytes(named_as_ours()))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("    ops.aten.save(x, '/tmp/never')", "ops.aten"),
        ("    torch.save(x, '/tmp/never')", "torch.save"),
        ("    x.save('/tmp/never')", "x.save"),
        ("    (x).save('/tmp/never')", "save"),
        ("    print(x)", "print"),
        ("    _9 = print", "print"),
        ('    getattr(torch, "save")(x, "/tmp/never")', "getattr"),
        ('    getattr(x, "save")', "getattr"),
        ('    getattr(x, "0", torch.add)', "getattr"),
        ("    getattr(x, y)", "getattr"),
        ("    _9 = getattr", "getattr"),
        ("    _9 = fork", "fork"),
        ("    _9 = torch", "torch"),
        ("    _9 = ops", "ops"),
        ("    _9 = __torch__", "__torch__"),
        ("    _9 = __torch__.torch.classes.c10d.FileStore", "__torch__.torch.classes"),
        ("    ops.prim.Print(x)", "ops.prim.Print"),
        ("    while True:\n      pass", "While"),
        ("    import os", "Import"),
        ("    x = [y for y in x]", "ListComp"),
        ("  def __setstate__(self, x):\n    pass", "__setstate__"),
        ("    ｐrint(x)", "ascii"),
        ("    " + "(" * 3000 + ")" * 3000, "code/__torch__/model.py"),
    ],
    ids=str,
)
def test_word_that_no_network_needs_is_refused(line: str, reason: str) -> None:
    content = with_code(f"class A(Module):\n  def forward(self, x):\n    pass\n{line}\n".encode())
    with pytest.raises(ValueError, match=r"code/__torch__/model\.py") as caught:
        check_script(content)
    assert reason in str(caught.value)


def with_code(code: bytes, records: dict[str, bytes] | None = None, compression: int = zipfile.ZIP_STORED) -> bytes:
    """An archive as torch writes it, of records that it would not write."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in {"version": b"3\n", "code/__torch__/model.py": code, **(records or {})}.items():
            archive.writestr(f"archive/{name}", content)
    return buffer.getvalue()


def test_file_that_unpacks_to_a_gigabyte_is_refused_before_it_does() -> None:
    bomb = with_code(b"", {"data/0": bytes(1 << 28)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 1 << 20
    with pytest.raises(ValueError, match="unpacks to more"):
        check_script(bomb)


@pytest.mark.parametrize("name", ["model.json", "attributes.pkl", "../escaped", "extra/note"])
def test_record_that_no_network_has_is_refused(name: str) -> None:
    """model.json makes torch read the file in a way of before 2020."""
    with pytest.raises(ValueError, match="which no network has"):
        check_script(with_code(b"", {name: b""}))


@pytest.mark.parametrize(
    "pickled", [b"cos\nsystem\n.", b"c__torch__.torch.classes.c10d\nFileStore\n.", b"\x80\x04\x8c\x02os\x93.", b"no"]
)
def test_pickle_that_calls_for_more_than_tensors_is_refused(pickled: bytes) -> None:
    with pytest.raises(ValueError, match=r"data\.pkl: "):
        check_script(with_code(b"", {"data.pkl": pickled}))


def test_weights_that_repeat_beyond_their_file_are_refused() -> None:
    """A few bytes with stride 0 once became as many gigabytes as their shape said."""
    weights = {"embedding.weight": torch.zeros(1).expand(10**6, 10**6)}
    with pytest.raises(ValueError, match="larger than the file"):
        check_weights(weights, make_config(), 10**6)


@pytest.mark.parametrize(
    "fields", [{"vocab_size": 10**9}, {"hidden_dim": 10**6}, {"num_layers": 64}, {"embedding_dim": 10**9}]
)
def test_network_that_would_be_larger_than_its_weights_is_not_made(fields: dict[str, int]) -> None:
    """The described network was once made to compare it, all the terabytes that metadata.json said."""
    config = ModelConfig(**{"vocab_size": 20, "embedding_dim": 4, "hidden_dim": 3, **fields})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="describes at least"):
        check_weights(SentimentClassifier(make_config()).state_dict(), config, 10**6)


def test_what_is_cut_or_no_archive_is_refused(tmp_path: Path) -> None:
    content = to_bytes(SentimentClassifier(make_config()))
    for kept in (b"", b"PK", content[:100], content[: len(content) // 2], content[:-1]):
        with pytest.raises(ValueError, match="not a TorchScript network"):
            check_script(kept)
