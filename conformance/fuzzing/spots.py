"""Where values can be tried in the request of an operation: body, path, query and header fields."""

import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import (
    JsonObject,
    Node,
    Path,
    children,
    member_name,
    shown_path,
    text_node,
    with_node,
)
from conformance.fuzzing.operation import NO_SCHEMA, Parameter, Schema
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.values import (
    Spot,
    TriedValue,
    as_parameter,
    schema_below,
    searches,
)

_BY_NAME: Final = frozenset({"query", "header"})
"""Parts of a request whose parameters have no position."""
_NOT_IN_A_HEADER: Final = re.compile("[^ -~]")
DEEPEST: Final = 5
"""Members below this depth are sent as they are."""
MOST_MEMBERS: Final = 20
"""Members of one object that are tried: a generated one may have thousands."""


class Subject(Struct, frozen=True):
    """An operation to be tried: its fullest valid request, and the steps that read.

    These steps read afterwards what the operation has stored.  `held` are texts that were stored
    before, for a list to be searched for.  `changes` are requests that change what a list holds,
    each with its operation's id: first one that adds another thing to it.  `tried` are places that
    are tried elsewhere.  `answered` is what tells answers apart: media type and validators.
    """

    base: Base
    probe: Probe
    seen: Mapping[str, tuple[Any, ...]]
    after: tuple[tuple[FormStep, str], ...] = ()
    held: tuple[str, ...] = ()
    changes: tuple[tuple[FormStep, str], ...] = ()
    tried: frozenset[str] = frozenset()
    answered: tuple[str, ...] = ()

    def spot(self, name: str, schema: Schema, usual: Node) -> Spot:
        """Return a place of the request, with the values of its name that were seen."""
        return Spot(name, schema, usual, self.seen.get(name, ()))

    @property
    def form(self) -> Form:
        """Return the request that is changed."""
        return self.probe.form

    @property
    def usual(self) -> Probe:
        """Return the probe of the request as it is, with its reads."""
        return self.probe.followed_by(self.after)

    def changed(self, form: Form, stage: str, where: str, entry: str) -> Probe:
        """Return the probe of a changed request, with what reads afterwards what it has stored."""
        followed = self.probe.with_form(form).followed_by(self.after)
        locus = f"{self.base.operation.id} @ {where}"
        return replace(followed, stage=stage, locus=locus, entry=entry)


class At(Struct, frozen=True):
    """Where a value is put: in the body, the path, the query or a header.

    The body takes a path, the path a segment, and the query or a header a name.
    """

    kind: str
    name: str
    path: Path = ()

    def where(self, subject: Subject) -> str:
        """Return the place in words."""
        body = subject.form.tree
        if self.kind == "body" and body is not None:
            return f"body {shown_path(body, self.path)}"
        return f"{self.kind} {self.name}"

    def probe(self, subject: Subject, tried: TriedValue) -> Probe:
        """Return the probe that has a value there."""
        return subject.changed(
            self.put(subject.form, tried.node), "value", self.where(subject), tried.entry
        )

    def put(self, form: Form, node: Node) -> Form:
        """Return a request with a value there."""
        if self.kind == "body":
            assert form.tree is not None  # noqa: S101 - the spots of a body are those of a tree
            return replace(form, body=with_node(form.tree, self.path, node))
        return self.put_raw(form, as_parameter(node))

    def put_raw(self, form: Form, text: str) -> Form:
        """Return a request with a text there, as it is sent."""
        if self.kind == "path":
            return form.with_segment(self.path[0], text)
        if self.kind == "header":
            return form.with_header(self.name, _header_text(text))
        return form.with_parameter(self.name, text)

    def raw(self, subject: Subject, text: str, entry: str) -> Probe:
        """Return the probe that has a text there, as it is sent."""
        return subject.changed(
            self.put_raw(subject.form, text), "value", self.where(subject), entry
        )


def _header_text(text: str) -> str:
    return _NOT_IN_A_HEADER.sub("", text)


def spots(subject: Subject) -> Iterator[tuple[Spot, At]]:
    """Yield every place of a request where a value can be tried."""
    for spot, place in _every_spot(subject):
        if place.where(subject) not in subject.tried:
            yield spot, place


def spots_in(subject: Subject, kind: str) -> Iterator[tuple[Spot, At]]:
    """Yield the places in one part of a request: body, path, query or header."""
    for spot, place in spots(subject):
        if place.kind == kind:
            yield spot, place


def places_in_words(subject: Subject) -> Iterator[str]:
    """Yield every place of a request where a value can be tried, in words."""
    for _, place in spots(subject):
        yield place.where(subject)


def _every_spot(subject: Subject) -> Iterator[tuple[Spot, At]]:
    operation, form = subject.base.operation, subject.form
    for at, name in operation.open_segments:
        schema = operation.schema_of(name, "path")
        yield subject.spot(name, schema, text_node(form.path[at])), At("path", name, (at,))
    declared = [each for each in operation.parameters if each.place in _BY_NAME]
    for each in declared:
        yield _spot_of(subject, each), At(each.place, each.name)
    names = set(map(attrgetter("name"), declared))
    for name, value in form.query:
        if name not in names:
            usual = text_node(value or "")
            yield subject.spot(name, NO_SCHEMA, usual), At("query", name)
    if form.tree is not None:
        yield from _body_spots(subject, operation.body_schema, form.tree, ())


def _spot_of(subject: Subject, parameter: Parameter) -> Spot:
    """Return what can be tried of a parameter; one of a query may search what is stored."""
    usual = text_node(parameter.sample)
    spot = subject.spot(parameter.name, parameter.schema, usual)
    if parameter.place != "query":
        return spot
    searched = searches(spot, subject.held)
    return replace(spot, seen=(*spot.seen, *searched))


def _body_spots(
    subject: Subject, schema: Schema, node: Node, path: Path, name: str = ""
) -> Iterator[tuple[Spot, At]]:
    if path:
        yield subject.spot(name, schema, node), At("body", name, path)
    if len(path) >= DEEPEST:
        return
    # The items of a list are alike, so that one stands for all
    most = MOST_MEMBERS if isinstance(node, JsonObject) else 1
    for index, inner in enumerate(children(node)[:most]):
        inner_schema = schema_below(schema, node, index)
        inner_name = member_name(node, (index,))
        yield from _body_spots(subject, inner_schema, inner, (*path, index), inner_name)
