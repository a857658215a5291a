"""Expectations: what a case itself demands of an answer, as data.

A matcher is written as an object with one `$` key; any other JSON stands for itself.  `Literal`
texts are JSON, so that a number keeps the digits its author gave it.
"""

from decimal import Decimal

from msgspec import Struct


class Literal(Struct, frozen=True):
    """Exactly this scalar, as JSON text; numbers by value."""

    json: str


class Named(Struct, frozen=True):
    """The value that a capture or a fresh name stands for in this runtime's part of the case."""

    name: str


class OfKind(Struct, frozen=True):
    """`$is`: a value of a kind, by the name that rules give it."""

    kind: str


class Pattern(Struct, frozen=True):
    """`$re`: a string in which the pattern is found; `^` and `$` anchor it."""

    pattern: str


class AnyOf(Struct, frozen=True):
    """`$any`: what at least one of these accepts."""

    options: "tuple[Matcher, ...]"


class Not(Struct, frozen=True):
    """`$not`: what this does not accept."""

    refused: "Matcher"


class Has(Struct, frozen=True):
    """`$has`: an array of which at least one element is what this accepts."""

    element: "Matcher"


class Length(Struct, frozen=True):
    """`$len`: a string, array or object of so many characters, elements or members.

    None is no bound.
    """

    least: int | None
    most: int | None


class Range(Struct, frozen=True):
    """`$range`: a number between two bounds, both included; None is no bound."""

    least: Decimal | None
    most: Decimal | None


class Members(Struct, frozen=True):
    """An object with just these members, or, when `open` (`$open`), with at least these."""

    members: "tuple[tuple[str, Matcher], ...]"
    open: bool = False


class Elements(Struct, frozen=True):
    """An array of just these elements in this order."""

    elements: "tuple[Matcher, ...]"


class JsonSchema(Struct, frozen=True, kw_only=True):
    """A JSON Schema (2020-12): its document's name, and the texts of all documents.

    The texts are by name: its own and those of all it refers to.
    """

    name: str
    documents: tuple[tuple[str, str], ...]


Matcher = (
    Literal | Named | OfKind | Pattern | AnyOf | Not | Has | Length | Range | Members | Elements
)


class Expectation(Struct, frozen=True, kw_only=True):
    """What the case demands of each answer, whatever the other runtimes say.

    What is None or empty is not looked at.

    A header's matcher sees the field's values joined with `, `, or null where the field is absent.
    `notes` are all notes on the answer; an empty tuple allows none.  `statuses` are as they are
    written: `201`, or `2xx`.
    """

    statuses: tuple[str, ...] = ()
    headers: tuple[tuple[str, Matcher], ...] = ()
    json: Matcher | None = None
    body: Matcher | None = None
    notes: tuple[str, ...] | None = None

    def accepts_status(self, status: int) -> bool:
        """Return whether a status is one of those demanded."""
        spellings = {str(status), f"{status // 100}xx"}
        return not self.statuses or not spellings.isdisjoint(self.statuses)

    def __bool__(self) -> bool:
        written = any((self.statuses, self.headers))
        # An empty tuple of notes demands something: no note at all
        demanded = (self.json, self.body, self.notes)
        return written or demanded != (None, None, None)
