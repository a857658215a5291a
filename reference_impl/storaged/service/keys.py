"""Keys: what may address an object in a bucket.

In: a key as the router decoded it, and the path as it was sent. Out: nothing, or the reason why it
addresses nothing. A key is data and becomes no path, but it must be possible to copy objects to
files: parts between slashes that file systems read as something else are refused. So are broken
percent-escapes: taken as they stand, `%zz` and `%25zz` would be one key.
"""

from __future__ import annotations

import re

from reference_impl.storaged.errors import MalformedKeyError, UnwantedKeyError

# A limit of the wire (docs/lake.md), as object stores have it.
LONGEST_KEY_BYTES = 1024

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def require_key(key: str, raw_path: bytes) -> None:
    """Refuse what no object can have as its key.

    Raises MalformedKeyError and UnwantedKeyError.
    """
    if _BROKEN_ESCAPE.search(raw_path):
        raise MalformedKeyError("a '%' in the path is not followed by two hexadecimal digits")
    parts = set(key.split("/"))
    if len(key.encode()) > LONGEST_KEY_BYTES:
        raise UnwantedKeyError(f"it is over {LONGEST_KEY_BYTES} bytes")
    if "\0" in key:
        raise UnwantedKeyError("it holds NUL")
    if "" in parts:
        raise UnwantedKeyError("a part between slashes is empty")
    if parts & {".", ".."}:
        raise UnwantedKeyError("a part between slashes is '.' or '..'")
