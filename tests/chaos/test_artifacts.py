"""Artifacts that are damaged or malicious, through the loaders that the service uses, in a process that must live.

A malicious one has hashes that are right, as who writes the store would make them: what is refused is what it holds.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
import torch

from model import SHIPPED
from model.artifact import CARD, COMPILED, METADATA, NETWORK, SUMS, TOKENIZER, ArtifactError
from model.reader import verify
from model.tokenizer import SubwordTokenizer
from tests.conftest import write_random_artifact
from tests.model.test_artifact import sum_again
from tests.model.test_script import NeverEnds, Prints, Reads, SavesItself, WakesUp, Warns
from tests.service.conftest import ROOT

Record = Callable[..., None]
Amount = Callable[[int], int]
FILES = (CARD, METADATA, SUMS, NETWORK, TOKENIZER)
MOST_GROWTH_MB = 200
"""Beyond what loading the sound artifact takes."""
LOADER = """if True:
    import resource, sys
    from pathlib import Path
    from service.backend import load_predictor
    from service.cpu import read_limits
    from service.settings import Settings
    def load(path, backend):
        return load_predictor(Settings(model=Path(path), backend=backend), read_limits())
    sound, backend, *paths = sys.argv[1:]
    load(sound, backend).predict([[5, 6]])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("MARK", flush=True)
    open("/dev/null").close()
    for path in paths:
        try:
            load(path, backend)
            print("loaded")
        except Exception as error:
            print(type(error).__name__, " ".join(str(error).split())[:500], flush=True)
    open("/dev/null").close()
    load(sound, backend).predict([[5, 6]])
    print("grown", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) // 1024)
"""
"""Loads what it is told and tells of each; /dev/null, between two loads of a sound artifact, marks the trace."""


def load_all(sound: Path, backend: str, spoiled: list[Path], trace: Path | None = None) -> tuple[list[str], int]:
    """What a process that loads each says of it, and by how many MB it grew; it must live to the end."""
    command = [sys.executable, "-W", "ignore", "-c", LOADER, str(sound), backend, *map(str, spoiled)]
    if trace:
        command = ["strace", "-f", "-qq", "-e", "trace=%file", "-o", str(trace), *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.split("MARK\n", 1)[1].splitlines()
    assert lines[-1].startswith("grown ")
    return lines[:-1], int(lines[-1].split()[1])


def flips(content: bytes, places: list[int]) -> list[tuple[int, bytes]]:
    source = random.Random(0)
    return [
        (place, content[:place] + bytes([content[place] ^ source.randrange(1, 256)]) + content[place + 1 :])
        for place in places
    ]


def is_accepted(artifact: Path) -> bool:
    """Whether it passes; a refusal that does not name it counts as that too."""
    try:
        verify(artifact)
    except ArtifactError as error:
        return str(artifact) not in str(error)
    return True


def count_accepted(artifact: Path, file: str, variants: list[tuple[int, bytes]]) -> int:
    """Of variants of a file, how many pass for the artifact."""
    content, accepted = (artifact / file).read_bytes(), 0
    for _, variant in variants:
        (artifact / file).write_bytes(variant)
        accepted += is_accepted(artifact)
    (artifact / file).write_bytes(content)
    return accepted


def none_accepted(record: Record, what: str, accepted: int) -> None:
    record(what=what, bound="0 accepted", measured=f"{accepted} accepted")
    assert accepted == 0


def test_no_flipped_byte_passes(tokenizer: SubwordTokenizer, tmp_path: Path, record: Record, amount: Amount) -> None:
    """The shipped artifact's large files are cut to a share of their flips: hashing 23 MB takes 15 ms."""
    small = write_random_artifact(tmp_path / "small", tokenizer)
    done = accepted = 0
    for file in FILES:
        content = (small / file).read_bytes()
        chosen = random.Random(file).sample(range(len(content)), min(len(content), amount(100_000)))
        for start in range(0, len(chosen), 500):
            accepted += count_accepted(small, file, flips(content, chosen[start : start + 500]))
        done += len(chosen)
    shipped = Path(shutil.copytree(SHIPPED, tmp_path / "shipped"))
    files = sorted(path.relative_to(shipped).as_posix() for path in shipped.rglob("*") if path.is_file())
    for number in range(amount(5000)):
        file = files[number % len(files)]
        with (shipped / file).open("r+b") as opened:
            place = random.Random(number).randrange((shipped / file).stat().st_size)
            opened.seek(place)
            was = opened.read(1)
            opened.seek(place)
            opened.write(bytes([was[0] ^ (1 << number % 8)]))
            opened.flush()
            accepted += is_accepted(shipped)
            opened.seek(place)
            opened.write(was)
        done += 1
    verify(shipped)
    none_accepted(record, f"a byte flipped in an artifact, {done:,} times over all files of two", accepted)


