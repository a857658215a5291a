"""Keys: the texts that may address an object in a bucket.

In: a key as the router decoded it, and the path as it was sent. Out: nothing, or the reason why it
is refused. A key never becomes a path, but it must be possible to copy objects to files: parts
between slashes with a meaning for file systems are refused. So are broken percent-escapes:
otherwise `%zz` and `%25zz` would be one key.
"""

from __future__ import annotations

import re

from reference_impl.storaged.errors import MalformedKeyError, UnwantedKeyError

# A limit of the wire (docs/lake.md), the same as in other object stores.
LONGEST_KEY_BYTES = 1024

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def require_key(key: str, raw_path: bytes) -> None:
    """Raise MalformedKeyError or UnwantedKeyError for a key that no object may have."""
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
