"""Idioms of single values: how a number, a point in time, one thing or nothing is written."""

import re
from typing import Final

from conformance.comparison.columns import Column, elements_of, kinds_of
from conformance.comparison.idioms.claim import Claim
from conformance.comparison.timestamps import form_of_integer, form_of_text
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_ELEMENT

_NUMERIC: Final = frozenset({"integer", "number"})
_NUMBER_TEXT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


def null_vs_empty_list(a: Column, b: Column) -> Claim | None:
    """See `null` on one side, `[]` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"null"} or "array" not in kinds_b or kinds_b - kinds_a - {"array"}:
        return None
    if not any(value == [] for value in b):
        return None
    return Claim(kind=DifferenceKind.TYPE, a_fact="null", b_fact="empty list")


def integer_vs_float(a: Column, b: Column) -> Claim | None:
    """See `1` on one side, `1.0` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    apart = kinds_a ^ kinds_b
    if not apart or not apart <= _NUMERIC or not kinds_a & _NUMERIC or not kinds_b & _NUMERIC:
        return None
    if "number" in kinds_a and "number" not in kinds_b:
        return None  # asked again with the sides exchanged
    first = " or ".join(sorted(kinds_a & _NUMERIC))
    return Claim(kind=DifferenceKind.TYPE, a_fact=first, b_fact=" or ".join(sorted(kinds_b & _NUMERIC)))


def number_as_string(a: Column, b: Column) -> Claim | None:
    """See `"12"` on one side, `12` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"string"} or not kinds_b - kinds_a <= _NUMERIC or not kinds_b & _NUMERIC:
        return None
    if not all(_NUMBER_TEXT.match(value) for value in a if isinstance(value, str)):
        return None
    return Claim(kind=DifferenceKind.TYPE, a_fact="string", b_fact="number")


def timestamp_form(a: Column, b: Column) -> Claim | None:
    """See `2026-11-23T00:00:00Z` on one side and another form of a moment on the other."""
    if (None in a) != (None in b) or (first := _forms(a)) is None:
        return None
    second = _forms(b)
    if second is None or first == second:
        return None
    return Claim(kind=DifferenceKind.TYPE, a_fact=first, b_fact=second)


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
    """See `"x"` on one side, `["x"]` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_b != {"array"} or not kinds_a or kinds_a & {"array", "null"}:
        return None
    inside = kinds_of(elements_of(b))
    if not inside or not inside <= kinds_a:
        return None
    rest = (((ANY_ELEMENT,), a, elements_of(b)),)
    return Claim(kind=DifferenceKind.TYPE, a_fact="single value", b_fact="list", rest=rest)
