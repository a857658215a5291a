"""A shard: one of several even parts of a selection, each run on its own machine."""

import hashlib

from msgspec import Struct


class Shard(Struct, frozen=True, kw_only=True, rename={"count": "of"}):
    """Part `number` (from 1) of `count` parts; the part of a case depends only on its id.

    A record writes `count` as `of`.
    """

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def takes(self, case_id: str) -> bool:
        """Return whether a case is in this part."""
        digest = hashlib.sha256(case_id.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1
