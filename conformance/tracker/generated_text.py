"""Which lines and cells were generated, by the digests in the evidence file.

Markers and cells have no checksum, so that git can merge two branches with a refresh line by line.
A line in a region, or a generated cell, without a known digest was written by a person.  Spaces
around a text and line ends do not count, because git may change them; an empty text never counts.
"""

import hashlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

# 48 bits: no two lines of a document share a digest by chance
_DIGITS: Final = 12
_BLANKS: Final = " \t\r\n"
_NOTHING: Final = frozenset({"", "-", "—"})


def digest_of(text: str) -> str:
    """Return the digest of a generated line or cell."""
    content = text.strip(_BLANKS).encode("utf-8", "surrogateescape")
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def digests_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the digests of all texts that are not empty."""
    return frozenset(map(digest_of, filter(_has_content, texts)))


def written_by_hand(text: str, generated: AbstractSet[str]) -> bool:
    """Return whether a person wrote a text in a generated place."""
    return _has_content(text) and digest_of(text) not in generated


def _has_content(text: str) -> bool:
    return text.strip(_BLANKS) not in _NOTHING
