"""hash-384: words and pieces of words, hashed with a sign into 384 sums.

In: texts. Out: vectors of unit length. Words count twice, their pieces of three and four characters
once; so texts that share words are near, and texts that share stems or are misspelt not far. It
knows no meaning: a paraphrase in other words is as far as anything. All sums are small integers, so
that the bytes are the same on every machine and in every order.
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

# That of the common small models (such as minilm), so that an index fits either.
DIM = 384

_WORD = re.compile(r"\w+")
# A whole word says more than a piece of it, which other words share.
_WORD_WEIGHT = 2
_PIECE_LENGTHS = (3, 4)
_LONGEST_WORD = 64  # characters; the rest of a longer one is another word
# Words repeat; the bound keeps the cache small whatever texts bring.
_KNOWN_WORDS = 20_000
# Bounds the arrays of one pass, whatever the number of texts.
_BATCH = 64


class HashingModel:
    """The model that is always there."""

    dim = DIM

    def embed(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Give the vectors of texts, one a row."""
        starts = range(0, len(texts), _BATCH)
        return np.concatenate([_embedded(texts[start : start + _BATCH]) for start in starts])


def _embedded(texts: Sequence[str]) -> NDArray[np.float64]:
    """Count the features of all texts at once, each text in buckets of its own."""
    words = [[_features(word) for word in _words(text)] for text in texts]
    flat_buckets, flat_weights = zip(*chain.from_iterable(words), strict=True)
    lengths = [sum(len(buckets) for buckets, _ in text) for text in words]
    owners = np.repeat(np.arange(len(texts)), lengths)
    buckets = owners * DIM + np.concatenate(flat_buckets)
    weights = np.concatenate(flat_weights)
    sums = np.bincount(buckets, weights, len(texts) * DIM).reshape(-1, DIM)
    sums[~sums.any(axis=1), 0] = 1.0  # all cancel out
    unit: NDArray[np.float64] = sums / np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    return unit


def _words(text: str) -> Iterator[str]:
    """Split a text into words as they are compared; a text without any is one word."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _WORD.findall(folded) or [folded.strip()]
    for word in words:
        for start in range(0, max(len(word), 1), _LONGEST_WORD):
            yield word[start : start + _LONGEST_WORD]


@lru_cache(_KNOWN_WORDS)
def _features(word: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give the buckets of a word and its pieces, and what it adds to each."""
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
