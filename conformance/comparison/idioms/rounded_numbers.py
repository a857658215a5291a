"""Numbers that lost digits: integers in a double, or decimals that were rounded."""

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
"""A double has 53 bits for the digits (IEEE 754): it holds each integer up to this one."""
_DIGITS_OF_A_DOUBLE: Final = 308
"""The largest decimal exponent of doubles, about 1.8e308; the least with all digits is 2.2e-308."""
_SINGLE_RANGE: Final = (1e-37, 1e38)
"""Limits within those of single precision: at most about 3.4e38, and with all digits at least
1.2e-38."""
_DIGITS_OF_A_SINGLE: Final = range(6, 10)
"""How many digits may be needed to print a number of single precision uniquely."""
_ENOUGH_ALIKE: Final = Decimal("0.05")
"""The largest change by rounding, as a share of the number: 1.05 and 1.1 may be two numbers."""
_ENOUGH_DECIMALS: Final = 2
"""Numbers with fewer decimals than amounts of money are often two numbers, such as 0.5 and 0.49."""
_ULPS: Final = 4
"""How far apart, in units in the last place, two doubles may be that result from the same few
operations in another order."""


def rounded_integer(a: Json, b: Json) -> Spellings:
    """Recognise an integer past 2^53 on one side, and on the other what a double makes of it."""
    exact, rounded = _whole(a), _whole(b)
    if exact is None or rounded is None or exact == rounded:
        return None
    # most integers are smaller, and a double holds them exactly
    if abs(exact) <= _EXACT_IN_A_DOUBLE:
        return None
    if rounded not in _by_double(exact) or exact in _by_double(rounded):
        return None
    return "exact", "rounded to a double"


def _by_double(number: int) -> frozenset[int]:
    """Return what a double makes of an integer: its exact value, and the shortest decimal print.

    JavaScript prints 12345678901234567890 as 12345678901234567000; Python's json reads it as …168.
    """
    double = float(number)
    return frozenset({int(double), int(Decimal(repr(double)))})


def _whole(value: Json) -> int | None:
    """Return a number as an integer if it is whole and within the range of a double, else None."""
    number = decimal_of(value)
    if number is None or number.adjusted() > _DIGITS_OF_A_DOUBLE:
        return None
    is_whole = number == number.to_integral_value()
    return int(number) if is_whole else None


def decimal_of(value: Json) -> Decimal | None:
    """Return a number as a decimal; None for any other value, or one outside a double's range."""
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
    detect_pair=rounded_integer,
    broken=frozenset({"rounded to a double"}),
    harm=Harm.LOST,
)


def rounded_number(a: Json, b: Json) -> Spellings:
    """Recognise one number that the second side rounds, or holds in single precision."""
    first, second = decimal_of(a), decimal_of(b)
    if not first or not second or first == second:
        return None
    # past the range of a double nothing can be computed
    if max(first.adjusted(), second.adjusted()) > _DIGITS_OF_A_DOUBLE:
        return None
    # an integer has no decimals: with fewer digits it is another number
    if type(a) is type(b) is Lexeme:
        if _has_fewer_digits(first, second):
            return "more digits", "fewer digits"
        if _has_fewer_digits(second, first):
            return None  # asked again with the sides exchanged
    return _of_two_precisions(first, second)


def _of_two_precisions(exact: Decimal, single: Decimal) -> Spellings:
    """Recognise a number on one side, and on the other what single precision makes of it."""
    if not _is_single_of(exact, single):
        return None
    if _significant_digits(single) < _significant_digits(exact):
        return "more digits", "fewer digits"
    return "double precision", "single precision"


def _significant_digits(number: Decimal) -> int:
    """Return the number of digits without trailing zeros."""
    return len(number.normalize().as_tuple().digits)


def _has_fewer_digits(first: Decimal, second: Decimal) -> bool:
    """Return whether the second number is the first one with fewer decimals."""
    if not _decimals(second) < _decimals(first) <= _DIGITS_OF_A_DOUBLE:
        return False
    are_one_number = (_is_rounding, _of_one_double, _of_one_single)
    return any(is_one(first, second) for is_one in are_one_number)


def _is_single_of(exact: Decimal, single: Decimal) -> bool:
    """Return whether `single` is what single precision makes of a number that is not whole.

    It may be written as the nearest single, with the fewest digits that identify it, or as a
    double. Whole numbers are ids and counts, which are close to each other by chance.
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
    """Return whether single precision holds a number with full precision, not as 0 or infinity."""
    lowest, highest = _SINGLE_RANGE
    return lowest < abs(float(number)) < highest


def _as_single(number: float) -> float:
    """Return the number of single precision that is nearest to a double."""
    (single,) = struct.unpack("f", struct.pack("f", number))
    return float(single)


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _is_rounding(more: Decimal, fewer: Decimal) -> bool:
    """Return whether `fewer` is `more` rounded or cut off at its last digit."""
    apart = abs(more - fewer)
    if _decimals(fewer) < _ENOUGH_DECIMALS or apart > _ENOUGH_ALIKE * abs(fewer):
        return False
    unit = Decimal(1).scaleb(-_decimals(fewer))
    # some runtimes round half up or to even, others cut off
    is_rounded = apart <= unit / 2
    return is_rounded or more.quantize(unit, ROUND_DOWN) == fewer


def _of_one_double(a: Decimal, b: Decimal) -> bool:
    """Return whether two numbers are so close that the same few operations may give both."""
    return abs(float(a) - float(b)) <= _ULPS * math.ulp(float(b))


def _of_one_single(more: Decimal, fewer: Decimal) -> bool:
    """Return whether `more` is `fewer` in single precision, printed with more digits.

    Neither is zero or outside the range of single precision.
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
    detect_pair=rounded_number,
    applies_at=is_of_no_clock,
)
