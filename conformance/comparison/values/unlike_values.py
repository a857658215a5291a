"""Paired values that are not equal, each with the cause that explains it."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.difference import DIFFERS
from conformance.comparison.idioms.asking import respelled
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.times import TIMESTAMP_FORM
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import CONTAINERS
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.node import Node
from conformance.comparison.values.ways import ENOUGH_ALIKE

_Cause = tuple[Idiom | None, tuple[str, str]]
"""The first idiom that explains two values, if any does, and the fact of either side."""
_NONE: _Cause = (None, (DIFFERS, DIFFERS))


class UnlikeValues(Struct, frozen=True):
    """The positions in two columns that are unequal in one way, the idiom if any, both facts."""

    positions: Sequence[int]
    idiom: Idiom | None
    facts: tuple[str, str]


def unlike_values(
    node: Node, respelling: Sequence[Idiom], loosening: Loosening
) -> list[UnlikeValues]:
    """Return which paired values of two columns are unequal.

    Containers are compared below.  Times that a rule excuses but for how they are written are named
    by that alone, whatever else could explain them: the next run has others.
    """
    unequal = dict(_unequal(node))
    causes: dict[_Cause, list[int]] = {}
    for at in list(unequal) if TIMESTAMP_FORM in respelling else ():
        forms = loosening.clock_forms(*unequal[at], node.paths)
        if forms is not None:
            causes.setdefault((TIMESTAMP_FORM, forms), []).append(at)
            del unequal[at]
    for cause, positions in _causes(node, respelling, unequal).items():
        causes.setdefault(cause, []).extend(positions)
    return [UnlikeValues(positions, idiom, facts) for (idiom, facts), positions in causes.items()]


def _unequal(node: Node) -> Iterator[tuple[int, tuple[Json, Json]]]:
    """Yield the positions of two columns at which scalars are unequal, and these."""
    for at, (x, y) in enumerate(zip(*node.columns, strict=True)):
        of = type(x)
        if of is type(y) and (of in CONTAINERS or x == y):
            continue
        if (of is type(y) or kind_of(x) == kind_of(y)) and node.pairing.same(x, y):
            continue
        check()
        yield at, (x, y)


def _causes(
    node: Node, respelling: Sequence[Idiom], unequal: Mapping[int, tuple[Json, Json]]
) -> dict[_Cause, list[int]]:
    """Return what explains unequal values by what they are alone, and the positions of each."""
    causes: dict[_Cause, list[int]] = {}
    idioms = [idiom for idiom in respelling if all(map(idiom.place, node.paths))]
    for idiom in [idiom for idiom in idioms if idiom.by_chance]:
        if any(respelled(idiom, x, y) is None for x, y in unequal.values()):
            idioms.remove(idiom)
    for count, (at, (x, y)) in enumerate(unequal.items()):
        check()
        if count == ENOUGH_ALIKE:
            idioms = [idiom for idiom in idioms if any(idiom is known for known, _ in causes)]
        causes.setdefault(_cause(idioms, x, y), []).append(at)
    return causes


def _cause(idioms: Sequence[Idiom], x: Json, y: Json) -> _Cause:
    """Return what explains two values: a list's element is judged as if it stood alone."""
    explained = ((idiom, respelled(idiom, x, y)) for idiom in idioms)
    return next(((idiom, facts) for idiom, facts in explained if facts is not None), _NONE)
