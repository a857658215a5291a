"""Order the probes: first each kind of place once, then the repetitions elsewhere.

One defect often shows in many operations. So the first place, wire form or body of each kind is
tried before the others of its kind.
"""

import json
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, islice
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator, shape
from conformance.fuzzing.form import FormStep
from conformance.fuzzing.idempotency_keys import idempotency_probes
from conformance.fuzzing.pages import PagedList
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequences import missing_setup, repeats, sequences
from conformance.fuzzing.spots import Subject, spots
from conformance.fuzzing.streams import Split, round_robin, split_by_kind
from conformance.fuzzing.systematic import (
    dictionary_tier,
    first_tier,
    pairs,
    places_tier,
    presence_elsewhere,
)
from conformance.fuzzing.wire_variants import fields_stream, wire_streams

_BEFORE_STATES: Final = 300
"""Probes before states are walked to: most defects show at once, and walks take seconds."""
_FOR_ONE_IN_A_STATE: Final = 5
"""Other probes for each one in a further state."""
Stage = tuple[str, Iterator[Probe]]
"""The name of a stage, and its probes."""
_STRICT: Final = frozenset({"enum", "const", "pattern"})
"""Keywords of a schema that allow few texts."""


class StageInputs(Struct, frozen=True, kw_only=True):
    """All that can be tried.

    `subjects` are a request of each operation, `others` further requests, `lists` lists in pages;
    `sequences` and `longer` are streams of sequences; those `in_states` may be added after the
    first stage. `methods` are the methods of each path, and `unsafe` says whether unsafe methods
    may be sent.
    """

    subjects: Sequence[Subject]
    others: Sequence[Subject]
    lists: Sequence[PagedList]
    sequences: Sequence[Iterator[Probe]]
    longer: Sequence[Iterator[Probe]]
    methods: Mapping[tuple[str, ...], Collection[str]]
    unsafe: bool
    in_states: Sequence[Iterator[Probe]] = ()


def short_sequences(
    seconds: Mapping[Creator, FormStep | None], bases: Mapping[str, Base]
) -> Iterator[Iterator[Probe]]:
    """Yield the streams of sequences that come before those in states.

    `seconds` has for each creator the step that creates a second resource, if there is one.
    """
    for creator, second in seconds.items():
        yield sequences(creator, second, bases)
    yield from (repeats(bases), missing_setup(bases), idempotency_probes(bases))


def stages(inputs: StageInputs) -> Iterator[Stage]:
    """Yield the stages of the systematic search: sequences and bounds, dictionary, pairs.

    Sequences and bounds are two stages of one name, the first of them short.
    """
    every = (*inputs.subjects, *inputs.others)
    first, again = _by_kind(every)
    wire = _wire(inputs)
    pages = [each.probes() for each in inputs.lists]
    second_pages = [first_tier(each.second_page()) for each in inputs.lists]
    values = round_robin(map(first_tier, first))
    sequences, forms, paged = map(round_robin, (inputs.sequences, wire.first, pages))
    schedule = (sequences, values, forms, sequences, values, paged, sequences, values)
    first_stage = round_robin(schedule)
    yield "sequences and bounds", islice(first_stage, _BEFORE_STATES)
    states = round_robin(inputs.in_states)
    yield "sequences and bounds", round_robin((*(first_stage,) * _FOR_ONE_IN_A_STATE, states))
    rows = [dictionary_tier(_without(each, _strict_places(each))) for each in first]
    rows += map(presence_elsewhere, first)
    streams = [*rows, *map(places_tier, again), *wire.others, *inputs.longer, *second_pages]
    yield "the dictionary and other operations", round_robin(streams)
    strict = [_without(each, _places(each).keys() - _strict_places(each)) for each in first]
    yield "the dictionary elsewhere", round_robin(map(dictionary_tier, (*strict, *again)))
    yield "pairs", round_robin(map(pairs, every))


def _by_kind(subjects: Sequence[Subject]) -> tuple[list[Subject], list[Subject]]:
    """Return two lists of the subjects: with the places first of their kind, with the others."""
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
    """Return the subject with some places marked as tried."""
    return replace(subject, tried=subject.tried | places)


def _places(subject: Subject) -> dict[str, Hashable]:
    """Return the places of a request with their kinds.

    A member has the same kind whether its resource is created or changed. The kind has only the
    last name of the collection, because a nested resource may also have a path of its own.
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
    """Return the places that accept few values: a runtime refuses most others in the same way."""
    return frozenset(
        place.where(subject)
        for spot, place in spots(subject)
        if place.kind == "path" or not _STRICT.isdisjoint(spot.schema)
    )


def _wire(inputs: StageInputs) -> Split:
    streams = [
        wire_streams(each, inputs.methods[each.base.operation.path], unsafe=inputs.unsafe)
        for each in inputs.subjects
    ]
    # Another media type is answered by other code, which may read other header fields
    in_other_types = map(fields_stream, filter(attrgetter("answer_kinds"), inputs.others))
    return split_by_kind(chain(*streams, in_other_types))
