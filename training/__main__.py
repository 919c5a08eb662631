"""Command line: `python -m training COMMAND ...`; options without a command are those of `fit`."""

import argparse
import importlib
import os
import sys
from typing import NoReturn

COMMANDS = {
    "fit": "fit a classifier on labelled text, and export it as an artifact",
    "pretrain": "learn an encoder as a language model from text without labels",
    "teacher": "fine-tune a transformer, for distill to learn from",
    "distill": "fit a classifier to teachers and labels together",
    "sample": "let a pretrained language model continue a prompt",
    "calibrate": "fit the temperature of an artifact anew, on labelled data of your own",
    "drift": "measure anew what texts drift is told from, on texts of your own",
    "compile": "add the int8 form for CPUs to an artifact that has none, checked on labelled data",
    "evaluate": "score an artifact on labelled data",
    "compare": "hold two artifacts against each other on labelled data: figures, speed, size",
    "sign": "sign an artifact, for services that ask for a signature",
    "publish": "put an artifact into a model store, unless it is worse than what is there",
    "behaviour": "score an artifact on minimal pairs: negation, but-clauses, intensifiers",
}
"""Name -> what it does. Each is a module of this package with its own `main` and --help."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0].startswith("--") and given[0] != "--help":
        given = ["fit", *given]
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Make sentiment models: COMMAND --help tells more of each.",
        epilog="commands\n" + "\n".join(f"  {name:<10} {purpose}" for name, purpose in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    # oneDNN keeps what it compiled for each shape of batch, 1024 of them by default: 8 GB after 200 steps.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "32")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    command = parser.parse_args(given[:1]).command
    status: int = importlib.import_module(f"training.{command}").main(given[1:])
    return status


def end(status: int) -> NoReturn:
    """End the process; under torchrun without Python's own closing.

    A thread of gloo may still let go of a tensor then, which aborts the process, and torchrun takes a run that has
    ended for one that failed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if "TORCHELASTIC_RUN_ID" in os.environ:
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    end(main())
