"""Filters: the rows whose metadata meet the conditions of a search.

In: the conditions of a filter and the rows. Out: a mask over the rows. For each member that was
ever used in a filter, the rows by its value are kept; they are read from the metadata the first
time, and later only for new rows. The language is described in `wire`.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from msgspec import UNSET

from reference_impl.vectord.wire import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from reference_impl.vectord.store.rows import Rows
    from reference_impl.vectord.wire import Condition, Scalar

_FEW_ROWS = 64  # read in 0.1 ms

_Key = tuple[bool, "Scalar"]  # so that true differs from 1


class Postings:
    """The rows of one store by member and value of their metadata.

    The caller holds the lock of the rows.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._members: dict[str, dict[_Key, array[int]]] = {}
        self._read: dict[str, int] = {}

    def mask(self, conditions: Mapping[str, Condition]) -> NDArray[np.bool_]:
        """Return a mask of the rows, also dead ones, for which all conditions hold."""
        held = np.ones(self._rows.count, np.bool_)
        for member, condition in conditions.items():
            here = np.zeros(self._rows.count, np.bool_)
            for rows in _rows_where(condition, self._postings(member)):
                here[np.frombuffer(rows, np.int64)] = True
            held &= here
        return held

    def has_read(self, members: Iterable[str]) -> bool:
        """Return whether conditions on these members need hardly any metadata reads."""
        return all(self._rows.count - self._read.get(member, 0) <= _FEW_ROWS for member in members)

    def _postings(self, member: str) -> dict[_Key, array[int]]:
        """Return the rows by value of a member, after reading the metadata of new rows."""
        postings = self._members.setdefault(member, {})
        for row in range(self._read.get(member, 0), self._rows.count):
            value = msgspec.json.decode(self._rows.metadata[row]).get(member, UNSET)
            for each in value if isinstance(value, list) else (value,):
                if each is not UNSET and not isinstance(each, (list, dict)):
                    postings.setdefault(_key(each), array("q")).append(row)
        self._read[member] = self._rows.count
        return postings


def _rows_where(condition: Condition, postings: dict[_Key, array[int]]) -> Iterator[array[int]]:
    if isinstance(condition, Bounds):
        yield from (rows for (_, value), rows in postings.items() if _is_within(value, condition))
        return
    for value in condition if isinstance(condition, list) else (condition,):
        rows = postings.get(_key(value))
        if rows is not None:
            yield rows


def _key(value: Scalar) -> _Key:
    return isinstance(value, bool), value


def _is_within(value: Scalar, bounds: Bounds) -> bool:
    pairs = ((bounds.gt, "gt"), (bounds.gte, "gte"), (bounds.lt, "lt"), (bounds.lte, "lte"))
    return all(_holds(value, bound, name) for bound, name in pairs if bound is not UNSET)


def _holds(value: Any, bound: Any, name: str) -> bool:
    if value is None or isinstance(value, bool) or isinstance(value, str) != isinstance(bound, str):
        return False
    if name[0] == "g":
        return bool(value > bound or (name == "gte" and value == bound))
    return bool(value < bound or (name == "lte" and value == bound))
