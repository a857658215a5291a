"""What rounding made of a number: a double of an integer, or fewer digits."""

import math
import struct
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Final

from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import is_of_no_clock
from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.lossless_json import Json, Lexeme, finite

_EXACT_IN_A_DOUBLE: Final = 1 << 53
"""A double has 53 bits for the digits (IEEE 754): it holds each integer up to here."""
_DIGITS_OF_A_DOUBLE: Final = 308
"""The largest double is about 1.8e308, and the least one with all its digits about 2.2e-308."""
_SINGLE_RANGE: Final = (1e-37, 1e38)
"""Within the largest single, about 3.4e38, and the least one with all its digits, about 1.2e-38."""
_DIGITS_OF_A_SINGLE: Final = range(6, 10)
"""So many digits tell a number of single precision from all others."""
_ENOUGH_ALIKE: Final = Decimal("0.05")
"""The most that rounding changes a number by, as a share of it: 1.05 and 1.1 may be two numbers."""
_ENOUGH_DECIMALS: Final = 2
"""Fewer decimals than of money are often two numbers: 0.5 beside 0.49."""
_ULPS: Final = 4
"""How far apart two doubles are that two orders of the same few operations give."""


def rounded_integer(a: Json, b: Json) -> Spellings:
    """See an integer past 2^53 on one side, and on the other what a double makes of it."""
    exact, rounded = _whole(a), _whole(b)
    if exact is None or rounded is None or exact == rounded:
        return None
    # a double holds smaller ones exactly: most integers are such, and need no look at the digits
    if abs(exact) <= _EXACT_IN_A_DOUBLE:
        return None
    if rounded not in _by_double(exact) or exact in _by_double(rounded):
        return None
    return "exact", "rounded to a double"


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
    if number is None or number.adjusted() > _DIGITS_OF_A_DOUBLE:
        return None
    is_whole = number == number.to_integral_value()
    return int(number) if is_whole else None


def decimal_of(value: Json) -> Decimal | None:
    """Return a number by value; one with too long an exponent has none."""
    if not is_numeric(value):
        return None
    number = finite(value)
    if number is None or number.adjusted() <= -_DIGITS_OF_A_DOUBLE:
        return None
    return number


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
    if not first or not second or first == second:
        return None
    # past the range of a double there is nothing to compute with
    if max(first.adjusted(), second.adjusted()) > _DIGITS_OF_A_DOUBLE:
        return None
    # an integer has no decimals: fewer digits of it are another number
    if type(a) is type(b) is Lexeme:
        if _has_fewer_digits(first, second):
            return "more digits", "fewer digits"
        if _has_fewer_digits(second, first):
            return None  # asked again with the sides exchanged
    return _of_two_precisions(first, second)


def _of_two_precisions(exact: Decimal, single: Decimal) -> Spellings:
    """See a number on one side, and what single precision makes of it on the other."""
    if not _is_single_of(exact, single):
        return None
    if _significant_digits(single) < _significant_digits(exact):
        return "more digits", "fewer digits"
    return "double precision", "single precision"


def _significant_digits(number: Decimal) -> int:
    """Return how many digits a number has without the zeros at its end."""
    return len(number.normalize().as_tuple().digits)


def _has_fewer_digits(first: Decimal, second: Decimal) -> bool:
    """Return whether the second number is the first one with fewer decimals."""
    if not _decimals(second) < _decimals(first) <= _DIGITS_OF_A_DOUBLE:
        return False
    are_one_number = (_is_rounding, _of_one_double, _of_one_single)
    return any(is_one(first, second) for is_one in are_one_number)


def _is_single_of(exact: Decimal, single: Decimal) -> bool:
    """Return whether a number is what single precision makes of another one.

    It is written as the nearest single, with as few digits as name it, or as a double.  Whole
    numbers are ids and counts, which lie near each other by chance.
    """
    if exact == exact.to_integral_value():
        return False
    if not _is_in_single_range(exact):
        return False
    nearest = _as_single(float(exact))
    written = {Decimal(nearest), Decimal(repr(nearest))}
    for digits in _DIGITS_OF_A_SINGLE:
        brief = f"{nearest:.{digits}g}"
        if _as_single(float(brief)) == nearest:
            written.add(Decimal(brief))
    return single in written


def _is_in_single_range(number: Decimal) -> bool:
    """Return whether single precision holds a number with all its digits, so that it is not 0."""
    lowest, highest = _SINGLE_RANGE
    return lowest < abs(float(number)) < highest


def _as_single(number: float) -> float:
    """Return the number of single precision that is nearest to another one."""
    (single,) = struct.unpack("f", struct.pack("f", number))
    return float(single)


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _is_rounding(more: Decimal, fewer: Decimal) -> bool:
    """Return whether a number is another one rounded to its digits, or cut off there."""
    apart = abs(more - fewer)
    if _decimals(fewer) < _ENOUGH_DECIMALS or apart > _ENOUGH_ALIKE * abs(fewer):
        return False
    unit = Decimal(1).scaleb(-_decimals(fewer))
    # some round half up or to even, others cut off
    is_rounded = apart <= unit / 2
    return is_rounded or more.quantize(unit, ROUND_DOWN) == fewer


def _of_one_double(a: Decimal, b: Decimal) -> bool:
    """Return whether two numbers are as near as the same few operations on doubles leave them."""
    return abs(float(a) - float(b)) <= _ULPS * math.ulp(float(b))


def _of_one_single(more: Decimal, fewer: Decimal) -> bool:
    """Return whether a number is what single precision makes of another one.

    Neither is zero or past the range of single precision.
    """
    if not _is_in_single_range(fewer):
        return False
    single = _as_single(float(fewer))
    # a double of 308 decimals has as many digits before them, and quantize needs all at once
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
