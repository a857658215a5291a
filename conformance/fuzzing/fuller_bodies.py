"""The fullest valid request of an operation.

It has every member of the document that every runtime accepts.
"""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from conformance.fuzzing.json_nodes import Items, JsonObject, Node, children, with_member, with_node
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe

Ask = Callable[[Probe], Awaitable[Outcome]]


async def fullest(operation: Operation, probe: Probe, ask: Ask) -> Probe:
    """Return an accepted request of an operation with all members that are accepted.

    They are tried all at once, else one by one.
    """
    accepted = probe
    body, fuller = probe.form.body, _fullest_sample(operation)
    if not isinstance(body, JsonObject) or not isinstance(fuller, JsonObject):
        return probe
    candidate = _with_body(probe, _merged(body, fuller))
    if candidate == probe or (await ask(candidate)).accepted():
        return candidate
    lacking = [(name, node) for name, node in fuller.pairs if name not in dict(body.pairs)]
    for name, node in lacking:
        with_more = with_member(body, name, node)
        candidate = _with_body(accepted, with_more)
        if (await ask(candidate)).accepted():
            probe, body = candidate, with_more
    return probe


def _fullest_sample(operation: Operation) -> Node | bytes | None:
    if not operation.body_samples:
        return None
    return operation.body_samples[-1]


def _with_body(probe: Probe, body: Node) -> Probe:
    return probe.with_form(replace(probe.form, body=body))


def _merged(node: Node, fullest: Node) -> Node:
    """Return a body with all members that it lacks.

    Those of its objects and of the first items are included.
    """
    if isinstance(node, JsonObject) and isinstance(fullest, JsonObject):
        names, more = dict(node.pairs), dict(fullest.pairs)
        kept = [(name, _merged(inner, more.get(name, inner))) for name, inner in node.pairs]
        lacking = [(name, inner) for name, inner in fullest.pairs if name not in names]
        return JsonObject((*kept, *lacking))
    are_lists = isinstance(node, Items) and isinstance(fullest, Items)
    first, fuller_first = children(node)[:1], children(fullest)[:1]
    if are_lists and first and fuller_first:
        return with_node(node, (0,), _merged(first[0], fuller_first[0]))
    return node
