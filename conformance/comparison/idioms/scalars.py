"""Idioms of single values: how a number, a point in time, one thing or nothing is written."""

import re
from typing import Final

from conformance.comparison.columns import Column, elements_of, kinds_of
from conformance.comparison.idioms.claim import Claim
from conformance.comparison.lossless_json import Json, Lexeme, kind_of, spelling
from conformance.comparison.timestamps import as_utc, form_of_integer, form_of_text
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_ELEMENT

_NUMERIC: Final = frozenset({"integer", "number"})
_NUMBER_TEXT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


def null_vs_empty_list(a: Column, b: Column) -> Claim | None:
    """See `null` on one side, `[]` on the other; where all is null on one side, no list of the other holds anything."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"null"} or "array" not in kinds_b or kinds_b - kinds_a - {"array"}:
        return None
    if [] not in b or ("array" not in kinds_a and any(b)):
        return None
    rest = (((), [[] if value is None else value for value in a], b),)
    return Claim(kind=DifferenceKind.TYPE, a_fact="null", b_fact="empty list", rest=rest)


def integer_vs_float(a: Column, b: Column) -> Claim | None:
    """See `1` on one side, `1.0` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    apart = kinds_a ^ kinds_b
    if not apart or not apart <= _NUMERIC or not kinds_a & _NUMERIC or not kinds_b & _NUMERIC:
        return None
    if "number" in kinds_a and "number" not in kinds_b:
        return None  # asked again with the sides exchanged
    first = " or ".join(sorted(kinds_a & _NUMERIC))
    second = " or ".join(sorted(kinds_b & _NUMERIC))
    return Claim(kind=DifferenceKind.TYPE, a_fact=first, b_fact=second, rest=(((), _as_numbers(a), _as_numbers(b)),))


def _as_numbers(column: Column) -> Column:
    """Return a column with every number, and every number written as text, of one kind."""
    return [_as_number(value) for value in column]


def _as_number(value: Json) -> Json:
    if isinstance(value, str) and _NUMBER_TEXT.match(value):
        return Lexeme(value.encode("ascii"))
    return Lexeme(spelling(value).encode("ascii")) if kind_of(value) == "integer" else value


def number_as_string(a: Column, b: Column) -> Claim | None:
    """See `"12"` on one side, `12` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"string"} or not kinds_b - kinds_a <= _NUMERIC or not kinds_b & _NUMERIC:
        return None
    if not all(_NUMBER_TEXT.match(value) for value in a if isinstance(value, str)):
        return None
    rest = (((), _as_numbers(a), _as_numbers(b)),)
    return Claim(kind=DifferenceKind.TYPE, a_fact="string", b_fact="number", rest=rest)


def timestamp_form(a: Column, b: Column) -> Claim | None:
    """See `2026-11-23T00:00:00Z` on one side and another form of a moment on the other."""
    if (None in a) != (None in b) or (first := _forms(a)) is None:
        return None
    second = _forms(b)
    if second is None or first == second:
        return None
    only_date = "date" in f"{first} or {second}".split(" or ")
    rest = (((), _as_utc(a, only_date=only_date), _as_utc(b, only_date=only_date)),)
    return Claim(kind=DifferenceKind.TYPE, a_fact=first, b_fact=second, rest=rest)


def _as_utc(column: Column, *, only_date: bool) -> Column:
    return [value if value is None else as_utc(value, only_date=only_date) for value in column]


def _forms(column: Column) -> str | None:
    """Name the forms of a column in which every value but null is a timestamp."""
    forms: set[str] = set()
    for value in column:
        if value is None:
            continue
        form = form_of_text(value) if isinstance(value, str) else form_of_integer(value) if type(value) is int else None
        if form is None:
            return None
        forms.add(form)
    return " or ".join(sorted(forms)) or None


def scalar_vs_list(a: Column, b: Column) -> Claim | None:
    """See `"x"` on one side, `["x"]` on the other; a list of several is no single value."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_b != {"array"} or not kinds_a or kinds_a & {"array", "null"} or any(len(value) != 1 for value in b):
        return None
    inside = kinds_of(elements_of(b))
    if not inside or not inside <= kinds_a:
        return None
    rest = (((ANY_ELEMENT,), a, elements_of(b)),)
    return Claim(kind=DifferenceKind.TYPE, a_fact="single value", b_fact="list", rest=rest)
