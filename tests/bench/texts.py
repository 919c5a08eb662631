"""Texts to load a server with, for machines that have no corpus: short ones like tweets, long ones like reviews."""

import argparse
import gzip
import json
import random
from pathlib import Path

SHORT = [
    "Finally saw it last night and honestly it was worth the wait, the ending gave me chills",
    "two hours on hold with support and then they hung up on me. never again",
    "New phone arrived today, box was fine, charger not included. Setting it up now",
    "@airline lost my bag AGAIN, third time this year, how is this even possible??",
    "That coffee place on the corner is back and the cinnamon rolls are as good as ever 😍",
    "Match starts at 8 tonight, tickets are still on sale at the gate",
    "can't believe they cancelled the show after one season, it was the best thing on tv",
    "The update broke my alarm and I missed my train, thanks a lot",
    "Meeting moved to Thursday, same room, bring the printed forms please",
    "so proud of my sister, she passed her exam on the first try!!!",
    "Rain all week, roof still leaking, landlord still not answering his phone",
    "房间很干净，早餐也不错，下次还会再来",
    "快递等了十天，打开一看是坏的，客服也不理人",
]

_SENTENCES = [
    "I went in with no expectations and came out humming the score.",
    "The first half hour is slow, almost stubbornly so, but it pays for its patience later.",
    "Nobody in this cast seems to be acting in the same film as anybody else.",
    "The camera lingers on faces where a lesser director would have cut to an explosion.",
    "By the third flashback I had stopped caring who stole the letter or why.",
    "My wife, who usually hates this kind of story, laughed out loud twice.",
    "There is a scene in a railway station that I would happily watch on its own every week.",
    "The dialogue sounds as if it had been translated into another language and back again.",
    "It was shot over two winters in the north, and you can feel the cold in every frame.",
    "Somebody should have told the composer that silence is also an option.",
    "The book is better, of course, but the book does not have that last shot.",
    "I checked my watch four times, and the fourth time I was sure that it had stopped.",
    "What saves it is the girl, eleven years old and already better than everyone around her.",
    "The twist was printed on the poster, more or less, and still they play it as a surprise.",
]


def read_texts(path: Path) -> list[str]:
    """Texts of a file: the field "text" of each line of .jsonl or .jsonl.gz, else each line that is not blank."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode().split("\n")
    filled = [line for line in lines if line.strip()]
    return [json.loads(line)["text"] for line in filled] if ".jsonl" in path.suffixes else filled


def make_reviews(count: int = 200) -> list[str]:
    """Reviews of 180 to 300 words, sentences in random order."""
    generator = random.Random(0)
    return [" ".join(generator.choices(_SENTENCES, k=generator.randint(13, 19))) for _ in range(count)]


def add_text_options(parser: argparse.ArgumentParser) -> None:
    """Options --short and --long, which choose_texts reads."""
    parser.add_argument("--short", type=Path, help="short texts of your own: .jsonl, .jsonl.gz or a text a line")
    parser.add_argument("--long", type=Path, help="long ones")


def choose_texts(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Short texts and long ones: those of the options, or else ours."""
    short = read_texts(options.short) if options.short else SHORT
    return short, read_texts(options.long) if options.long else make_reviews()
