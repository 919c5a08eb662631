import pytest

from model.language import READ_CHARS, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I loved every minute", "en"),
        ("Café très bon", "en"),
        ("房间很干净，服务员也很热情", "zh"),
        ("iPhone 很好用", "zh"),
        ("I had the 包子 and they were very good indeed", "en"),
        ("とても良い映画でした", "other"),
        ("정말 좋은 영화", "other"),
        ("Отличный фильм", "other"),
        ("😀😀", "other"),
        ("12345 !!!", "other"),
        ("\x00\x01", "other"),
        ("𠀀𠀁", "zh"),
        ("a" * READ_CHARS + "很" * 10 * READ_CHARS, "en"),
    ],
)
def test_language_follows_the_script(text: str, language: str) -> None:
    assert detect(text) == language
