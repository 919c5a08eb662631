import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.tokenizer import EMPTY, PAD, SubwordTokenizer
from tests.texts import LABELLED

LINES = [text for text, _ in LABELLED]
# Fixtures of pytest are not reset between the examples of hypothesis; a tokenizer has no state to reset.
TOKENIZER = SubwordTokenizer.train(LINES * 4, vocab_size=600)
any_text = st.text(st.characters(exclude_categories=["Cs"]))


def normalised(text: str) -> str:
    return str(TOKENIZER.backend.normalizer.normalize_str(text))


def decoded(token_ids: list[int]) -> str:
    return str(TOKENIZER.backend.decode(token_ids, skip_special_tokens=False))


def assert_read_whole(text: str) -> None:
    token_ids = TOKENIZER.encode(text)
    assert token_ids
    assert all(0 <= token_id < TOKENIZER.vocab_size for token_id in token_ids)
    assert decoded(token_ids) == (normalised(text) or EMPTY)


@given(any_text)
def test_any_text_is_read_whole(text: str) -> None:
    assert_read_whole(text)


@given(st.text(alphabet=" \u3000\n好a1.!?'’@#<>/:;)n't\U0001f600\u0301\x00"))
def test_any_mixture_of_what_the_patterns_treat_is_read_whole(text: str) -> None:
    assert_read_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        "A wonderful film.",
        "这家酒店又脏又吵。",
        "😀👩‍👩‍👧‍👦🇨🇳",
        "WiFi很快，room也clean 👍 10/10",
        "\x00",
        "good\x00bad",
        "Ĳſﬁ①",
        "\ufffd\u200b\ufeff",
        "مرحبا שלום नमस्ते",
    ],
)
def test_every_script_is_read_whole(text: str) -> None:
    assert_read_whole(text)


@pytest.mark.parametrize("text", ["I hated every minute of this film", "味道很差，再也不会点了"])
def test_text_like_the_corpus_takes_fewer_than_half_as_many_tokens_as_bytes(text: str) -> None:
    assert len(TOKENIZER.encode(text)) < len(text.encode()) / 2


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000\u00a0", "<br />", " <BR> <br/>\n"])
def test_text_that_normalises_to_nothing_is_the_empty_token(text: str) -> None:
    assert TOKENIZER.encode(text) == [TOKENIZER.empty_id]


@pytest.mark.parametrize("text", [PAD, EMPTY, f"a{PAD}b", f"{EMPTY} {PAD.upper()}"])
def test_special_tokens_in_a_text_are_read_as_characters(text: str) -> None:
    """They once became the padding and the empty id themselves."""
    token_ids = TOKENIZER.encode(text)
    assert not {TOKENIZER.pad_id, TOKENIZER.empty_id} & set(token_ids)
    assert decoded(token_ids) == text.lower()


@pytest.mark.parametrize("text", ["\ud800", "good \udfff", "\ud83d\ude00"])
def test_lone_surrogate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not valid Unicode"):
        TOKENIZER.encode(text)
    with pytest.raises(ValueError, match="not valid Unicode"):
        TOKENIZER.encode_batch(["fine", text])


def test_batch_equals_one_by_one() -> None:
    texts = [*LINES, "", "😀"]
    assert TOKENIZER.encode_batch(texts) == [TOKENIZER.encode(text) for text in texts]
    assert TOKENIZER.encode_batch([]) == []


