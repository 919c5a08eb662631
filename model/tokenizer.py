"""Subword tokenizer: byte-level BPE, trained on the user's corpus; text -> ids, never empty, nothing unknown.

Bytes are the alphabet, so English, Chinese, emoji and any mixture encode without an unknown token. Texts are
normalised first (NFKC, lower case, HTML line breaks, links, user names and spacing to one form), which the saved file
carries, so that training and serving read alike.
"""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Self

from tokenizers import PreTokenizedString, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

PAD = "<pad>"
EMPTY = "<empty>"
"""Stands for a text that normalises to nothing."""

# A run of one script each: letters with their apostrophes, Han, digits one by one, anything else that is not space.
# Without the Han branch a Chinese clause would join the Latin word beside it, and merges would be wasted on the joint.
_PIECES = r" ?\p{Han}+| ?[^\s\p{L}\p{N}]+| ?\p{N}| ?(?:(?!\p{Han})[\p{L}\p{M}])+(?:['’](?:(?!\p{Han})\p{L})+)?|\s+"

_UNIFY = (normalizers.NFKC(), normalizers.Lowercase())
_REWRITTEN = (
    (Regex(r"<br\s*/?>"), " "),
    # A link is ASCII: what follows it in Chinese without a space is text.
    (Regex(r"https?://[!-~]+"), "http"),
    (Regex(r"@\w+"), "@user"),
)
"""After these, in this order, one word stands for whatever a pattern matches."""

_PROBE = ("", "A good film 3 @you <br> https://a.b", "这家酒店又脏又吵 😀")
"""Texts that a tokenizer must survive before it is used."""
_FIRST_IDEOGRAPH = "\u2e80"
"""From here on a character is about a syllable or a word, below it a letter."""


