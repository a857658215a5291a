"""How a number is written: its type, its digits, and what rounding made of it."""

import re
import struct
from decimal import Decimal, InvalidOperation
from typing import Final

from conformance.comparison.idioms.claim import IdiomClaim, Rest, Spellings
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.values.columns import Column, kinds_of
from conformance.comparison.values.lossless_json import Json, Lexeme, kind_of, same_number, spelling
from conformance.model.finding import DifferenceKind

_NUMERIC: Final = frozenset({"integer", "number"})


_NUMBER_TEXT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


_SAFE_INTEGER: Final = 1 << 53


_DOUBLE: Final = 1 << 1023


_SINGLE_RANGE: Final = (Decimal("1e-37"), Decimal("1e38"))


_ENOUGH_ALIKE: Final = Decimal("0.05")


_ENOUGH_DECIMALS: Final = 2


def integer_vs_float(a: Column, b: Column) -> IdiomClaim | None:
    """See `1` on one side, `1.0` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    apart = kinds_a ^ kinds_b
    if not apart or not apart <= _NUMERIC or not kinds_a & _NUMERIC or not kinds_b & _NUMERIC:
        return None
    if "number" in kinds_a and "number" not in kinds_b:
        return None  # asked again with the sides exchanged
    if not _may_be_the_same(a, b):
        return None
    first = " or ".join(sorted(kinds_a & _NUMERIC))
    second = " or ".join(sorted(kinds_b & _NUMERIC))
    return IdiomClaim(kind=DifferenceKind.TYPE, a_fact=first, b_fact=second, rest=_spelled_out(a, b), respelled=True)


def _may_be_the_same(a: Column, b: Column) -> bool:
    """Tell whether integers of one column may be the other's numbers: where they correspond, they are equal."""
    if len(a) == len(b):
        pairs = (pair for pair in zip(a, b, strict=True) if {kind_of(pair[0]), kind_of(pair[1])} == _NUMERIC)
        return all(same_number(x, y) for x, y in pairs)
    if kinds_of(a) & _NUMERIC == kinds_of(b) & _NUMERIC or "integer" in kinds_of(a) & kinds_of(b):
        return True
    return all(Decimal(spelling(value)) % 1 == 0 for value in (*a, *b) if kind_of(value) == "number")


def _spelled_out(a: Column, b: Column) -> tuple[Rest]:
    return (Rest(a=_as_numbers(a), b=_as_numbers(b)),)


def _as_numbers(column: Column) -> Column:
    """Return a column with every number, and every number written as text, of one kind."""
    return [_as_number(value) for value in column]


def _as_number(value: Json) -> Json:
    if isinstance(value, str) and _NUMBER_TEXT.match(value):
        return Lexeme(value.encode("ascii"))
    return Lexeme(spelling(value).encode("ascii")) if kind_of(value) == "integer" else value


INTEGER_VS_FLOAT: Final = Idiom(
    name="integer-vs-float",
    title="integer vs float",
    explanation="The same number is written with a fraction on one side and without on the other.",
    cures=cures(
        go=("the field's type: int64 or float64; encoding/json writes a whole float64 as an integer", 5),
        rust=("the field's type: i64 or f64", 1),
        python=("int() or float() where the body is built", 1),
        typescript=("a number formatter; JSON.stringify writes 1.0 as 1", 5),
        java=("the field's type: long or double", 1),
        csharp=("the property's type: long or double; System.Text.Json writes 1.0 as 1", 5),
    ),
    detect=integer_vs_float,
)


def number_as_string(a: Column, b: Column) -> IdiomClaim | None:
    """See `"12"` on one side, `12` on the other."""
    kinds_a, kinds_b = kinds_of(a), kinds_of(b)
    if kinds_a - kinds_b != {"string"} or not kinds_b - kinds_a <= _NUMERIC or not kinds_b & _NUMERIC:
        return None
    if not all(_NUMBER_TEXT.match(value) for value in a if isinstance(value, str)):
        return None
    return IdiomClaim(
        kind=DifferenceKind.TYPE, a_fact="string", b_fact="number", rest=_spelled_out(a, b), respelled=True
    )


NUMBER_AS_STRING: Final = Idiom(
    name="number-as-string",
    title="number as string",
    explanation="A number is written as text on one side, often to keep more digits than a double holds.",
    cures=cures(
        go=("the `,string` option of the struct tag", 1),
        rust=("serde_with::DisplayFromStr on the field", 2),
        python=("the field's type in the response model", 1),
        typescript=("Number() or String() where the body is built", 1),
        java=("@JsonFormat(shape = STRING), or ToStringSerializer", 1),
        csharp=("[JsonNumberHandling(WriteAsString)]", 1),
    ),
    detect=number_as_string,
)


def rounded_integer(a: Json, b: Json) -> Spellings:
    """See an integer past 2^53 on one side, and on the other what a double makes of it."""
    if type(a) is not int or type(b) is not int or not _SAFE_INTEGER < abs(a) < _DOUBLE:
        return None
    return ("exact", "rounded to a double") if int(float(a)) == b != a else None


ROUNDED_INTEGER: Final = Idiom(
    name="rounded-integer",
    title="integer rounded to a double",
    explanation="An integer past 2^53 went through a double on one side and lost its last digits.",
    cures=cures(
        go=("int64 or json.Number instead of interface{}, which decodes to float64", 3),
        rust=("i64 or u64 instead of f64", 1),
        python=("int instead of float", 1),
        typescript=("a string or BigInt: number is a double", 10),
        java=("long or BigInteger instead of double", 1),
        csharp=("long or BigInteger instead of double", 1),
    ),
    respelled=rounded_integer,
    broken=frozenset({"rounded to a double"}),
)


def rounded_number(a: Json, b: Json) -> Spellings:
    """See more digits on one side, and the same number with fewer on the other."""
    if not isinstance(a, Lexeme) or not isinstance(b, Lexeme):
        return None
    try:
        first, second = Decimal(spelling(a)), Decimal(spelling(b))
    except InvalidOperation:
        return None
    decimals, fewer = -int(first.as_tuple().exponent), -int(second.as_tuple().exponent)
    if not fewer < decimals < _DOUBLE.bit_length() or not first or not second or first == second:
        return None
    unit = Decimal(1).scaleb(-fewer)
    apart = abs(first - second)
    in_last_place = fewer >= _ENOUGH_DECIMALS and apart < unit and apart <= _ENOUGH_ALIKE * abs(second)
    return ("more digits", "fewer digits") if in_last_place or _same_single(first, second) else None


def _same_single(a: Decimal, b: Decimal) -> bool:
    """Tell whether two numbers are one number of single precision, neither zero nor past its range there."""
    try:
        packed = struct.pack("f", float(a))
        return _SINGLE_RANGE[0] < abs(a) < _SINGLE_RANGE[1] and packed == struct.pack("f", float(b))
    except OverflowError:
        return False


ROUNDED_NUMBER: Final = Idiom(
    name="rounded-number",
    title="number with fewer digits",
    explanation="The same number has more digits on one side, as when one computes in single precision or rounds.",
    cures=cures(
        go=("float64 instead of float32, or one rounding for all", 2),
        rust=("f64 instead of f32, or one rounding for all", 2),
        python=("round() in one place, or none", 1),
        typescript=("toFixed in one place, or none", 1),
        java=("double instead of float, or one rounding for all", 2),
        csharp=("double instead of float, or one rounding for all", 2),
    ),
    respelled=rounded_number,
)
