"""Numbers that both sides round to as many digits, each in its own way."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import chain, starmap, takewhile
from operator import attrgetter, is_not, itemgetter, ne
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.difference import Difference
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import is_of_no_clock
from conformance.comparison.idioms.whole_answers import WholeAnswers
from conformance.comparison.values.lossless_json import Json, Lexeme, spelling
from conformance.comparison.values.objects import not_none
from conformance.model.finding import DifferenceKind

_Pair = tuple[Decimal, Decimal]
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
    pairs = _pairs_of(found)
    # one rounding is always on the same side of another one
    nearer_to_zero = set(starmap(_is_nearer_to_zero, pairs))
    if len(nearer_to_zero) != 1:
        return None
    # last digits one apart may be two measurements: something must show the number itself
    is_shown = partial(_is_shown, answers=answers)
    if not _by_digits(pairs) and not any(starmap(is_shown, pairs)):
        return None
    first_is_nearer = nearer_to_zero.pop()
    facts = ("last digit lower", "last digit higher")
    return facts if first_is_nearer else facts[::-1]


def _is_nearer_to_zero(x: Decimal, y: Decimal) -> bool:
    return abs(x) < abs(y)


def _pairs_of(found: Difference) -> list[_Pair]:
    """Return the numbers that a difference is seen in; nothing where not all are one apart."""
    if found.kind is not DifferenceKind.VALUE or found.paths is None:
        return []
    # two clocks are never read at one moment
    if not all(map(is_of_no_clock, found.paths)):
        return []
    pairs = starmap(_pair, map(attrgetter("both"), found.occurrences))
    one_apart = not_none(takewhile(partial(is_not, None), pairs))
    return one_apart if len(one_apart) == len(found.occurrences) else []


def _pair(a: Json, b: Json) -> _Pair | None:
    """Return two numbers with as many digits of which the last are one apart."""
    if type(a) is not type(b) or type(a) not in {int, Lexeme}:
        return None
    try:
        x, y = Decimal(spelling(a)), Decimal(spelling(b))
        are_one_apart = _are_one_apart(x, y)
    except (InvalidOperation, ValueError):
        return None
    return (x, y) if are_one_apart else None


def _are_one_apart(x: Decimal, y: Decimal) -> bool:
    """Return whether two numbers of one sign have as many digits, the last one apart."""
    if x.as_tuple().exponent != y.as_tuple().exponent:
        return False
    unit = Decimal(1).scaleb(-_decimals(x))
    has_one_sign = x * y >= 0
    return has_one_sign and abs(x - y) == unit


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _by_digits(pairs: Sequence[_Pair]) -> bool:
    """Return whether numbers have digits enough to be the same number by themselves."""
    if min(map(_decimals, map(itemgetter(0), pairs))) < _ENOUGH_DECIMALS:
        return False
    are_all_long = all(map(_has_many_units, chain.from_iterable(pairs)))
    return are_all_long or len(pairs) >= _ENOUGH_TIMES


def _has_many_units(number: Decimal) -> bool:
    return abs(number).scaleb(_decimals(number)) >= _ENOUGH_UNITS


def _is_shown(x: Decimal, y: Decimal, answers: WholeAnswers) -> bool:
    """Return whether a number is there that rounds to both of two."""
    check()
    low, high = sorted((x, y), key=abs)
    # a number that lies between the two was cut off on one side, or rounded to even
    half = (low + high) / 2
    first, last = sorted((half, high))
    asked = _between(answers.requested_numbers, first, last)
    is_asked = any(map(partial(ne, high), asked))
    return is_asked or bool(_between(answers.common_numbers, half, half))


def _between(numbers: Sequence[Decimal], first: Decimal, last: Decimal) -> Sequence[Decimal]:
    """Return the numbers of an ascending sequence in a range, both of its ends included."""
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]


ROUNDING_MODE: Final = Idiom(
    name="rounding-mode",
    title="different rounding",
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
