"""Spellings of one UUID: with hyphens and without, in upper and in lower case."""

import re
from typing import Final

IN_ANOTHER_SPELLING: Final = " in another spelling"
"""What stands behind the name of an identity that is not spelled as where it was captured."""
_UUID: Final = re.compile(
    r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}(?:\1[0-9a-fA-F]{4}){2}\1[0-9a-fA-F]{12}"
)
_AROUND: Final = re.compile(r"urn:uuid:|[{}]", re.IGNORECASE)
_GROUPS: Final = (slice(0, 8), slice(8, 12), slice(12, 16), slice(16, 20), slice(20, 32))


def digits_of(text: str) -> str:
    """Return the digits of a UUID in lower case; of any other text nothing."""
    if not _UUID.fullmatch(text):
        return ""
    return text.replace("-", "").lower()


def identifying(text: str) -> str:
    """Return what is equal for all spellings of a UUID, also as a URN; any other text as it is."""
    return digits_of(_AROUND.sub("", text)) or text


def pattern_of(text: str) -> str:
    """Return the pattern of a text, and of a UUID that of its other spellings, too."""
    digits = digits_of(_AROUND.sub("", text))
    if not digits:
        return re.escape(text)
    other_spellings = "-?".join(_groups(digits))
    return f"{re.escape(text)}|(?i:{other_spellings})"


def spelled_as(text: str, other: str) -> str:
    """Return a UUID in the spelling of another one; any other text as it is."""
    digits = digits_of(_AROUND.sub("", text))
    if not digits:
        return text
    separator = "-" if "-" in other else ""
    spelled = separator.join(_groups(digits))
    return spelled.upper() if other == other.upper() else spelled


def _groups(digits: str) -> list[str]:
    """Return the groups of digits between which hyphens may stand."""
    return list(map(digits.__getitem__, _GROUPS))


def as_captured(names: str) -> str:
    """Return names of identities without the words that they are in another spelling."""
    return names.replace(IN_ANOTHER_SPELLING, "")
