"""Idioms of tables: cells without quotes, and rows that do not fit their header."""

from itertools import chain, repeat
from operator import methodcaller
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.cells import HEADER, ROWS, SEPARATORS, written
from conformance.comparison.bodies.kind_names import TABLE
from conformance.comparison.difference import (
    ABSENT,
    ANOTHER_ORDER,
    PRESENT,
    SOMETIMES_PRESENT,
    Difference,
)
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import IdiomClaim, two_forms
from conformance.comparison.idioms.conditions import between, for_equal_lengths
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.members import NULL_VS_ABSENT, ZERO_VALUE_VS_ABSENT
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import sole
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_ELEMENT, JsonPath

_TOO_MANY: Final = "more cells than the header"
_NO_MORE: Final = "no more than the header"
_OF_PRESENCE: Final = frozenset({None, NULL_VS_ABSENT.name, ZERO_VALUE_VS_ABSENT.name})
"""The causes that a difference may have before uneven rows explain it: none, or a member left out.
"""
_PRESENCE_FACTS: Final = {fact: fact for fact in (ABSENT, SOMETIMES_PRESENT)}
_ROW: Final[JsonPath] = (ROWS, ANY_ELEMENT)


@between("array", "object")
@for_equal_lengths
def unquoted_separator(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise a row with more cells than the header, because a cell was cut at a separator."""
    if not all(map(_is_cut, a, b)):
        return None
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact="not quoted", b_fact="quoted", rest=())


def _is_cut(cells: list[str], row: dict[str, Json]) -> bool:
    """Return whether the cells are those of a whole row, of which some were cut at a separator."""
    # joined by the separator again, cut cells give the same text as the whole row
    whole = list(map(written, row.values()))
    if len(cells) <= len(whole):
        return False
    return any(separator.join(cells) == separator.join(whole) for separator in SEPARATORS)


UNQUOTED_SEPARATOR: Final = Idiom(
    name="unquoted-separator",
    title="a cell with a separator and without quotes",
    explanation="A cell that holds the separator is not quoted on one side, so that its row has "
    "more cells than the header.",
    cures=cures(
        "not quoted",
        bodies={TABLE},
        go=("csv.Writer instead of strings.Join", 3),
        rust=("the Writer of the csv crate instead of join", 3),
        python=("csv.writer instead of join", 3),
        typescript=("a writer of CSV, which quotes, instead of join", 5),
        java=("a writer of CSV, which quotes, instead of String.join", 5),
        csharp=("a writer of CSV, which quotes, instead of string.Join", 5),
    ),
    detect=unquoted_separator,
    broken=frozenset({"not quoted"}),
    harm=Harm.LOST,
)


def of_uneven_rows(found: Difference, a: Json, b: Json) -> Difference:
    """Return a difference of two tables with the idiom of uneven rows, if such rows explain it.

    A row with more cells than the header is a list; a row with fewer lacks members that the headers
    of both sides name.
    """
    path = sole(set(found.known_paths))
    if found.idiom not in _OF_PRESENCE or path is None:
        return found
    facts = _uneven_facts(found, path, (a, b))
    if facts is None:
        return found
    return replace(found, idiom=UNEVEN_ROWS.name, facts=facts)


def _uneven_facts(
    found: Difference, path: JsonPath, tables: tuple[Json, Json]
) -> tuple[str, str] | None:
    """Return the facts of a difference if uneven rows explain it, else None."""
    if path == _ROW:
        return _facts_of_rows(found)
    if not found.is_of_presence or path[:-1] != _ROW:
        return None
    # a column that one header lacks is a missing member, not a short row
    first, second = map(methodcaller("get", HEADER, ()), tables)
    if path[-1] not in {*first}.intersection(second):
        return None
    return _facts_of_presence(found)


def _facts_of_presence(found: Difference) -> tuple[str, str]:
    """Return for each side whether rows have the cell, always or sometimes, whatever its value."""
    first, second = map(_PRESENCE_FACTS.get, found.facts, repeat(PRESENT))
    return first, second


def _facts_of_rows(found: Difference) -> tuple[str, str] | None:
    """Return the facts where only one side has rows with too many cells, else None."""
    if found.kind is not DifferenceKind.TYPE:
        return None
    return two_forms(*map(_length_of_rows, found.facts))


def _length_of_rows(kinds: str) -> str:
    """Return the fact for the kinds of rows: those that are lists have too many cells."""
    return _TOO_MANY if "array" in kinds else _NO_MORE


def is_shown_by_rows(found: Difference, a: Json, b: Json) -> bool:
    """Return whether a difference of two headers is also reported for the rows.

    A name that one header has alone is a member of the rows there; the order of names is not.
    """
    place = next(iter(found.known_paths), ())
    is_of_header = place[:1] == (HEADER,)
    if not is_of_header or found.idiom == ANOTHER_ORDER:
        return False
    members, other_members = _members_of_rows(a), _members_of_rows(b)
    if not members or not other_members:
        return False
    names, others = set(a.get(HEADER, ())), set(b.get(HEADER, ()))
    return names ^ others <= members | other_members


def _members_of_rows(table: Json) -> set[str]:
    """Return the names of the members of all rows of a table that are objects."""
    return set(chain.from_iterable(filter(_is_by_name, table[ROWS])))


def _is_by_name(row: Json) -> bool:
    return isinstance(row, dict)


UNEVEN_ROWS: Final = Idiom(
    name="uneven-rows",
    title="rows with more or fewer cells than the header",
    explanation="A row has more or fewer cells than the header on one side, so that readers refuse "
    "it, or put its cells into other columns.",
    cures=cures(
        _TOO_MANY,
        ABSENT,
        SOMETIMES_PRESENT,
        bodies={TABLE},
        go=("a record as long as the header for each Write: csv.Writer does not count", 3),
        rust=("the Writer of the csv crate without flexible(true): it refuses such a row", 1),
        python=("csv.DictWriter, which writes a cell for each name of the header", 3),
        typescript=("one list of columns, from which the header and each row are written", 3),
        java=("one list of columns, from which the header and each row are written", 3),
        csharp=("one class for each row, which CsvHelper writes member by member", 3),
    ),
    broken=frozenset({_TOO_MANY, ABSENT, SOMETIMES_PRESENT}),
    harm=Harm.LOST,
)
