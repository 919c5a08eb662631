"""One run of `python -m service predict`: the rows of its inputs, each with what the model says of it, in an output."""

import json
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import islice

from model.language import detect
from model.rows import DataError, Problem
from service.errors import TextError
from service.files.bulk import Answer, Window, predict_windows, read_windows
from service.files.inputs import Inputs
from service.files.journal import Output
from service.files.outputs import Encoder, Fields, line_encoder
from service.files.parquet import ParquetEncoder, make_schema
from service.files.summary import Progress
from service.predictor import Predictor
from service.settings import Settings


class Job:
    """What to predict, and how it is written.

    column: of the text. prefix: of the names of the columns that are added. file_format: of the output.
    Raises: DataError if the columns cannot be written.
    """

    def __init__(
        self,
        inputs: Inputs,
        predictor: Predictor,
        settings: Settings,
        *,
        column: str,
        prefix: str,
        file_format: str,
    ) -> None:
        self._inputs = inputs
        self._predictor = predictor
        self._settings = settings
        self._column = column
        scores = dict.fromkeys(["score", *(f"score_{label}" for label in predictor.info.labels)], float)
        names: dict[str, type] = {"label": str, **scores, "language": str, "model": str}
        self._added = {prefix + name: kind for name, kind in names.items()}
        if taken := [name for name in self._added if name in inputs.columns]:
            raise DataError(f"{inputs.columns[taken[0]]}: {_explain(taken[0])}")
        columns = inputs.columns or [column]  # of no row, there is still a text
        self.encoder: Encoder
        """Knows the format of the output."""
        if file_format == "parquet":
            self.encoder = ParquetEncoder(make_schema(columns, self._added, inputs.schemas, inputs.sample))
        else:
            self.encoder = line_encoder(file_format, [*columns, *self._added])

    def run(self, output: Output) -> float:
        """Append all rows that are not in the output yet.   Returns: rows a second."""
        inputs, mark = self._inputs, output.mark
        mark = replace(mark, labels=dict.fromkeys(self._predictor.info.labels, 0) | mark.labels)
        if not mark.bytes:
            output.append(self.encoder.head(), b"", mark)
        items = inputs.items()
        skipped = deque(islice(items, mark.read), maxlen=1)
        progress = Progress(inputs.fraction(skipped[0][1].number) if skipped else 0.0)
        windows = read_windows(items, self._column, self._settings, inputs.fraction)
        try:
            for window, answers in predict_windows(windows, self._column, self._predictor, self._settings):
                data, problems, labels = self._encode(window, answers)
                lines = "".join(json.dumps(asdict(problem), ensure_ascii=False) + "\n" for problem in problems)
                mark = replace(
                    mark,
                    read=mark.read + len(window.items),
                    rejected=mark.rejected + len(problems),
                    labels={label: count + labels[label] for label, count in mark.labels.items()},
                )
                if lines:
                    progress.clear()  # they may be shown where the bar is
                output.append(data, lines.encode(errors="backslashreplace"), mark)
                progress.advance(len(window.items), window.fraction)
        finally:
            progress.clear()
        return progress.rate

    def _encode(self, window: Window, answers: Sequence[Answer]) -> tuple[bytes, list[Problem], Counter[str]]:
        """Bytes of the rows that have an answer, the other rows, and how many rows have each label."""
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
            elif not row.fields.keys().isdisjoint(self._added):  # in JSON Lines, a later row may have any
                taken = next(name for name in self._added if name in row.fields)
                problems[position] = Problem(file, row.number, _explain(taken))
            else:
                language = detect(row.fields[self._column])
                values = answer.label, answer.score, *answer.scores.values(), language, version
                row.fields.update(zip(self._added, values, strict=True))
                written.append((position, answer.label))
                rows.append(row.fields)
        data, unfit = self.encoder.encode(rows)
        for index, reason in unfit.items():
            position = written[index][0]
            file, row = window.items[position]
            problems[position] = Problem(file, row.number, reason)
        labels = Counter(label for position, label in written if position not in problems)
        return data, [problems[position] for position in sorted(problems)], labels


def _explain(name: str) -> str:
    return f"column {name!r} is there already; --prefix NAME names what is added otherwise"
