"""Strict YAML with positions: text in, a tree of nodes out, or every problem.

Each problem has its line and column.

The language is YAML 1.2 core without tags, anchors, aliases, merge keys, duplicate or non-string
keys, and one document a file: `no`, `010`, `12:30` and dates stay strings.  Sizes and depth are
bounded while reading, so that no file can exhaust the harness.  Nodes are built from the parser's
event stream because the composer recurses on hostile nesting.
"""

import re
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

import msgspec
import yaml

from conformance.errors import BadFileError, Place, Problem
from conformance.suites.read_files import note

MAX_FILE_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
MAX_NODES: Final = 100_000
_MAX_SHOWN: Final = 60

ScalarKind = Literal["null", "boolean", "integer", "number", "string"]
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_STARTS_NO_STRING: Final = frozenset("+-.0123456789~nNtTfF")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_NON_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7}|\|{7})(?= |$)", re.MULTILINE)
_new_tuple: Final = tuple.__new__  # of which `Place` is one: half the time of its own constructor
_Event = Any  # what an event holds depends on its class, which libyaml's bindings do not declare
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A leaf: its kind by the YAML 1.2 core schema and its text as written."""

    place: Place
    kind: ScalarKind
    text: str


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """A list of nodes."""

    place: Place
    items: "tuple[Node, ...]"


class Member(msgspec.Struct, frozen=True, gc=False):
    """One entry of a mapping, with the place of its key."""

    key_place: Place
    node: "Node"


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """An ordered mapping from strings to nodes; `nodes` are those of the members, by name."""

    place: Place
    members: dict[str, Member]
    nodes: dict[str, "Node"] = {}

    def __post_init__(self) -> None:
        nodes = {name: member.node for name, member in self.members.items()}
        msgspec.structs.force_setattr(self, "nodes", nodes)


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
    """Return the members of a mapping by name, to be read only; anything else has none."""
    return node.nodes if isinstance(node, Mapping) else {}


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a sequence; anything else has none."""
    return node.items if isinstance(node, Sequence) else ()


def is_true(node: "Node | None") -> bool:
    """Return whether a node is there and says true."""
    return isinstance(node, Scalar) and node.kind == "boolean" and node.text.lower() == "true"


def text(node: Node | None) -> str:
    """Return the text of a scalar as written; anything else has none."""
    return node.text if isinstance(node, Scalar) else ""


def read_document(file: Path, shown_as: str | None = None) -> Node:
    """Read one YAML file; raises BadFileError with every problem that could be placed."""
    name = shown_as or str(file)
    return parse_document(source_bytes(file, name), name)


def source_bytes(file: Path, name: str) -> bytes:
    """Return the bytes of a file, of one that is too large just enough to tell.

    Raises BadFileError.
    """
    try:
        note(file)
        with file.open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadFileError([Problem(Place(name), f"cannot be read: {error.strerror}")]) from error


def parse_document(raw: bytes, name: str) -> Node:
    """Parse YAML bytes under the name that problems show."""
    if len(raw) > MAX_FILE_BYTES:
        raise BadFileError(
            [Problem(Place(name), f"more than {MAX_FILE_BYTES} bytes; split the file")]
        )
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place_after(name, raw[: error.start].decode("utf-8"))
        raise BadFileError([Problem(place, f"not UTF-8: byte 0x{raw[error.start]:02x}")]) from error
    if unprintable := _UNPRINTABLE.search(decoded):
        place = _place_after(name, decoded[: unprintable.start()])
        raise BadFileError(
            [Problem(place, f"character U+{ord(unprintable[0]):04X} is not allowed in YAML")]
        )
    if conflict := _CONFLICT.search(decoded):
        place = _place_after(name, decoded[: conflict.start()])
        what = f"a conflict marker of a merge that was not resolved: `{conflict[0]}`"
        raise BadFileError([Problem(place, what)])
    try:
        return _Builder(name, _PARSER(decoded), decoded).build()
    except _ReadAheadError as error:
        return _Builder(
            name, yaml.SafeLoader(decoded[: error.index]), decoded
        ).build()  # slow, but says where it is too deep


def _place_after(name: str, before: str) -> Place:
    """Return the place of the character that comes after some text."""
    return Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))


