import json
import random
import re
import string
from collections import Counter
from pathlib import Path

import pytest

from model.rows import DataError
from training.data import read_source, read_texts
from training.grammar.languages import GRAMMARS, LABELS, sentences
from training.grammar.rules import Grammar, Rules, build
from training.keys import duplicate_key
from training.sources import parse_source

LANGUAGES = ("en", "zh")
WRITTEN = {language: sentences(language) for language in LANGUAGES}
JUDGEMENTS = {"en": ("strong", "mild", "after", "own"), "zh": ("a", "s", "own", "bad")}
"""Names, without their sign, of the rules that list words of judgement."""
EVALUATIONS = [Path(__file__).parents[1] / "data" / f"{name}.jsonl" for name in ("behaviour", "chinese_probe")]
SLOT = re.compile(r"\{([^{}]*)\}")


def unfinished(rules: Rules, domains: dict[str, Rules] | None = None) -> Grammar:
    return build(rules, domains or {"any": {}}, {}, lambda text, sign, rng: text)


def write(language: str, replaced: Rules, start: str, count: int = 300) -> list[str]:
    """Bare sentences of a rule of a language, some of whose rules are replaced."""
    domains = GRAMMARS[language].domains.items()
    tables = {domain: {name: "|".join(rule) for name, rule in rules.items()} | replaced for domain, rules in domains}
    grammar, rng = unfinished({}, tables), random.Random(0)
    return [grammar.write(start, rng) for _ in range(count)]


def marked(language: str) -> Rules:
    """Words of judgement replaced by their polarity, to see what patterns make of them."""
    return {name + sign: word for name in JUDGEMENTS[language] for sign, word in (("+", "GOOD"), ("-", "BAD"))}


