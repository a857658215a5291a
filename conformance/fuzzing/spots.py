"""Places in the request of an operation where values can be tried: body, path, query, header."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import filterfalse, islice
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.document_parts import as_mapping
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.json_nodes import (
    JsonObject,
    Node,
    Path,
    children,
    member_name,
    path_text,
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
"""Parts of a request whose parameters are found by name, not by position."""
_FRESH_NAME: Final = re.compile(r"\$\{fresh:[^}]*\}")
_MOST_NAMES: Final = 2
"""Most texts with a fresh name that a list is searched for."""
_NOT_IN_A_HEADER: Final = re.compile("[^ -~]")
DEEPEST: Final = 5
"""Greatest depth of a body member that is tried."""
MOST_MEMBERS: Final = 20
"""Most members of one object that are tried: a generated one may have thousands."""


class Subject(Struct, frozen=True):
    """An operation to test: its fullest valid request, and what is known for probes of it.

    `seen` are values of answers by member name. `after` are steps that read what the operation
    stored, with their operation ids. `stored_texts` are searched for in a list. `changes` are steps
    that change the content of a list, the first of them a creation. `tried` are places that are
    tried elsewhere. `answer_kinds` are the media types and kinds of validators of its answers.
    """

    base: Base
    probe: Probe
    seen: Mapping[str, tuple[Any, ...]]
    after: tuple[tuple[FormStep, str], ...] = ()
    stored_texts: tuple[str, ...] = ()
    changes: tuple[tuple[FormStep, str], ...] = ()
    tried: frozenset[str] = frozenset()
    answer_kinds: tuple[str, ...] = ()

    def spot(self, name: str, schema: Schema, usual: Node) -> Spot:
        """Return a spot of the request, with the values seen for its name."""
        return Spot(name, schema, usual, self.seen.get(name, ()))

    @property
    def form(self) -> Form:
        """Return the request to change."""
        return self.probe.form

    @property
    def usual(self) -> Probe:
        """Return the probe of the unchanged request, with the reads after it."""
        return self.probe.followed_by(self.after)

    def changed(self, form: Form, stage: str, where: str, entry: str) -> Probe:
        """Return the probe of a changed request, with the reads after it."""
        followed = self.probe.with_form(form).followed_by(self.after)
        locus = f"{self.base.operation.id} @ {where}"
        return replace(followed, stage=stage, locus=locus, entry=entry)


class RequestPlace(Struct, frozen=True):
    """Where a value is put: `kind` is body, path, query or header.

    `path` is a path into the body, or the index of a path segment; `name` is the parameter or
    member.
    """

    kind: str
    name: str
    path: Path = ()

    def where(self, subject: Subject) -> str:
        """Return the place as text, such as `body $.items[0].sku` or `query page`."""
        body = subject.form.tree
        if self.kind == "body" and body is not None:
            return f"body {path_text(body, self.path)}"
        return f"{self.kind} {self.name}"

    def probe(self, subject: Subject, tried: TriedValue) -> Probe:
        """Return the probe with a value in this place."""
        return subject.changed(
            self.put(subject.form, tried.node), "value", self.where(subject), tried.entry
        )

    def put(self, form: Form, node: Node) -> Form:
        """Return the request with a value in this place."""
        if self.kind == "body":
            assert form.tree is not None  # noqa: S101 - the spots of a body are those of a tree
            return replace(form, body=with_node(form.tree, self.path, node))
        return self.put_raw(form, as_parameter(node))

    def put_raw(self, form: Form, text: str) -> Form:
        """Return the request with a text in this place, exactly as given."""
        if self.kind == "path":
            return form.with_segment(self.path[0], text)
        if self.kind == "header":
            return form.with_header(self.name, _header_text(text))
        return form.with_parameter(self.name, text)

    def raw(self, subject: Subject, text: str, entry: str) -> Probe:
        """Return the probe with a text in this place, exactly as given."""
        return subject.changed(
            self.put_raw(subject.form, text), "value", self.where(subject), entry
        )


def _header_text(text: str) -> str:
    return _NOT_IN_A_HEADER.sub("", text)


def spots(subject: Subject) -> Iterator[tuple[Spot, RequestPlace]]:
    """Yield every place to try in a request, as a spot and its position."""
    for spot, place in _every_spot(subject):
        if place.where(subject) not in subject.tried:
            yield spot, place


def spots_in(subject: Subject, kind: str) -> Iterator[tuple[Spot, RequestPlace]]:
    """Yield the places in one part of a request: body, path, query or header."""
    for spot, place in spots(subject):
        if place.kind == kind:
            yield spot, place


def place_texts(subject: Subject) -> Iterator[str]:
    """Yield every place of a request to try, as text."""
    for _, place in spots(subject):
        yield place.where(subject)


def _every_spot(subject: Subject) -> Iterator[tuple[Spot, RequestPlace]]:
    operation, form = subject.base.operation, subject.form
    for at, name in operation.open_segments:
        schema = operation.schema_of(name, "path")
        yield (
            subject.spot(name, schema, text_node(form.path[at])),
            RequestPlace("path", name, (at,)),
        )
    declared = [each for each in operation.parameters if each.place in _BY_NAME]
    for each in declared:
        yield _spot_of(subject, each), RequestPlace(each.place, each.name)
    names = set(map(attrgetter("name"), declared))
    for name, value in form.query:
        if name not in names:
            usual = text_node(value or "")
            yield subject.spot(name, NO_SCHEMA, usual), RequestPlace("query", name)
    if form.tree is not None:
        yield from _body_spots(subject, operation.body_schema, form.tree, ())


def _spot_of(subject: Subject, parameter: Parameter) -> Spot:
    """Return the spot of a parameter; a query parameter may also search for stored texts."""
    usual, schema = text_node(parameter.sample), parameter.schema
    if parameter.place != "query":
        return subject.spot(parameter.name, schema, usual)
    # A list is sent as its items, each by itself
    items = as_mapping(schema.get("items")) or schema
    spot = subject.spot(parameter.name, items, usual)
    if parameter.name not in subject.form.query_names:
        spot = replace(spot, is_sent=False, seen=(parameter.sample, *spot.seen))
    literal = filterfalse(_FRESH_NAME.search, subject.stored_texts)
    searched = (*searches(spot, literal), *_searched_names(spot, subject.stored_texts))
    return replace(spot, seen=(*spot.seen, *searched))


def _searched_names(spot: Spot, held: Iterable[str]) -> Iterator[str]:
    """Yield texts with a fresh name, as an email address, and in capitals around the name."""
    takes_text = "string" in spot.kinds and "enum" not in spot.schema
    for text in islice(filter(_FRESH_NAME.search, held), _MOST_NAMES if takes_text else 0):
        name = _FRESH_NAME.search(text)
        assert name is not None  # noqa: S101 - it was searched for
        yield from (text, f"{text[: name.start()].upper()}{name[0]}{text[name.end() :].upper()}")


def _body_spots(
    subject: Subject, schema: Schema, node: Node, path: Path, name: str = ""
) -> Iterator[tuple[Spot, RequestPlace]]:
    if path:
        yield subject.spot(name, schema, node), RequestPlace("body", name, path)
    if len(path) >= DEEPEST:
        return
    # The elements of a list are alike, so the first is enough
    most = MOST_MEMBERS if isinstance(node, JsonObject) else 1
    for index, inner in enumerate(children(node)[:most]):
        inner_schema = schema_below(schema, node, index)
        inner_name = member_name(node, (index,))
        yield from _body_spots(subject, inner_schema, inner, (*path, index), inner_name)
