"""The systematic stage: for each operation one value at a time, then pairs of small values.

Nothing is random.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from conformance.fuzzing import dictionary as words
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
    with_member,
    with_node,
    without,
)
from conformance.fuzzing.operation import NO_SCHEMA, Schema
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.values import (
    Spot,
    Tried,
    as_parameter,
    dictionary_values,
    first_values,
    schema_below,
    small_values,
)

MOST_PAIRS: Final = 600
"""Pairs of values that are tried of one operation."""
_DEEPEST: Final = 5
"""Members below this depth are sent as they are."""


@dataclass(frozen=True, slots=True)
class Subject:
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


def round_robin(streams: Iterable[Iterator[Probe]]) -> Iterator[Probe]:
    """Yield from several streams in turn, so that no operation waits for another one's end."""
    waiting = list(streams)
    while waiting:
        for stream in list(waiting):
            probe = next(stream, None)
            if probe is None:
                waiting.remove(stream)
            else:
                yield probe


def first_tier(subject: Subject) -> Iterator[Probe]:
    """Yield the most informative probes first.

    These are presence, bounds, other types, and parameters that are absent, empty, twice or
    unknown.
    """
    yield from _presence(subject)
    for spot, place in spots(subject):
        yield from (place.probe(subject, tried) for tried in first_values(spot))
    yield from _parameter_forms(subject)


def dictionary_tier(subject: Subject) -> Iterator[Probe]:
    """Yield every value of the dictionary that is of a place's type, at each place in turn."""
    streams = [_dictionary(subject, spot, place) for spot, place in spots(subject)]
    yield from round_robin(streams)


def _dictionary(subject: Subject, spot: Spot, place: "At") -> Iterator[Probe]:
    yield from (place.probe(subject, tried) for tried in dictionary_values(spot))
    if place.kind != "body":
        for entry in words.PARAMETER_SPELLINGS:
            yield place.raw(subject, entry.text, entry.group)


@dataclass(frozen=True, slots=True)
class At:
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
    if len(path) < _DEEPEST:
        for index, inner in enumerate(
            children(node)[:20] if isinstance(node, Members) else children(node)[:1]
        ):
            yield from _body_spots(
                root, schema_below(schema, node, index), seen, inner, (*path, index)
            )


def _presence(subject: Subject) -> Iterator[Probe]:
    """Yield bodies with one change of their members.

    A member is missing, twice there or unknown, or the members are in another order.
    """
    body = subject.form.body
    if not isinstance(body, Members | Items):
        return
    for path in [place.path for _, place in spots(subject) if place.kind == "body"]:
        where = f"body {shown_path(body, path)}"
        yield subject.changed(
            replace(subject.form, body=without(body, path)), "value", where, "absent"
        )
        parent = at_path(body, path[:-1])
        if isinstance(parent, Members):
            name, node = parent.pairs[path[-1]]
            for entry, other in (
                ("twice", "null"),
                ("twice", text_node("other")),
                ("twice, alike", node),
                ("twice", "7"),
            ):
                for pairs in ((*parent.pairs, (name, other)), ((name, other), *parent.pairs)):
                    twice = with_node(body, path[:-1], Members(pairs))
                    yield subject.changed(replace(subject.form, body=twice), "value", where, entry)
            for spelled in dict.fromkeys(
                (name.upper(), name.capitalize(), f" {name}", _other_case(name))
            ):
                if spelled != name:
                    renamed = Members(
                        (*parent.pairs[: path[-1]], (spelled, node), *parent.pairs[path[-1] + 1 :])
                    )
                    changed = replace(subject.form, body=with_node(body, path[:-1], renamed))
                    yield subject.changed(changed, "value", where, "name spelled otherwise")
    for path in _objects(body, ()):
        node = at_path(body, path)
        assert isinstance(node, Members)  # noqa: S101 - only objects are yielded
        where = f"body {shown_path(body, path)}"
        for name, value in ((words.UNKNOWN, "1"), ("", "1"), ("id", "7"), ("__proto__", "{}")):
            more = with_node(body, path, with_member(node, name, value))
            yield subject.changed(
                replace(subject.form, body=more), "value", where, "an unknown member"
            )
        turned = with_node(body, path, Members(node.pairs[::-1]))
        yield subject.changed(
            replace(subject.form, body=turned), "value", where, "members in another order"
        )


def _other_case(name: str) -> str:
    """Return a name in camel case, or one in camel case in snake case."""
    if "_" in name:
        head, *rest = name.split("_")
        return head + "".join(map(str.capitalize, rest))
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def _objects(node: Node, path: Path) -> Iterator[Path]:
    if isinstance(node, Members):
        yield path
    if len(path) < _DEEPEST:
        for index, inner in enumerate(children(node)[:20]):
            yield from _objects(inner, (*path, index))


def _parameter_forms(subject: Subject) -> Iterator[Probe]:
    form = subject.form
    for spot, place in spots(subject):
        if place.kind != "query":
            continue
        usual = as_parameter(spot.usual)
        others = [as_parameter(tried.node) for tried in small_values(spot)][:2] or ["1"]
        bare = tuple(pair for pair in form.query if pair[0] != place.name)
        queries: list[tuple[str, tuple[QueryPair, ...]]] = [
            ("usual", (*bare, (place.name, usual))),
            ("absent", bare),
            ("empty", (*bare, (place.name, ""))),
            ("no value", (*bare, (place.name, None))),
            ("twice, alike", (*bare, (place.name, usual), (place.name, usual))),
            ("in brackets", (*bare, (f"{place.name}[]", usual))),
            ("in capitals", (*bare, (place.name.upper(), usual))),
            ("name escaped", (*bare, (f"%{ord(place.name[0]):02X}{place.name[1:]}", usual))),
            ("with an empty pair", (*bare, (place.name, usual), ("", None))),
        ]
        for other in others:
            queries.append(("twice", (*bare, (place.name, usual), (place.name, other))))
            queries.append(("twice", (*bare, (place.name, other), (place.name, usual))))
            queries.append(("two in one", (*bare, (place.name, f"{usual},{other}"))))
        for entry, query in queries:
            yield subject.changed(replace(form, query=query), "value", place.where(subject), entry)
    for name, value in (
        (words.UNKNOWN, "1"),
        ("", "1"),
        ("_method", "DELETE"),
        ("callback", "x"),
        ("pretty", "true"),
    ):
        unknown = replace(form, query=(*form.query, (name, value)))
        yield subject.changed(unknown, "value", "query", "an unknown parameter")


def pairs(subject: Subject) -> Iterator[Probe]:
    """Yield pairs of small values at two places, each place also without a value."""
    few = [(place, _small(spot, place)) for spot, place in spots(subject) if place.kind != "path"]
    made = (
        subject.changed(
            second(first(subject.form)),
            "pair",
            f"{one.where(subject)} and {other.where(subject)}",
            "small",
        )
        for (one, firsts), (other, seconds) in itertools.combinations(few, 2)
        if not _is_within(one, other)
        for first in firsts
        for second in seconds
    )
    yield from itertools.islice(made, MOST_PAIRS)


def _is_within(one: At, other: At) -> bool:
    shorter, longer = sorted((one.path, other.path), key=len)
    return one.kind == other.kind == "body" and longer[: len(shorter)] == shorter


class _Put:
    """Puts a value at a place."""

    def __init__(self, place: At, node: Node) -> None:
        self._place, self._node = place, node

    def __call__(self, form: Form) -> Form:
        return self._place.put(form, self._node)


def _small(spot: Spot, place: At) -> Sequence[_Put]:
    return [_Put(place, tried.node) for tried in small_values(spot)]
