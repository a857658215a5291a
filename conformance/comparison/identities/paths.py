"""Where two answers hold different identities, so that no value there is compared again."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from msgspec import Struct, field

from conformance.comparison.identities.alignment import Mixed
from conformance.model.json_path import ANY_MEMBER, JsonPath, Segment

OwnName = Callable[[str], str]
"""Gives the name of a member as a runtime sent it, for one in which identities are spelled alike.
"""


class MixedUp(Struct, frozen=True):
    """A place, as either side spells it, at which the sides show different things."""

    places: tuple[str, str]
    mixed: Mixed


class IdentityPaths(Struct, frozen=True, kw_only=True):
    """Places of two bodies, as the first side spells them, and what was found there.

    `mixed` are those at which the sides show different things, `disordered` those at which they
    show the same things in another order; `lists` are the paths of lists whose elements hold
    identities, and `in_header` is what is mixed up in header fields, by name.  `aligned` says that
    there are identities, and `own_names` how either side names members after them.
    """

    aligned: bool = False
    mixed: Mapping[str, MixedUp] = field(default_factory=dict)
    disordered: frozenset[str] = frozenset()
    lists: frozenset[JsonPath] = frozenset()
    in_header: tuple[tuple[str, Mixed], ...] = ()
    own_names: tuple[OwnName | None, OwnName | None] = (None, None)

    def __bool__(self) -> bool:
        return self.aligned

    def are_in_list(self, path: JsonPath) -> bool:
        """Return whether the elements of a list hold identities, by which each side may sort it."""
        return any(map(partial(_is_path, path), self.lists))


def _is_path(path: JsonPath, other: JsonPath) -> bool:
    return len(path) == len(other) and all(map(_is_step, path, other))


def _is_step(step: Segment, other: Segment) -> bool:
    """Return whether a step is another one, or stands for it among names that are data."""
    is_any_name = step is ANY_MEMBER and isinstance(other, str)
    return is_any_name or step == other


NO_IDENTITIES: Final = IdentityPaths()
