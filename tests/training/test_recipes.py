from pathlib import Path

import pytest

from model.rows import DataError
from training.config import TrainConfig
from training.recipes import RECIPES, finetune, imdb_record, shipped, tiny


def test_recipes_are_complete_configs_of_their_sources() -> None:
    for name in ("bilstm_base", "finetune", "tiny"):
        config = RECIPES[name](["a.csv?label=stars"], ["b.csv"])
        assert (config.train[0].label_column, config.dev[0].path) == ("stars", "b.csv")
        assert config.pretraining is None
    assert tiny(["a.csv"], []).hidden_dim < 32
    assert finetune(["a.csv"], []).batch_rows <= 32


def shipped_runs() -> list[TrainConfig]:
    """The runs that make the shipped model, the last one first."""
    runs = [shipped(["corpora"], [])]
    while runs[-1].founding:
        runs.append(runs[-1].founding)
    return runs


def test_shipped_recipe_reads_one_folder() -> None:
    config = shipped(["corpora"], [])
    folders = {source.path.split("/")[0] for source in (*config.train, *config.dev)}
    assert folders == {"corpora", "grammar:en", "grammar:zh"}


@pytest.mark.parametrize("name", ["shipped", "imdb_record"])
@pytest.mark.parametrize("arguments", [(["a", "b"], []), (["a"], ["b"])])
def test_recipe_of_known_corpora_takes_one_folder(name: str, arguments: tuple[list[str], list[str]]) -> None:
    with pytest.raises(DataError, match=f"recipe {name}: --data must be the one folder"):
        RECIPES[name](*arguments)


def test_imdb_record_reads_imdb_alone_and_is_selected_on_a_tenth_of_train() -> None:
    config = imdb_record(["corpora"], [])
    runs: list[TrainConfig] = [config]
    while runs[-1].founding:
        runs.append(runs[-1].founding)
    pretraining = runs[-1].pretraining
    assert pretraining is not None
    sources = [source for run in (*runs, pretraining) for source in run.train]
    sources += [source for run in runs for source in run.unlabelled]
    names = {source.path.rsplit("/", 1)[-1] for source in sources}
    assert names == {"imdb.train.jsonl.gz", "imdb.unsup.jsonl.gz"}
    for run in runs:
        assert [source.held_out for source in run.train] == [0.1]
        assert (run.dev, run.teachers, run.teaching, run.word_vectors) == ((), (), (), ())


def test_shipped_recipe_learns_its_encoder_from_all_text_that_it_fits_and_more() -> None:
    founding = shipped_runs()[-1]
    assert founding.pretraining is not None
    read = {source.path for source in founding.pretraining.train}
    unread = {source.path for source in founding.train} - read
    # The reviews of polarity_v2 joined the mix when the encoder was learned already.
    assert unread == {"grammar:en", "grammar:zh", "corpora/polarity_v2/polarity_v2.train.jsonl.gz"}
    assert "corpora/imdb/imdb.unsup.jsonl.gz" in read
    assert not any(path.startswith("grammar:") for path in read)  # a language model would learn the rules by heart
    # What dev sources hold is for scores alone; pretraining leaves it out by its text too.
    assert not read & {source.path for source in founding.dev}
    assert all(Path(path).parts[0] == "corpora" for path in founding.pretraining.word_vectors)
    assert (founding.word_vectors, founding.encoder) == ((), "")


def test_shipped_recipe_goes_on_five_times_with_the_same_sources() -> None:
    *later, founding = shipped_runs()
    assert len(later) == 5
    for config in later:
        assert config.pretraining is None
        assert config.self_taught
        assert [source.path for source in config.train] == [source.path for source in founding.train]
        assert config.dev == founding.dev


def test_teachers_of_the_shipped_recipe_read_short_text_of_one_language_of_the_same_sources() -> None:
    runs = shipped_runs()
    teachers = [teaching for config in runs for teaching in config.teaching]
    assert [teaching.languages for teaching in teachers] == [("en",), ("en",), ("zh",), ("en",)]
    assert [teaching.specialist for teaching in teachers] == [True, True, False, False]
    for teaching in teachers:
        assert {source.path for source in teaching.train} < {source.path for source in runs[0].train}
        assert all(source in runs[0].dev for source in teaching.dev)
        assert "imdb" not in {source.name for source in teaching.train}


def test_names_of_sources_are_different() -> None:
    """Reports and metadata know a source by its name alone."""
    config = shipped(["corpora"], [])
    for sources in (config.train, config.dev):
        names = [source.name for source in sources]
        assert len(set(names)) == len(names)
