"""The fullest valid request of an operation.

It has every member of the document that every runtime accepts.
"""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.json_nodes import Items, Members, Node, with_member, with_node
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe

Ask = Callable[[Probe], Awaitable[Outcome]]


async def fullest(base: Base, ask: Ask) -> Probe:
    """Return the request of a base with all members that are accepted.

    They are tried all at once, else one by one.
    """
    probe = base.probe
    form = base.form
    samples = base.operation.body.samples if base.operation.body is not None else ()
    most = samples[-1] if samples else None
    if not base.accepted or not isinstance(form.body, Members) or not isinstance(most, Members):
        return probe
    candidate = _with_body(probe, _merged(form.body, most))
    if candidate == probe or (await ask(candidate)).accepted():
        return candidate
    for name, node in most.pairs:
        body = probe.steps[-1].form.body
        if isinstance(body, Members) and name not in dict(body.pairs):
            more = _with_body(probe, with_member(body, name, node))
            if (await ask(more)).accepted():
                probe = more
    return probe


def _with_body(probe: Probe, body: Node) -> Probe:
    at = len(probe.steps) - 1
    return probe.with_step(at, replace(probe.steps[at].form, body=body))


def _merged(node: Node, fullest: Node) -> Node:
    """Return a body with all members that it lacks.

    Those of its objects and of the first items are included.
    """
    if isinstance(node, Members) and isinstance(fullest, Members):
        names, more = dict(node.pairs), dict(fullest.pairs)
        kept = tuple((name, _merged(inner, more.get(name, inner))) for name, inner in node.pairs)
        return Members(
            (*kept, *((name, inner) for name, inner in fullest.pairs if name not in names))
        )
    if isinstance(node, Items) and isinstance(fullest, Items) and node.nodes and fullest.nodes:
        return with_node(node, (0,), _merged(node.nodes[0], fullest.nodes[0]))
    return node
