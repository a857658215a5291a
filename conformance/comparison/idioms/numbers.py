"""How a number is written: as an integer, with a fraction, or as text."""

import re
from collections.abc import Callable, Hashable, Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal, InvalidOperation
from typing import Final

from conformance.comparison.bodies.kind_names import TABLE
from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import is_only_against
from conformance.comparison.idioms.idiom import Idiom, cures, cures_everywhere
from conformance.comparison.idioms.rounded_numbers import decimal_of
from conformance.comparison.values.columns import Column, is_numeric, is_text, kinds_of
from conformance.comparison.values.lossless_json import (
    Json,
    Kind,
    Lexeme,
    finite,
    kind_of,
    parse_text,
    spelling,
)
from conformance.model.finding import DifferenceKind

_OTHER_KIND: Final = {"integer": "number", "number": "integer"}
_NUMERIC: Final[frozenset[Kind]] = frozenset({"integer", "number"})
_NUMBER_TEXT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


def integer_vs_float(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `1` on one side, `1.0` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    # each side may have numbers of this kind beside those of the other kind
    apart, numeric_a, numeric_b = kinds_a ^ kinds_b, kinds_a & _NUMERIC, kinds_b & _NUMERIC
    are_numeric = apart <= _NUMERIC and all((apart, numeric_a, numeric_b))
    # numbers on the first side only are recognised with the sides exchanged
    if not are_numeric or "number" in kinds_a - kinds_b:
        return None
    # 5 beside 5.3 are two numbers, which do not show how either is written
    example = _whole_numbers(a, b)
    if example is None:
        return None
    first, second = _numeric_kinds(a, b)
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact=_any_of(first),
        b_fact=_any_of(second),
        of_columns=(
            _any_of((kinds_a - kinds_b) or numeric_a),
            _any_of((kinds_b - kinds_a) or numeric_b),
        ),
        rest=_spelled_out(a, b),
        respelled=True,
        shown_by=is_integer_beside_float,
        example=example,
    )


def _any_of(kinds: AbstractSet[str]) -> str:
    return " or ".join(sorted(kinds))


def _numeric_kinds(a: Column, b: Column) -> tuple[AbstractSet[str], AbstractSet[str]]:
    """Return the kinds of number in each column, if possible only where the two columns differ.

    In columns of one length, this is at the same positions.
    """
    both = zip(map(kind_of, a), map(kind_of, b), strict=False)
    differing = {kinds for kinds in both if {*kinds} == _NUMERIC}
    if len(a) != len(b) or not differing:
        return kinds_of(a) & _NUMERIC, kinds_of(b) & _NUMERIC
    first, second = zip(*differing, strict=True)
    return set(first), set(second)


def _whole_numbers(a: Column, b: Column) -> tuple[int, int] | None:
    """Return the positions of an integer and of a whole number with a fraction, or None.

    The two must be equal, or all numbers of both columns must be whole.
    """
    equal = _of_both_kinds(a, b, finite)
    if equal is not None:
        return equal
    if not all(map(_is_whole, filter(is_numeric, [*a, *b]))):
        return None
    # all are whole: then any two numbers of both kinds show it
    return _of_both_kinds(a, b, is_numeric)


def _of_both_kinds(a: Column, b: Column, key: Callable[[Json], Hashable]) -> tuple[int, int] | None:
    """Return the positions of an integer and a number of the other kind with one key, or None.

    A key of None equals no other.
    """
    there: dict[tuple[Hashable, str], int] = {}
    for at, number in _numbers(b):
        there.setdefault((key(number), kind_of(number)), at)
    for at, number in _numbers(a):
        own = key(number)
        other = there.get((own, _OTHER_KIND[kind_of(number)]))
        if own is not None and other is not None:
            return at, other
    return None


def _numbers(column: Column) -> Iterator[tuple[int, Json]]:
    """Yield the numbers of a column with their positions."""
    return filter(lambda each: is_numeric(each[1]), enumerate(column))


