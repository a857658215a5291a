"""Remove usual parts of a request that a valid request does not need.

What a probe tries rarely needs them. So they are removed at once, before the request is shrunk part
by part.
"""

from collections.abc import Container, Iterable, Mapping
from itertools import filterfalse
from typing import TypeVar

from msgspec.structs import replace

from conformance.fuzzing.features import Usual
from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import JsonObject, Node, render
from conformance.fuzzing.probe import Probe

_Part = TypeVar("_Part")
_Body = Node | bytes | None


def without_usual_parts(
    probe: Probe, usual: Mapping[str, Usual], least: Mapping[str, Probe]
) -> Probe:
    """Return the probe without parts that the usual requests have and the least ones do not."""
    for at, name in enumerate(probe.operations):
        if name in usual and name in least:
            form = _bare(probe.steps[at].form, usual[name].form, least[name].form)
            probe = probe.with_step(at, form)
    return probe


def _bare(form: Form, usual: Form, least: Form) -> Form:
    query = _unusual(form.query, usual.query, least.query)
    headers = _unusual(form.headers, usual.headers, least.headers)
    body = _bare_body(form.body, usual.tree, least.tree)
    return replace(form, query=query, headers=headers, body=body)


def _bare_body(body: _Body, usual: Node | None, least: Node | None) -> _Body:
    """Return a body without the members that only the fuller usual body has."""
    if usual is None or least is None:
        return body
    if isinstance(body, bytes):
        return body.replace(_inner(usual), _inner(least))
    match body, usual, least:
        case JsonObject(), JsonObject(), JsonObject():
            needed = dict(least.pairs)
            unusual = set(body.pairs).difference(usual.pairs)
            kept = [pair for pair in body.pairs if pair[0] in needed or pair in unusual]
            return JsonObject(tuple(kept))
    return body


def _inner(body: Node) -> bytes:
    """Return a rendered body without its first and last character.

    So it can be found within bodies in other spellings.
    """
    return render(body)[1:-1].encode("utf-8", "surrogatepass")


def _unusual(
    own: Iterable[_Part], usual: Iterable[_Part], least: Container[_Part]
) -> tuple[_Part, ...]:
    """Return the parts of a request without those that only the fuller usual request has."""
    left_out = list(filterfalse(least.__contains__, usual))
    return tuple(filterfalse(left_out.__contains__, own))
