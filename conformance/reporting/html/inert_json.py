"""Data inside a page: JSON in a block that the browser does not run, and that nothing in it can end."""

import msgspec

from conformance.safe_text import visible_json


def inert_json(value: object) -> bytes:
    """Return JSON in which every `<` is an escape: no tag, no end of a block and no comment can be in it."""
    return visible_json(msgspec.json.encode(value).decode()).replace("<", "\\u003c").encode()


def data_block(name: str, json: bytes) -> bytes:
    """Return the element that holds inert JSON under a name."""
    return b'<script type="application/json" id="%s">%s</script>\n' % (name.encode("ascii"), json)