def is_integer_beside_float(x: Json, y: Json) -> bool:
    """Return whether one is an integer, the other a whole number with a fraction: 5 and 5.0."""
    are_of_both_kinds = {kind_of(x), kind_of(y)} == _NUMERIC
    return are_of_both_kinds and all(map(_is_whole, (x, y)))


def _is_whole(value: Json) -> bool:
    """Return whether a number has no decimals but zeros: 1, 1.0, 10e-1."""
    try:
        number = Decimal(spelling(value))
        return number.is_finite() and number == number.to_integral_value()
    except InvalidOperation:
        return True


def _spelled_out(a: Column, b: Column) -> tuple[Rest]:
    """Return two columns with all numbers, also those written as text, in one kind.

    Integers stay integers where there is no other number: a rule may be about integers.
    """
    # a text may hold a fraction, and then the numbers beside it are compared as such, too
    first, second = list(map(number_in, a)), list(map(number_in, b))
    if "number" in kinds_of(first) | kinds_of(second):
        first, second = list(map(_as_number, first)), list(map(_as_number, second))
    return (Rest(a=first, b=second),)


def number_in(value: Json) -> Json:
    """Return the number that a text is, as JSON writes it; any other value itself."""
    if not isinstance(value, str) or not _NUMBER_TEXT.match(value):
        return value
    return parse_text(value)


def _as_number(value: Json) -> Json:
    if kind_of(value) != "integer":
        return value
    return Lexeme(spelling(value).encode("ascii"))


def _has_no_exponent(own: str, wanted: str) -> bool:
    return "e" not in f"{own}{wanted}".lower()


INTEGER_VS_FLOAT: Final = Idiom(
    name="integer-vs-float",
    title="integer vs float",
    explanation="A whole number is written as 1 on one side, and with a fraction or an exponent, "
    "as 1.0 or 1e0, on the other.",
    cures=cures(
        "integer",
        fits=_has_no_exponent,
        go=("a MarshalJSON that writes 1.0; encoding/json writes whole numbers as 1", 5),
        rust=("f64 instead of an integer type", 1),
        python=("float instead of int", 1),
        typescript=(
            (
                "a raw number, as JSON.rawJSON() of Node 22 and later writes it; JSON.stringify "
                "writes 1"
            ),
            5,
        ),
        java=("double instead of long", 1),
        csharp=("a converter that writes 1.0, or decimal with its digits", 5),
    )
    + cures(
        "number",
        fits=_has_no_exponent,
        # Elsewhere the member may have fractions: then no integer type can hold it.
        go=("float64, which encoding/json writes as 1, or an integer type for whole numbers", 5),
        rust=("an integer type instead of f64, or one that writes 1 where it has no fraction", 1),
        python=("int instead of float, or whole numbers made int before they are written", 1),
        typescript=("JSON.stringify of the number itself instead of a raw text with a fraction", 5),
        java=("long instead of double, or a serializer that strips trailing zeros", 1),
        csharp=("an integer type, or a converter that writes whole numbers without a fraction", 5),
    )
    + cures_everywhere(where="the number in the form of the others: 2 or 2.0, 100 or 1e2", lines=5)
    + cures(
        "integer",
        bodies={TABLE},
        fits=_has_no_exponent,
        go=("strconv.FormatFloat with the digits that the others write", 1),
        rust=("a format such as {:.1} where the row is written", 1),
        python=("float instead of int, or a format such as {:.1f} where the row is written", 1),
        typescript=("toFixed() where the row is written", 1),
        java=("String.format() with the digits that the others write", 1),
        csharp=("ToString() with the digits that the others write", 1),
    )
    + cures(
        "number",
        bodies={TABLE},
        fits=_has_no_exponent,
        go=("strconv.FormatFloat with precision -1 where the row is written", 1),
        rust=("to_string() of the number where the row is written: it writes 2.0 as 2", 1),
        python=("int instead of float where the row is written", 1),
        typescript=("String() of the number instead of toFixed() where the row is written", 1),
        java=("stripTrailingZeros() and toPlainString() of a BigDecimal", 1),
        csharp=("ToString() without a format with digits", 1),
    )
    + cures_everywhere(
        bodies={TABLE}, where="the number in the form of the others: 2 or 2.0, 100 or 1e2", lines=1
    ),
    detect=integer_vs_float,
)


