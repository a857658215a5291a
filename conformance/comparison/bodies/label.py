"""Read the label of a body: media type, charset and other parameters (RFC 9110, section 8.3)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from msgspec import Struct, field

BLANKS: Final = " \t"
"""White space around the parts of a header field (RFC 9110, section 5.6.3).  A no-break space is
part of a value.
"""
_NO_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType({})
_PARAMETER: Final = re.compile(r';[ \t]*([^\s;="]++)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*+)"|([^;]*+))')
"""A parameter: its name, and its value with or without quotes."""
_ESCAPED: Final = re.compile(r"\\(.)")
"""An escaped character in a quoted value."""


class Label(Struct, frozen=True):
    """A content type: the media type, and parameters by name, both in lower case.

    Both are empty if no content type was sent.
    """

    media: str = ""
    parameters: Mapping[str, str] = field(default_factory=lambda: _NO_PARAMETERS)

    @property
    def charset(self) -> str:
        """Return the charset in lower case, or an empty text."""
        return self.parameters.get("charset", "").lower()


NO_LABEL: Final = Label()


@lru_cache(maxsize=256)
def read_label(content_type: str) -> Label:
    """Read a content type; parameters that cannot be read are left out."""
    media = content_type.partition(";")[0].strip(BLANKS).lower()
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(content_type):
        value = _ESCAPED.sub(r"\1", quoted) if quoted else plain.strip(BLANKS)
        found.setdefault(name.lower(), value)
    return Label(media, MappingProxyType(found))
