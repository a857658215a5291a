"""What a detector returns when it recognises its idiom."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The facts of both sides, the parameters in words, and the aligned columns still to compare.

    `rest` pairs columns under a path suffix.  They hold all that the idiom does not explain, both sides in one form.
    `respelled` tells that numbers in it are no longer spelled as they came.
    """

    kind: DifferenceKind
    a_fact: str
    b_fact: str
    detail: str = ""
    rest: tuple[tuple[JsonPath, Column, Column], ...]
    respelled: bool = False

    def swapped(self) -> "Claim":
        """Return the same claim with the sides exchanged."""
        rest = tuple((path, b, a) for path, a, b in self.rest)
        return replace(self, a_fact=self.b_fact, b_fact=self.a_fact, rest=rest)


Detector = Callable[[Column, Column], Claim | None]
"""Recognises an idiom with the first column on its first side; the walk also asks with the columns exchanged."""

Spellings = tuple[str, str] | None
"""How either side spells one scalar; None where the two may be different things."""

PairDetector = Callable[[Json, Json], Spellings]
"""Recognises one scalar spelled in two ways, both of one kind, and names the spellings; also asked the other way round.

What it recognises is explained wholly: the two are the same thing, and nothing is left to compare.
"""


def are_texts(a: Json, b: Json) -> bool:
    """Tell whether two scalars are texts."""
    return kind_of(a) == "string" == kind_of(b)
