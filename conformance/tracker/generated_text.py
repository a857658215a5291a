"""Which lines and cells were generated, as the evidence file remembers them by their digests.

Markers and cells carry no checksum, so that two branches that both refreshed merge line by line.  A
line in a region, or a generated cell, that no digest knows was written by somebody.  Blanks around
a text and line ends do not count, as git may rewrite them; an empty text is nobody's.
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
    """Return whether somebody wrote a text that stands where output stands."""
    return _has_content(text) and digest_of(text) not in generated


def _has_content(text: str) -> bool:
    return text.strip(_BLANKS) not in _NOTHING
