from pathlib import Path

import pytest
import torch

from model.config import ModelConfig
from model.tokenizer import SubwordTokenizer
from training.encoder import write_encoder
from training.language_model import LanguageModel
from training.sample import continue_prompt, main


@pytest.fixture(scope="module")
def network(tokenizer: SubwordTokenizer) -> LanguageModel:
    torch.manual_seed(0)
    return LanguageModel(ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=16, hidden_dim=12)).eval()


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory, network: LanguageModel, tokenizer: SubwordTokenizer) -> str:
    folder = tmp_path_factory.mktemp("sample") / "encoder"
    write_encoder(folder, network, tokenizer, {})
    return str(folder)


def text(
    network: LanguageModel, tokenizer: SubwordTokenizer, prompt: str, temperature: float = 1.0, seed: int = 0
) -> str:
    generator = torch.Generator().manual_seed(seed)
    return continue_prompt(network, tokenizer, prompt, tokens=12, temperature=temperature, generator=generator)


@pytest.mark.parametrize("prompt", ["The food was", "味道", "手机 is 很好"])
def test_prompt_of_either_language_is_continued(
    network: LanguageModel, tokenizer: SubwordTokenizer, prompt: str
) -> None:
    found = text(network, tokenizer, prompt)
    assert found.startswith(prompt.lower())
    assert len(found) > len(prompt)


def test_same_seed_writes_the_same(network: LanguageModel, tokenizer: SubwordTokenizer) -> None:
    found = [text(network, tokenizer, "The food", seed=seed) for seed in (1, 1, 2, 3)]
    assert found[0] == found[1]
    assert len(set(found)) == 3


def test_no_temperature_takes_the_likeliest_token(network: LanguageModel, tokenizer: SubwordTokenizer) -> None:
    found = {text(network, tokenizer, "The food", temperature=0.0, seed=seed) for seed in range(3)}
    # So cold that the draw is no draw; division alone would overflow.
    cold = {text(network, tokenizer, "The food", temperature=value) for value in (1e-6, 1e-30, 1e-45)}
    assert found == cold
    assert len(found) == 1
    token_ids = tokenizer.encode("The food")
    for _ in range(12):
        with torch.inference_mode():
            queries = network.queries(torch.tensor([[*token_ids, 9]]), torch.tensor([len(token_ids) + 1]))
            logits = network.logits(queries[0][0])[-1]
            logits[[tokenizer.pad_id, tokenizer.empty_id]] = -torch.inf
        token_ids.append(int(logits.argmax()))
    assert found == {str(tokenizer.backend.decode(token_ids)).strip()}


def test_one_way_model_writes_too(tokenizer: SubwordTokenizer) -> None:
    config = ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=8, hidden_dim=8, bidirectional=False)
    assert text(LanguageModel(config).eval(), tokenizer, "Good").startswith("good")


def test_marks_of_padding_and_of_nothing_are_never_written(
    tokenizer: SubwordTokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = LanguageModel(ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=8, hidden_dim=8)).eval()
    with torch.no_grad():
        network.bias[[tokenizer.pad_id, tokenizer.empty_id]] = 100.0
    drawn: list[int] = []
    real = torch.multinomial

    def draw(share: torch.Tensor, count: int, generator: torch.Generator) -> torch.Tensor:
        found = real(share, count, generator=generator)
        drawn.append(int(found))
        return found

    monkeypatch.setattr("torch.multinomial", draw)
    text(network, tokenizer, "Good")
    assert len(drawn) == 12
    assert not {tokenizer.pad_id, tokenizer.empty_id} & set(drawn)


def test_command_writes_as_many_as_it_is_asked_for(encoder: str, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for seed in ("3", "3", "4"):
        assert main([encoder, "味道", "--count", "3", "--tokens", "5", "--seed", seed, "--temperature", "1"]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] != outputs[2]
    lines = outputs[0].strip().splitlines()
    assert len(lines) == 3
    assert len(set(lines)) > 1
    assert all(line.startswith("味道") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["  "], "prompt='  ': must hold at least one letter"),
        (["x", "--temperature", "-1"], "temperature=-1.0: must be from 0 to 10"),
        (["x", "--temperature", "nan"], "temperature=nan: must be from 0 to 10"),
        (["x", "--tokens", "0"], "tokens=0: must be at least 1"),
        (["\ud800"], "not valid Unicode"),
    ],
)
def test_unusable_option_ends_with_one_clear_line(
    encoder: str, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main([encoder, *arguments]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert len(shown.err.splitlines()) == 1
    assert message in shown.err


def test_artifact_is_refused_by_name(artifact_directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(artifact_directory), "The food"]) == 1
    assert f"error: {artifact_directory}: no encoder.json" in capsys.readouterr().err
