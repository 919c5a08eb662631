import pytest

from model.rows import DataError
from tests.training.test_data import corpus
from training.keys import duplicate_key
from training.sets import make_sets

ROWS = [(f"text {number}", "positive" if number % 2 else "negative") for number in range(40)]
LABELS = ["negative", "positive"]


def test_dev_sets_of_one_name_are_refused() -> None:
    """The scores of en/test.csv stood under those of zh/test.csv, which alone selected the weights."""
    with pytest.raises(DataError, match="dev: 2 sets are called 'test'; give one a name="):
        make_sets([corpus("a", ROWS)], [corpus("en/test", ROWS), corpus("zh/test", ROWS)], LABELS, seed=0)
    with pytest.raises(DataError, match="2 sets are called 'a'"):
        make_sets([corpus("a", ROWS, held_out=0.5)], [corpus("a", ROWS)], LABELS, seed=0)
    _, dev, _ = make_sets([corpus("a", ROWS), corpus("a", ROWS)], [corpus("a", ROWS)], LABELS, seed=0)
    assert [item.name for item in dev] == ["a"]


def test_dev_set_that_is_called_as_the_mean_is_refused() -> None:
    """The mean, by which a run is selected, stood over its score."""
    with pytest.raises(DataError, match="a set is called 'mean', as the mean of all is"):
        make_sets([corpus("a", ROWS)], [corpus("mean", ROWS)], LABELS, seed=0)


def test_texts_of_another_runs_dev_sets_are_left_out_of_train_alone() -> None:
    left_out = {duplicate_key(text) for text, _ in ROWS[:10]}
    [train], [dev], counts = make_sets([corpus("a", ROWS[:30])], [corpus("b", ROWS[5:15])], LABELS, 0, left_out)
    assert list(train.texts) == [text for text, _ in ROWS[15:30]]
    assert len(dev.texts) == 10
    assert counts == {"a": 15}
