"""The places of identities in two answers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from msgspec import Struct, field

from conformance.comparison.identities.alignment import Mixed
from conformance.model.json_path import ANY_MEMBER, JsonPath, Segment

OwnName = Callable[[str], str]
"""Returns a member's name as a runtime sent it, given the name with `${name}` for identities."""


class MixedPlace(Struct, frozen=True):
    """A place at which two answers show different things, in the spelling of each runtime."""

    places: tuple[str, str]
    mixed: Mixed


class IdentityPaths(Struct, frozen=True, kw_only=True):
    """The places of identities in two bodies, as the first runtime spells them.

    - `aligned`: whether both runtimes have identities.
    - `mixed`: the places at which the answers show different things.
    - `disordered`: the places at which they show the same things in another order.
    - `lists`: the paths of lists whose elements contain identities.
    - `in_header`: things that are mixed up in header fields, by name of the field.
    - `own_names`: for each runtime, how it names members after identities.
    """

    aligned: bool = False
    mixed: Mapping[str, MixedPlace] = field(default_factory=dict)
    disordered: frozenset[str] = frozenset()
    lists: frozenset[JsonPath] = frozenset()
    in_header: tuple[tuple[str, Mixed], ...] = ()
    own_names: tuple[OwnName | None, OwnName | None] = (None, None)

    def __bool__(self) -> bool:
        return self.aligned

    def are_in_list(self, path: JsonPath) -> bool:
        """Return whether the elements of a list contain identities, by which a runtime may sort."""
        return any(map(partial(_is_path, path), self.lists))


def _is_path(path: JsonPath, other: JsonPath) -> bool:
    """Return whether a path is the other one, or covers it with `.*` segments."""
    return len(path) == len(other) and all(map(_is_step, path, other))


def _is_step(step: Segment, other: Segment) -> bool:
    """Return whether a segment is equal to another one, or is `.*` and the other is a name."""
    is_any_name = step is ANY_MEMBER and isinstance(other, str)
    return is_any_name or step == other


NO_IDENTITIES: Final = IdentityPaths()
"""The places in answers without identities."""
