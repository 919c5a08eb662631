"""A fine-tuned transformer of the Hugging Face library, as a teacher: larger and slower than what it teaches.

Its folder is what `transformers` itself writes, so that any sequence classifier with our labels can teach. Shapes in
names: B rows, T steps, C labels, N texts.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from model.artifact import move_into_place
from model.language import detect
from model.rows import DataError
from training.encoding import portions
from training.loop import resolve_precision
from training.packed import load_packed
from training.scoring import score_rows

if TYPE_CHECKING:
    from transformers import PreTrainedModel

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
PACKAGE = "package:"


class SubwordReader:
    """The tokenizer that a transformer was trained with: text -> ids, its marks of begin and end among them."""

    def __init__(self, backend: Tokenizer, pad_id: int) -> None:
        self.backend = backend
        # Some files carry the shape of a batch of their first use.
        self.backend.no_padding()
        self.backend.no_truncation()
        self.pad_id = pad_id

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text."""
        lines = [text.replace("<br />", " ") for text in texts]
        return [encoding.ids for encoding in self.backend.encode_batch_fast(lines)]


class Transformer(nn.Module):
    """A sequence classifier that is called as our own networks are, and a Teacher."""

    def __init__(self, model: "PreTrainedModel", tokenizer: Tokenizer) -> None:
        super().__init__()
        self.model = model
        self.reader = SubwordReader(tokenizer, model.config.pad_token_id or 0)
        # Half of a small transformer's parameters, and hardly moved by a few thousand updates; without their gradients
        # an update costs half as much.
        model.get_input_embeddings().weight.requires_grad_(False)

    @classmethod
    def load(cls, path: str, labels: Sequence[str] | None = None) -> Self:
        """Read a model.

        path: a folder, a file for `packed`, package:NAME/PATH for one within an installed Python package, or a hub id.
        labels: put a new head of these on the model, to be trained; without, the head that it has.
        Raises: DataError if there is no such model, or it has no tokenizer.json.
        """
        try:
            from huggingface_hub import snapshot_download
            from transformers import AutoModelForSequenceClassification
            from transformers.utils import logging

            logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # a new head is no news
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            folder = _within_package(path) if path.startswith(PACKAGE) else Path(path)
            if folder.is_file():
                if labels is None:
                    raise ValueError("a packed file has no head; `python -m training teacher` puts one on it")
                return cls(*load_packed(folder, labels))
            if not folder.is_dir():
                folder = Path(snapshot_download(path))
            names = {} if labels is None else {"num_labels": len(labels), "id2label": dict(enumerate(labels))}
            model = AutoModelForSequenceClassification.from_pretrained(
                folder, dtype=torch.float32, ignore_mismatched_sizes=labels is not None, **names
            )
        except ImportError as error:
            raise DataError(f"{path}: {error}; install the extra `teacher`") from None
        except (OSError, ValueError) as error:
            raise DataError(f"{path}: not a transformer that can be read: {error}") from error
        if not (folder / TOKENIZER).is_file():
            raise DataError(f"{path}: has no {TOKENIZER}")
        return cls(model, Tokenizer.from_file(str(folder / TOKENIZER)))

    def train(self, mode: bool = True) -> Self:
        """Stay without dropout: one pass over a corpus does not overfit, and drawing the masks is a sixth of it."""
        return super().train(False)

    def forward(self, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        """Logits (B, C)."""
        steps_T = torch.arange(token_ids_BT.shape[1], device=token_ids_BT.device)
        mask_BT = (steps_T < lengths_B[:, None]).long()
        logits_BC: Tensor = self.model(input_ids=token_ids_BT.long(), attention_mask=mask_BT).logits
        return logits_BC

    def save(
        self,
        folder: Path,
        *,
        temperature: float,
        max_tokens: int,
        languages: Sequence[str],
        sources: Sequence[str] | None = None,
    ) -> None:
        """Write the folder that `load` reads, with what its probabilities and its reading are held to in its config.

        It is there whole or not at all, over a transformer that stood there.
        sources: names of those that it is asked about; None for any.
        """
        said = {"max_tokens": max_tokens, "languages": list(languages), "sources": sources and list(sources)}
        # Not plain `temperature`: the library takes that name for a parameter of text generation.
        self.model.config.update(said | {"calibration_temperature": temperature})
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            self.model.save_pretrained(staging)
            self.reader.backend.save(str(staging / TOKENIZER))
            staging.chmod(0o755)
            move_into_place(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of its logits, in lower case."""
        names: dict[int, str] = self.model.config.id2label  # type: ignore[assignment]
        return tuple(names[index].lower() for index in range(len(names)))

    @property
    def digest(self) -> str:
        """sha256 of weights and tokenizer, and of what its answers and its reading are held to."""
        held_to = [getattr(self.model.config, name, None) for name in ("sources", "languages", "max_tokens")]
        decisive = [self.labels, self.temperature, *held_to]
        found = hashlib.sha256(json.dumps(decisive).encode() + self.reader.backend.to_str().encode())
        for _, value in sorted(self.model.state_dict().items()):
            found.update(value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy())
        return found.hexdigest()

    @property
    def temperature(self) -> float:
        """Of its probabilities; 1 for a model that another program fine-tuned."""
        return float(getattr(self.model.config, "calibration_temperature", 1.0))

    @property
    def sources(self) -> tuple[str, ...] | None:
        """Names of those that it is asked about; None for any."""
        names = getattr(self.model.config, "sources", None)
        return None if names is None else tuple(names)

    @property
    def max_tokens(self) -> int:
        """Longest row that it was fine-tuned on, or can take.

        RoBERTa and its like count positions from one past the padding's id: of 514 they can use 512.
        """
        if learned := getattr(self.model.config, "max_tokens", 0):
            return int(learned)
        longest = int(self.model.config.max_position_embeddings)
        for name, module in self.model.named_modules():
            if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
                longest -= module.padding_idx + 1
        return longest

    def reads(self, texts: Sequence[str]) -> list[bool]:
        """Whether each text is in a language that it learned, and no longer than what it learned from."""
        languages = getattr(self.model.config, "languages", None)
        known = [languages is None or detect(text) in languages for text in texts]
        asked = [text for text, is_known in zip(texts, known, strict=True) if is_known]
        lengths = (len(row) for some in portions(asked) for row in self.reader.encode_batch(some))
        return [is_known and next(lengths) <= self.max_tokens for is_known in known]

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Logits (N, C) float32 of texts."""
        device = self.model.device
        precision, _ = resolve_precision("auto", device.type)
        with torch.autocast(device.type, precision, enabled=precision != torch.float32):
            found = [
                score_rows(
                    self, self.reader.encode_batch(some), self.reader.pad_id, self.max_tokens, device=str(device)
                )
                for some in portions(texts)
            ]
        return np.concatenate(found)


def _within_package(path: str) -> Path:
    """Folder or file of package:NAME/PATH."""
    name, _, within = path.removeprefix(PACKAGE).partition("/")
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise DataError(f"{path}: the Python package {name!r} is not installed: pip install {name.replace('_', '-')}")
    return Path(spec.origin).parent / within
