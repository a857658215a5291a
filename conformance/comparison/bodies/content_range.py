"""Read which bytes of a document a body has (RFC 9110, section 14), as a part cannot be parsed."""

import re
from typing import Final

from msgspec import Struct

from conformance.model.observation import Answer

PARTIAL_CONTENT: Final = 206
CONTENT_RANGE: Final = "content-range"
_OF_BYTES: Final = re.compile(r"bytes[ \t]+([0-9]{1,18})-([0-9]{1,18})/(\S*)", re.IGNORECASE)
"""A Content-Range in bytes.  A range in other units, such as rows, is a document by itself."""


class ContentRange(Struct, frozen=True):
    """A range of a whole: the index of its first byte, and the index after its last byte.

    `name` identifies the range without the length of the whole.  For other units, it is the whole
    field.  `complete_length` is the length of the whole, `*` if unknown.
    """

    name: str
    start: int = 0
    end: int = 0
    complete_length: str = ""

    @property
    def is_fragment(self) -> bool:
        """Return whether the range is in bytes and may be less than the whole."""
        return self.end > 0 and (self.start, str(self.end)) != (0, self.complete_length)


def read_range(field: str | None) -> ContentRange:
    """Read a Content-Range field."""
    found = _OF_BYTES.fullmatch(field or "")
    if found is None:
        return ContentRange(field or "")
    first, last = int(found[1]), int(found[2])
    return ContentRange(f"bytes {first}-{last}", first, last + 1, found[3])


def is_a_fragment(answer: Answer) -> bool:
    """Return whether an answer contains only a byte range of a document."""
    return answer.status == PARTIAL_CONTENT and read_range(answer.header(CONTENT_RANGE)).is_fragment
