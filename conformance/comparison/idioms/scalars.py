"""Idioms of single values: how a number, a point in time, one thing or nothing is written."""

import base64
import re
from typing import Final

from conformance.comparison.idioms.claim import Claim
from conformance.comparison.values.columns import Column, elements_of, kinds_of
from conformance.comparison.values.durations import as_seconds, form_of_duration
from conformance.comparison.values.lossless_json import Json, Lexeme, kind_of, spelling
from conformance.comparison.values.timestamps import as_utc, form_of_integer, form_of_text
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_ELEMENT, JsonPath

_NUMERIC: Final = frozenset({"integer", "number"})
_TRUTHS: Final = {"true": True, "false": False}
_URL_SAFE: Final = str.maketrans("+/", "-_")
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


def null_vs_empty_text(a: Column, b: Column) -> Claim | None:
    """See `null` on one side, `""` on the other; where all is null on one side, no text of the other says anything."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"null"} or "string" not in kinds_b or kinds_b - kinds_a - {"string"}:
        return None
    if "" not in b or ("string" not in kinds_a and any(b)):
        return None
    rest = (((), ["" if value is None else value for value in a], b),)
    return Claim(kind=DifferenceKind.TYPE, a_fact="null", b_fact="empty text", rest=rest)


def boolean_as_text(a: Column, b: Column) -> Claim | None:
    """See `"true"` on one side, `true` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if (
        kinds_a - kinds_b != {"string"}
        or kinds_b - kinds_a not in (frozenset(), {"boolean"})
        or "boolean" not in kinds_b
    ):
        return None
    if not all(value.lower() in _TRUTHS for value in a if isinstance(value, str)):
        return None
    rest = [_TRUTHS[value.lower()] if isinstance(value, str) else value for value in a]
    return Claim(kind=DifferenceKind.TYPE, a_fact="string", b_fact="boolean", rest=(((), rest, b),))


def boolean_as_number(a: Column, b: Column) -> Claim | None:
    """See `1` and `0` on one side, `true` and `false` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"integer"} or kinds_b - kinds_a != {"boolean"}:
        return None
    if not all(value in (0, 1) for value in a if kind_of(value) == "integer"):
        return None
    rest = [bool(value) if kind_of(value) == "integer" else value for value in a]
    return Claim(kind=DifferenceKind.TYPE, a_fact="integer", b_fact="boolean", rest=(((), rest, b),))


def base64_vs_bytes(a: Column, b: Column) -> Claim | None:
    """See bytes as base64 text on one side, as a list of numbers on the other; they must be the same bytes."""
    if len(a) != len(b) or kinds_of(a) != {"string"} or kinds_of(b) != {"array"} or not any(a):
        return None
    if not all(map(_encodes, a, b)):
        return None
    return Claim(kind=DifferenceKind.TYPE, a_fact="base64", b_fact="list of bytes", rest=())


def _encodes(text: str, numbers: list[Json]) -> bool:
    if not all(type(number) is int and 0 <= number <= 255 for number in numbers):  # noqa: PLR2004 - a byte
        return False
    encoded = base64.b64encode(bytes(numbers)).decode("ascii")
    return text.rstrip("=") in {encoded.rstrip("="), encoded.rstrip("=").translate(_URL_SAFE)}


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
    return Claim(kind=DifferenceKind.TYPE, a_fact=first, b_fact=second, rest=_spelled_out(a, b), respelled=True)


def _spelled_out(a: Column, b: Column) -> tuple[tuple[JsonPath, Column, Column]]:
    return (((), _as_numbers(a), _as_numbers(b)),)


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
    return Claim(kind=DifferenceKind.TYPE, a_fact="string", b_fact="number", rest=_spelled_out(a, b), respelled=True)


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


def duration_form(a: Column, b: Column) -> Claim | None:
    """See `1m30s` on one side and another form of a length of time on the other."""
    if not a or not b or not all(isinstance(value, str) and form_of_duration(value) for value in (a[0], b[0])):
        return None
    if not all(isinstance(value, str) for value in (*a, *b)):
        return None
    first, second = ({form_of_duration(value) for value in column} for column in (a, b))
    if None in first | second or first == second:
        return None
    facts = [" or ".join(sorted(map(str, forms))) for forms in (first, second)]
    rest = (((), [as_seconds(value) for value in a], [as_seconds(value) for value in b]),)
    return Claim(kind=DifferenceKind.TYPE, a_fact=facts[0], b_fact=facts[1], rest=rest)


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
