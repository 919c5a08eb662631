"""`python -m tests.chaos.fuzz TARGET FOLDER -runs=N`: Atheris looks for bytes that a part of the service cannot take.

It mutates what reached new branches of our own code. The exit code is not 0 if a case raised, crashed the process or
took too long; the case then stands in FOLDER, and is run alone by giving its file instead of FOLDER, without -runs.
"""

import sys
from pathlib import Path

import atheris

from tests.chaos.seeds import SEEDS, WORDS

with atheris.instrument_imports(include=["model", "service"]):
    from tests.chaos.targets import TARGETS

HANG_S = 30
"""A case that takes longer hangs, on a machine that is busy too: most take less than a millisecond."""
MOST_BYTES = 2048


def main(arguments: list[str]) -> None:
    """Never returns: libFuzzer ends the process."""
    name, path, *options = arguments
    if Path(path).is_dir():
        options += _begin(name, Path(path))
    atheris.Setup([sys.argv[0], path, *options], TARGETS[name])
    atheris.Fuzz()


def _begin(name: str, folder: Path) -> list[str]:
    """Write the seeds and the words.   Returns: the options of libFuzzer."""
    for number, seed in enumerate(SEEDS.get(name, [])):
        (folder / f"seed-{number}").write_bytes(seed)
    words = folder.parent / f"{folder.name}.words"
    words.write_text("".join('"' + "".join(map("\\x{:02x}".format, word)) + '"\n' for word in WORDS))
    bounds = [f"-timeout={HANG_S}", f"-max_len={MOST_BYTES}", "-len_control=10", "-rss_limit_mb=2048"]
    return [*bounds, f"-dict={words}", f"-artifact_prefix={folder}/", "-print_final_stats=1", "-verbosity=0"]


if __name__ == "__main__":
    main(sys.argv[1:])
