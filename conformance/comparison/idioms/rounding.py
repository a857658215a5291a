"""Numbers that both sides round to as many digits, each in its own way."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.difference import Difference
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import is_of_no_clock
from conformance.comparison.idioms.whole_answers import WholeAnswers
from conformance.comparison.values.lossless_json import Json, Lexeme, spelling
from conformance.model.finding import DifferenceKind

_ENOUGH_DECIMALS: Final = 2
_ENOUGH_TIMES: Final = 2
_ENOUGH_UNITS: Final = 10
"""A value of so many units of its last digit is near another one that is one unit away: 0.10 and
0.11.
"""


def rounding_mode(found: Difference, answers: WholeAnswers) -> Spellings:
    """See one number that two sides round in two ways to the same digits: 0.125 as 0.12, 0.13.

    That the last digits are one apart is no evidence yet.  The number itself is, in the request or
    on both sides; and so is that it happens several times, each time the same side being nearer to
    zero, or that the digits are many.  A number in the request may be rounded on one side and cut
    off on the other.  One beside the two must lie just between them: any other may be there by
    chance.
    """
    if (
        found.kind is not DifferenceKind.VALUE
        or found.paths is None
        or not all(map(is_of_no_clock, found.paths))
    ):
        return None
    pairs = [_pair(seen.a, seen.b) for seen in found.occurrences]
    known = [pair for pair in pairs if pair is not None]
    if len(known) < len(pairs) or len({abs(x) < abs(y) for x, y in known}) != 1:
        return None
    if not _by_digits(known) and not any(_is_shown(x, y, answers) for x, y in known):
        return None
    x, y = known[0]
    return (
        ("last digit lower", "last digit higher")
        if abs(x) < abs(y)
        else ("last digit higher", "last digit lower")
    )


def _pair(a: Json, b: Json) -> tuple[Decimal, Decimal] | None:
    """Return two numbers with as many digits of which the last are one apart."""
    if type(a) is not type(b) or not isinstance(a, int | Lexeme) or isinstance(a, bool):
        return None
    try:
        x, y = Decimal(spelling(a)), Decimal(spelling(b))
        unit = Decimal(1).scaleb(int(x.as_tuple().exponent))
        fits = x.as_tuple().exponent == y.as_tuple().exponent and abs(x - y) == unit and x * y >= 0
    except (InvalidOperation, ValueError):
        return None
    return (x, y) if fits else None


def _by_digits(pairs: Iterable[tuple[Decimal, Decimal]]) -> bool:
    """Return whether numbers have digits enough to be the same number by themselves."""
    decimals = [-int(x.as_tuple().exponent) for x, _ in pairs]
    if min(decimals) < _ENOUGH_DECIMALS:
        return False
    return len(decimals) >= _ENOUGH_TIMES or all(
        min(abs(x), abs(y)).scaleb(count) >= _ENOUGH_UNITS
        for (x, y), count in zip(pairs, decimals, strict=True)
    )


def _is_shown(x: Decimal, y: Decimal, answers: WholeAnswers) -> bool:
    """Return whether a number is there that rounds to both of two."""
    check()
    low, high = sorted((x, y), key=abs)
    half = (low + high) / 2
    first, last = sorted((half, high))
    asked = answers.requested_numbers
    at = bisect_left(asked, first)
    is_asked = any(number != high for number in asked[at : bisect_right(asked, last)])
    common = answers.common_numbers
    at = bisect_left(common, half)
    return is_asked or (at < len(common) and common[at] == half)


ROUNDING_MODE: Final = Idiom(
    name="rounding-mode",
    title="rounded another way",
    explanation="Both sides write as many digits and the last ones are one apart, as when one "
    "rounds half up and the other to even, or cuts off.",
    cures=cures(
        go=("math.RoundToEven or math.Round in one place; fmt rounds the binary value to even", 3),
        rust=(
            "round() or round_ties_even() in one place; format! rounds the binary value to even",
            3,
        ),
        python=("decimal.quantize with a named rounding; round() rounds to even", 3),
        typescript=(
            "one rounding function; toFixed() rounds the binary value, Math.round() half up",
            3,
        ),
        java=("BigDecimal.setScale with a named RoundingMode", 3),
        csharp=("Math.Round with a named MidpointRounding; the default is to even", 3),
    ),
    any_body=True,
    whole=rounding_mode,
    harm=Harm.LOST,
)
