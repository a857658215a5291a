"""What a detector returns when it recognises its idiom."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.values.columns import Column
from conformance.comparison.values.element_ids import ElementId, Orders, turned
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import exchanged
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath

NamePair = tuple[str, str]
"""How either side calls one member."""
Names = Mapping[str, JsonPath]
"""Where members were sent that stand under a common name, below their object."""


Elements = Sequence[tuple[int, ElementId]]
"""For each value that is left to compare, the position of the value in which it stands, and the
steps that lead there.
"""


def values_at(positions: Iterable[int]) -> Elements:
    """Return some values of a place themselves as what is left, by their positions."""
    return [(at, ()) for at in positions]


class Rest(Struct, frozen=True, kw_only=True):
    """Two columns that an idiom leaves to compare, in one form, and where they stand.

    They stand below either side's own path.

    Where a column has the members of objects in another order than they were sent in, `a_order` or
    `b_order` are objects that name them in that order.  With `orders` the columns are those of the
    place themselves, the lists of the second put into another order.  Where
    the columns have not one value for each of the place, `elements` tells which they have.
    """

    a: Column
    b: Column
    a_at: JsonPath = ()
    b_at: JsonPath = ()
    a_names: Names = field(default_factory=dict)
    b_names: Names = field(default_factory=dict)
    a_order: Column | None = None
    b_order: Column | None = None
    orders: Orders | None = None
    elements: Elements | None = None

    def swapped(self) -> "Rest":
        """Return the same with the sides exchanged."""
        return Rest(
            a=self.b,
            b=self.a,
            a_at=self.b_at,
            b_at=self.a_at,
            a_names=self.b_names,
            b_names=self.a_names,
            a_order=self.b_order,
            b_order=self.a_order,
            elements=self.elements and [(at, turned(steps)) for at, steps in self.elements],
        )


class IdiomClaim(Struct, frozen=True, kw_only=True):
    """The facts of both sides, what else there is to say of either, and what is left to compare.

    `details` are of either side by itself: a third runtime may stand beside it. `rest` holds all
    that the idiom does not explain.  `respelled` tells that numbers in it are no longer spelled as
    they came; `explained` are the names of members that the idiom explains wholly, so that nobody
    compares them. `of_columns` are the facts of columns that do not correspond by position, where
    these are others. `shown_by` tells which pairs of values of paired columns show it; without it
    those of two kinds do.  `positions` are those of paired values that show it, where they are
    known.  `example` has the positions of two values that show it, for columns that do not
    correspond by position.  A claim about the spelling of names has these as `names`, and
    `facts_of` makes its facts of those that count.
    """

    kind: DifferenceKind
    a_fact: str
    b_fact: str
    of_columns: tuple[str, str] | None = None
    details: tuple[str, str] = ("", "")
    rest: tuple[Rest, ...]
    respelled: bool = False
    explained: frozenset[str] = frozenset()
    shown_by: Callable[[Json, Json], bool] | None = None
    positions: Sequence[int] | None = None
    example: tuple[int, int] | None = None
    names: tuple[NamePair, ...] = ()
    facts_of: "Callable[[Sequence[NamePair]], tuple[str, str]] | None" = None

    def shows_in(self, a: Column, b: Column) -> bool:
        """Return whether any two values of paired columns show it."""
        return self.shown_by is None or any(map(self.shown_by, a, b))

    def swapped(self) -> "IdiomClaim":
        """Return the same claim with the sides exchanged."""
        return replace(
            self,
            a_fact=self.b_fact,
            b_fact=self.a_fact,
            of_columns=exchanged(self.of_columns),
            details=self.details[::-1],
            example=exchanged(self.example),
            rest=tuple(map(Rest.swapped, self.rest)),
            names=tuple(pair[::-1] for pair in self.names),
        )

    def about(self, names: Sequence[NamePair]) -> "IdiomClaim":
        """Return the claim as it is made of some of its names."""
        if self.facts_of is None or len(names) == len(self.names):
            return self
        a_fact, b_fact = self.facts_of(names)
        return replace(self, a_fact=a_fact, b_fact=b_fact, names=tuple(names))


Detector = Callable[[Column, Column], IdiomClaim | None]
"""Recognises an idiom with the first column on its first side; the walk also asks with the columns
exchanged.
"""

Spellings = tuple[str, str] | None
"""How either side spells one scalar; None where the two may be different things."""


def two_forms(first: str, second: str) -> Spellings:
    """Return the forms in which either side spells one scalar; None where there is one form."""
    if first == second:
        return None
    return first, second


PairDetector = Callable[[Json, Json], Spellings]
"""Recognises one scalar spelled in two ways, both of one kind, and names the spellings; also asked
the other way round.

What it recognises is explained wholly: the two are the same thing, and nothing is left to compare.
"""
