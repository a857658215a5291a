"""The keys of all buckets in order, in memory: the cost of a page does not depend on other keys.

In: added and removed objects. Out: an object by its key, and pages in the order of the keys' code
points, which is the order of their UTF-8 bytes. It has nothing that is not in the files, and is
built from them at each start.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from reference_impl.storaged.wire import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reference_impl.storaged.wire import ObjectInfo, PageQuery


@dataclass(slots=True)
class _Bucket:
    keys: list[str] = field(default_factory=list)
    objects: dict[str, ObjectInfo] = field(default_factory=dict)


class KeyIndex:
    """Objects by bucket and key."""

    def __init__(self, entries: Iterable[tuple[str, ObjectInfo]] = ()) -> None:
        self._buckets: dict[str, _Bucket] = {}
        for bucket, info in entries:
            self._buckets.setdefault(bucket, _Bucket()).objects[info.key] = info
        for held in self._buckets.values():
            held.keys = sorted(held.objects)

    def __len__(self) -> int:
        return sum(len(bucket.keys) for bucket in self._buckets.values())

    def find(self, bucket: str, key: str) -> ObjectInfo | None:
        """Return the object with a key, or None."""
        held = self._buckets.get(bucket)
        return held.objects.get(key) if held else None

    def put(self, bucket: str, info: ObjectInfo) -> None:
        """Add an object, or replace the one with its key."""
        held = self._buckets.setdefault(bucket, _Bucket())
        if info.key not in held.objects:
            insort(held.keys, info.key)
        held.objects[info.key] = info

    def remove(self, bucket: str, key: str) -> None:
        """Remove an object; a bucket without objects is removed, too."""
        held = self._buckets[bucket]
        del held.objects[key]
        del held.keys[bisect_left(held.keys, key)]
        if not held.keys:
            del self._buckets[bucket]

    def page(self, bucket: str, query: PageQuery) -> Page:
        """Return a page of the objects of a bucket; an unknown bucket has none."""
        held = self._buckets.get(bucket, _Bucket())
        found = list(islice(_matching(held.keys, query), query.limit + 1))
        listed = found[: query.limit]
        return Page(
            bucket=bucket,
            objects=tuple(held.objects[key] for key in listed),
            next_after=listed[-1] if len(found) > len(listed) else None,
        )


def _matching(keys: list[str], query: PageQuery) -> Iterator[str]:
    start = max(bisect_left(keys, query.prefix), bisect_right(keys, query.after))
    for position in range(start, len(keys)):
        if not keys[position].startswith(query.prefix):
            return
        yield keys[position]
