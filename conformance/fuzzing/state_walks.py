"""Walks to the states of a resource: what is allowed in one of them is refused in another.

A state is what members with few values hold, such as the status of an order. Walks go on from each
new state by the changes of the resource, until no further state is found. Then every request on the
resource is sent in each.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import chain, islice, product
from operator import attrgetter
from typing import Any, Final

from msgspec.structs import replace

from conformance.fuzzing.answer_values import json_of
from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.form import FormStep
from conformance.fuzzing.json_nodes import JsonObject, value_of
from conformance.fuzzing.listed_values import choices_of
from conformance.fuzzing.moves import Move, moves, own_changes, sequence_probe
from conformance.fuzzing.operation import Schema
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe

_MOST_STATES: Final = 10
"""Most states of one resource that are walked to."""
_LONGEST: Final = 5
"""Most changes on the way to a state."""
_MOST_READ: Final = 2
"""Most reads of a resource after each change of it."""
_MOST_SENT: Final = 300
"""Most requests that are tried to find the states of one resource."""

Send = Callable[[Probe], Awaitable[Outcome]]
Walk = tuple[Move, ...]
Walks = Sequence[Walk]


async def walks_of(creator: Creator, bases: Mapping[str, Base], send: Send) -> Walks:
    """Return the shortest walks to further states of a resource, two changes or more each."""
    changes = list(own_changes(creator, moves(creator, bases)))
    few = _few_values(bases)
    walks: list[Walk] = [()]
    seen: set[tuple[object, ...]] = {()}
    for walk, change in islice(_next_steps(walks, changes), _MOST_SENT):
        outcome = await send(sequence_probe(creator, (*walk, change)))
        state = _state(outcome, few)
        if outcome.accepted() and state not in seen:
            seen.add(state)
            walks.append((*walk, change))
    return tuple(walks[1:])


def _next_steps(walks: Sequence[Walk], changes: Sequence[Move]) -> Iterator[tuple[Walk, Move]]:
    """Yield each walk with each change after it; walks are added while it goes on."""
    for walk in islice(walks, _MOST_STATES):
        yield from product([walk], changes if len(walk) < _LONGEST else ())


def in_each_state(
    creator: Creator, walks: Walks, bases: Mapping[str, Base]
) -> Iterator[tuple[Probe, str]]:
    """Yield the requests on a resource in each of its states, each with a description.

    A change is also sent with no more members than it needs.  What it leaves is read.
    """
    every = moves(creator, bases)
    bare = list(_bare(own_changes(creator, every), bases))
    reads = list(filter(_reads_the_thing, every))[:_MOST_READ]
    for move, walk in product((*every, *bare), walks):
        word = (*walk, move, *(() if move.safe else reads))
        path = " → ".join(map(attrgetter("words"), word))
        is_bare = " with least members" if move in bare else ""
        yield sequence_probe(creator, word), f"{path}{is_bare}"


def _reads_the_thing(move: Move) -> bool:
    return move.own and move.safe


def _bare(changes: Iterator[Move], bases: Mapping[str, Base]) -> Iterator[Move]:
    for move in filter(lambda move: move.operation in bases, changes):
        form = move.step.form
        needed = as_list(bases[move.operation].operation.body_schema.get("required"))
        body = form.body if isinstance(form.body, JsonObject) else JsonObject(())
        kept = tuple(filter(lambda pair: pair[0] in needed, body.pairs))
        if kept and kept != body.pairs:
            bare = form.with_body(JsonObject(kept))
            yield replace(move, step=FormStep(bare, move.step.captures))


def _few_values(bases: Mapping[str, Base]) -> frozenset[object]:
    """Return the values of members and parameters that allow only a few."""
    operations = list(map(attrgetter("operation"), bases.values()))
    of_bodies = chain.from_iterable(map(_listed, map(attrgetter("body_schema"), operations)))
    parameters = chain.from_iterable(map(attrgetter("parameters"), operations))
    of_parameters = chain.from_iterable(map(_listed, map(attrgetter("schema"), parameters)))
    return frozenset((*of_bodies, *of_parameters))


def _listed(schema: Schema) -> Iterator[object]:
    members = as_mapping(schema.get("properties")).values()
    for inner in (schema, *map(as_mapping, members)):
        yield from filter(_is_text, map(value_of, choices_of(inner)))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _state(outcome: Outcome, few: frozenset[object]) -> tuple[object, ...]:
    """Return the members with few values in the answers to a request, in order."""
    held = map(as_mapping, map(json_of, outcome.answers()))
    members = chain.from_iterable(map(dict.items, map(dict, held)))
    return tuple((name, value) for name, value in members if _is_one_of_few(value, few))


def _is_one_of_few(value: Any, few: frozenset[object]) -> bool:
    return isinstance(value, bool) or (_is_text(value) and value in few)
