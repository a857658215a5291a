"""Which elements of paired columns differ in one way.

Of `["1", 2]` beside `[1, "2"]` the first element is a text on one side, and the second one on the
other.  Facts about the whole columns would be true of neither.
"""

from collections.abc import Sequence
from itertools import chain, compress
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.idioms.asking import ask
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.columns import CONTAINERS, Column, holds_only
from conformance.comparison.values.lossless_json import Json, kind_of, spelling

_NUMERIC: Final = frozenset({"integer", "number"})
_FRACTIONS: Final = "integers and fractions"
_OF_SEVERAL: Final = " or "
_Way = tuple[str, ...]
"""The name of the idiom that claims two values, and the fact of either; empty where none does."""
ENOUGH_ALIKE: Final = 500
"""An idiom that explains none of so many elements of a list is not asked about the others."""


def by_way(columns: tuple[Column, Column], of_forms: Sequence[Idiom]) -> list[list[int]]:
    """Return the positions of paired values by how these differ: by the kinds of both sides.

    Values of one kind are together, but for those that differ in form: as which one of the idioms
    `of_forms` says.
    """
    if all(holds_only(column, dict) for column in columns):
        return [list(range(len(columns[0])))]
    kinds, others = map(_kinds, columns)
    if kinds == others:
        return list(filter(None, _by_form(columns, list(range(len(kinds))), of_forms)))
    found: dict[tuple[str, str], list[int]] = {}
    alike: list[int] = []
    for at, (first, second) in enumerate(zip(kinds, others, strict=True)):
        (alike if first == second else found.setdefault((first, second), [])).append(at)
    return [group for group in (*_by_form(columns, alike, of_forms), *found.values()) if group]


def _kinds(column: Column) -> list[str]:
    """Return the kind of each value.

    Where numbers have fractions, an integer is one of them that has none.
    """
    kinds: list[str] = list(map(kind_of, column))
    numbers = map("number".__eq__, kinds)
    if "number" not in kinds or not any(map(_has_fraction, compress(column, numbers))):
        return kinds
    return [_FRACTIONS if kind in _NUMERIC and "integer" in kinds else kind for kind in kinds]


def _has_fraction(number: Json) -> bool:
    return not spelling(number).rstrip("0").endswith(".") and "." in spelling(number)


def _by_form(
    columns: tuple[Column, Column], alike: list[int], idioms: Sequence[Idiom]
) -> list[list[int]]:
    """Part values of one kind: those that differ in form from those that do not."""
    a, b = columns
    apart = [at for at in alike if type(a[at]) not in CONTAINERS and a[at] != b[at]]
    groups = _by_claim(columns, apart, idioms) if apart else {}
    if not any(groups):
        return [alike]
    claimed = set(chain.from_iterable(found for way, found in groups.items() if way))
    others = [at for at in alike if at not in claimed]
    return [others, *(positions for way, positions in groups.items() if way)]


def _by_claim(
    columns: tuple[Column, Column], apart: list[int], idioms: Sequence[Idiom]
) -> dict[_Way, list[int]]:
    """Group positions by the idiom that claims them and as what, unclaimed under an empty name."""
    a, b = columns
    together = _claimed(idioms, [a[at] for at in apart], [b[at] for at in apart])
    if together and not any(_OF_SEVERAL in fact for fact in together):
        return {together: apart}
    groups: dict[_Way, list[int]] = {}
    of_texts: dict[tuple[Json, Json], _Way] = {}
    for count, at in enumerate(apart):
        if count == ENOUGH_ALIKE and not any(groups):
            break
        pair = (a[at], b[at])
        way = of_texts.get(pair) if type(a[at]) is str else None
        if way is None:
            way = _claimed(idioms, [a[at]], [b[at]])
            if type(a[at]) is str:
                of_texts[pair] = way
        groups.setdefault(way, []).append(at)
    return groups


def _claimed(idioms: Sequence[Idiom], a: Column, b: Column) -> _Way:
    check()
    for idiom in idioms:
        claim = ask(idiom, a, b)
        if claim is not None:
            return idiom.name, claim.a_fact, claim.b_fact
    return ()
