"""The members of several groups together, each once."""

from collections.abc import Iterable
from itertools import chain
from typing import TypeVar

_Member = TypeVar("_Member")


def distinct(groups: Iterable[Iterable[_Member]]) -> tuple[_Member, ...]:
    """Return the members of some groups, each once, in the order in which they first come."""
    return tuple(dict.fromkeys(chain.from_iterable(groups)))
