"""Let a pretrained language model continue a prompt: `python -m training sample ENCODER 'The food was'`."""

import argparse
import sys
from pathlib import Path

import torch

from model.padding import pad
from model.rows import DataError
from model.tokenizer import SubwordTokenizer
from training.encoder import load_language_model
from training.language_model import LanguageModel


def continue_prompt(
    network: LanguageModel,
    tokenizer: SubwordTokenizer,
    prompt: str,
    *,
    tokens: int,
    temperature: float,
    generator: torch.Generator,
) -> str:
    """The prompt, as the tokenizer normalises it, and what the forward half writes after it.

    temperature: divides the logits before the draw; 0 takes the likeliest token each time.
    Raises: ValueError naming the field and the value.
    """
    if not prompt.strip():
        raise ValueError(f"prompt={prompt!r}: must hold at least one letter to go on from")
    if not 0.0 <= temperature <= 10.0:
        raise ValueError(f"temperature={temperature}: must be from 0 to 10")
    if tokens < 1:
        raise ValueError(f"tokens={tokens}: must be at least 1")
    token_ids = tokenizer.encode(prompt)
    with torch.inference_mode():
        for _ in range(tokens):
            # The last token only makes room: a query stands before each token that is predicted.
            (queries_ND, _), *_ = network.queries(*pad([[*token_ids, tokenizer.empty_id]], tokenizer.pad_id))
            logits_V = network.logits(queries_ND[-1:]).squeeze(0)
            logits_V[[tokenizer.pad_id, tokenizer.empty_id]] = -torch.inf
            if temperature == 0.0:
                token_ids.append(int(logits_V.argmax()))
            else:
                share_V = ((logits_V - logits_V.max()) / temperature).softmax(dim=0)  # the cold would overflow
                token_ids.append(int(torch.multinomial(share_V, 1, generator=generator)))
    return str(tokenizer.backend.decode(token_ids)).strip()


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training sample",
        description="Continue a prompt, in any language that the encoder has read, to see what it has learned.",
    )
    parser.add_argument("encoder", type=Path, help="folder that `pretrain` wrote")
    parser.add_argument("prompt", help="text to go on from")
    parser.add_argument("--tokens", type=int, default=40, help="tokens to write (default: %(default)s)")
    parser.add_argument(
        "--temperature",
        type=float,
        default=0.7,
        help="0 for the likeliest token each time, 1 for the model's own spread (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the draw (default: %(default)s)")
    parser.add_argument("--count", type=int, default=1, help="continuations to write (default: %(default)s)")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        network, tokenizer = load_language_model(options.encoder)
        generator = torch.Generator().manual_seed(options.seed)
        for _ in range(options.count):
            fields = {"tokens": options.tokens, "temperature": options.temperature, "generator": generator}
            print(continue_prompt(network, tokenizer, options.prompt, **fields))
    except (DataError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
