"""The request of a step: frozen once, the same bytes for every runtime.

A runtime only adds its own parts (Host, declared headers, base path); everything else is fixed
here.
"""

import hashlib

from msgspec import Struct

HeaderList = tuple[tuple[str, str], ...]
"""Header fields in wire order, with their case and duplicates; values are latin-1 text."""


class Request(Struct, frozen=True, kw_only=True):
    """One HTTP request: method token, target as sent, ordered header fields, body bytes.

    A body of None is no body.

    The base path of a runtime is put before the target, unless `from_root` is set: then the target
    comes from a URL outside the base path.
    """

    method: str
    target: str
    headers: HeaderList = ()
    body: bytes | None = None
    from_root: bool = False

    def digest(self) -> str:
        """Return the SHA-256 hex digest of method, target, headers and body.

        It is the key of a recorded answer.
        """
        hasher = hashlib.sha256()
        for part in (
            self.method,
            self.target,
            *(f"{name}: {value}" for name, value in self.headers),
        ):
            hasher.update(part.encode("latin-1"))
            hasher.update(b"\n")
        hasher.update(b"\n" if self.body is None else b"\n\n" + self.body)
        return hasher.hexdigest()
