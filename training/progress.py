"""What a person sees of a run: a bar on a terminal, plain lines elsewhere."""

import os
import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

LINE_EVERY_S = 15.0


def say(message: str) -> None:
    """Print a line about the run, for people; under torchrun only the first process does."""
    if os.environ.get("RANK", "0") == "0":
        print(message, file=sys.stderr, flush=True)


class TrainingProgress:
    """Shows step, loss, last dev score, texts/s and time left. A context manager."""

    def __init__(self, total_steps: int, first_step: int, *, is_shown: bool = True) -> None:
        self.total_steps = total_steps
        self.first_step = first_step
        self.is_shown = is_shown
        self.dev_score: float | None = None
        self.console = Console(file=sys.stderr)
        self._loss = 0.0
        self._texts = 0
        self._started = self._last_line = time.monotonic()
        columns = "[progress.description]{task.description}", BarColumn(), TextColumn("{task.fields[figures]}")
        self._bar = Progress(*columns, TimeRemainingColumn(), console=self.console, transient=True)
        self._task = self._bar.add_task("training", total=total_steps, completed=first_step, figures="")

    def __enter__(self) -> Self:
        if self.is_shown and self.console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def advance(self, step: int, loss: float, texts: int) -> None:
        """Report a finished step (counted from 0), its loss and the number of texts it read."""
        self._loss = loss if step == self.first_step else 0.98 * self._loss + 0.02 * loss
        self._texts += texts
        if not self.is_shown:
            return
        now = time.monotonic()
        rate = self._texts / max(1e-9, now - self._started)
        score = "–" if self.dev_score is None else f"{self.dev_score:.4f}"
        figures = f"{step + 1}/{self.total_steps}  loss {self._loss:.4f}  dev {score}  {rate:,.0f} texts/s"
        if self.console.is_terminal:
            self._bar.update(self._task, completed=step + 1, figures=figures)
        elif now - self._last_line >= LINE_EVERY_S or step + 1 == self.total_steps:
            self._last_line = now
            left_s = (now - self._started) / (step + 1 - self.first_step) * (self.total_steps - step - 1)
            print(f"step {figures}  {left_s / 60:.1f} min left", file=sys.stderr, flush=True)

    def note(self, message: str) -> None:
        """Print a line above the bar."""
        if self.is_shown:
            self.console.print(message, highlight=False, markup=False, soft_wrap=True)
