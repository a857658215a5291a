"""The order in which requests are tried: each thing once where it may show something, then again.

One defect shows in many operations.  So what is tried of a place, of a form of the wire or of a
body comes first where it is the first of its kind, and elsewhere after all first ones.
"""

import json
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.creators import shape
from conformance.fuzzing.pages import PagedList
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.spots import Subject, spots
from conformance.fuzzing.systematic import (
    dictionary_tier,
    first_tier,
    pairs,
    places_tier,
    presence_elsewhere,
)
from conformance.fuzzing.turns import Split, round_robin, split_by_kind
from conformance.fuzzing.wire_variants import wire_streams

Stage = tuple[str, Iterator[Probe]]
"""What is tried together, with its name."""
_STRICT: Final = frozenset({"enum", "const", "pattern"})
"""Words of a schema that leave few texts."""


class TriedThings(Struct, frozen=True, kw_only=True):
    """What is tried: a request of each operation, further ones, lists in pages, and sequences.

    `methods` are by path those that it has, and `unsafe` tells that all methods may be sent.
    """

    subjects: Sequence[Subject]
    others: Sequence[Subject]
    lists: Sequence[PagedList]
    sequences: Sequence[Iterator[Probe]]
    longer: Sequence[Iterator[Probe]]
    methods: Mapping[tuple[str, ...], Collection[str]]
    unsafe: bool


def stages(tried: TriedThings) -> Iterator[Stage]:
    """Yield the stages of the systematic search."""
    every = (*tried.subjects, *tried.others)
    first, again = _by_kind(every)
    wire = _wire(tried)
    pages = [each.probes() for each in tried.lists]
    second_pages = [first_tier(each.second_page()) for each in tried.lists]
    values = round_robin(map(first_tier, first))
    words, forms, turned = map(round_robin, (tried.sequences, wire.first, pages))
    turns = (words, values, forms, words, values, turned, words, values)
    yield "sequences and bounds", round_robin(turns)
    rows = [dictionary_tier(_without(each, _strict_places(each))) for each in first]
    rows += map(presence_elsewhere, first)
    streams = [*rows, *map(places_tier, again), *wire.others, *tried.longer, *second_pages]
    yield "the dictionary and other operations", round_robin(streams)
    strict = [_without(each, _places(each).keys() - _strict_places(each)) for each in first]
    yield "the dictionary elsewhere", round_robin(map(dictionary_tier, (*strict, *again)))
    yield "pairs", round_robin(map(pairs, every))


def _by_kind(subjects: Sequence[Subject]) -> tuple[list[Subject], list[Subject]]:
    """Return requests with the places that are the first of their kind, then with the others."""
    known: set[Hashable] = set()
    first, again = [], []
    for subject in subjects:
        places = _places(subject)
        repeated = {where for where, kind in places.items() if kind in known}
        first.append(_without(subject, repeated))
        again.append(_without(subject, places.keys() - repeated))
        known.update(places.values())
    return first, again


def _without(subject: Subject, places: AbstractSet[str]) -> Subject:
    """Return a request of which some places are left to others."""
    return replace(subject, tried=subject.tried | places)


def _places(subject: Subject) -> dict[str, Hashable]:
    """Return the places of a request, each with its kind.

    A member of a thing is the same whether the thing is created or changed.  A thing that is
    created below another one may be changed under a path of its own.
    """
    operation = subject.base.operation
    collection = operation.collection[-1:]
    kinds: dict[str, Hashable] = {}
    for spot, place in spots(subject):
        where = place.where(subject)
        schema = json.dumps(spot.schema, sort_keys=True, default=str)
        kinds[where] = (collection, where, schema)
        if place.kind == "path":
            kinds[where] = shape(operation.path[: place.path[0] + 1])
    return kinds


def _strict_places(subject: Subject) -> frozenset[str]:
    """Return the places that take few values: of most others a runtime says no more than no."""
    return frozenset(
        place.where(subject)
        for spot, place in spots(subject)
        if place.kind == "path" or not _STRICT.isdisjoint(spot.schema)
    )


def _wire(tried: TriedThings) -> Split:
    streams = [
        wire_streams(each, tried.methods[each.base.operation.path], unsafe=tried.unsafe)
        for each in tried.subjects
    ]
    return split_by_kind(chain.from_iterable(streams))
