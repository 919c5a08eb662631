"""Real sentences made to say otherwise: the opposite of what they said, or two of them joined by contrast.

A student that learns a sentence beside its opposite cannot do with the words alone.   Source: Kaushik et al. 2020,
arXiv 1909.12434, for edited pairs, there by hand.
"""

import random
import re

MOST_WORDS, MOST_CHARACTERS = 14, 16
"""Of an English sentence or a Chinese clause that is reversed: of a longer one, a negation reverses a part."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_CLAUSE_END = re.compile(r"[。！？!?，,；;、…~～\s]+")

_NEGATED = {
    "is": "isn't",
    "was": "wasn't",
    "are": "aren't",
    "were": "weren't",
    "can": "can't",
    "could": "couldn't",
    "will": "won't",
    "would": "wouldn't",
    "have": "haven't",
    "has": "hasn't",
    "had": "hadn't",
    "do": "don't",
    "does": "doesn't",
    "did": "didn't",
}
_PLAIN = {negated: plain for plain, negated in _NEGATED.items()} | {f"{plain} not": plain for plain in _NEGATED}
_BASE_THIRD_PAST = """
annoy annoys annoyed, believe believes believed, bore bores bored, bother bothers bothered, buy buys bought, capture
captures captured, care cares cared, come comes came, convince convinces convinced, deliver delivers delivered,
deserve deserves deserved, disappoint disappoints disappointed, drag drags dragged, enjoy enjoys enjoyed, expect
expects expected, feel feels felt, find finds found, get gets got, give gives gave, go goes went, hate hates hated,
have has had, help helps helped, hold holds held, impress impresses impressed, keep keeps kept, know knows knew, lack
lacks lacked, laugh laughs laughed, like likes liked, look looks looked, love loves loved, make makes made, mind minds
minded, miss misses missed, move moves moved, need needs needed, offer offers offered, recommend recommends
recommended, regret regrets regretted, ruin ruins ruined, see sees saw, seem seems seemed, serve serves served, smell
smells smelled, sound sounds sounded, stand stands stood, suffer suffers suffered, surprise surprises surprised, take
takes took, taste tastes tasted, think thinks thought, trust trusts trusted, understand understands understood, want
wants wanted, waste wastes wasted, work works worked
"""
_NEGATED_VERBS = {
    form: f"{auxiliary} {base}"
    for base, third, past in (entry.split() for entry in _BASE_THIRD_PAST.split(","))
    for form, auxiliary in ((base, "don't"), (third, "doesn't"), (past, "didn't"))
}


def _any_of(words: "dict[str, str]") -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_SUBJECT = (
    r"^(?:there|i|we|you|he|she|it|they|this|that|(?:the|my|our|your|his|her|its|their|this|that|these|those)"
    r"(?: [a-z-]+){1,2}?)"
)
_AUXILIARY = re.compile(rf"{_SUBJECT} ({_any_of(_PLAIN | _NEGATED)})\b", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r" (?:\w+ )?(?:been|become|bought|come|done|eaten|found|given|gone|got|gotten|had|heard|held|kept|known|left|lost|"
    r"made|met|paid|put|read|run|seen|sent|spent|taken|told|won|written|\w+ed)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    rf"{_SUBJECT}(?: (?:really|truly|absolutely|actually|thoroughly|definitely|highly|also))* "
    rf"({_any_of(_NEGATED_VERBS)})\b",
    re.IGNORECASE,
)
_ANY_AUXILIARY = re.compile(rf"\b({_any_of(_PLAIN | _NEGATED)})\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:no|not|cannot|never|none|nothing|nobody|nowhere|hardly|barely|scarcely|seldom|rarely|un\w+)\b|n't\b",
    re.IGNORECASE,
)
_SEVERAL_CLAIMS = re.compile(
    r"\b(?:although|and|any|anyone|anything|as|because|better|but|despite|either|enough|even|ever|except|hope|how|"
    r"however|if|just|may|might|much|must|neither|nor|only|or|should|since|so|still|than|that|though|till|too|unless|"
    r"until|what|when|where|whether|which|while|who|whose|why|wish|wished|without|worse|yet)\b"
    r"|[?;:,\"()\[\]@#]|--| - |http",
    re.IGNORECASE,
)
_BEYOND_CONTRARIES = re.compile(
    r"\b(?:although|because|but|could|however|if|than|though|unless|until|wish|wished)\b|[?;:\"()@#]|http",
    re.IGNORECASE,
)
_CONTRARIES = [
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"\ball of (?=the|my|our|his|her|its|their|them|us|these|those)", ("none of ",)),
        (r"\bnone of ", ("all of ",)),
        (r"^(?:every single|every|each) ", ("not a single ", "no ")),
        (r"^not a single ", ("every single ", "every ")),
        (r"\b(?:everyone|everybody)\b", ("no one", "nobody", "hardly anyone")),
        (r"^(?:no one|nobody)\b", ("everyone", "everybody")),
        (r"\beverything\b", ("nothing",)),
        (r"^nothing\b(?! but)", ("everything",)),
        (r"\balways\b", ("never", "hardly ever")),
        (r"\bnever\b(?! ever)", ("always",)),
        (r"\bbetter\b(?! off)", ("worse",)),
        (r"\bworse\b", ("better",)),
        (r"\bbest\b", ("worst",)),
        (r"\bworst\b", ("best",)),
    )
]
_OWN_NEGATION = re.compile(r"n(?:one|ot|o one|obody|othing|ever)", re.IGNORECASE)
"""Begins what is itself a negation, whose contrary is none."""

_STATES = (
    "好看|好吃|好用|好喝|好玩|好找|好|满意|舒服|舒适|干净|方便|值得|值|清楚|合适|新鲜|热情|漂亮|耐心|及时|实用|划算|结实|稳定|"
    "清晰|喜欢|推荐|专业|周到|安静|齐全|地道|流畅|合理|精彩|耐用|厚实|入味|准时|明亮|宽敞|开心|友好|正宗|有趣|精致|贴心|理想|卫生|"
    "快|甜|香|脆|失望|难吃|麻烦|吵|贵|脏|差|难看|后悔|难用|卡|慢|咸|油腻|无聊|讨厌"
)
_THINGS = (
    "问题|色差|异味|破损|损坏|坏的|坏果|烂的|瑕疵|味道|杂音|磕碰|惊喜|亮点|新意|优势|窗户|热水|早餐|电梯|香味|水分|质感|弹性|诚意|"
    "诚信|效果|特色|优惠|赠品|发票"
)
_VERY = re.compile(
    rf"(?<!不)(?<!不是)(?:真的很|都很|也很|很|非常|挺|特别|(?<!性价)比较|(?<!认)真|十分|相当|(?<!太)太(?!太)|超级|超)({_STATES})(?![不差就])"
)
_NOT = re.compile(
    rf"(?:一点也不|一点都不|并不|真不|很不|太不|不太|不怎么|不是很|不够|不)(?!好意思|错|一样|同)({_STATES})(?!不)"
)
_HAS = re.compile(rf"没有(任何|什么|一点)?({_THINGS})")
_OTHER_CLAIMS = re.compile(
    r"但|却|不过|虽|如果|要是|除了|不但|不仅|只|就是|可是|而|还是|怎么|吗|无|未|非(?!常)|反正|比(?!较)|以为|本来|以前|如何|多么|像|"
    r"别(?!的|人)|希望|(..?)不\1"
)

_CONTRASTS = ("{0}, but {1}", "{0}. However, {1}", "Although {2}, {1}", "{0}, yet {1}", "{0}; still, {1}")


def clauses(sentence: str) -> list[str]:
    """What is reversed of a sentence: an English one whole, of a Chinese one each clause by itself."""
    return _CLAUSE_END.split(sentence) if _HAN.search(sentence) else [sentence]


def opposite(text: str, source: random.Random) -> str | None:
    """An English sentence or a Chinese clause that says the opposite of this one, which makes one plain claim; or None.

    Negation is put in, taken out, or a word replaced by its contrary ("every" by "not a single"). source: chooses among
    words, not whether there is one.
    """
    if _HAN.search(text):
        return _opposite_zh(text, source)
    text = text.replace("’", "'")
    if not 3 <= len(text.split()) <= MOST_WORDS:
        return None
    return _toggle(text, source) or _replace_by_contrary(text, source)


def contrast(first: str, second: str, source: random.Random) -> str:
    """Two sentences as one, the second against the first."""
    clause = first.rstrip(".!? ")
    return source.choice(_CONTRASTS).format(clause, _lower_first(second), _lower_first(clause))


def _toggle(text: str, source: random.Random) -> str | None:
    """The text with its verb negated, or no longer negated."""
    negations = len(_NEGATION.findall(text))
    if _SEVERAL_CLAIMS.search(text) or negations > 1:
        return None
    found, auxiliaries = _AUXILIARY.match(text), _ANY_AUXILIARY.findall(text)
    is_perfect = False
    if found and len(auxiliaries) == 1:
        verb, rest = found.group(1).lower(), text[found.end() :]
        if verb in _PLAIN:
            return text[: found.start(1)] + _PLAIN[verb] + rest
        is_perfect = verb in ("have", "has", "had") and bool(_PARTICIPLE.match(rest))
        if negations == 0 and (is_perfect or verb not in ("have", "has", "had", "do", "does", "did")):
            return text[: found.start(1)] + source.choice((_NEGATED[verb], f"{verb} not")) + rest
    found = _VERB.match(text)
    if found and negations == 0 and not set(auxiliaries) - {found.group(1)} and not is_perfect:
        return text[: found.start(1)] + _NEGATED_VERBS[found.group(1).lower()] + text[found.end() :]
    return None


def _replace_by_contrary(text: str, source: random.Random) -> str | None:
    """The text with the one word that has a contrary replaced by it."""
    if _BEYOND_CONTRARIES.search(text):
        return None
    hits = [(found, said) for pattern, said in _CONTRARIES for found in pattern.finditer(text)]
    if len(hits) != 1:
        return None
    [(found, said)] = hits
    if len(_NEGATION.findall(text)) > bool(_OWN_NEGATION.match(found.group())):
        return None
    chosen = source.choice(said)
    chosen = chosen.capitalize() if found.group()[0].isupper() else chosen
    return text[: found.start()] + chosen + text[found.end() :]


def _opposite_zh(text: str, source: random.Random) -> str | None:
    if not 4 <= len(text) <= MOST_CHARACTERS or _OTHER_CLAIMS.search(text):
        return None
    very, negated, has = ([*pattern.finditer(text)] for pattern in (_VERY, _NOT, _HAS))
    negations = text.count("不") + text.count("没")
    if len(very) == 1 and negations == 0:
        said = source.choice(("不", "不太", "一点都不", "并不", "不是很", "不怎么")) + very[0].group(1)
        return text[: very[0].start()] + said + text[very[0].end() :]
    if len(negated) == 1 and not very and negations == 1:
        said = source.choice(("很", "非常", "挺", "特别", "真")) + negated[0].group(1)
        return text[: negated[0].start()] + said + text[negated[0].end() :]
    if len(has) == 1 and not very and negations == 1:
        return text[: has[0].start()] + "有" + has[0].group(2) + text[has[0].end() :]
    return None


def _lower_first(text: str) -> str:
    """The text as it reads within a sentence; a name or an I cannot be told from a first word, but the word I can."""
    return text if text.startswith(("I ", "I'")) else text[:1].lower() + text[1:]
