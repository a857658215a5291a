"""Expectations: what a case itself demands of an answer, as data.

A matcher is written as an object with one `$` key; any other JSON is a literal value.  `Literal`
holds JSON text, so that a number keeps its digits.
"""

from decimal import Decimal

from msgspec import Struct


class Literal(Struct, frozen=True):
    """A literal scalar, as JSON text; numbers are compared by value."""

    json: str


class Named(Struct, frozen=True):
    """The value of a capture or a fresh name in this runtime's part of the case."""

    name: str


class OfKind(Struct, frozen=True):
    """`$is`: a value of a kind, which has the same name as in rules."""

    kind: str


class Pattern(Struct, frozen=True):
    """`$re`: a string in which the pattern is found; `^` and `$` match its start and end."""

    pattern: str


class AnyOf(Struct, frozen=True):
    """`$any`: a value that at least one of these matchers accepts."""

    options: "tuple[Matcher, ...]"


class Not(Struct, frozen=True):
    """`$not`: a value that this matcher does not accept."""

    refused: "Matcher"


class Has(Struct, frozen=True):
    """`$has`: an array with at least one element that this matcher accepts."""

    element: "Matcher"


class Length(Struct, frozen=True):
    """`$len`: a string, array or object whose length is between two bounds, both included.

    The length counts characters, elements or members.  None is no bound.
    """

    least: int | None
    most: int | None


class Range(Struct, frozen=True):
    """`$range`: a number between two bounds, both included; None is no bound."""

    least: Decimal | None
    most: Decimal | None


class Members(Struct, frozen=True):
    """An object with exactly these members; if `open` (`$open`), it may have others too."""

    members: "tuple[tuple[str, Matcher], ...]"
    open: bool = False


class Elements(Struct, frozen=True):
    """An array of exactly these elements in this order."""

    elements: "tuple[Matcher, ...]"


class JsonSchema(Struct, frozen=True, kw_only=True):
    """A JSON Schema (2020-12): the name of its document, and the texts of all documents.

    `documents` are pairs of name and text: its own document and all those that it refers to.
    """

    name: str
    documents: tuple[tuple[str, str], ...]


Matcher = (
    Literal | Named | OfKind | Pattern | AnyOf | Not | Has | Length | Range | Members | Elements
)


class Expectation(Struct, frozen=True, kw_only=True):
    """What the case demands of each answer, whatever the other runtimes answer.

    A member that is None or empty demands nothing, except an empty tuple of `notes`.

    A header's matcher gets the field's values joined with `, `, or null if the field is absent.
    `notes` are all notes that the answer must have; an empty tuple allows none.  `statuses` are
    texts such as `201` or `2xx`.
    """

    statuses: tuple[str, ...] = ()
    headers: tuple[tuple[str, Matcher], ...] = ()
    json: Matcher | None = None
    body: Matcher | None = None
    notes: tuple[str, ...] | None = None

    def accepts_status(self, status: int) -> bool:
        """Return whether the expectation accepts a status."""
        spellings = {str(status), f"{status // 100}xx"}
        return not self.statuses or not spellings.isdisjoint(self.statuses)

    def __bool__(self) -> bool:
        written = any((self.statuses, self.headers))
        # An empty tuple of notes demands something: no note at all
        demanded = (self.json, self.body, self.notes)
        return written or demanded != (None, None, None)
