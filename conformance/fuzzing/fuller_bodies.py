"""Find the fullest valid request of an operation: with all members that every runtime accepts."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    text_node,
    value_of,
    with_member,
    with_node,
)
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.time_spellings import is_time

_OTHER_YEARS: Final = (2001, 2096)
"""A year far in the past, and a leap year far ahead: the usual date may be 29 February."""

Send = Callable[[Probe], Awaitable[Outcome]]
Refer = Callable[[Probe], Probe]


def _as_it_is(probe: Probe) -> Probe:
    """Return a request that refers to nothing more."""
    return probe


async def fullest(
    operation: Operation, probe: Probe, send: Send, referring: Refer = _as_it_is
) -> Probe:
    """Return an accepted request with all members that are accepted.

    The members are tried all at once, else one by one. `referring` puts the ids of created
    resources into the members that name such resources.
    """
    body, fuller = probe.form.body, _fullest_sample(operation)
    if not isinstance(body, JsonObject) or not isinstance(fuller, JsonObject):
        return probe
    candidate = _with_body(probe, _merged(body, fuller))
    for whole in dict.fromkeys((referring(candidate), candidate)):
        if whole == probe or (await send(whole)).accepted():
            return whole
    for name, node in _lacking(body, fuller):
        probe = await _with_one_more(probe, (name, node), send, referring)
    return probe


async def _with_one_more(
    probe: Probe, member: tuple[str, Node], send: Send, referring: Refer
) -> Probe:
    """Return a request with one more member, if every runtime accepts some value of it."""
    body = probe.form.body
    assert isinstance(body, JsonObject)  # noqa: S101 - its caller has seen it
    name, node = member
    usual, *others = (
        _with_body(probe, with_member(body, name, each)) for each in (node, *_others_like(node))
    )
    for candidate in dict.fromkeys((referring(usual), usual, *others)):
        if (await send(candidate)).accepted():
            return candidate
    return probe


def _others_like(node: Node) -> Iterator[Node]:
    """Yield other dates for a date, because a service may refuse past or future ones."""
    text = value_of(node)
    if is_time(text):
        yield from (text_node(f"{year}{text[4:]}") for year in _OTHER_YEARS)


def _fullest_sample(operation: Operation) -> Node | bytes | None:
    return next(reversed(operation.body_samples), None)


def _with_body(probe: Probe, body: Node) -> Probe:
    return probe.with_form(probe.form.with_body(body))


def _merged(node: Node, fullest: Node) -> Node:
    """Return a body with all members of a fuller body that it lacks.

    Members of inner objects and of the first element of a list are included.
    """
    match node, fullest:
        case JsonObject(), JsonObject():
            more = dict(fullest.pairs)
            kept = [(name, _merged(inner, more.get(name, inner))) for name, inner in node.pairs]
            return JsonObject((*kept, *_lacking(node, fullest)))
        case Items((first, *_)), Items((fuller_first, *_)):
            return with_node(node, (0,), _merged(first, fuller_first))
    return node


def _lacking(body: JsonObject, fuller: JsonObject) -> list[tuple[str, Node]]:
    """Return the members of a fuller body that a body lacks."""
    names = dict(body.pairs)
    return [(name, node) for name, node in fuller.pairs if name not in names]
