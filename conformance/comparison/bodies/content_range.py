"""Which bytes of a whole a body is (RFC 9110, section 14): a range of them is no document."""

import re
from typing import Final

from msgspec import Struct

from conformance.model.observation import Answer

PARTIAL_CONTENT: Final = 206
CONTENT_RANGE: Final = "content-range"
_OF_BYTES: Final = re.compile(r"bytes[ \t]+([0-9]{1,18})-([0-9]{1,18})/(\S*)", re.IGNORECASE)
"""Ranges of other units, such as the rows of a table, are documents of their own."""


class ContentRange(Struct, frozen=True):
    """A range by its name, which has no length of the whole; by what a field says if not of bytes.

    Of the bytes the first, and where they end; `*` is a length of the whole that is not known.
    """

    name: str
    start: int = 0
    end: int = 0
    complete_length: str = ""

    @property
    def is_fragment(self) -> bool:
        """Return whether the range is of bytes, and not known to be all of them."""
        return self.end > 0 and (self.start, str(self.end)) != (0, self.complete_length)


def read_range(field: str | None) -> ContentRange:
    """Read a Content-Range."""
    found = _OF_BYTES.fullmatch(field or "")
    if found is None:
        return ContentRange(field or "")
    first, last = int(found[1]), int(found[2])
    return ContentRange(f"bytes {first}-{last}", first, last + 1, found[3])


def is_a_fragment(answer: Answer) -> bool:
    """Return whether an answer holds a range of bytes, whatever its label says of the whole."""
    return answer.status == PARTIAL_CONTENT and read_range(answer.header(CONTENT_RANGE)).is_fragment
