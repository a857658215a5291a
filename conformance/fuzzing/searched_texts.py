"""Search for texts that a resource had before a change and has after it.

A service may keep a separate search index, which can be out of date.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, product, repeat
from operator import attrgetter
from typing import Final, TypeGuard

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep, in_target
from conformance.fuzzing.json_nodes import JsonObject, Node, is_literal_text, value_of
from conformance.fuzzing.listed_values import choices_of
from conformance.fuzzing.moves import Move, own_changes, sequence_probe
from conformance.fuzzing.operation import Parameter, sample_text
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.renaming import with_names
from conformance.fuzzing.usual_values import types_of

_MOST_WORDS: Final = 60
"""Changes, and two in a row, after which lists are filtered."""
_MOST_CHOICES: Final = 8
_MOST_TEXTS: Final = 4
"""Most texts that are searched for after one change."""
_RESTRICTING_KEYWORDS: Final = frozenset({"enum", "const", "pattern", "format"})
_FRESH: Final = '"${fresh:'


def searches_after_changes(
    creator: Creator, every: Sequence[Move], bases: Mapping[str, Base]
) -> Iterator[tuple[Probe, str]]:
    """Yield probes that search after each change of a resource, each with a description."""
    searches = list(chain.from_iterable(map(_searches_of, bases.values())))
    for move in own_changes(creator, every):
        change = replace(move.step, form=with_names(move.step.form, "new_"))
        texts = islice(_texts(creator.steps[-1].form, change.form), _MOST_TEXTS)
        for text, (base, name) in product(texts, searches):
            search = FormStep(base.form.with_parameter(name, text))
            steps = (*creator.steps, *move.steps[:-1], change, search)
            operations = (*creator.operations, *move.operations, base.operation.id)
            what = f"{move.operation} → {base.operation.id} by {name}"
            yield Probe(steps, operations, "sequence"), what


def choices_after_changes(
    creator: Creator, every: Sequence[Move], bases: Mapping[str, Base]
) -> Iterator[tuple[Probe, str]]:
    """Yield lists filtered by each value of a parameter, after changes of a resource.

    After one or two changes the resource is in another state, so another filter finds it.
    """
    filters = lists_by_choice(bases)
    changes = list(own_changes(creator, every))
    words = chain(zip(changes), product(changes, repeat=2)) if filters else ()
    for word in islice(words, _MOST_WORDS):
        path = " → ".join(map(attrgetter("words"), word))
        yield sequence_probe(creator, word).followed_by(filters), f"{path} → filters"


def lists_by_choice(bases: Mapping[str, Base]) -> list[tuple[FormStep, str]]:
    """Return reads of many things with each value of each parameter that takes one of a few.

    Such a parameter is a filter or an order. With each comes its operation id.
    """
    return list(chain.from_iterable(map(_filters_of, bases.values())))


def _filters_of(base: Base) -> Iterator[tuple[FormStep, str]]:
    """Yield a read of a collection with each value of its parameters that take one of a few."""
    for parameter in base.operation.parameters if base.reads_all else ():
        values = map(in_target, map(sample_text, choices_of(parameter.schema)))
        forms = map(partial(base.form.with_parameter, parameter.name), values)
        yield from zip(map(FormStep, islice(forms, _MOST_CHOICES)), repeat(base.operation.id))


def _searches_of(base: Base) -> Iterator[tuple[Base, str]]:
    """Yield a read of a collection with each of its query parameters that takes any text."""
    if not base.reads_all:
        return
    parameters = filter(_takes_any_text, base.operation.parameters)
    yield from zip(repeat(base), map(attrgetter("name"), parameters))


def _takes_any_text(parameter: Parameter) -> bool:
    takes_text = types_of(parameter.schema) in {("string",), ()}
    takes_any = _RESTRICTING_KEYWORDS.isdisjoint(parameter.schema)
    return parameter.place == "query" and takes_text and takes_any


def _texts(created: Form, changed: Form) -> Iterator[str]:
    """Yield the old and new texts of each member that a change replaces.

    For a change without texts, such as a DELETE, yield the texts of the resource.
    """
    before, after = _members(created), _members(changed)
    if not after:
        yield from before.values()
    for name, text in after.items():
        was = before.get(name, text)
        if was != text:
            yield from (was, text)


def _members(form: Form) -> dict[str, str]:
    """Return the texts of a body by member name, as a parameter sends them, fresh names first."""
    body = form.body
    if not isinstance(body, JsonObject):
        return {}
    fresh = {name: node[1:-1] for name, node in body.pairs if _is_fresh(node)}
    literal = {name: _as_sent(node) for name, node in body.pairs if is_literal_text(node)}
    return fresh | literal


def _as_sent(text: Node) -> str:
    return in_target(str(value_of(text)))


def _is_fresh(node: Node) -> TypeGuard[str]:
    return isinstance(node, str) and node.startswith(_FRESH)