class SubwordTokenizer:
    """A trained tokenizer.

    Raises, when constructed: ValueError if the backend has not the two special tokens that rows are built with.
    """

    def __init__(self, backend: Tokenizer) -> None:
        pad_id, empty_id = backend.token_to_id(PAD), backend.token_to_id(EMPTY)
        if pad_id is None or empty_id is None:
            raise ValueError(f"tokenizer lacks the special tokens {PAD} and {EMPTY}")
        backend.no_padding()
        backend.no_truncation()
        backend.encode_special_tokens = True  # a user who writes "<pad>" means those five characters
        self.backend = backend
        self.pad_id: int = pad_id
        self.empty_id: int = empty_id

    @classmethod
    def train(cls, texts: Iterable[str], vocab_size: int) -> Self:
        """Fit byte-level BPE of at most vocab_size entries on an iterable of texts.

        Raises: ValueError if vocab_size leaves no room for the 256 bytes and 2 special tokens.
        """
        smallest = len(pre_tokenizers.ByteLevel.alphabet()) + 2
        if vocab_size < smallest:
            raise ValueError(f"vocab_size={vocab_size}: must be at least {smallest}")
        backend = Tokenizer(BPE())
        backend.normalizer = normalizers.Sequence(
            [
                *_UNIFY,
                *(normalizers.Replace(pattern, word) for pattern, word in _REWRITTEN),
                normalizers.Replace(Regex(r"\s+"), " "),
                # Penn Treebank tokenisation (SST) to plain spelling: "do n't", "it 's", "good ."
                normalizers.Replace(Regex(r" (?=n't\b|'(?:s|re|ve|ll|d|m)\b|[.,!?;:)])"), ""),
                normalizers.Strip(),
            ]
        )
        backend.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        backend.decoder = decoders.ByteLevel()
        trainer = BpeTrainer(
            vocab_size=vocab_size,
            special_tokens=[PAD, EMPTY],
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            min_frequency=2,
            # Longer merges are memorised clauses of Chinese (3 bytes a character), not words.
            max_token_length=24,
            show_progress=False,
        )
        backend.train_from_iterator(texts, trainer)
        return cls(backend)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a tokenizer from the JSON that `to_json` wrote.

        Raises: ValueError if it is not one.
        """
        try:
            read = cls(Tokenizer.from_str(text))
            read.locate(_PROBE)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the Rust side raises bare Exception, and panics with what is not even that
            raise ValueError(f"not a tokenizer: {error}") from error
        return read

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a tokenizer.json."""
        return cls.from_json(path.read_text(encoding="utf-8"))

    def to_json(self) -> str:
        """The tokenizer as the JSON of the `tokenizers` library."""
        return str(self.backend.to_str())

    def parts(self) -> dict[int, tuple[int, int]]:
        """For each id that a merge made, the two ids it was made of."""
        model = json.loads(self.to_json())["model"]
        vocab: dict[str, int] = model["vocab"]
        return {vocab[left + right]: (vocab[left], vocab[right]) for left, right in model["merges"]}

    def fragments(self) -> frozenset[int]:
        """Ids that are less than a word: part of a character, or one or two letters that follow no space.

        What the tokenizer has not learned it spells in these: other languages and scripts, misspellings, random
        strings. Where one token in 20 was a fragment (reviews) to one in 10 (tweets), it is one in 6 with 5 % of the
        letters wrong, one in 3 of German, half of traditional Chinese. Ids that were rare in training tell less: the
        fragments are frequent ones, and of Japanese none is rare.
        """
        return frozenset(token_id for token, token_id in self.backend.get_vocab().items() if _is_fragment(token))

    @property
    def vocab_size(self) -> int:
        """Number of ids, special tokens included."""
        return int(self.backend.get_vocab_size(with_added_tokens=True))

    def encode(self, text: str) -> list[int]:
        """Ids of the whole text, at least one.

        Raises: ValueError if the text holds a lone surrogate, which no UTF-8 text can.
        """
        return self.encode_batch([text])[0]

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text; one call uses all tokenizer threads and releases the GIL.

        Raises: ValueError if a text holds a lone surrogate.
        """
        try:
            encodings = self.backend.encode_batch_fast(list(texts), add_special_tokens=False)
        except (UnicodeEncodeError, TypeError) as error:
            raise ValueError(f"text is not valid Unicode: {error}") from error
        return [encoding.ids or [self.empty_id] for encoding in encodings]

    def locate(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """For each text, where each of its ids comes from: start and end, in code points of the text as it is given.

        Starts and ends never fall back. Bytes of one character share its place, as ids of one link or user name do; a
        character that no id stands for, as white space and `<br>`, has none.
        Raises: ValueError if a text holds a lone surrogate.
        """
        try:
            encodings = self.backend.encode_batch(list(texts), add_special_tokens=False)
        except (UnicodeEncodeError, TypeError) as error:
            raise ValueError(f"text is not valid Unicode: {error}") from error
        return [
            _tidy(text, encoding.offsets) or [(0, len(text))] for text, encoding in zip(texts, encodings, strict=True)
        ]


def _is_fragment(token: str) -> bool:
    text: str = decoders.ByteLevel().decode([token])
    if "\ufffd" in text:  # bytes that are no UTF-8 by themselves
        return True
    return len(text) <= 2 and text.isalpha() and max(text) < _FIRST_IDEOGRAPH


def _tidy(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places without the space before a word, and with the marks that were composed into its last letter.

    Of a link or user name, which the backend places at its last character, it is the whole.
    """
    breaks, links, users = _find_rewritten(text)
    dropped = {position for place in breaks for position in range(*place)}
    whole = {position: place for place in chain(breaks, links, users) for position in range(*place)}
    tidy = []
    for (start, end), (following, _) in zip(places, [*places, (len(text), len(text))][1:], strict=True):
        while start < end - 1 and (text[start].isspace() or start in dropped):
            start += 1
        while end < following and unicodedata.combining(text[end]):
            end += 1
        last = max(start, end - 1)
        tidy.append((whole.get(start, (start,))[0], whole.get(last, (end,))[-1]))
    return tidy


def _find_rewritten(text: str) -> list[list[tuple[int, int]]]:
    """For each of _REWRITTEN, the places in the text that it matches."""
    steps, found = [*_UNIFY], []
    for pattern, word in _REWRITTEN:
        seen = PreTokenizedString(text)
        seen.normalize(normalizers.Sequence(steps).normalize)
        pre_tokenizers.Split(pattern, "removed", invert=True).pre_tokenize(seen)
        found.append([place for _, place, _ in seen.get_splits("original", "char")])
        steps.append(normalizers.Replace(pattern, word))
    return found