def test_no_cut_mixed_or_missing_file_passes(
    tokenizer: SubwordTokenizer, tmp_path: Path, record: Record, amount: Amount
) -> None:
    one = write_random_artifact(tmp_path / "one", tokenizer, seed=1)
    two = write_random_artifact(tmp_path / "two", tokenizer, seed=2, version="v2")
    done = accepted = 0
    for file in FILES:
        content = (one / file).read_bytes()
        places = random.Random(file).sample(range(len(content)), min(len(content), amount(200)))
        variants = [(place, content[:place]) for place in places]
        other = (two / file).read_bytes()
        if other != content:
            variants.append((0, other))
        accepted += count_accepted(one, file, variants)
        done += len(variants)
        (one / file).unlink()
        with pytest.raises(ArtifactError, match=f"{file}: missing"):
            verify(one)
        (one / file).write_bytes(content)
        done += 1
    verify(one)
    none_accepted(record, f"a file cut, taken from another artifact or missing, {done:,} times", accepted)


# Malicious, with right hashes. Each spoils a copy of a sound artifact.


def edit(artifact: Path, **model: object) -> None:
    fields = json.loads((artifact / METADATA).read_text())
    fields["model"].update(model)
    (artifact / METADATA).write_text(json.dumps(fields))


def save_script(make: type[torch.nn.Module]) -> Callable[[Path], None]:
    def spoil(artifact: Path) -> None:
        named_as_ours = type("SentimentClassifier", (make,), {"__module__": "model.classifier"})
        torch.jit.save(torch.jit.script(named_as_ours().eval()), artifact / NETWORK)

    return spoil


class Expanded(torch.nn.Module):
    """4 TB of weights in 2 bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("weight", torch.zeros(1, dtype=torch.float16).expand(10**6, 10**6))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


def zip_bomb(artifact: Path) -> None:
    with zipfile.ZipFile(artifact / NETWORK, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/version", b"3\n")
        with archive.open("archive/data/0", "w", force_zip64=True) as member:
            for _ in range(1024):
                member.write(bytes(1 << 20))


def change_graph(change: Callable[[onnx.ModelProto], object]) -> Callable[[Path], None]:
    def spoil(artifact: Path) -> None:
        network = onnx.load(artifact / COMPILED)
        change(network)
        (artifact / COMPILED).write_bytes(network.SerializeToString())

    return spoil


def lead_outside(network: onnx.ModelProto) -> None:
    tensor = network.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../canary")


def cut_short(artifact: Path) -> None:
    (artifact / COMPILED).write_bytes(b"\x3a\xff\xff\xff\xff\x0f")


def nest(artifact: Path) -> None:
    (artifact / TOKENIZER).write_bytes(b'{"a":' * 10**6)


def panic(artifact: Path) -> None:
    """In the library's Rust, with an exception that `except Exception` does not catch."""
    tokenizer = json.loads((artifact / TOKENIZER).read_text())
    tokenizer["model"]["continuing_subword_prefix"] = "(a+)+$"
    (artifact / TOKENIZER).write_text(json.dumps(tokenizer))