def number_as_string(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `"12"` on one side, `12` on the other."""
    if not is_only_against("string", _NUMERIC, a, b) or kinds_of(b).isdisjoint(_NUMERIC):
        return None
    if not all(map(_NUMBER_TEXT.match, filter(is_text, a))):
        return None
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact="string",
        b_fact="number",
        rest=_spelled_out(a, b),
        respelled=True,
    )


def _fits_a_double(own: str, _: str) -> bool:
    """Return whether a text of digits is a number that a double holds exactly as printed."""
    digits = own.strip('"')
    if not _NUMBER_TEXT.match(digits):
        return False
    number = decimal_of(Lexeme(digits.encode()))
    return number is not None and number == Decimal(repr(float(number)))


def _has_the_same_digits(own: str, wanted: str) -> bool:
    """Return whether the digits of a number are those of the text that another runtime sent.

    True if the other value is no text, as it says nothing about the spelling.
    """
    # another runtime may also send a number there, whose digits say nothing about the text
    is_number_beside_text = wanted.startswith('"') and _NUMBER_TEXT.match(own)
    return not is_number_beside_text or own.strip('"') == wanted.strip('"')


NUMBER_AS_STRING: Final = Idiom(
    name="number-as-string",
    title="number as string",
    explanation="A number is written as text on one side, often to keep more digits than a double "
    "holds.",
    cures=cures(
        "string",
        go=(
            (
                "a number type that keeps all digits, int64 or json.Number, without the `,string` "
                "option"
            ),
            1,
        ),
        rust=(
            "a number type that keeps all digits for the field, without serde_with::DisplayFromStr",
            2,
        ),
        python=(
            (
                "a number type that keeps all digits for the field in the response model: int for "
                "whole numbers"
            ),
            1,
        ),
        java=(
            (
                "a number type that keeps all digits, without @JsonFormat(shape = STRING): long or "
                "BigDecimal"
            ),
            1,
        ),
        csharp=(
            (
                "a number type that keeps all digits, without [JsonNumberHandling(WriteAsString)]: "
                "long or decimal"
            ),
            1,
        ),
    )
    + cures("string", fits=_fits_a_double, typescript=("Number() where the body is built", 1))
    + cures(
        "string",
        typescript=(
            (
                "the digits as a raw number, as JSON.rawJSON() of Node 22 and later writes them; "
                "Number() loses some"
            ),
            5,
        ),
    )
    + cures(
        "number",
        fits=_has_the_same_digits,
        go=("the `,string` option of the struct tag", 1),
        rust=("serde_with::DisplayFromStr on the field", 2),
        python=("the type str for the field in the response model", 1),
        typescript=("String() where the body is built; a BigInt where the value is past 2^53", 1),
        java=("@JsonFormat(shape = STRING), or ToStringSerializer", 1),
        csharp=("[JsonNumberHandling(WriteAsString)]", 1),
    )
    + cures(
        "number",
        go=(
            (
                "a text with the digits that the others send: strconv.FormatFloat with their "
                "number, or a decimal type"
            ),
            5,
        ),
        rust=(
            (
                "a text with the digits that the others send: format! with their number, or a "
                "decimal type"
            ),
            5,
        ),
        python=(
            (
                "a text with the digits that the others send: format() with their number, or "
                "Decimal as str"
            ),
            3,
        ),
        typescript=(
            (
                "a text with the digits that the others send: toFixed() with their number, or a "
                "decimal type"
            ),
            3,
        ),
        java=(
            "a text with the digits that the others send: BigDecimal.setScale and toPlainString",
            5,
        ),
        csharp=("a text with the digits that the others send: decimal.ToString with a format", 3),
    ),
    detect=number_as_string,
)
