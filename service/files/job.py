"""One run of `python -m service predict`: the rows of its inputs, each with what the model says of it, in an output."""

from collections import deque
from dataclasses import replace
from itertools import islice

from service.files.inputs import Inputs
from service.files.journal import Output
from service.files.scoring import Layout, Scorer, write_problems
from service.files.summary import Progress
from service.predictor import Predictor
from service.settings import Settings


def run(inputs: Inputs, layout: Layout, predictor: Predictor, settings: Settings, output: Output) -> float:
    """Append all rows that are not in the output yet.   Returns: rows a second."""
    mark = output.mark
    mark = replace(mark, labels=dict.fromkeys(layout.labels, 0) | mark.labels)
    if not mark.bytes:
        output.append(layout.encoder.head(), b"", mark)
    items = inputs.items()
    skipped = deque(islice(items, mark.read), maxlen=1)
    progress = Progress(inputs.fraction(skipped[0][1].number) if skipped else 0.0)
    try:
        for scored in Scorer(layout, predictor, settings).score(items, inputs.fraction):
            mark = replace(
                mark,
                read=mark.read + scored.read,
                rejected=mark.rejected + len(scored.problems),
                labels={label: count + scored.labels[label] for label, count in mark.labels.items()},
            )
            if scored.problems:
                progress.clear()  # they may be shown where the bar is
            output.append(scored.data, write_problems(scored.problems), mark)
            progress.advance(scored.read, scored.fraction)
    finally:
        progress.clear()
    return progress.rate
