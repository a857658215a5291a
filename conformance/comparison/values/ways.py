"""Which elements of paired columns differ in one way.

Of `["1", 2]` beside `[1, "2"]` the first element is a text on one side, and the second one on the
other.  Facts about the whole columns would be true of neither.
"""

from collections.abc import Sequence
from itertools import chain, compress, filterfalse, repeat
from operator import eq, ne
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.idioms.asking import ask
from conformance.comparison.idioms.claim import two_forms
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.markup import namespace_of
from conformance.comparison.values.columns import CONTAINERS, Column, holds_only
from conformance.comparison.values.lossless_json import Json, kind_of, spelling
from conformance.comparison.values.objects import grouped, picked, positions_by, positions_of

_NUMERIC: Final = frozenset({"integer", "number"})
_FRACTIONS: Final = "integers and fractions"
_OF_SEVERAL: Final = " or "
_Way = tuple[str, ...]
"""The name of the idiom that claims two values, and the fact of either; empty where none does."""
_UNCLAIMED: Final[_Way] = ()
ENOUGH_ALIKE: Final = 500
"""An idiom that explains none of so many elements of a list is not asked about the others."""


def by_way(
    columns: tuple[Column, Column], of_forms: Sequence[Idiom], *, in_markup: bool = False
) -> list[list[int]]:
    """Return the positions of paired values by how these differ: by the kinds of both sides.

    Values of one kind are together, but for those that differ in form: as which one of the idioms
    `of_forms` says.  Elements of XML are together whose namespaces differ in one way.
    """
    are_objects = all(map(holds_only, columns, repeat(dict)))  # as the rows of two tables
    if are_objects:
        if in_markup:
            return _by_namespaces(columns)
        return [list(range(len(columns[0])))]
    kinds_a, kinds_b = map(_kinds, columns)
    alike = positions_of(map(eq, kinds_a, kinds_b))
    unlike = positions_of(map(ne, kinds_a, kinds_b))
    both_kinds = zip(picked(kinds_a, unlike), picked(kinds_b, unlike), strict=True)
    by_kinds = grouped(zip(both_kinds, unlike, strict=True))
    return list(filter(None, [*_by_form(columns, alike, of_forms), *by_kinds.values()]))


def _by_namespaces(columns: tuple[Column, Column]) -> list[list[int]]:
    """Part elements that are in two namespaces by these; the others stay together."""
    a, b = columns
    unlike = map(two_forms, map(namespace_of, a), map(namespace_of, b))
    return list(positions_by(unlike).values())


def _kinds(column: Column) -> list[str]:
    """Return the kind of each value.

    Where numbers have fractions, an integer is one of them that has none.
    """
    kinds: list[str] = list(map(kind_of, column))
    # in a list of 1.5 and 2 an integer is a number that happens to be whole
    if "integer" not in kinds:
        return kinds
    numbers = compress(column, map("number".__eq__, kinds))
    if not any(map(_has_fraction, numbers)):
        return kinds
    return [_FRACTIONS if kind in _NUMERIC else kind for kind in kinds]


def _has_fraction(number: Json) -> bool:
    _, _, fraction = spelling(number).partition(".")
    return fraction.rstrip("0") != ""


def _by_form(
    columns: tuple[Column, Column], alike: list[int], idioms: Sequence[Idiom]
) -> list[list[int]]:
    """Part values of one kind: those that differ in form from those that do not."""
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
) -> dict[_Way, list[int]]:
    """Group positions of values by the idiom that claims them and as what."""
    if not positions:
        return {}
    claims = _Claims(idioms)
    # most often one idiom explains all of them, which takes one question
    together = claims.way(a, b)
    is_of_several = any(_OF_SEVERAL in fact for fact in together)
    if together and not is_of_several:
        return {together: positions}
    groups: dict[_Way, list[int]] = {}
    for tried, (at, x, y) in enumerate(zip(positions, a, b, strict=True)):
        # to ask about each of many values takes time: so many without a claim show that none
        # explains them
        if tried == ENOUGH_ALIKE and not any(groups):
            break
        groups.setdefault(claims.way_of_values(x, y), []).append(at)
    return groups


class _Claims:
    """Asks idioms about values; a list has the same texts again and again, so these are kept."""

    def __init__(self, idioms: Sequence[Idiom]) -> None:
        self._idioms = idioms
        self._of_texts: dict[tuple[Json, Json], _Way] = {}

    def way_of_values(self, x: Json, y: Json) -> _Way:
        """Return which idiom claims two values of one kind, and as what."""
        if type(x) is not str:
            return self.way([x], [y])
        if (x, y) not in self._of_texts:
            self._of_texts[x, y] = self.way([x], [y])
        return self._of_texts[x, y]

    def way(self, a: Column, b: Column) -> _Way:
        """Return which idiom claims two columns, and as what."""
        check()
        for idiom in self._idioms:
            claim = ask(idiom, a, b)
            if claim is not None:
                return idiom.name, claim.a_fact, claim.b_fact
        return _UNCLAIMED
