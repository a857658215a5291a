"""Parts of a request that are as usual, and that a valid request does without.

What is tried of a request seldom needs them.  So they are taken away at once before a request is
made smaller one part at a time.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from conformance.fuzzing.features import Usual
from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import JsonObject, Node, render
from conformance.fuzzing.probe import Probe

_Part = TypeVar("_Part")


def without_usual_parts(
    probe: Probe, usual: Mapping[str, Usual], least: Mapping[str, Probe]
) -> Probe:
    """Return a probe without what its requests have as usual and the least valid ones have not."""
    for at, name in enumerate(probe.operations):
        if name in usual and name in least:
            form = _bare(probe.steps[at].form, usual[name].form, least[name].form)
            probe = probe.with_step(at, form)
    return probe


def _bare(form: Form, usual: Form, least: Form) -> Form:
    query = _unusual(form.query, usual.query, least.query)
    headers = _unusual(form.headers, usual.headers, least.headers)
    bare = replace(form, query=query, headers=headers)
    if isinstance(form.body, bytes) and usual.tree is not None and least.tree is not None:
        body = form.body.replace(_inner(usual.tree), _inner(least.tree))
        return replace(bare, body=body)
    bodies = form.body, usual.body, least.body
    if not all(isinstance(body, JsonObject) for body in bodies):
        return bare
    own, full, needed = (body.pairs for body in bodies if isinstance(body, JsonObject))
    needed_names = dict(needed)
    kept = [pair for pair in own if pair[0] in needed_names or pair not in full]
    return replace(bare, body=JsonObject(tuple(kept)))


def _inner(body: Node) -> bytes:
    """Return what stands between the ends of a body, as other spellings of it have it."""
    return render(body)[1:-1].encode("utf-8", "surrogatepass")


def _unusual(
    own: Iterable[_Part], usual: Iterable[_Part], least: Iterable[_Part]
) -> tuple[_Part, ...]:
    """Return the parts of a request without those that only the fuller usual one has."""
    left_out = [part for part in usual if part not in tuple(least)]
    return tuple(part for part in own if part not in left_out)