def nest_metadata(artifact: Path) -> None:
    (artifact / METADATA).write_bytes(b"[" * 10**6)


def link_outside(artifact: Path) -> None:
    (artifact / CARD).unlink()
    (artifact / CARD).symlink_to(artifact.parent / "canary")


def link_to_device(artifact: Path) -> None:
    (artifact / CARD).unlink()
    (artifact / CARD).symlink_to("/dev/zero")


def pipe(artifact: Path) -> None:
    (artifact / CARD).unlink()
    os.mkfifo(artifact / CARD)


def sparse(artifact: Path) -> None:
    os.truncate(artifact / CARD, 100 << 30)


UNSUMMED = (link_outside, link_to_device, pipe, sparse)
"""Whose hashes cannot be made, or would take minutes; they are refused before they are hashed."""
SPOILERS: dict[str, list[Callable[[Path], None]]] = {
    "torchscript": [
        *map(save_script, (Reads, Prints, Warns, NeverEnds, SavesItself, WakesUp, Expanded)),
        zip_bomb,
        lambda artifact: edit(artifact, vocab_size=10**9),
        lambda artifact: edit(artifact, hidden_dim=10**6),
        lambda artifact: edit(artifact, num_layers=10**9),
        *(nest, panic, nest_metadata, *UNSUMMED),
    ],
    "onnx": [
        change_graph(lead_outside),
        change_graph(lambda network: network.graph.node.add(op_type="Loop", input=["lengths"], output=["more"])),
        change_graph(lambda network: network.graph.node.add(op_type="NoSuch", input=["lengths"], output=["more"])),
        change_graph(lambda network: network.metadata_props.add(key="head", value="not base64")),
        cut_short,
        *(nest, panic, nest_metadata, *UNSUMMED),
    ],
}


@pytest.mark.parametrize("backend", list(SPOILERS))
def test_malicious_artifacts_are_refused_and_the_process_lives(
    backend: str, compiled_directory: Path, tmp_path: Path, record: Record
) -> None:
    (tmp_path / "canary").write_bytes(b"secret")
    spoiled = []
    for number, spoil in enumerate(SPOILERS[backend]):
        artifact = Path(shutil.copytree(compiled_directory, tmp_path / f"spoiled-{number}"))
        spoil(artifact)
        if spoil not in UNSUMMED:
            sum_again(artifact)
        spoiled.append(artifact)
    trace = tmp_path / "trace" if shutil.which("strace") else None
    told, grown_mb = load_all(compiled_directory, backend, spoiled, trace)
    refused = [line.startswith(f"ArtifactError {artifact}/") for line, artifact in zip(told, spoiled, strict=True)]
    strange = strangers(trace, tmp_path) if trace else []
    record(
        what=f"malicious artifacts with right hashes, {len(told)} kinds ({backend})",
        bound=f"all refused by file and reason; nothing touched outside; less than {MOST_GROWTH_MB} MB",
        measured=f"{sum(refused)} refused; "
        + (f"{len(strange)} touched" if trace else "no strace here")
        + f"; {grown_mb} MB",
    )
    assert all(refused), [line for line, is_refused in zip(told, refused, strict=True) if not is_refused]
    assert strange == []
    assert grown_mb < MOST_GROWTH_MB


def strangers(trace: Path, folder: Path) -> list[str]:
    """Calls that opened a file for writing, or the canary, or a device, between the marks."""
    lines = trace.read_text(errors="replace").splitlines()
    marks = [number for number, line in enumerate(lines) if '"/dev/null"' in line]
    between = lines[marks[-2] + 1 : marks[-1]]
    return [
        line
        for line in between
        if f'"{folder}/canary"' in line
        or '"/dev/zero"' in line
        or ("open" in line and ("O_WRONLY" in line or "O_RDWR" in line or "O_CREAT" in line))
        or any(f" {call}(" in line for call in ("mkdir", "unlink", "rename", "symlink", "truncate"))
    ]
