"""Searches for what a thing held before a change and holds after it.

What a service searches may be kept apart from the things themselves, and then be out of date.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Final, TypeGuard

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep, in_target, wanted_things
from conformance.fuzzing.json_nodes import JsonObject, Node, is_literal_text, value_of
from conformance.fuzzing.moves import Move, own_changes
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.several_things import with_names
from conformance.fuzzing.usual_values import types_of

_MOST_TEXTS: Final = 4
"""Texts that are looked for after one change."""
_OF_FEW_TEXTS: Final = frozenset({"enum", "const", "pattern", "format"})
_FRESH: Final = '"${fresh:'


def searches_after_changes(
    creator: Creator, every: Sequence[Move], bases: Mapping[str, Base]
) -> Iterator[tuple[Probe, str]]:
    """Yield searches after each change of a thing, with what each is about in words."""
    searches = [(base, name) for base in bases.values() for name in _text_parameters(base)]
    for move in own_changes(creator, every):
        change = replace(move.step, form=with_names(move.step.form, "new_"))
        texts = islice(_texts(creator.steps[-1].form, change.form), _MOST_TEXTS)
        for text, (base, name) in product(texts, searches):
            search = FormStep(base.form.with_parameter(name, text))
            steps = (*creator.steps, change, search)
            operations = (*creator.operations, move.operation, base.operation.id)
            what = f"{move.operation} → {base.operation.id} by {name}"
            yield Probe(steps, operations, "sequence"), what


def _text_parameters(base: Base) -> Iterator[str]:
    """Yield the parameters of a read of many things that take any text."""
    is_search = base.operation.method == "GET" and base.accepted
    if not is_search or wanted_things([base.form_step]):
        return
    for each in base.operation.parameters:
        takes_text = types_of(each.schema) in {("string",), ()}
        if each.place == "query" and takes_text and _OF_FEW_TEXTS.isdisjoint(each.schema):
            yield each.name


def _texts(made: Form, changed: Form) -> Iterator[str]:
    """Yield the texts that a change takes from a thing and gives it, else those that it has."""
    before, after = _members(made), _members(changed)
    kept = {name for name, text in before.items() if after.get(name) == text}
    if not after:
        yield from before.values()
    for name, text in after.items():
        if name in before and name not in kept:
            yield from (before[name], text)


def _members(form: Form) -> dict[str, str]:
    """Return the texts of a body by their names, as a parameter sends them, fresh ones first."""
    pairs = form.body.pairs if isinstance(form.body, JsonObject) else ()
    fresh = {name: node[1:-1] for name, node in pairs if _is_fresh(node)}
    literal = {
        name: in_target(str(value_of(node))) for name, node in pairs if is_literal_text(node)
    }
    return fresh | literal


def _is_fresh(node: Node) -> TypeGuard[str]:
    return isinstance(node, str) and node.startswith(_FRESH)
