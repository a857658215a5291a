"""Where values can be tried in the request of an operation: body, path, query and header fields."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.form import Form, FormStep, QueryPair
from conformance.fuzzing.json_nodes import (
    Items,
    Members,
    Node,
    Path,
    at_path,
    children,
    shown_path,
    text_node,
    with_node,
)
from conformance.fuzzing.operation import NO_SCHEMA, Schema
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.values import (
    Spot,
    Tried,
    as_parameter,
    schema_below,
)

DEEPEST: Final = 5
"""Members below this depth are sent as they are."""


class Subject(Struct, frozen=True):
    """An operation to be tried: its fullest valid request, and the steps that read.

    These steps read afterwards what the operation has stored.
    """

    base: Base
    probe: Probe
    seen: Mapping[str, tuple[Any, ...]]
    after: tuple[tuple[FormStep, str], ...] = ()

    @property
    def form(self) -> Form:
        """Return the request that is changed."""
        return self.probe.steps[-1].form

    def changed(self, form: Form, stage: str, where: str, entry: str) -> Probe:
        """Return the probe of a changed request, with what reads afterwards what it has stored."""
        at = len(self.probe.steps) - 1
        probe = self.probe.with_step(at, form)
        locus = f"{self.base.operation.id} @ {where}"
        steps, names = (
            (*probe.steps, *(step for step, _ in self.after)),
            (*probe.operations, *(n for _, n in self.after)),
        )
        return Probe(steps, names, stage, locus, entry)


class At(Struct, frozen=True):
    """Where a value is put: in the body, the path, the query or a header.

    The body takes a path, the path a segment, and the query or a header a name.
    """

    kind: str
    name: str
    path: Path = ()

    def where(self, subject: Subject) -> str:
        """Return the place in words."""
        body = subject.form.body
        if self.kind == "body" and isinstance(body, str | Members | Items):
            return f"body {shown_path(body, self.path)}"
        return f"{self.kind} {self.name}"

    def probe(self, subject: Subject, tried: Tried) -> Probe:
        """Return the probe that has a value there."""
        return subject.changed(
            self.put(subject.form, tried.node), "value", self.where(subject), tried.entry
        )

    def put(self, form: Form, node: Node) -> Form:
        """Return a request with a value there."""
        if self.kind == "body":
            assert isinstance(form.body, str | Members | Items)  # noqa: S101 - the spots of a body are those of a tree
            return replace(form, body=with_node(form.body, self.path, node))
        if self.kind == "header":
            return form.with_header(self.name, _header_text(as_parameter(node)))
        return self.put_raw(form, as_parameter(node))

    def put_raw(self, form: Form, text: str) -> Form:
        """Return a request with a text there, as it is sent."""
        if self.kind == "path":
            at = self.path[0]
            return replace(form, path=(*form.path[:at], text, *form.path[at + 1 :]))
        if self.kind == "header":
            return form.with_header(self.name, _header_text(text))
        return replace(form, query=_with_pair(form.query, self.name, text))

    def raw(self, subject: Subject, text: str, entry: str) -> Probe:
        """Return the probe that has a text there, as it is sent."""
        return subject.changed(
            self.put_raw(subject.form, text), "value", self.where(subject), entry
        )


def _header_text(text: str) -> str:
    return "".join(character for character in text if " " <= character <= "~")


def _with_pair(query: tuple[QueryPair, ...], name: str, value: str | None) -> tuple[QueryPair, ...]:
    known = [at for at, (each, _) in enumerate(query) if each == name]
    if not known:
        return (*query, (name, value))
    return (*query[: known[0]], (name, value), *query[known[0] + 1 :])


def spots(subject: Subject) -> Iterator[tuple[Spot, At]]:
    """Yield every place of a request where a value can be tried."""
    operation, form = subject.base.operation, subject.form
    for at, name in operation.open_segments:
        parameter = operation.parameter(name, "path")
        schema = parameter.schema if parameter else NO_SCHEMA
        yield (
            Spot(name, schema, text_node(form.path[at]), subject.seen.get(name, ())),
            At("path", name, (at,)),
        )
    declared = [each for each in operation.parameters if each.place in {"query", "header"}]
    for each in declared:
        usual = text_node(each.sample)
        yield (
            Spot(each.name, each.schema, usual, subject.seen.get(each.name, ())),
            At(each.place, each.name),
        )
    names = {each.name for each in declared}
    for name, value in form.query:
        if name not in names:
            yield (
                Spot(name, NO_SCHEMA, text_node(value or ""), subject.seen.get(name, ())),
                At("query", name),
            )
    if isinstance(form.body, str | Members | Items):
        schema = operation.body.schema if operation.body is not None else NO_SCHEMA
        yield from _body_spots(form.body, schema, subject.seen, form.body, ())


def _body_spots(
    root: Node, schema: Schema, seen: Mapping[str, tuple[Any, ...]], node: Node, path: Path
) -> Iterator[tuple[Spot, At]]:
    parent = at_path(root, path[:-1]) if path else root
    name = parent.pairs[path[-1]][0] if path and isinstance(parent, Members) else ""
    if path:
        yield Spot(name, schema, node, seen.get(name, ())), At("body", name, path)
    if len(path) < DEEPEST:
        for index, inner in enumerate(
            children(node)[:20] if isinstance(node, Members) else children(node)[:1]
        ):
            yield from _body_spots(
                root, schema_below(schema, node, index), seen, inner, (*path, index)
            )
