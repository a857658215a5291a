"""Paired values that are not equal, and the cause that explains every one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.comparison.budget import check
from conformance.comparison.difference import DIFFERS
from conformance.comparison.idioms.asking import respelled
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.columns import CONTAINERS
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.node import Node


@dataclass(frozen=True, slots=True)
class UnlikeValues:
    """The positions of unequal values in two columns, the idiom that explains all of them, and the fact of either."""

    positions: Sequence[int]
    idiom: Idiom | None
    facts: tuple[str, str]


def unlike_values(
    node: Node, respelling: Sequence[Idiom], near: Callable[[Json, Json], bool] | None
) -> UnlikeValues | None:
    """Return which paired values of two columns are unequal and not `near`; containers are compared below."""
    causes: dict[Idiom, set[tuple[str, str]]] = {
        idiom: set() for idiom in respelling if all(map(idiom.place, node.paths))
    }
    positions: list[int] = []
    for at, (x, y) in enumerate(zip(*node.columns, strict=True)):
        of = type(x)
        if of is type(y) and (of in CONTAINERS or x == y):
            continue
        if (of is type(y) or kind_of(x) == kind_of(y)) and node.pairing.same(x, y):
            continue
        check()
        if near is not None and near(x, y):
            continue
        positions.append(at)
        causes = {
            idiom: {*known, facts} for idiom, known in causes.items() if (facts := respelled(idiom, x, y)) is not None
        }
    if not positions:
        return None
    idiom, known = next(iter(causes.items()), (None, {(DIFFERS, DIFFERS)}))
    first, second = (" or ".join(sorted(side)) for side in map(set, zip(*known, strict=True)))
    return UnlikeValues(positions, idiom, (first, second))
