"""Byte ranges (RFC 9110, section 14): which part of an object a request demands.

In: the values of Range and If-Range, and the object's size and digest. Out: the part as a Python
range, None for the whole. One range is served; a list of ranges, another unit or an invalid range
is answered with the whole object, as the standard allows.
"""

from __future__ import annotations

import re

from reference_impl.storaged.errors import RangeError

_RANGE = re.compile(
    r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE
)


def part_of(
    field: str | None, if_range: str | None, *, size_bytes: int, sha256: str
) -> range | None:
    """Return the positions of the demanded bytes; None for all of them.

    Raises RangeError.
    """
    found = _RANGE.fullmatch(field) if field is not None else None
    if found is None or (if_range is not None and if_range.strip() != f'"{sha256}"'):
        return None
    first, last, suffix = found.groups()
    if last and int(last) < int(first):
        return None  # an invalid range
    part = _positions(first, last, suffix, size_bytes)
    if not part:
        raise RangeError(size_bytes)
    return part


def _positions(first: str | None, last: str | None, suffix: str, size_bytes: int) -> range:
    if first is None:
        return range(max(0, size_bytes - int(suffix)), size_bytes)
    return range(int(first), min(int(last) + 1 if last else size_bytes, size_bytes))