@pytest.mark.parametrize(("language", "number"), [("en", 30_000), ("zh", 25_000)])
def test_number_of_sentences_is_that_of_the_plan(language: str, number: int) -> None:
    assert len(WRITTEN[language]) == sum(GRAMMARS[language].plan.values()) == number


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_the_same_each_time(language: str) -> None:
    assert sentences(language) == WRITTEN[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_sentences_are_equal(language: str) -> None:
    assert len({text.lower() for text, _ in WRITTEN[language]}) == len(WRITTEN[language])


@pytest.mark.parametrize(("language", "neutral"), [("en", 0.25), ("zh", 0.3)])
def test_every_label_has_its_share(language: str, neutral: float) -> None:
    rows = Counter(label for _, label in WRITTEN[language])
    assert set(rows) == set(LABELS.values())
    assert min(rows.values()) >= 0.25 * rows.total()
    assert rows["neutral"] >= neutral * rows.total()


@pytest.mark.parametrize("path", EVALUATIONS, ids=lambda path: path.stem)
def test_no_text_of_an_evaluation_is_written(path: Path) -> None:
    """Neither as it stands nor with other case, spaces or punctuation; it would be known by heart."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [text for row in rows for text in row.get("texts", [row.get("text")])]
    assert len(texts) >= 50
    written = {duplicate_key(text) for language in LANGUAGES for text, _ in WRITTEN[language]}
    assert [text for text in texts if duplicate_key(text) in written] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_finished(language: str) -> None:
    traces = re.compile(r"[{}|\n=_]{|\{|\}|\||\n|  |^ | $|a\(n\)|[，。]{2}|的的", re.IGNORECASE)
    assert [text for text, _ in WRITTEN[language] if traces.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_has_a_rule_and_every_rule_is_reached(language: str) -> None:
    for domain, rules in GRAMMARS[language].domains.items():
        reached: set[str] = set()
        waiting = list(GRAMMARS[language].plan)
        while waiting:
            name = waiting.pop().removesuffix("@")
            if name not in reached:
                assert rules.get(name), f"{domain}: no rule {name}"
                reached.add(name)
                waiting += [slot for choice in rules[name] for slot in SLOT.findall(choice)]
        assert rules.keys() - reached == set(), domain


def test_lexicons_are_wide() -> None:
    for language, nouns in (("en", ("whole", "part", "parts")), ("zh", ("whole", "part"))):
        tables = GRAMMARS[language].domains.values()
        assert len({noun for table in tables for name in nouns for noun in table[name]}) >= 80
        for sign in "+-":
            names = [name + sign for name in JUDGEMENTS[language]]
            assert len({word for table in tables for name in names for word in table.get(name, [])}) >= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_praise_and_blame_keep_their_sign_where_nothing_turns_them(language: str) -> None:
    for text in write(language, marked(language), "deg_x+" if language == "zh" else "gen+"):
        assert "BAD" not in text
    for text in write(language, marked(language), "deg_x-" if language == "zh" else "gen-"):
        assert "GOOD" not in text


@pytest.mark.parametrize(
    ("language", "negations"),
    [
        (
            "en",
            r"n't|\b(no|not|never|none|nor|neither|nobody|nothing|far|anything but|hardly|barely|scarcely|less)\b"
            r"|doubt|fail|lie|lying|myth|disagree|wish|love to say|hard to|rarely|seldom|few|opposite|yet to"
            r"|nowhere|if only|would be|could have|supposed|meant",
        ),
        ("zh", "不|没|哪|离|难说|别|怎么|谁|什么|才怪|无缘|个啥|？"),
    ],
)
def test_negation_turns_praise_into_blame_and_blame_into_praise(language: str, negations: str) -> None:
    for start, turned, other in (("neg-", "GOOD", "BAD"), ("neg+", "BAD", "GOOD")):
        texts = [text for text in write(language, marked(language), start) if turned in text and other not in text]
        assert len(texts) > 50
        assert [text for text in texts if not re.search(negations, text)] == []


def test_strong_and_mild_praise_is_turned_alike() -> None:
    for strength in ("strong", "mild"):
        texts = write("en", {"adj+": f"{{{strength}+}}", f"{strength}+": "GOOD"}, "neg-")
        assert any(re.search("(isn't|wasn't|not) GOOD|far from GOOD", text) for text in texts)


@pytest.mark.parametrize(
    ("language", "pattern", "decisive"),
    [
        ("en", "{side~}, but {main=}", 1),
        ("en", "although {side~}, {main=}", 1),
        ("en", "{main=}, although {side~}", 0),
        ("en", "{side~}. However, {main=}", 1),
        ("zh", "虽然{side~}，但是{main=}", 1),
        ("zh", "{side~}，不过{main=}", 1),
        ("zh", "{main=}，虽然{side~}", 0),
        ("zh", "除了{part}{all~}，其他都{all=}", 1),
    ],
)
def test_main_clause_decides(language: str, pattern: str, decisive: int) -> None:
    clauses = {"side+": "GOOD", "side-": "BAD", "main+": "GOOD", "main-": "BAD", "all+": "GOOD", "all-": "BAD"}
    for sign, other, word in (("+", "-", "GOOD"), ("-", "+", "BAD")):
        alternative = pattern.replace("=}", sign + "}").replace("~}", other + "}")
        for rules in GRAMMARS[language].domains.values():
            assert alternative in rules[f"contrast{sign}"]
        for text in write(language, clauses | {f"contrast{sign}": alternative}, f"contrast{sign}", count=20):
            assert re.findall("GOOD|BAD", text)[decisive] == word, text


@pytest.mark.parametrize(
    ("language", "pattern", "better"),
    [
        ("en", "{top=} {beats} {top~}", 0),
        ("en", "{top~} {lags} {top=}", 1),
        ("en", "{top~} {its_s} {much} {er-} than {top=}", 1),
        ("en", "{prefer} {top=} to {top~}", 0),
        ("zh", "{top=}{beats}{top~}", 0),
        ("zh", "{top~}不如{top=}{own+}", 1),
        ("zh", "宁愿要{top=}也不要{top~}", 0),
    ],
)
def test_praise_is_for_the_better_of_two(language: str, pattern: str, better: int) -> None:
    """Whichever of them the sentence begins with."""
    for sign, other, word in (("+", "-", "THIS"), ("-", "+", "RIVAL")):
        alternative = pattern.replace("=}", sign + "}").replace("~}", other + "}")
        for rules in GRAMMARS[language].domains.values():
            assert alternative in rules[f"two{sign}"]
        two = {"top+": "THIS", "top-": "RIVAL", f"two{sign}": alternative}
        for text in write(language, two, f"two{sign}", count=20):
            assert re.findall("THIS|RIVAL", text)[better] == word, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_tell_nothing(language: str) -> None:
    names = next(iter(GRAMMARS[language].domains.values()))["name"]
    polar = [(text, label) for text, label in WRITTEN[language] if label != "neutral"]
    for name in names:
        labels = Counter(label for text, label in polar if name in text)
        assert labels.total() >= 30, name
        assert 0.25 <= labels["positive"] / labels.total() <= 0.75, name


@pytest.mark.parametrize("word", ["not", "but", "than", "now", "不", "没", "但是", "以前", "比"])
def test_words_that_turn_a_judgement_stand_with_every_label(word: str) -> None:
    rows = [row for language in LANGUAGES for row in WRITTEN[language]]
    pattern = re.compile(rf"\b{word}\b" if word.isascii() else word, re.IGNORECASE)
    labels = Counter(label for text, label in rows if pattern.search(text))
    assert min(labels[label] for label in LABELS.values()) >= 0.02 * labels.total(), labels


def test_equal_sign_in_a_rule_stands_for_both_polarities() -> None:
    grammar = unfinished({"say=": "{x=} not {x~}", "x+": "good", "x-": "bad"})
    assert grammar.write("say+", random.Random(0)) == "good not bad"
    assert grammar.write("say-", random.Random(0)) == "bad not good"


def test_slot_with_an_at_sign_keeps_its_text_and_one_without_varies() -> None:
    letters = "|".join(string.ascii_lowercase)
    grammar = unfinished({"kept0": "{letter@} {letter@}", "free0": "{letter} {letter}", "letter": letters})
    for seed in range(50):
        assert len(set(grammar.write("kept0", random.Random(seed)).split())) == 1
        assert len(set(grammar.write("free0", random.Random(seed)).split())) == 2


def test_rule_of_a_domain_replaces_the_common_one() -> None:
    grammar = unfinished({"start0": "{it}", "it": "it"}, {"people": {"it": "she | _"}})
    assert {grammar.write("start0", random.Random(seed)) for seed in range(20)} == {"she", ""}


@pytest.mark.parametrize(
    ("bare", "spelt"),
    [
        ("a(n) ugly hat and a(n) honest man", "an ugly hat and an honest man"),
        ("a(n) user-friendly app and a(n) unimpressive one", "a user-friendly app and an unimpressive one"),
        ("one of the worst partys , and the classs", "one of the worst parties, and the classes"),
    ],
)
def test_english_is_spelt(bare: str, spelt: str) -> None:
    texts = [GRAMMARS["en"].finish(bare, "0", random.Random(seed)).lower() for seed in range(20)]
    assert sum(text.startswith(spelt) for text in texts) >= 15, texts  # the others have a typing error


def test_grammar_is_a_source() -> None:
    corpus = read_source(parse_source("grammar:en?held_out=0.1"), strict=True)
    assert corpus.carried == ("negative", "neutral", "positive")
    assert list(zip(corpus.texts, corpus.labels, strict=True)) == WRITTEN["en"]


def test_columns_of_a_grammar_have_the_names_asked_for() -> None:
    texts = [text for text, _ in WRITTEN["zh"]]
    assert read_source(parse_source("grammar:zh?text=body&label=stars")).texts == texts
    assert read_texts(parse_source("grammar:zh")).texts == texts


def test_unknown_language_is_named() -> None:
    with pytest.raises(DataError, match="grammar:fr: unknown language 'fr'; there are: en, zh"):
        read_source(parse_source("grammar:fr"))
