"""The list of differences between two bodies: each one once, and at most a fixed number."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.difference import VALUES_DIFFER, Difference, Occurrence, printable
from conformance.comparison.identities.paths import IdentityPaths
from conformance.comparison.values.stops import Paths
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import render_path

MAX_DIFFERENCES: Final = 1_000
"""Differences of two bodies past this number are only counted, to limit memory."""


class DifferenceList:
    """A list of differences; `more` counts those past the limit.

    Where `identities` are mixed up, differences in values are not added.
    """

    def __init__(self, identities: IdentityPaths) -> None:
        self.differences: list[Difference] = []
        self.more = 0
        self._identities = identities
        self._seen: dict[
            tuple[DifferenceKind, tuple[str, str], tuple[str, str], str | None], int
        ] = {}

    @property
    def is_full(self) -> bool:
        """Return whether further differences are only counted."""
        return len(self.differences) == MAX_DIFFERENCES

    def add(  # noqa: PLR0913 - one difference has this many parts
        self,
        kind: DifferenceKind,
        facet: Facet,
        paths: Paths,
        facts: tuple[str, str],
        seen: Iterable[Occurrence],
        *,
        idiom: str | None = None,
        details: tuple[str, str] = ("", ""),
        moves_values: bool = False,
    ) -> None:
        """Add a difference, or add its occurrences to an equal difference in the list."""
        places = (printable(render_path(paths[0])), printable(render_path(paths[1])))
        # the values belong to different things there, so they cannot be compared
        if kind is DifferenceKind.VALUE and places[0] in self._identities.mixed:
            return
        # the same identities in another order have a cause of their own
        if kind is DifferenceKind.VALUE and places[0] in self._identities.disordered:
            kind = DifferenceKind.IDENTITY
        key = (kind, places, facts, idiom)
        if key in self._seen:
            self._extend(self._seen[key], seen)
            return
        # occurrences of differences in the list are still added above
        if self.is_full:
            self.more += 1
            return
        self._seen[key] = len(self.differences)
        self.differences.append(
            Difference(
                kind=kind,
                facet=facet,
                places=places,
                facts=facts,
                occurrences=tuple(seen),
                idiom=idiom,
                details=(printable(details[0]), printable(details[1])),
                paths=paths,
                moves_values=moves_values,
            )
        )

    def add_unequal(  # noqa: PLR0913 - one difference has this many parts
        self,
        paths: Paths,
        seen: Iterable[Occurrence],
        *,
        kind: DifferenceKind = DifferenceKind.VALUE,
        facet: Facet = Facet.VALUE,
        idiom: str | None = None,
        words: str = "",
    ) -> None:
        """Add a difference whose facts say only that values differ, if `seen` has occurrences.

        `words` is the detail of both sides.
        """
        if occurrences := list(seen):
            details = (words, words)
            self.add(kind, facet, paths, VALUES_DIFFER, occurrences, idiom=idiom, details=details)

    def _extend(self, at: int, seen: Iterable[Occurrence]) -> None:
        """Add occurrences in further elements to a difference, given by index."""
        known = self.differences[at].occurrences
        elements = set(map(attrgetter("element"), known))
        if None in elements:
            return
        # an occurrence without an element cannot be distinguished
        elements.add(None)
        new = [occurrence for occurrence in seen if occurrence.element not in elements]
        if new:
            self.differences[at] = replace(self.differences[at], occurrences=(*known, *new))
