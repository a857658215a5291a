"""Finds unequal values in paired columns, with the cause of each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, starmap
from operator import itemgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.bodies.token import token_facts_of
from conformance.comparison.budget import check
from conformance.comparison.difference import VALUES_DIFFER
from conformance.comparison.idioms.detection import detect_spellings
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.idioms.times import TIMESTAMP_FORM
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import CONTAINERS
from conformance.comparison.values.difference_list import DifferenceList
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.node import Node
from conformance.comparison.values.occurrences import at_positions
from conformance.comparison.values.partition import ENOUGH_ALIKE
from conformance.model.finding import DifferenceKind, Facet

_Pair = tuple[Json, Json]
_Cause = tuple[Idiom | None, tuple[str, str]]
"""The first idiom that explains two values, or None, with the fact of each side."""
_NONE: _Cause = (None, VALUES_DIFFER)
"""The cause of values that no idiom explains."""
_OF_VALUES: Final = (DifferenceKind.VALUE, Facet.VALUE)
"""The kind and facet of unequal values."""
_OF_TYPES: Final = (DifferenceKind.TYPE, Facet.SHAPE)
"""The kind and facet of a token (JWT, RFC 7519) beside a text that is no token."""


class UnlikeValues(Struct, frozen=True):
    """The positions of pairs that are unequal for the same cause: an idiom, or None, and facts.

    Without an idiom the facts say only that values differ, or that one text is a token (JWT).
    """

    positions: Sequence[int]
    idiom: Idiom | None
    facts: tuple[str, str]

    @property
    def named_as(self) -> tuple[DifferenceKind, Facet]:
        """Return the kind and the facet of the difference."""
        is_of_tokens = self.idiom is None and self.facts != VALUES_DIFFER
        return _OF_TYPES if is_of_tokens else _OF_VALUES


def add_unlike(found: DifferenceList, node: Node, unlike: Iterable[UnlikeValues]) -> None:
    """Record unequal values, one difference for each cause."""
    for values in unlike:
        found.add(
            *values.named_as,
            node.paths,
            values.facts,
            at_positions(node, values.positions),
            idiom=values.idiom.name if values.idiom else None,
        )


def unlike_values(
    node: Node, respelling: Sequence[Idiom], loosening: Loosening
) -> list[UnlikeValues]:
    """Return the unequal pairs of scalars in two paired columns, by cause.

    Containers are compared below.  Times that a rule excuses except for their form are reported by
    form only, because the next run has other times.
    """
    unequal = dict(_unequal(node))
    causes: dict[_Cause, list[int]] = {}
    if TIMESTAMP_FORM in respelling:
        causes = _excused_times(node, unequal, loosening)
    for excused in chain.from_iterable(causes.values()):
        del unequal[excused]
    for cause, positions in _causes(node, respelling, unequal).items():
        causes.setdefault(cause, []).extend(positions)
    return [UnlikeValues(positions, idiom, facts) for (idiom, facts), positions in causes.items()]


def _excused_times(
    node: Node, unequal: Mapping[int, _Pair], loosening: Loosening
) -> dict[_Cause, list[int]]:
    """Return the positions of times that a rule excuses except for their form, by forms."""
    causes: dict[_Cause, list[int]] = {}
    for at, (x, y) in unequal.items():
        forms = loosening.clock_forms(x, y, node.paths)
        if forms is not None:
            causes.setdefault((TIMESTAMP_FORM, forms), []).append(at)
    return causes


def _unequal(node: Node) -> Iterator[tuple[int, _Pair]]:
    """Yield the positions at which two columns have unequal scalars, with both values."""
    for at, (x, y) in enumerate(zip(*node.columns, strict=True)):
        # most values are equal and of one type: check this first, because it is fast
        kind = type(x)
        is_of_one_type = kind is type(y)
        if is_of_one_type and (kind in CONTAINERS or x == y):
            continue
        if node.pairing.same(x, y):
            continue
        check()
        yield at, (x, y)


def _causes(
    node: Node, respelling: Sequence[Idiom], unequal: Mapping[int, _Pair]
) -> dict[_Cause, list[int]]:
    """Return the positions of unequal values by their cause."""
    idioms = list(_candidates(node, respelling, unequal.values()))
    causes: dict[_Cause, list[int]] = {}
    for count, (at, (x, y)) in enumerate(unequal.items()):
        check()
        if count == ENOUGH_ALIKE:
            # skip idioms that explain none of that many values
            explaining = set(map(itemgetter(0), causes))
            idioms = list(filter(explaining.__contains__, idioms))
        causes.setdefault(_cause(idioms, x, y), []).append(at)
    return causes


def _candidates(
    node: Node, respelling: Sequence[Idiom], pairs: Collection[_Pair]
) -> Iterator[Idiom]:
    """Yield the idioms that may explain the unequal values of a node."""
    for idiom in respelling:
        # an idiom that may fit by chance must explain all values
        is_of_the_place = all(map(idiom.applies_at, node.paths))
        if not is_of_the_place:
            continue
        if not idiom.by_chance or _explains_all(idiom, pairs):
            yield idiom


def _explains_all(idiom: Idiom, pairs: Iterable[_Pair]) -> bool:
    """Return whether an idiom explains all pairs of values."""
    return None not in starmap(partial(detect_spellings, idiom), pairs)


def _cause(idioms: Sequence[Idiom], x: Json, y: Json) -> _Cause:
    """Return the cause of two unequal values."""
    for idiom in idioms:
        facts = detect_spellings(idiom, x, y)
        if facts is not None:
            return idiom, facts
    of_tokens = token_facts_of(x, y)
    return (None, of_tokens) if of_tokens else _NONE
