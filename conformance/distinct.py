"""The distinct members of several groups."""

from collections.abc import Iterable
from itertools import chain
from typing import TypeVar

_Member = TypeVar("_Member")


def distinct(groups: Iterable[Iterable[_Member]]) -> tuple[_Member, ...]:
    """Return the members of all groups without duplicates, in order of first occurrence."""
    return tuple(dict.fromkeys(chain.from_iterable(groups)))
