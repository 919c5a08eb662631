import pytest

from model.rows import DataError
from training.sources import Source, parse_source


def test_spec_with_options_is_parsed() -> None:
    source = parse_source(
        "a/shop.csv.gz?text=body&label=stars&map=1:negative,5:positive,3:&labels=negative,positive&repeat=2"
    )
    assert source == Source(
        path="a/shop.csv.gz",
        name="shop",
        text_column="body",
        label_column="stars",
        label_map={"1": "negative", "5": "positive", "3": ""},
        labels=("negative", "positive"),
        repeat=2,
    )


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("a.csv?colour=red", "unknown option 'colour'"),
        ("a.csv?repeat=two", "option repeat='two'"),
        ("a.csv?repeat=0", "repeat=0: must be at least 1"),
        ("a.csv?held_out=1", "held_out=1.0: must be at least 0 and below 1"),
        ("a.csv?map=1", "option map='1'"),
        ("a.csv?text", "options must read name=value"),
    ],
)
def test_bad_option_is_named(spec: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_source(spec)
