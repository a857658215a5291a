"""Data in a page: JSON in a block that the browser does not execute and that data cannot end."""

from typing import Final

import msgspec

from conformance.safe_text import visible_json

_NUL: Final = b"\0"
GAP: Final = msgspec.Raw(_NUL)
"""A placeholder for a value that is not known yet: a byte that JSON text never contains."""


def inert_json(value: object) -> bytes:
    """Return a value as JSON in which every `<` is escaped.

    So it cannot contain a tag, the end of its block, or a comment.
    """
    (json,) = inert_pieces(value)
    return json


def inert_pieces(value: object) -> tuple[bytes, ...]:
    """Return the pieces of inert JSON before, between and after the gaps."""
    return tuple(map(_inert, msgspec.json.encode(value).split(_NUL)))


def _inert(json: bytes) -> bytes:
    return visible_json(json.decode()).replace("<", "\\u003c").encode()


def data_block(name: str, json: bytes) -> bytes:
    """Return the HTML element that contains inert JSON, with a name as its id."""
    return b'<script type="application/json" id="%s">%s</script>\n' % (name.encode("ascii"), json)
