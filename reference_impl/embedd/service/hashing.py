"""hash-384: words and pieces of words, hashed with a sign into 384 sums.

In: texts. Out: vectors of unit length. A word counts twice, its pieces of three and four characters
once. So texts that share words are near, and texts with shared stems or typing errors are fairly
near. The model knows no meaning: a paraphrase in other words is as far as any other text. All sums
are small integers, so that the bytes are the same on every machine and in every order.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# The length of the common small models (such as minilm), so that an index fits both.
DIM = 384

_WORD = re.compile(r"\w+")
# A whole word says more than a piece, which other words share.
_WORD_WEIGHT = 2
_PIECE_LENGTHS = (3, 4)
_LONGEST_WORD = 64  # characters; the rest of a longer word is a word of its own
# Words repeat; the limit keeps the cache small for any texts.
_KNOWN_WORDS = 20_000
# Limits the arrays of one pass for any number of texts.
_BATCH = 64


class HashingModel:
    """The default model, which is always available."""

    dim = DIM

    def embed(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the vectors of texts, one per row."""
        starts = range(0, len(texts), _BATCH)
        return np.concatenate([_embedded(texts[start : start + _BATCH]) for start in starts])


def _embedded(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the vectors of texts, from one count of all features in separate buckets."""
    words = [[_features(word) for word in _words(text)] for text in texts]
    flat_buckets, flat_weights = zip(*chain.from_iterable(words), strict=True)
    lengths = [sum(len(buckets) for buckets, _ in text) for text in words]
    owners = np.repeat(np.arange(len(texts)), lengths)
    buckets = owners * DIM + np.concatenate(flat_buckets)
    weights = np.concatenate(flat_weights)
    sums = np.bincount(buckets, weights, len(texts) * DIM).reshape(-1, DIM)
    sums[~sums.any(axis=1), 0] = 1.0  # all features cancel out
    unit: NDArray[np.float64] = sums / np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    return unit


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text in normal form; a text without words is one word."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _WORD.findall(folded) or [folded.strip()]
    for word in words:
        for start in range(0, max(len(word), 1), _LONGEST_WORD):
            yield word[start : start + _LONGEST_WORD]


@lru_cache(_KNOWN_WORDS)
def _features(word: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the buckets of a word and its pieces, and the signed weight for each."""
    framed = f"<{word}>"
    pieces = [
        framed[at : at + length]
        for length in _PIECE_LENGTHS
        for at in range(len(framed) - length + 1)
    ]
    hashes = [_hash(f"word {word}"), *(_hash(f"piece {piece}") for piece in pieces)]
    weights = [_WORD_WEIGHT] + [1] * len(pieces)
    signed = [
        -weight if number >> 63 else weight for number, weight in zip(hashes, weights, strict=True)
    ]
    return np.array([number % DIM for number in hashes], np.int64), np.array(signed, np.float64)


def _hash(feature: str) -> int:
    return int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
