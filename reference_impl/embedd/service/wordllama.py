"""wordllama-256: word vectors taken from a language model, averaged.

In: texts. Out: vectors of unit length. The weights are in the package. By default it looks for its
tokenizer in a folder that its wheel does not have, and then downloads it; so it is given the right
folder, and downloads are disabled.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import wordllama

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class WordLlamaModel:
    """The model with its weights in memory."""

    def __init__(self) -> None:
        folder = Path(wordllama.__file__).parent
        self._inner = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the vectors of texts, one per row."""
        vectors: NDArray[np.float64] = np.asarray(
            self._inner.embed(list(texts), norm=True), np.float64
        )
        return vectors