class _ReadAheadError(Exception):
    """libyaml refused deep nesting before it emitted the event that is too deep.

    It had read ahead up to a character.
    """

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class _Builder:
    """Turns the event stream of one file into nodes, collecting problems on the way."""

    def __init__(self, name: str, parser: yaml.SafeLoader | yaml.CSafeLoader, source: str) -> None:
        self._name = name
        self._source = source
        self._parser = parser
        self._problems: list[Problem] = []
        self._nodes = 0

    def build(self) -> Node:
        self._next()  # the start of the stream
        if isinstance(self._next(), yaml.StreamEndEvent):
            self._stop(Place(self._name, 1, 1), "the file is empty")
        root = self._node(self._next(), depth=1)
        self._next()  # the end of the document
        if not isinstance(extra := self._next(), yaml.StreamEndEvent):
            content = self._next()
            self._stop(
                self._at(content.start_mark or extra.start_mark),
                "a second document; write one document a file",
            )
        if self._problems:
            raise BadFileError(self._problems)
        return root

    def _next(self) -> _Event:
        try:
            event = self._parser.get_event()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            if (
                "nesting" in str(error.problem)
                and mark
                and not isinstance(self._parser, yaml.SafeLoader)
            ):
                raise _ReadAheadError(mark.index) from error
            if "alias" in f"{error.context} {error.problem}":
                self._stop(
                    self._at(error.context_mark or mark),
                    "'*' starts an alias in YAML; quote it: \"*\"",
                )
            problem = str(error.problem or error.context)
            if "tab" in problem or (mark and self._source[mark.index : mark.index + 1] == "\t"):
                self._stop(self._at(mark), "a tab: YAML wants spaces")
            self._stop(self._at(mark), problem)
        return event

    def _node(self, event: _Event, depth: int) -> Node:
        mark, kind = event.start_mark, type(event)
        place = _new_tuple(Place, (self._name, mark.line + 1, mark.column + 1))
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(place, f"more than {MAX_NODES} values; split the file")
        if depth > MAX_DEPTH:
            self._stop(place, f"nested deeper than {MAX_DEPTH}")
        if kind is yaml.AliasEvent:
            self._refuse_anchor(event, place)
            return Scalar(place, "null", "")
        if event.anchor is not None or event.tag is not None:
            self._refuse_anchor(event, place)
            self._refuse_tag(event, place)
        if kind is yaml.ScalarEvent:
            return Scalar(
                place,
                "string" if event.style else self._plain_kind(event.value, place),
                event.value,
            )
        if kind is yaml.MappingStartEvent:
            return Mapping(place, self._members(depth + 1))
        return Sequence(place, tuple(self._items(depth + 1)))

    def _refuse_anchor(self, event: _Event, place: Place) -> None:
        if event.anchor is not None:
            shortened = event.anchor[:_MAX_SHOWN]
            quote = "; quote a text that starts with '*'" if type(event) is yaml.AliasEvent else ""
            self._problem(
                place,
                f"anchors and aliases ({shortened}) are not allowed; write the value out{quote}",
            )

    def _refuse_tag(self, event: _Event, place: Place) -> None:
        if event.tag is not None:
            self._problem(place, f"tag {shown(event.tag)} is not allowed")

    def _items(self, depth: int) -> list[Node]:
        items: list[Node] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth))
        return items

    def _members(self, depth: int) -> dict[str, Member]:
        members: dict[str, Member] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._node(event, depth)
            value = self._node(self._next(), depth)
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

    def _plain_kind(self, written: str, place: Place) -> ScalarKind:
        if written and written[0] not in _STARTS_NO_STRING:
            return "string"
        if _NON_FINITE.match(written):
            self._problem(place, f"{written} is no JSON number; quote it if text is meant")
        return plain_kind(written)

    def _at(self, mark: Any) -> Place:
        return Place(self._name, mark.line + 1, mark.column + 1) if mark else Place(self._name)

    def _problem(self, place: Place, message: str) -> None:
        self._problems.append(Problem(place, message))

    def _stop(self, place: Place, message: str) -> NoReturn:
        raise BadFileError([*self._problems, Problem(place, message)])


def plain_kind(written: str) -> ScalarKind:
    """Resolve a plain scalar.

    Numbers with leading zeros are text, as they are identifiers, not amounts.
    """
    if written in {"", "~", "null", "Null", "NULL"}:
        return "null"
    if written in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return "boolean"
    if _LEADING_ZERO.match(written):
        return "string"
    if _INTEGER.match(written):
        return "integer"
    return "number" if _NUMBER.match(written) else "string"
