from tests.training.toy import PAD, classifier, learnable_set
from training.scoring import score_rows


def test_long_row_is_scored_by_windows_to_its_last_token() -> None:
    net = classifier().eval()
    rows = [[11] * 40, [11] * 39 + [12]]
    first, second = score_rows(net, rows, PAD, max_tokens=16)
    assert abs(first - second).max() > 1e-6


def test_scores_come_in_the_order_of_the_rows_whatever_the_batches() -> None:
    net = classifier().eval()
    rows = learnable_set("a", 50).rows
    together = score_rows(net, rows, PAD, 16, batch_tokens=64)
    for index, row in enumerate(rows):
        assert abs(score_rows(net, [row], PAD, 16)[0] - together[index]).max() < 1e-5
