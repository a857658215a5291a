"""Groups the elements of paired columns by the way in which they differ.

In `["1", 2]` beside `[1, "2"]`, the first pair has the text on one side, the second pair on the
other side.  Facts about the whole columns would fit neither pair.
"""

from collections.abc import Sequence
from itertools import chain, compress, filterfalse, repeat
from operator import eq, ne
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.idioms.claim import two_forms
from conformance.comparison.idioms.detection import detect_claim
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.markup import namespace_of
from conformance.comparison.idioms.numbers import is_integer_beside_float
from conformance.comparison.values.columns import CONTAINERS, Column, holds_only
from conformance.comparison.values.lossless_json import Json, kind_of, spelling
from conformance.comparison.values.objects import grouped, picked, positions_by, positions_of

_FRACTIONS: Final = "integers and fractions"
"""The common kind of integers and numbers in a column with fractions."""
_IN_ONE_KIND: Final = {"integer": _FRACTIONS, "number": _FRACTIONS}
"""The kinds of numbers, each with that common kind."""
_OF_SEVERAL: Final = " or "
"""The separator in a fact that names several forms."""
_Claimed = tuple[str, ...]
"""The name of the idiom that claims two values, and the fact of each side; or nothing."""
_UNCLAIMED: Final[_Claimed] = ()
"""What is claimed of values that no idiom claims."""
ENOUGH_ALIKE: Final = 500
"""An idiom that explains none of this many elements is not tried on the others."""


def partition(
    columns: tuple[Column, Column], of_forms: Sequence[Idiom], *, in_markup: bool = False
) -> list[list[int]]:
    """Return the positions of paired values, grouped by the kinds of both sides.

    Values of one kind are in one group, except for values in different forms, which are grouped by
    the claims of the idioms `of_forms`.  Elements of XML are grouped by their namespaces.
    """
    are_objects = all(map(holds_only, columns, repeat(dict)))  # such as the rows of two tables
    if are_objects:
        if in_markup:
            return _by_namespaces(columns)
        return [list(range(len(columns[0])))]
    kinds_a, kinds_b = _kinds(*columns)
    alike = positions_of(map(eq, kinds_a, kinds_b))
    unlike = positions_of(map(ne, kinds_a, kinds_b))
    both_kinds = zip(picked(kinds_a, unlike), picked(kinds_b, unlike), strict=True)
    by_kinds = grouped(zip(both_kinds, unlike, strict=True))
    return list(filter(None, [*_by_form(columns, alike, of_forms), *by_kinds.values()]))


def _by_namespaces(columns: tuple[Column, Column]) -> list[list[int]]:
    """Return the positions of elements, grouped by the namespaces in which the sides differ."""
    a, b = columns
    unlike = map(two_forms, map(namespace_of, a), map(namespace_of, b))
    return list(positions_by(unlike).values())


def _kinds(a: Column, b: Column) -> tuple[list[str], list[str]]:
    """Return the kind of each value in two columns.

    If any number has a fraction, all numbers have one kind, except for pairs such as 5 and 5.0.
    """
    kinds_a: list[str] = list(map(kind_of, a))
    kinds_b: list[str] = list(map(kind_of, b))
    # in a list of 1.5 and 2, the integer is a number without fraction by chance
    if not _have_integers_and_fractions([*a, *b], [*kinds_a, *kinds_b]):
        return kinds_a, kinds_b
    # but beside 2.0 it shows how each side writes whole numbers
    keep = list(map(is_integer_beside_float, a, b))
    return _with_one_kind_of_numbers(kinds_a, keep), _with_one_kind_of_numbers(kinds_b, keep)


def _have_integers_and_fractions(values: Column, kinds: Sequence[str]) -> bool:
    """Return whether there are both integers and numbers with a fraction, given the kinds."""
    if "integer" not in kinds:
        return False
    return any(map(_has_fraction, compress(values, map("number".__eq__, kinds))))


def _with_one_kind_of_numbers(kinds: Sequence[str], keep: Sequence[bool]) -> list[str]:
    """Return kinds with one kind for all numbers, except at positions to keep."""
    return [
        kind if is_kept else _IN_ONE_KIND.get(kind, kind)
        for kind, is_kept in zip(kinds, keep, strict=True)
    ]


def _has_fraction(number: Json) -> bool:
    """Return whether a number has a fraction that is not zero."""
    _, _, fraction = spelling(number).partition(".")
    return fraction.rstrip("0") != ""


def _by_form(
    columns: tuple[Column, Column], alike: list[int], idioms: Sequence[Idiom]
) -> list[list[int]]:
    """Return the positions of values of one kind, grouped by the forms in which they differ."""
    a, b = columns
    scalars = [at for at in alike if type(a[at]) not in CONTAINERS]
    apart = list(compress(scalars, map(ne, picked(a, scalars), picked(b, scalars))))
    groups = _by_claim(picked(a, apart), picked(b, apart), apart, idioms)
    groups.pop(_UNCLAIMED, None)
    claimed = set(chain.from_iterable(groups.values()))
    others = list(filterfalse(claimed.__contains__, alike))
    return [others, *groups.values()]


def _by_claim(
    a: Column, b: Column, positions: list[int], idioms: Sequence[Idiom]
) -> dict[_Claimed, list[int]]:
    """Return positions grouped by the idiom that claims their values, and its facts."""
    if not positions:
        return {}
    claims = _Claims(idioms)
    # a shortcut: one idiom usually explains all values
    together = claims.claimed(a, b)
    is_of_several = any(_OF_SEVERAL in fact for fact in together)
    if together and not is_of_several:
        return {together: positions}
    groups: dict[_Claimed, list[int]] = {}
    for tried, (at, x, y) in enumerate(zip(positions, a, b, strict=True)):
        # stop early: if no idiom claims that many values, none will
        if tried == ENOUGH_ALIKE and not any(groups):
            break
        groups.setdefault(claims.claimed_of_values(x, y), []).append(at)
    return groups


class _Claims:
    """Tries idioms on values, and caches the results for texts, because lists repeat them."""

    def __init__(self, idioms: Sequence[Idiom]) -> None:
        self._idioms = idioms
        self._of_texts: dict[tuple[Json, Json], _Claimed] = {}

    def claimed_of_values(self, x: Json, y: Json) -> _Claimed:
        """Return the idiom that claims two values of one kind, with its facts."""
        if type(x) is not str:
            return self.claimed([x], [y])
        if (x, y) not in self._of_texts:
            self._of_texts[x, y] = self.claimed([x], [y])
        return self._of_texts[x, y]

    def claimed(self, a: Column, b: Column) -> _Claimed:
        """Return the idiom that claims two columns, with its facts."""
        check()
        for idiom in self._idioms:
            claim = detect_claim(idiom, a, b)
            if claim is not None:
                return idiom.name, claim.a_fact, claim.b_fact
        return _UNCLAIMED
