"""The differences of two bodies, as a walk finds them: each once, and so many at most."""

from collections.abc import Iterable
from typing import Final

from conformance.comparison.difference import Difference, Occurrence, printable
from conformance.comparison.identities.paths import IdentityPaths
from conformance.comparison.values.stops import Paths, Stops
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import render_path

MAX_DIFFERENCES: Final = 1_000
"""More differences of two bodies are counted only: nobody decides so many one by one, and each takes memory."""


class DifferenceList:
    """Differences, and how many `more` there were.  Where `identities` are mixed up, no value differs by itself.

    What lists of different length show as wholes, elements of theirs that belong together do not show again.
    """

    def __init__(self, identities: IdentityPaths, stops: Stops) -> None:
        self.differences: list[Difference] = []
        self.more = 0
        self._identities = identities
        self._stops = stops
        self._seen: set[tuple[DifferenceKind, tuple[str, str], tuple[str, str], str | None]] = set()
        self._places: set[tuple[DifferenceKind, tuple[str, str]]] = set()

    @property
    def is_full(self) -> bool:
        """Tell whether further differences are counted only."""
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
        """Add a difference, unless it is there already."""
        places = (printable(render_path(paths[0])), printable(render_path(paths[1])))
        if kind is DifferenceKind.VALUE and places[0] in self._identities.mixed:
            return
        if kind is DifferenceKind.VALUE and places[0] in self._identities.disordered:
            kind = DifferenceKind.IDENTITY
        if self.is_full:
            self.more += 1
            return
        key = (kind, places, facts, idiom)
        if key in self._seen or self._is_shown_by_wholes(kind, facet, places, paths):
            return
        self._seen.add(key)
        self._places.add((kind, places))
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

    def _is_shown_by_wholes(self, kind: DifferenceKind, facet: Facet, places: tuple[str, str], paths: Paths) -> bool:
        return facet is Facet.SHAPE and (kind, places) in self._places and self._stops.in_part(0, paths[0])
