"""The vocabulary in which a file's grammar is written as a table.

A spec is data: the kind of node, its allowed content, and a sentence that documents it.
`field_check` checks a node against it.
"""

from collections.abc import Callable
from collections.abc import Mapping as MappingOf

from msgspec import Struct, field


class Text(Struct, frozen=True, kw_only=True):
    """A string; `pattern` must match all of it, and `meaning` describes it in words."""

    pattern: str | None = None
    meaning: str = "a string"


class Whole(Struct, frozen=True, kw_only=True):
    """An integer between two bounds, both included."""

    least: int
    most: int


class Amount(Struct, frozen=True, kw_only=True):
    """A number that is not negative, written with at most 18 digits."""


class Choice(Struct, frozen=True, kw_only=True):
    """One of a closed set of strings."""

    options: tuple[str, ...]


class AnyValue(Struct, frozen=True, kw_only=True):
    """Any JSON value, such as a body."""


class Null(Struct, frozen=True, kw_only=True):
    """The value null."""


class Flag(Struct, frozen=True, kw_only=True):
    """True or false."""


class Number(Struct, frozen=True, kw_only=True):
    """Any number."""


class JsonWith(Struct, frozen=True, kw_only=True):
    """Any JSON value, in which some objects are described by `special`.

    These are objects with a name that starts with one `$`.

    A literal name that starts with `$` is written with `$$`.  `special` is a function, because its
    table may contain such values itself.
    """

    special: "Callable[[], FieldTable]"


class Either(Struct, frozen=True, kw_only=True):
    """One of several specs for different kinds of node: a scalar, a list, an object."""

    options: "tuple[Spec, ...]"


class ListOf(Struct, frozen=True, kw_only=True):
    """A list whose entries have one spec, with `least` to `most` entries (None: no bound)."""

    item: "Spec"
    least: int = 0
    most: int | None = None


class OneOrMany(Struct, frozen=True, kw_only=True):
    """One value, or a list of at least one value."""

    item: "Spec"


class Field(Struct, frozen=True, kw_only=True):
    """A named member of a table and the sentence that documents it."""

    spec: "Spec"
    says: str
    required: bool = False


class FieldTable(Struct, frozen=True, kw_only=True):
    """An object with named members.

    `keyed` describes members whose *names* are data (`POST`, header names): a pattern, its meaning,
    and their spec. `one_of` are names of which exactly one must be present; the word `keyed` stands
    for all members that `keyed` describes. `at_most_one_of` are names that exclude each other.
    `needs` maps a name to the name, or to one of several names, that must be given with it.
    """

    fields: MappingOf[str, Field] = field(default_factory=dict)
    keyed: "tuple[str, str, Spec] | None" = None
    one_of: tuple[str, ...] = ()
    at_most_one_of: tuple[str, ...] = ()
    needs: MappingOf[str, str | tuple[str, ...]] = field(default_factory=dict)


Leaf = Text | Whole | Amount | Choice | Null | Flag | Number
Spec = Leaf | AnyValue | JsonWith | Either | ListOf | OneOrMany | FieldTable
