"""The nodes of a YAML document, built from the events of its parser.

The composer of PyYAML is not used, because deep nesting in a hostile file exhausts its recursion.
"""

import re
from typing import Any, Final, NoReturn

import yaml

from conformance.errors import BadFileError, Place, Problem
from conformance.suites.nodes import (
    MAX_DEPTH,
    MAX_FILE_BYTES,
    MAX_NODES,
    MAX_SHOWN,
    Mapping,
    Member,
    Node,
    Scalar,
    ScalarKind,
    Sequence,
    describe,
    plain_kind,
    shown,
)

_STARTS_NO_STRING: Final = frozenset("+-.0123456789~nNtTfF")
_NON_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_new_tuple: Final = tuple.__new__  # makes a `Place` in half the time of its own constructor
_Event = Any  # what an event holds depends on its class, which libyaml's bindings do not declare
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7}|\|{7})(?= |$)", re.MULTILINE)
_IN_BRACKETS: Final = {"while parsing a flow sequence", "while parsing a flow mapping"}
"""Contexts of a parser's error whose mark is the opening bracket."""
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def nodes_of(raw: bytes, name: str) -> Node:
    """Return the root node of a document; raise BadFileError with all problems."""
    source = _decoded(raw, name)
    try:
        return _Builder(name, _PARSER(source), source).build()
    except _ReadAheadError as error:
        # The slow parser reports where the nesting is too deep
        return _Builder(name, yaml.SafeLoader(source[: error.index]), source).build()


def _decoded(raw: bytes, name: str) -> str:
    """Return the text of a file, or raise BadFileError if it cannot be parsed."""
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
        what = (
            f"a conflict marker of a merge that was not resolved: `{conflict[0]}`; resolve it, and "
            "remove its markers"
        )
        raise BadFileError([Problem(place, what)])
    return decoded


def _place_after(name: str, before: str) -> Place:
    """Return the place of the first character after some text."""
    return Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))


class _ReadAheadError(Exception):
    """libyaml refused deep nesting before it emitted the event that is too deep.

    `index` is the position to which it had read ahead.
    """

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class _Builder:
    """A builder that makes nodes from the events of one file, and collects problems."""

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
            self._refuse(error)
        return event

    def _refuse(self, error: yaml.MarkedYAMLError) -> NoReturn:
        """Raise the error of a parser, in words that say what to do."""
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context)
        # The C parser reads ahead, and counts levels before it emits their events
        reads_ahead = not isinstance(self._parser, yaml.SafeLoader)
        if "nesting" in str(error.problem) and mark and reads_ahead:
            raise _ReadAheadError(mark.index) from error
        if "alias" in f"{error.context} {error.problem}":
            self._stop(
                self._at(error.context_mark or mark),
                "'*' starts an alias in YAML; quote it: \"*\"",
            )
        character = self._source[mark.index : mark.index + 1] if mark else ""
        if "tab" in problem or character == "\t":
            self._stop(self._at(mark), "a tab: YAML wants spaces")
        if error.context in _IN_BRACKETS and error.context_mark:
            _, line, column = self._at(error.context_mark)
            problem += f"; the bracket that opens at {line}:{column} is not closed before this"
        self._stop(self._at(mark), problem)

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
            shortened = event.anchor[:MAX_SHOWN]
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
