"""Spellings of a UUID: with or without hyphens, in upper or lower case."""

import re
from typing import Final

IN_ANOTHER_SPELLING: Final = " in another spelling"
"""Follows the name of an identity that is not spelled as it was captured."""
_UUID: Final = re.compile(
    r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}(?:\1[0-9a-fA-F]{4}){2}\1[0-9a-fA-F]{12}"
)
"""A UUID with all hyphens or with none."""
_AROUND: Final = re.compile(r"urn:uuid:|[{}]", re.IGNORECASE)
"""What may surround a UUID: a URN prefix or braces."""
_GROUPS: Final = (slice(0, 8), slice(8, 12), slice(12, 16), slice(16, 20), slice(20, 32))
"""The groups of digits in a UUID."""


def digits_of(text: str) -> str:
    """Return the digits of a UUID in lower case; an empty text for any other text."""
    if not _UUID.fullmatch(text):
        return ""
    return text.replace("-", "").lower()


def identifying(text: str) -> str:
    """Return the digits of a UUID, also from a URN or braces; any other text unchanged."""
    return digits_of(_AROUND.sub("", text)) or text


def pattern_of(text: str) -> str:
    """Return a pattern that matches a text and, if it is a UUID, its other spellings."""
    digits = digits_of(_AROUND.sub("", text))
    if not digits:
        return re.escape(text)
    other_spellings = "-?".join(_groups(digits))
    return f"{re.escape(text)}|(?i:{other_spellings})"


def spelled_as(text: str, other: str) -> str:
    """Return a UUID with the hyphens and case of another one; any other text unchanged."""
    digits = digits_of(_AROUND.sub("", text))
    if not digits:
        return text
    separator = "-" if "-" in other else ""
    spelled = separator.join(_groups(digits))
    return spelled.upper() if other == other.upper() else spelled


def _groups(digits: str) -> list[str]:
    """Return the groups of digits, between which hyphens may be."""
    return list(map(digits.__getitem__, _GROUPS))


def as_captured(names: str) -> str:
    """Return names of identities without the remark that they are in another spelling."""
    return names.replace(IN_ANOTHER_SPELLING, "")
