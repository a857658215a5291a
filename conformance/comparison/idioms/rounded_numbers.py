"""What rounding made of a number: a double of an integer, or fewer digits."""

import math
import struct
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Final

from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import is_of_no_clock
from conformance.comparison.values.lossless_json import Json, Lexeme, finite, kind_of

_NUMERIC: Final = frozenset({"integer", "number"})
_EXACT_IN_A_DOUBLE: Final = 1 << 53
_DIGITS_OF_A_DOUBLE: Final = 308
_SINGLE_RANGE: Final = (1e-37, 1e38)
_DIGITS_OF_A_SINGLE: Final = range(6, 10)
"""So many digits tell a number of single precision from all others."""
_ENOUGH_ALIKE: Final = Decimal("0.05")
_ENOUGH_DECIMALS: Final = 2
_ULPS: Final = 4
"""How far apart two doubles are that two orders of the same few operations give."""


def rounded_integer(a: Json, b: Json) -> Spellings:
    """See an integer past 2^53 on one side, and on the other what a double makes of it."""
    exact, rounded = _whole(a), _whole(b)
    if exact is None or rounded is None or exact == rounded or abs(exact) <= _EXACT_IN_A_DOUBLE:
        return None
    went_through = rounded in _by_double(exact) and exact not in _by_double(rounded)
    return ("exact", "rounded to a double") if went_through else None


def _by_double(number: int) -> frozenset[int]:
    """Return what a whole number is after a double: its exact value, and the shortest print.

    JavaScript prints 12345678901234567890 as 12345678901234567000, Python's json reads it back as
    …168.
    """
    double = float(number)
    return frozenset({int(double), int(Decimal(repr(double)))})


def _whole(value: Json) -> int | None:
    """Return a whole number that a double can be near, however it is written."""
    number = decimal_of(value)
    if (
        number is None
        or number.adjusted() > _DIGITS_OF_A_DOUBLE
        or number != number.to_integral_value()
    ):
        return None
    return int(number)


def decimal_of(value: Json) -> Decimal | None:
    """Return a number by value; one with too long an exponent has none."""
    number = finite(value) if kind_of(value) in _NUMERIC else None
    return number if number is None or number.adjusted() > -_DIGITS_OF_A_DOUBLE else None


ROUNDED_INTEGER: Final = Idiom(
    name="rounded-integer",
    title="integer rounded to a double",
    explanation="An integer past 2^53 went through a double on one side and lost its last digits.",
    cures=cures(
        "rounded to a double",
        go=("int64 or json.Number instead of interface{}, which decodes to float64", 3),
        rust=("i64 or u64 instead of f64", 1),
        python=("int instead of float", 1),
        typescript=(
            (
                "a BigInt, written as a raw number by JSON.rawJSON() of Node 22 and later: number "
                "is a double"
            ),
            10,
        ),
        java=("long or BigInteger instead of double", 1),
        csharp=("long or BigInteger instead of double", 1),
    ),
    respelled=rounded_integer,
    broken=frozenset({"rounded to a double"}),
    harm=Harm.LOST,
)


def rounded_number(a: Json, b: Json) -> Spellings:
    """See more digits on one side, and the same number with fewer, or in single precision."""
    first, second = decimal_of(a), decimal_of(b)
    if (
        not first
        or not second
        or first == second
        or max(first.adjusted(), second.adjusted()) > _DIGITS_OF_A_DOUBLE
    ):
        return None
    both = isinstance(a, Lexeme) and isinstance(b, Lexeme)
    if both and _has_fewer_digits(first, second):
        return "more digits", "fewer digits"
    if (both and _has_fewer_digits(second, first)) or not _is_single_of(first, second):
        return None
    fewer = len(second.normalize().as_tuple().digits) < len(first.normalize().as_tuple().digits)
    return ("more digits", "fewer digits") if fewer else ("double precision", "single precision")


def _has_fewer_digits(first: Decimal, second: Decimal) -> bool:
    """Return whether the second number is the first one with fewer decimals."""
    return _decimals(second) < _decimals(first) <= _DIGITS_OF_A_DOUBLE and (
        _is_rounding(first, second)
        or _of_one_double(first, second)
        or _of_one_single(first, second)
    )


def _is_single_of(exact: Decimal, single: Decimal) -> bool:
    """Return whether a number is what single precision makes of another one.

    It is written as the nearest single, with as few digits as name it, or as a double.  Whole
    numbers are ids and counts, which lie near each other by chance.
    """
    if exact == exact.to_integral_value():
        return False
    if not _SINGLE_RANGE[0] < abs(float(exact)) < _SINGLE_RANGE[1]:
        return False
    nearest = _as_single(float(exact))
    written = {Decimal(nearest), Decimal(repr(nearest))}
    brief = (f"{nearest:.{digits}g}" for digits in _DIGITS_OF_A_SINGLE)
    written.update(Decimal(each) for each in brief if _as_single(float(each)) == nearest)
    return single in written


def _as_single(number: float) -> float:
    """Return the number of single precision that is nearest to another one."""
    (single,) = struct.unpack("f", struct.pack("f", number))
    return float(single)


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _is_rounding(more: Decimal, fewer: Decimal) -> bool:
    """Return whether a number is another one rounded to its digits, or cut off there."""
    if _decimals(fewer) < _ENOUGH_DECIMALS or abs(more - fewer) > _ENOUGH_ALIKE * abs(fewer):
        return False
    unit = Decimal(1).scaleb(-_decimals(fewer))
    return abs(more - fewer) <= unit / 2 or more.quantize(unit, ROUND_DOWN) == fewer


def _of_one_double(a: Decimal, b: Decimal) -> bool:
    """Return whether two numbers are as near as the same few operations on doubles leave them."""
    return abs(float(a) - float(b)) <= _ULPS * math.ulp(float(b))


def _of_one_single(more: Decimal, fewer: Decimal) -> bool:
    """Return whether a number is what single precision makes of another one.

    Neither is zero or past the range of single precision.
    """
    if not _SINGLE_RANGE[0] < abs(float(fewer)) < _SINGLE_RANGE[1]:
        return False
    single = _as_single(float(fewer))
    with localcontext(prec=_DIGITS_OF_A_DOUBLE * 3):
        return Decimal(single).quantize(Decimal(1).scaleb(-_decimals(more))) == more


ROUNDED_NUMBER: Final = Idiom(
    name="rounded-number",
    title="number with fewer digits",
    explanation="The same number has more digits on one side, as when one computes in single "
    "precision or rounds.",
    cures=cures(
        go=("one precision and one rounding for all: float64 or float32", 2),
        rust=("one precision and one rounding for all: f64 or f32", 2),
        python=("round() in one place, or none", 1),
        typescript=("toFixed in one place, or none", 1),
        java=("one precision and one rounding for all: double or float", 2),
        csharp=("one precision and one rounding for all: double or float", 2),
    ),
    any_body=True,
    by_chance=True,
    respelled=rounded_number,
    place=is_of_no_clock,
)
