"""Scoring: rows in, and out the bytes of the same rows with what the model says of them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from model.language import detect
from model.rows import DataError, Problem
from service.errors import TextError
from service.files.bulk import Answer, Window, predict_windows, read_windows
from service.files.inputs import Inputs, Item
from service.files.outputs import Encoder, Fields, line_encoder
from service.files.parquet import ParquetEncoder, make_schema
from service.predictor import Predictor
from service.settings import Settings


class Layout:
    """The columns of an output, and its format. Can be pickled.

    labels: of the model. column: of the text. prefix: of the names of the columns that are added. file_format: of the
    output.
    Raises: DataError if the columns cannot be written.
    """

    def __init__(self, inputs: Inputs, labels: Sequence[str], *, column: str, prefix: str, file_format: str) -> None:
        self.column = column
        self.labels = tuple(labels)
        scores = dict.fromkeys(["score", *(f"score_{label}" for label in labels)], float)
        names: dict[str, type] = {"label": str, **scores, "language": str, "model": str}
        self.added = {prefix + name: kind for name, kind in names.items()}
        """Type of each column that is added, in order."""
        if taken := [name for name in self.added if name in inputs.columns]:
            raise DataError(f"{inputs.columns[taken[0]]}: {_explain(taken[0])}")
        columns = inputs.columns or [column]  # of no row, there is still a text
        self.encoder: Encoder
        """Knows the format of the output."""
        if file_format == "parquet":
            schema = make_schema(columns, self.added, inputs.schemas, inputs.sample)
            self.encoder = ParquetEncoder(schema, () if inputs.are_typed else columns)
        else:
            self.encoder = line_encoder(file_format, [*columns, *self.added])


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """A window of rows."""

    data: bytes
    """Of the rows that have an answer, to append to an output."""
    problems: list[Problem]
    """The other rows."""
    labels: Counter[str]
    """Rows that have each label."""
    read: int
    """All rows."""
    fraction: float | None
    """As Window.fraction."""


class Scorer:
    """A model that works on rows of one layout."""

    def __init__(self, layout: Layout, predictor: Predictor, settings: Settings) -> None:
        self._layout = layout
        self._predictor = predictor
        self._settings = settings

    def score(self, items: Iterable[Item], fraction: Callable[[int], float | None]) -> Iterator[Scored]:
        """Every row, in windows.   fraction: as of read_windows."""
        column = self._layout.column
        windows = read_windows(items, column, self._settings, fraction)
        for window, answers in predict_windows(windows, column, self._predictor, self._settings):
            yield self._encode(window, answers)

    def _encode(self, window: Window, answers: Sequence[Answer]) -> Scored:
        added = self._layout.added
        version = self._predictor.info.version
        problems: dict[int, Problem] = {}
        written: list[tuple[int, str]] = []
        rows: list[Fields] = []
        answer_of = iter(answers)
        for position, (file, row) in enumerate(window.items):
            if isinstance(row, Problem):
                problems[position] = row
                continue
            answer = next(answer_of)
            if isinstance(answer, TextError):
                problems[position] = Problem(file, row.number, answer.detail)
            elif not row.fields.keys().isdisjoint(added):  # in JSON Lines, a later row may have any
                taken = next(name for name in added if name in row.fields)
                problems[position] = Problem(file, row.number, _explain(taken))
            else:
                language = detect(row.fields[self._layout.column])
                values = answer.label, answer.score, *answer.scores.values(), language, version
                row.fields.update(zip(added, values, strict=True))
                written.append((position, answer.label))
                rows.append(row.fields)
        data, unfit = self._layout.encoder.encode(rows)
        for index, reason in unfit.items():
            position = written[index][0]
            file, row = window.items[position]
            problems[position] = Problem(file, row.number, reason)
        return Scored(
            data=data,
            problems=[problems[position] for position in sorted(problems)],
            labels=Counter(label for position, label in written if position not in problems),
            read=len(window.items),
            fraction=window.fraction,
        )


def write_problems(problems: Iterable[Problem]) -> bytes:
    """JSON Lines, one for each."""
    lines = "".join(json.dumps(asdict(problem), ensure_ascii=False) + "\n" for problem in problems)
    return lines.encode(errors="backslashreplace")


def _explain(name: str) -> str:
    return f"column {name!r} is there already; --prefix NAME names what is added otherwise"
