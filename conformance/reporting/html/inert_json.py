"""Data inside a page: JSON in a block that the browser does not run.

Nothing in the data can end the block.
"""

from typing import Final

import msgspec

from conformance.safe_text import visible_json

_NUL: Final = b"\0"
GAP: Final = msgspec.Raw(_NUL)
"""Stands where a value is not known yet: a byte that JSON never holds."""


def inert_json(value: object) -> bytes:
    """Return JSON in which every `<` is an escape.

    It can hold no tag, no end of a block and no comment.
    """
    (json,) = inert_pieces(value)
    return json


def inert_pieces(value: object) -> tuple[bytes, ...]:
    """Return the same in pieces, parted at each gap."""
    return tuple(map(_inert, msgspec.json.encode(value).split(_NUL)))


def _inert(json: bytes) -> bytes:
    return visible_json(json.decode()).replace("<", "\\u003c").encode()


def data_block(name: str, json: bytes) -> bytes:
    """Return the element that holds inert JSON under a name."""
    return b'<script type="application/json" id="%s">%s</script>\n' % (name.encode("ascii"), json)
