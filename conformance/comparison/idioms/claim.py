"""What a detector returns when it recognises its idiom."""

from collections.abc import Callable
from dataclasses import dataclass

from conformance.comparison.columns import Column
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The facts of both sides, the parameters in words, and the aligned columns still to compare.

    `rest` pairs columns under a path suffix.  They hold all that the idiom does not explain, both sides in one form.
    """

    kind: DifferenceKind
    a_fact: str
    b_fact: str
    detail: str = ""
    rest: tuple[tuple[JsonPath, Column, Column], ...]

    def swapped(self) -> "Claim":
        """Return the same claim with the sides exchanged."""
        rest = tuple((path, b, a) for path, a, b in self.rest)
        return Claim(kind=self.kind, a_fact=self.b_fact, b_fact=self.a_fact, detail=self.detail, rest=rest)


Detector = Callable[[Column, Column], Claim | None]
"""Recognises an idiom with the first column on its first side; the walk also asks with the columns exchanged."""
