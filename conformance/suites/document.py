"""Strict YAML with positions: text in, a tree of nodes out, or every problem with its line and column.

The language is YAML 1.2 core without tags, anchors, aliases, merge keys, duplicate or non-string keys, and one document
a file: `no`, `010`, `12:30` and dates stay strings.  Sizes and depth are bounded while reading, so that no file can
exhaust the harness.  Nodes are built from the parser's event stream because the composer recurses on hostile nesting.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import yaml

from conformance.errors import BadFileError, Place, Problem

MAX_FILE_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
MAX_NODES: Final = 100_000
_MAX_SHOWN: Final = 60

ScalarKind = Literal["null", "boolean", "integer", "number", "string"]
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_NON_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf: its kind by the YAML 1.2 core schema and its text as written."""

    place: Place
    kind: ScalarKind
    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    place: Place
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a mapping, with the place of its key."""

    key_place: Place
    node: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """An ordered mapping from strings to nodes."""

    place: Place
    members: dict[str, Member]


Node = Scalar | Sequence | Mapping


def describe(node: Node) -> str:
    """Name what a node is, for messages: `a list`, `an object`, `string 'x'`."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "an object"
    return "null" if node.kind == "null" else f"{node.kind} {shown(node.text)}"


def shown(written: str) -> str:
    """Quote a text for a message: on one line, and cut where it is long."""
    return repr(written if len(written) <= _MAX_SHOWN else written[:_MAX_SHOWN] + "…")


def members(node: Node | None) -> dict[str, Node]:
    """Return the members of a mapping by name; anything else has none."""
    return {name: member.node for name, member in node.members.items()} if isinstance(node, Mapping) else {}


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a sequence; anything else has none."""
    return node.items if isinstance(node, Sequence) else ()


def text(node: Node | None) -> str:
    """Return the text of a scalar as written; anything else has none."""
    return node.text if isinstance(node, Scalar) else ""


def read_document(file: Path, shown_as: str | None = None) -> Node:
    """Read one YAML file; raises BadFileError with every problem that could be placed."""
    name = shown_as or str(file)
    return parse_document(source_bytes(file, name), name)


def source_bytes(file: Path, name: str) -> bytes:
    """Return the bytes of a file, of one that is too large just enough to tell; raises BadFileError."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadFileError([Problem(Place(name), f"cannot be read: {error.strerror}")]) from error


def parse_document(raw: bytes, name: str) -> Node:
    """Parse YAML bytes under the name that problems show."""
    if len(raw) > MAX_FILE_BYTES:
        raise BadFileError([Problem(Place(name), f"more than {MAX_FILE_BYTES} bytes; split the file")])
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place_after(name, raw[: error.start].decode("utf-8"))
        raise BadFileError([Problem(place, f"not UTF-8: byte 0x{raw[error.start]:02x}")]) from error
    if unprintable := _UNPRINTABLE.search(decoded):
        place = _place_after(name, decoded[: unprintable.start()])
        raise BadFileError([Problem(place, f"character U+{ord(unprintable[0]):04X} is not allowed in YAML")])
    return _Builder(name).build(decoded)


def _place_after(name: str, before: str) -> Place:
    """Return the place of the character that comes after some text."""
    return Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _parsed(source: str) -> Iterator[yaml.Event]:
    """Yield the events of a text.

    libyaml reads ahead and may refuse deep nesting before the event that is too deep; the slow parser does not.
    """
    seen = 0
    try:
        for event in yaml.parse(source, _PARSER):
            yield event
            seen += 1
    except yaml.MarkedYAMLError as error:
        if "nesting" not in str(error.problem):
            raise
        yield from itertools.islice(yaml.parse(source, yaml.SafeLoader), seen, None)


class _Builder:
    """Turns the event stream of one file into nodes, collecting problems on the way."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._problems: list[Problem] = []
        self._nodes = 0

    def build(self, source: str) -> Node:
        events = self._events(source)
        first = next(events, None)
        if first is None:
            self._stop(Place(self._name, 1, 1), "the file is empty")
        root = self._node(first, events, depth=1)
        extra = next(events, None)
        if extra is not None:
            self._stop(self._place(extra), "a second document; write one document a file")
        if self._problems:
            raise BadFileError(self._problems)
        return root

    def _events(self, source: str) -> Iterator[yaml.Event]:
        """Yield the events inside documents."""
        skipped = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        try:
            for event in _parsed(source):
                if not isinstance(event, skipped):
                    yield event
        except yaml.MarkedYAMLError as error:
            self._stop(self._at(error.problem_mark or error.context_mark), str(error.problem or error.context))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        place = self._place(event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(place, f"more than {MAX_NODES} values; split the file")
        if depth > MAX_DEPTH:
            self._stop(place, f"nested deeper than {MAX_DEPTH}")
        self._refuse_features(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(place, tuple(self._items(events, depth)))
        if isinstance(event, yaml.MappingStartEvent):
            return Mapping(place, self._members(events, depth))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        return Scalar(place, "null", "")  # an alias, already reported

    def _refuse_features(self, event: yaml.Event, place: Place) -> None:
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._problem(place, f"anchors and aliases ({anchor[:_MAX_SHOWN]}) are not allowed; write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._problem(place, f"tag {shown(tag)} is not allowed")

    def _items(self, events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self._node(event, events, depth + 1)

    def _members(self, events: Iterator[yaml.Event], depth: int) -> dict[str, Member]:
        members: dict[str, Member] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, Scalar) or key.kind != "string":
                self._problem(key.place, f"a key must be a string, not {describe(key)}; quote it")
            elif key.text == "<<":
                self._problem(key.place, "merge keys are not allowed; write the members out")
            elif key.text in members:
                first = members[key.text].key_place.line
                self._problem(key.place, f"duplicate key {shown(key.text)} (first at line {first})")
            else:
                members[key.text] = Member(key.place, value)
        return members

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar:
        if event.style:
            return Scalar(place, "string", event.value)
        if _NON_FINITE.match(event.value):
            self._problem(place, f"{event.value} is no JSON number; quote it if text is meant")
        return Scalar(place, plain_kind(event.value), event.value)

    def _place(self, event: yaml.Event) -> Place:
        return self._at(event.start_mark)

    def _at(self, mark: Any) -> Place:
        return Place(self._name, mark.line + 1, mark.column + 1) if mark else Place(self._name)

    def _problem(self, place: Place, message: str) -> None:
        self._problems.append(Problem(place, message))

    def _stop(self, place: Place, message: str) -> NoReturn:
        raise BadFileError([*self._problems, Problem(place, message)])


def plain_kind(written: str) -> ScalarKind:
    """Resolve a plain scalar; numbers with leading zeros are text, as they are identifiers, not amounts."""
    if written in {"", "~", "null", "Null", "NULL"}:
        return "null"
    if written in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return "boolean"
    if _LEADING_ZERO.match(written):
        return "string"
    if _INTEGER.match(written):
        return "integer"
    return "number" if _NUMBER.match(written) else "string"
