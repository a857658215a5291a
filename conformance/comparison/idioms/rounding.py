"""Numbers that two sides round differently to the same number of digits."""

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
from conformance.comparison.idioms.boundaries import is_counted
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
"""A value of at least ten units of its last digit is close to one that differs by a unit: 0.10 and
0.11."""


def rounding_mode(found: Difference, answers: WholeAnswers) -> Spellings:
    """Recognise one number that two sides round differently to as many digits: 0.125 to 0.12, 0.13.

    Last digits that are one apart are not enough evidence.  One of these must be added: the request
    or both bodies have the exact number; or the numbers have enough digits; or the difference
    occurs several times, and the same side is always nearer to zero.  A number in the request may
    be rounded on one side and cut off on the other.  A number in both bodies must be exactly
    between the two: any other may be there by chance.  It is no evidence of counts and positions,
    which are never rounded.
    """
    pairs = _pairs_of(found)
    # one way of rounding always gives the number nearer to zero
    nearer_to_zero = set(starmap(_is_nearer_to_zero, pairs))
    if len(nearer_to_zero) != 1:
        return None
    # last digits one apart may be two measurements: there must be evidence of one exact number
    of_bodies = () if any(map(is_counted, found.known_paths)) else answers.common_numbers
    is_shown = partial(_is_shown, requested=answers.requested_numbers, of_bodies=of_bodies)
    if not _by_digits(pairs) and not any(starmap(is_shown, pairs)):
        return None
    first_is_nearer = nearer_to_zero.pop()
    facts = ("last digit lower", "last digit higher")
    return facts if first_is_nearer else facts[::-1]


def _is_nearer_to_zero(x: Decimal, y: Decimal) -> bool:
    """Return whether the first number is nearer to zero."""
    return abs(x) < abs(y)


def _pairs_of(found: Difference) -> list[_Pair]:
    """Return the pairs of numbers in a difference; empty unless all last digits are one apart."""
    if found.kind is not DifferenceKind.VALUE or found.paths is None:
        return []
    # two clocks are never read at the same moment
    if not all(map(is_of_no_clock, found.paths)):
        return []
    pairs = starmap(_pair, map(attrgetter("both"), found.occurrences))
    one_apart = not_none(takewhile(partial(is_not, None), pairs))
    return one_apart if len(one_apart) == len(found.occurrences) else []


def _pair(a: Json, b: Json) -> _Pair | None:
    """Return two numbers with equally many decimals whose last digits are one apart, or None."""
    if type(a) is not type(b) or type(a) not in {int, Lexeme}:
        return None
    try:
        x, y = Decimal(spelling(a)), Decimal(spelling(b))
        are_one_apart = _are_one_apart(x, y)
    except (InvalidOperation, ValueError):
        return None
    return (x, y) if are_one_apart else None


def _are_one_apart(x: Decimal, y: Decimal) -> bool:
    """Return whether two numbers of one sign have equally many decimals and are one unit apart."""
    if x.as_tuple().exponent != y.as_tuple().exponent:
        return False
    unit = Decimal(1).scaleb(-_decimals(x))
    has_one_sign = x * y >= 0
    return has_one_sign and abs(x - y) == unit


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _by_digits(pairs: Sequence[_Pair]) -> bool:
    """Return whether digits prove one number: enough decimals, and many digits or several pairs."""
    if min(map(_decimals, map(itemgetter(0), pairs))) < _ENOUGH_DECIMALS:
        return False
    are_all_long = all(map(_has_many_units, chain.from_iterable(pairs)))
    return are_all_long or len(pairs) >= _ENOUGH_TIMES


def _has_many_units(number: Decimal) -> bool:
    """Return whether a number is at least ten units of its last digit."""
    return abs(number).scaleb(_decimals(number)) >= _ENOUGH_UNITS


def _is_shown(
    x: Decimal, y: Decimal, requested: Sequence[Decimal], of_bodies: Sequence[Decimal]
) -> bool:
    """Return whether the request or both bodies have a number that rounds to both of two."""
    check()
    low, high = sorted((x, y), key=abs)
    # a number between the two was cut off on one side, or rounded to even
    half = (low + high) / 2
    first, last = sorted((half, high))
    requested_between = _between(requested, first, last)
    is_requested = any(map(partial(ne, high), requested_between))
    return is_requested or bool(_between(of_bodies, half, half))


def _between(numbers: Sequence[Decimal], first: Decimal, last: Decimal) -> Sequence[Decimal]:
    """Return the numbers of an ascending sequence from `first` to `last`, both included."""
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
