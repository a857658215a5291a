"""Walks to the states of a thing: what is allowed in one of them is refused in another.

A state is what members with few values hold, such as the status of an order.  Walks go on from each
new state by what changes the thing, until no further one is found.  Then all is asked in each.
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
from conformance.fuzzing.moves import Move, in_a_row, moves, own_changes
from conformance.fuzzing.operation import Schema
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe

_MOST_STATES: Final = 10
"""States of one thing that are walked to."""
_LONGEST: Final = 5
"""Changes on the way to a state."""
_MOST_ASKED: Final = 300
"""Requests that are tried to find the states of one thing."""

Ask = Callable[[Probe], Awaitable[Outcome]]
Word = tuple[Move, ...]
Walks = Sequence[Word]


async def walks_of(creator: Creator, bases: Mapping[str, Base], ask: Ask) -> Walks:
    """Return the shortest ways to further states of a thing, two changes or more each."""
    changes = list(own_changes(creator, moves(creator, bases)))
    few = _few_values(bases)
    ways: list[Word] = [()]
    seen: set[tuple[object, ...]] = {()}
    for way, change in islice(_next_words(ways, changes), _MOST_ASKED):
        outcome = await ask(in_a_row(creator, (*way, change)))
        state = _state(outcome, few)
        if outcome.accepted() and state not in seen:
            seen.add(state)
            ways.append((*way, change))
    return tuple(ways[1:])


def _next_words(ways: Sequence[Word], changes: Sequence[Move]) -> Iterator[tuple[Word, Move]]:
    """Yield each way with each change after it; ways are added while it goes on."""
    for way in islice(ways, _MOST_STATES):
        yield from product([way], changes if len(way) < _LONGEST else ())


def in_each_state(
    creator: Creator, walks: Walks, bases: Mapping[str, Base]
) -> Iterator[tuple[Probe, str]]:
    """Yield what can be asked of a thing in each of its states, with what it is about in words.

    A change is also made with no more members than it needs.
    """
    every = moves(creator, bases)
    bare = list(_bare(own_changes(creator, every), bases))
    for move, way in product((*every, *bare), walks):
        path = " → ".join(map(attrgetter("words"), (*way, move)))
        is_bare = " with least members" if move in bare else ""
        yield in_a_row(creator, (*way, move)), f"{path}{is_bare}"


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
    """Return the values that bodies and parameters take of members with few of them."""
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
    """Return what the members of few values hold in the answers to a request, in order."""
    held = map(as_mapping, map(json_of, outcome.answers()))
    members = chain.from_iterable(map(dict.items, map(dict, held)))
    return tuple((name, value) for name, value in members if _is_one_of_few(value, few))


def _is_one_of_few(value: Any, few: frozenset[object]) -> bool:
    return isinstance(value, bool) or (_is_text(value) and value in few)
