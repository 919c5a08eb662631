import pytest
import torch

from model.padding import pad


def test_rows_are_padded_to_the_longest() -> None:
    token_ids_BT, lengths_B = pad([[5], [7, 8, 9], [1, 2]], pad_id=3)
    assert token_ids_BT.tolist() == [[5, 3, 3], [7, 8, 9], [1, 2, 3]]
    assert lengths_B.tolist() == [1, 3, 2]


def test_tensors_are_int64_on_the_host() -> None:
    batch = pad([[5], [7, 8]], pad_id=0)
    for tensor in batch:
        assert tensor.dtype == torch.int64
        assert tensor.device.type == "cpu"


@pytest.mark.parametrize("rows", [[], [[]], [[1], []]])
def test_nothing_to_read_is_refused(rows: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="at least one row, and one token"):
        pad(rows, pad_id=0)
