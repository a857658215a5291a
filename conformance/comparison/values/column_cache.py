"""A cache of the last results for columns, which several callers ask for one after the other.

It holds whole bodies until `forget_all` is called.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, ParamSpec, TypeVar

_Of = ParamSpec("_Of")
_Made = TypeVar("_Made")


class ColumnCache(Generic[_Of, _Made]):
    """A function of one or two columns that caches its last `most` results.

    Columns are compared by identity, so they must not be changed.
    """

    def __init__(self, make: Callable[_Of, _Made], most: int) -> None:
        self._make = make
        self._known: deque[tuple[tuple[object, ...], _Made]] = deque(maxlen=most)
        _ALL.append(self._known)

    def __call__(self, *columns: _Of.args, **_: _Of.kwargs) -> _Made:
        """Return the result for these columns, from the cache if possible."""
        for known, made in tuple(self._known):  # a copy, because other threads use the cache, too
            if known[0] is columns[0] and known[-1] is columns[-1]:
                return made
        made = self._make(*columns, **_)
        self._known.append((columns, made))
        return made


_ALL: Final[list[deque[Any]]] = []
"""The caches of all functions."""


def forget_all() -> None:
    """Empty the caches of all functions."""
    for known in _ALL:
        known.clear()
