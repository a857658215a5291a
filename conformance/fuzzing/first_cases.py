"""The first cases of an operation: a valid request and three others.

These are an id that nobody has, a malformed body, and one boundary.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.bases import Base
from conformance.fuzzing.form import Form, FormStep, in_target
from conformance.fuzzing.json_nodes import (
    Items,
    Members,
    Node,
    node_of,
    render,
    shown_path,
    without,
)
from conformance.fuzzing.operation import NO_SCHEMA, Schema
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.schemas import bounds
from conformance.fuzzing.spots import At, Subject, spots
from conformance.fuzzing.usual_values import types_of, usual_text

_AT_AND_BEYOND: Final = {
    "minimum": (1, 0),
    "minLength": (1, 0),
    "minItems": (1, 0),
    "maximum": (1, 2),
    "maxLength": (1, 2),
    "maxItems": (1, 2),
    "exclusiveMinimum": (2, 1),
    "exclusiveMaximum": (0, 1),
}
"""Which of the three values at and beside a bound is the last that is allowed, and which the first
that is not.
"""
_UPPER: Final = frozenset({"maximum", "maxLength", "maxItems", "exclusiveMaximum"})
_RANKS: Final = {"body": 0, "query": 1, "header": 2, "path": 3}
_NOBODYS_NUMBER: Final = 987_654_321
_NOBODYS_UUID: Final = "00000000-0000-4000-8000-000000000000"


class FirstRequest(Struct, frozen=True, kw_only=True):
    """A request for an operation, and in words what it tries."""

    title: str
    probe: Probe


def first_requests(
    base: Base, valid: Probe, reads_after: Sequence[tuple[FormStep, str]] = ()
) -> Iterator[FirstRequest]:
    """Yield the requests of an operation; `valid` is the fullest valid one that was found.

    `reads_after` read what it creates or changes.
    """
    operation = base.operation
    what = "a valid request" if base.accepted else "a request made of the document"
    whole = Probe(
        (*valid.steps, *(step for step, _ in reads_after)),
        (*valid.operations, *(read for _, read in reads_after)),
        "base",
        locus=f"{operation.id} @ ",
    )
    then = ", then read what it changed" if reads_after else ""
    yield FirstRequest(title=f"{operation.id}: {what}{then}", probe=whole)
    subject = Subject(base, valid, {})
    for probe in (
        *_every_parameter(base, subject),
        *_unknown_id(subject),
        *_malformed(subject),
        *_boundary(subject),
    ):
        tried = f"{probe.locus.partition(' @ ')[2]} {probe.entry}".strip()
        yield FirstRequest(title=f"{operation.id}: {tried}", probe=probe)


def _every_parameter(base: Base, subject: Subject) -> Iterator[Probe]:
    """Yield the request with all parameters of the query and the header.

    It is yielded only where some of them are optional.
    """
    form = subject.form
    fullest = base.operation.forms()[-1]
    sent = {name for name, _ in form.query}
    more = tuple(
        (name, value)
        for name, value in fullest.query
        if name not in sent and _says_values(base, name)
    )
    names = {name.lower() for name, _ in form.headers}
    headers = tuple((name, value) for name, value in fullest.headers if name.lower() not in names)
    if more or headers:
        full = replace(form, query=(*form.query, *more), headers=(*form.headers, *headers))
        yield subject.changed(full, "value", "", "every parameter")


def _says_values(base: Base, name: str) -> bool:
    """Return whether a document says more of a parameter than that it is a text.

    If it does not, any text would find nothing.
    """
    known = base.operation.parameter(name, "query")
    schema = known.schema if known is not None else NO_SCHEMA
    return types_of(schema) != ("string",) or bool(
        {"enum", "example", "examples", "default", "format"} & schema.keys()
    )


def _unknown_id(subject: Subject) -> Iterator[Probe]:
    operation, form = subject.base.operation, subject.form
    if not operation.open_segments:
        return
    at, name = operation.open_segments[-1]
    parameter = operation.parameter(name, "path")
    unknown = _nobodys(parameter.schema if parameter is not None else NO_SCHEMA, name)
    changed = replace(form, path=(*form.path[:at], in_target(unknown), *form.path[at + 1 :]))
    yield _without_needless_steps(subject.changed(changed, "value", f"path {name}", "unknown"))


def _nobodys(schema: Schema, name: str) -> str:
    """Return a value of a schema that is the id of nothing."""
    kind = next(iter(types_of(schema)), "")
    if kind == "string" and schema.get("format") == "uuid":
        return _NOBODYS_UUID
    if kind == "string" and "pattern" in schema:
        return usual_text(schema, name)
    if kind == "string":
        most = schema.get("maxLength")
        return words.UNKNOWN[: most if isinstance(most, int) and most > 0 else None]
    most = schema.get("maximum")
    return str(min(most, _NOBODYS_NUMBER) if isinstance(most, int) else _NOBODYS_NUMBER)


def _without_needless_steps(probe: Probe) -> Probe:
    """Return a probe without needless steps before its last one.

    A step is needless if nothing needs its captures any more.
    """
    for at in reversed(range(len(probe.steps) - 1)):
        probe = probe.without_step(at) or probe
    return probe


def _malformed(subject: Subject) -> Iterator[Probe]:
    """Yield the request with a JSON body that breaks off before its end."""
    body = subject.form.body
    if isinstance(body, Members | Items):
        cut = render(body)[:-1].encode("utf-8", "surrogatepass")
        yield subject.changed(replace(subject.form, body=cut), "wire", "body", "malformed")


def _boundary(subject: Subject) -> Iterator[Probe]:
    """Yield the last allowed and the first refused value of one bound.

    Without a bound, a required value is absent.
    """
    places = sorted(
        spots(subject), key=lambda each: (_is_made(each[0].usual), _RANKS[each[1].kind])
    )
    for spot, place in places:
        by_word: dict[str, list[object]] = {}
        for entry, value in bounds(spot.schema):
            by_word.setdefault(entry.partition(" ")[0], []).append(value)
        for word, values in sorted(by_word.items(), key=lambda each: each[0] not in _UPPER):
            if word in _AT_AND_BEYOND and len(values) == 3:  # noqa: PLR2004 - one before, one at, one after
                for entry, at in zip(("at", "beyond"), _AT_AND_BEYOND[word], strict=True):
                    form = place.put(subject.form, node_of(values[at]))
                    yield subject.changed(form, "value", place.where(subject), f"{entry} {word}")
                return
    yield from _absent(subject, [place for _, place in places])


def _is_made(usual: Node) -> bool:
    """Return whether a value is one that an earlier request made for it.

    Another value may be taken, or be the id of nothing.
    """
    return isinstance(usual, str) and "${" in usual


def _absent(subject: Subject, places: list[At]) -> Iterator[Probe]:
    """Yield the request without its first required member or parameter."""
    form, operation = subject.form, subject.base.operation
    schema = operation.body.schema if operation.body is not None else NO_SCHEMA
    required = schema.get("required")
    for place in places:
        if place.kind == "body" and isinstance(form.body, Members) and len(place.path) == 1:
            if isinstance(required, list) and form.body.pairs[place.path[0]][0] in required:
                body = without(form.body, place.path)
                where = f"body {shown_path(form.body, place.path)}"
                yield subject.changed(replace(form, body=body), "value", where, "absent")
                return
        elif (
            place.kind == "query"
            and (known := operation.parameter(place.name, "query"))
            and known.required
        ):
            yield subject.changed(
                _without_query(form, place.name), "value", f"query {place.name}", "absent"
            )
            return


def _without_query(form: Form, name: str) -> Form:
    return replace(form, query=tuple(pair for pair in form.query if pair[0] != name))
