"""YAML from others, such as OpenAPI documents: text in, plain JSON values out.

No positions are kept.

It accepts what such documents have and suites refuse: anchors, merge keys, and numbers as keys.
Tags have no effect.  Scalars follow the YAML 1.2 core schema, so that `no`, dates and `12:30` stay
texts.  The value is built from the events of libyaml, 13 MB in a few seconds.  An alias shares the
value that it names, so that no document grows while it is read.
"""

import math
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import yaml

from conformance.errors import BadFileError, Place, Problem
from conformance.suites.nodes import MAX_DEPTH, plain_kind

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_DEPTH: Final = 8 * MAX_DEPTH
"""Schemas may be nested.  Documents deeper than any known one are refused, because they would crash
the interpreter.
"""
_MERGE: Final = "<<"
_PENDING: Final = object()
"""Stands for a value that is not complete yet; an alias to it would make it contain itself."""


def read_foreign_yaml(raw: bytes, name: str) -> Any:
    """Return the value of one YAML document.

    Raises BadFileError with the place where reading failed.
    """
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"not UTF-8: byte 0x{raw[error.start]:02x}"
        raise BadFileError([Problem(Place(name), what)]) from error
    try:
        return _Reader(name, _PARSER(source)).document()
    except yaml.reader.ReaderError as error:
        raise BadFileError([Problem(Place(name), f"not YAML: {error.reason}")]) from error


class _Reader:
    """A reader of the events of one document."""

    def __init__(self, name: str, parser: Any) -> None:
        self._name = name
        self._parser = parser
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        """Return the value of the first document."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise BadFileError([Problem(Place(self._name), "the file is empty")])
        return self._value(self._next(), 0)

    def _next(self) -> Any:
        try:
            return self._parser.get_event()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._stop(mark, str(error.problem or error.context))

    def _value(self, event: Any, depth: int) -> Any:
        if depth > _MOST_DEPTH:
            self._stop(event.start_mark, f"nested deeper than {_MOST_DEPTH}")
        if type(event) is yaml.AliasEvent:
            return self._named(event)
        anchor = event.anchor
        if anchor is None:
            return self._content(event, depth)
        self._anchors[anchor] = _PENDING
        value = self._content(event, depth)
        self._anchors[anchor] = value
        return value

    def _named(self, alias: Any) -> Any:
        """Return the value that an alias names."""
        value = self._anchors.get(alias.anchor, _PENDING)
        if value is _PENDING:
            self._stop(
                alias.start_mark,
                f"the alias *{alias.anchor} names nothing that is complete before it",
            )
        return value

    def _content(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is yaml.MappingStartEvent:
            return self._mapping(depth + 1)
        if kind is not yaml.ScalarEvent:
            return self._sequence(depth + 1)
        # In quotes, or with the tag `!`, a scalar is a text
        if event.style or event.tag == "!":
            return event.value
        return _scalar(event.value)

    def _sequence(self, depth: int) -> list[Any]:
        values = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            values.append(self._value(event, depth))
        return values

    def _mapping(self, depth: int) -> dict[str, Any]:
        """Return the value of a mapping.

        Its own members win over merged ones; of those, later ones win over earlier ones.
        """
        own: dict[str, Any] = {}
        merged: list[Any] = []
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = event.value if type(event) is yaml.ScalarEvent else str(self._value(event, depth))
            value = self._value(self._next(), depth)
            if key != _MERGE:
                own[key] = value
            elif isinstance(value, list):
                merged += value
            else:
                merged.append(value)
        for each in merged:
            if isinstance(each, Mapping):
                own = {**each, **own}
        return own

    def _stop(self, mark: Any, why: str) -> NoReturn:
        place = Place(self._name)
        if mark:
            place = Place(self._name, mark.line + 1, mark.column + 1)
        raise BadFileError([Problem(place, why)])


def _scalar(written: str) -> Any:
    """Return the value of a plain scalar."""
    kind = plain_kind(written)
    if kind == "string":
        return written
    if kind == "null":
        return None
    if kind == "boolean":
        return written in {"true", "True", "TRUE"}
    if kind == "integer" and len(written) < _LONG_INTEGER:
        return int(written)
    number = float(written)
    # JSON has no infinite number
    if not math.isfinite(number):
        return written
    return number


_LONG_INTEGER: Final = 4_000
"""Python refuses to read longer integers; they are beyond every number type of a schema."""
