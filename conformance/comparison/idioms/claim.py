"""What a detector returns when it recognises its idiom."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.values.columns import Column
from conformance.comparison.values.element_ids import ElementId, Orders, swapped
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import exchanged
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath

NamePair = tuple[str, str]
"""The names by which the two sides call one member."""
Names = Mapping[str, JsonPath]
"""For each common name of a renamed member, the path below its object at which it was sent."""


Elements = Sequence[tuple[int, ElementId]]
"""For each value left to compare, the position of the column's value that holds it, and the steps
from there to it."""


def values_at(positions: Iterable[int]) -> Elements:
    """Return the elements for values of the column itself, given their positions."""
    return [(at, ()) for at in positions]


class Rest(Struct, frozen=True, kw_only=True):
    """Two columns that an idiom leaves to compare, in one form, and where their values were sent.

    - `a_at`, `b_at`: the path below each side's own path.
    - `a_names`, `b_names`: where renamed members were sent.
    - `a_order`, `b_order`: objects with the members in the order of the column, where the answer
      has them in another order.
    - `orders`: the order in which the elements of each list of `b` are compared; the columns are
      then those of the place itself.
    - `elements`: which values the columns hold, where it is not one for each value of the place.
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
        """Return the rest with the sides exchanged."""
        return Rest(
            a=self.b,
            b=self.a,
            a_at=self.b_at,
            b_at=self.a_at,
            a_names=self.b_names,
            b_names=self.a_names,
            a_order=self.b_order,
            b_order=self.a_order,
            elements=self.elements and [(at, swapped(steps)) for at, steps in self.elements],
        )


class IdiomClaim(Struct, frozen=True, kw_only=True):
    """What a detector claims: the facts of both sides, and what is left to compare.

    - `of_columns`: the facts for columns that do not correspond by position, if these are others.
    - `details`: a text about each side that is true beside any other runtime.
    - `rest`: all that the idiom does not explain.
    - `respelled`: numbers in `rest` are not spelled as they were sent.
    - `explained`: names of members that the idiom explains wholly, so they are not compared.
    - `shown_by`: returns whether two values at one position show the idiom; without it, two values
      of two kinds do.
    - `positions`: where paired values show the idiom, if known.
    - `example`: the positions of two values that show it, for columns that do not correspond by
      position.
    - `names`: the pairs of names, for a claim about their spelling; `facts_of` returns the facts of
      some of these pairs.
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
        """Return whether two values at any position show the idiom; true without `shown_by`."""
        return self.shown_by is None or any(map(self.shown_by, a, b))

    def swapped(self) -> "IdiomClaim":
        """Return the claim with the sides exchanged."""
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
        """Return the claim with only some of its names, and with the facts of these."""
        if self.facts_of is None or len(names) == len(self.names):
            return self
        a_fact, b_fact = self.facts_of(names)
        return replace(self, a_fact=a_fact, b_fact=b_fact, names=tuple(names))


Detector = Callable[[Column, Column], IdiomClaim | None]
"""Returns the claim of an idiom, with the first column on its first side, else None; also called
with the columns exchanged."""

Spellings = tuple[str, str] | None
"""How each side spells one scalar; None where the two may be different things."""


def two_forms(first: str, second: str) -> Spellings:
    """Return the forms of one scalar on the two sides; None if both sides have the same form."""
    if first == second:
        return None
    return first, second


PairDetector = Callable[[Json, Json], Spellings]
"""Returns how two scalars of one kind spell the same thing, else None; also called with the two
exchanged.

Nothing is left to compare of two scalars that it recognises.
"""
