"""Where two answers hold identities that are not the same, so that no value there is compared once more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from conformance.comparison.identities.alignment import Mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPaths:
    """Paths of two bodies, as they are printed, and what was found there.

    `mixed` are those at which the sides show different things, `disordered` those at which they show the same things
    in another order; `in_header` is what is mixed up in a Location.  `aligned` tells that there are identities.
    """

    aligned: bool = False
    mixed: Mapping[str, Mixed] = field(default_factory=dict)
    disordered: frozenset[str] = frozenset()
    in_header: tuple[Mixed, ...] = ()

    def __bool__(self) -> bool:
        return self.aligned


NO_IDENTITIES: Final = IdentityPaths()