def test_saved_equals_loaded(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text(TOKENIZER.to_json(), encoding="utf-8")
    loaded = SubwordTokenizer.load(tmp_path / "tokenizer.json")
    texts = [*LINES, "", "<pad>", "do n't  .", "https://a.b @c 好", "\x00😀"]
    assert loaded.encode_batch(texts) == TOKENIZER.encode_batch(texts)
    assert loaded.to_json() == TOKENIZER.to_json()
    assert (loaded.vocab_size, loaded.pad_id, loaded.empty_id) == (TOKENIZER.vocab_size, 0, 1)


def test_training_is_deterministic() -> None:
    assert SubwordTokenizer.train(LINES * 4, vocab_size=600).to_json() == TOKENIZER.to_json()


@pytest.mark.parametrize("character", ["a", "好", "!", "1", " ", "😀", "a@", "<br"])
def test_word_of_200_000_characters_is_read(character: str) -> None:
    text = character * (200_000 // len(character))
    assert decoded(TOKENIZER.encode(text)) == (normalised(text) or EMPTY)


@pytest.mark.parametrize(
    ("spelling", "plain"),
    [
        ("It 's good , but I do n't care .", "It's good, but I don't care."),
        ("We 're sure they 've left ; I 'll go", "We're sure they've left; I'll go"),
        ("so  good   !", "so good!"),
        ("one\ntwo\u00a0three", "one two three"),
        ("thanks @Some_One1", "thanks @user"),
        ("thanks ＠someone", "thanks @user"),
        ("see http://a.b/c?d=e#f now", "see http now"),
        ("see HTTPS://A.B now", "see http now"),
        ("good<br /><br />bad", "good bad"),
        ("good<BR>bad", "good bad"),
        ("ｇｏｏｄ！", "good!"),
        ("SHOUTING", "shouting"),
    ],
)
def test_spellings_of_the_same_are_read_alike(spelling: str, plain: str) -> None:
    """Two spaces before a full stop, an upper-case <BR> or HTTPS, and a full-width @ once were not."""
    assert TOKENIZER.encode(spelling) == TOKENIZER.encode(plain)


def test_link_ends_where_chinese_begins() -> None:
    """It once took the rest of the clause with it, since no space stands between."""
    assert normalised("看http://t.cn/Ab1太好了") == "看http太好了"


def test_quotes_and_words_that_only_look_like_clitics_keep_their_space() -> None:
    assert normalised("the 'same' day 's") == "the 'same' day's"


@pytest.mark.parametrize("vocab_size", [0, 257])
def test_vocabulary_without_room_for_the_bytes_is_refused(vocab_size: int) -> None:
    with pytest.raises(ValueError, match=rf"vocab_size={vocab_size}: must be at least 258"):
        SubwordTokenizer.train(LINES, vocab_size)


def test_smallest_vocabulary_reads_everything_by_bytes() -> None:
    tokenizer = SubwordTokenizer.train([], vocab_size=258)
    assert tokenizer.vocab_size == 258
    assert len(tokenizer.encode("好")) == 3


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"model": {"type": "BPE"}}', "\x80"])
def test_json_that_is_no_tokenizer_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a tokenizer"):
        SubwordTokenizer.from_json(text)


def test_tokenizer_without_our_special_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the special tokens"):
        SubwordTokenizer.from_json(TOKENIZER.to_json().replace(EMPTY, "<void>"))


def test_fragments_are_less_than_a_character_or_a_word() -> None:
    fragments = TOKENIZER.fragments()
    pieces = {text: TOKENIZER.encode(text) for text in ("😀", "x", " it", "!", "7", "movie")}
    spelled = SubwordTokenizer.train([], vocab_size=258)
    assert set(spelled.encode("好")) <= spelled.fragments()
    assert set(spelled.encode("xy")) <= spelled.fragments()
    assert not set(spelled.encode("7!")) & spelled.fragments()
    assert set(pieces["x"]) <= fragments
    assert not set(pieces["!"]) & fragments
    assert not {TOKENIZER.pad_id, TOKENIZER.empty_id} & fragments


def test_text_of_learned_words_has_fewer_fragments_than_another() -> None:
    words = "the film was good and the hotel was clean"
    tokenizer = SubwordTokenizer.train([f"all {words}", "房间很干净"] * 4, vocab_size=400)
    fragments = tokenizer.fragments()

    def share(text: str) -> float:
        row = tokenizer.encode(text)
        return sum(token in fragments for token in row) / len(row)

    assert share(f"all {words}") < 0.1
    assert share("房间很干净") < 0.1
    assert share("teh flim wsa gud") > 0.5
    assert share("фильм был хороший") > 0.5
    assert share("映画は良かった") > 0.5


@given(any_text)
@example("e\u0301\u0302 x")
@example("\ufdfa <br> @bob https://a.b/c ﬁn ㈜ 👩\u200d👧")
def test_each_id_has_a_place_and_places_never_fall_back(text: str) -> None:
    places = TOKENIZER.locate([text])[0]
    assert len(places) == len(TOKENIZER.encode(text))
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert [start for start, _ in places] == sorted(start for start, _ in places)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  ＧＯＯＤ\n", "ＧＯＯＤ"),
        ("cafe\u0301", "cafe\u0301"),
        ("I see https://a.b/c?d now", "https://a.b/c?d"),
        ("😀", "😀"),
        ("do n't", "do n't"),
        ("<br />good", "good"),
    ],
)
def test_places_are_those_of_the_text_as_given(text: str, shown: str) -> None:
    """Not of the normalised text, which is longer or shorter."""
    start = text.index(shown)
    places = TOKENIZER.locate([text])[0]
    inside = [place for place in places if start <= place[0] < start + len(shown)]
    assert (inside[0][0], inside[-1][1]) == (start, start + len(shown))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://example.com/x is bad", "https://example.com/x"),
        ("(https://t.co/abc)", "https://t.co/abc)"),
        ("bad ＨTTPS://a.b很差", "ＨTTPS://a.b"),
        ("@someone is bad", "@someone"),
        ("you (@नमस्ते) rock", "@नमस्ते"),
        ("me@bob.com", "@bob"),
        ("@https://a.b x", "@https://a.b"),
    ],
)
def test_place_of_a_link_or_user_name_is_all_of_it(text: str, shown: str) -> None:
    """It was its last character."""
    start = text.index(shown)
    place = (start, start + len(shown))
    places = TOKENIZER.locate([text])[0]
    assert place in places
    assert all(found == place or found[1] <= place[0] or found[0] >= place[1] for found in places)


def test_line_break_is_no_part_of_the_word_behind_it() -> None:
    """The `>` was."""
    text = "a<br>b<br />c"
    shown = {text[start:end] for start, end in TOKENIZER.locate([text])[0]}
    assert shown - {"<br>", "<br />"} == {"a", "b", "c"}  # a token of its own for the space has all of the break


def test_text_without_tokens_has_one_place() -> None:
    assert TOKENIZER.locate(["<br>", "", "a"]) == [[(0, 4)], [(0, 0)], [(0, 1)]]


@pytest.mark.parametrize(("part", "value"), [("model", "(a+)+$"), ("normalizer", "")])
def test_tokenizer_that_panics_is_refused(part: str, value: str, tokenizer: SubwordTokenizer) -> None:
    """A panic of Rust is no Exception: it once passed by every handler, and a service was loading for ever."""
    fields = json.loads(tokenizer.to_json())
    if part == "model":
        fields["model"]["continuing_subword_prefix"] = value
    else:
        fields["normalizer"]["normalizers"][2]["pattern"]["Regex"] = value
    with pytest.raises(ValueError, match="not a tokenizer"):
        SubwordTokenizer.from_json(json.dumps(fields))
