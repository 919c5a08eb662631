import copy
import pickle

from model.rows import Row


def test_pickled_row_has_all_that_it_had() -> None:
    """Its size is not compared, so that only this would tell if it were lost."""
    row = Row(7, {"text": "fine", "stars": None}, 4)
    for found in (pickle.loads(pickle.dumps(row)), copy.copy(row)):
        assert (found, found.size) == (row, 4)
