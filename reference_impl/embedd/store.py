"""The cache: vectors of texts that were requested before.

In: a model's name and a text. Out: its vector as JSON, if it is still there. The size is limited in
bytes; the least recently used entry is removed first. The key is a digest of the text, so that a
long text costs no more than a short one.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict

_ENTRY_BYTES = 200  # about the size of the key and the containers


class Cache:
    """Vectors by model and text."""

    def __init__(self, limit_bytes: int) -> None:
        self.hits = 0
        self.misses = 0
        self._limit_bytes = limit_bytes
        self._held_bytes = 0
        self._entries: OrderedDict[bytes, bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, model: str, text: str) -> bytes | None:
        """Return the cached vector of a text, or None."""
        key = _key(model, text)
        vector = self._entries.get(key)
        if vector is None:
            self.misses += 1
            return None
        self._entries.move_to_end(key)
        self.hits += 1
        return vector

    def put(self, model: str, text: str, vector: bytes) -> None:
        """Add the vector of a text, and remove the oldest entries above the limit."""
        key = _key(model, text)
        if key not in self._entries:
            self._entries[key] = vector
            self._held_bytes += len(vector) + _ENTRY_BYTES
        while self._held_bytes > self._limit_bytes:
            _, oldest = self._entries.popitem(last=False)
            self._held_bytes -= len(oldest) + _ENTRY_BYTES


def _key(model: str, text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16, key=model.encode()).digest()
