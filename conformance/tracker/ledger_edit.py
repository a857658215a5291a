"""Edits of the ledger file in place: the characters of one value change, comments and order and all else stay.

Each edit is checked before it counts: the edited text, read again, must hold exactly what was there before and the one
change.  A layout in which that fails is refused, to be edited by hand.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from conformance.errors import BadFileError, Place, TrackerError
from conformance.suites.decisions_file import DECISION
from conformance.suites.document import Mapping as MappingNode
from conformance.suites.document import Node, Scalar, parse_document
from conformance.suites.document import Sequence as SequenceNode
from conformance.tracker.yaml_text import yaml_value

Value = str | int | Sequence[str]
_ORDER: Final = tuple(DECISION.fields)


@dataclass(slots=True)
class _Span:
    """A value in the text: where it starts and ends, whether in flow style, and what it holds, by name or in order."""

    start: int
    end: int
    flow: bool = False
    members: "dict[str, tuple[int, _Span]]" = field(default_factory=dict)
    items: "list[_Span]" = field(default_factory=list)


def with_fields(raw: bytes, name: str, decision_id: str, changed: Mapping[str, Value | None]) -> bytes:
    """Return the ledger with fields of one row set, or removed where the value is None."""

    def change(ledger: dict[str, Any]) -> None:
        row = next(row for row in ledger["decisions"] if row["id"] == _plain(decision_id))
        for key, value in changed.items():
            row.pop(key, None)
            if value is not None:
                row[key] = _plain(value)

    text = _decoded(raw)
    for key, value in changed.items():
        row = _row(text, decision_id)
        text = _without(text, row, key) if value is None else _with(text, row, key, value, _ORDER)
    return _checked(raw, text, name, change)


def with_row(raw: bytes, name: str, fields: Mapping[str, Value]) -> bytes:
    """Return the ledger with one more row at its end."""
    text = _decoded(raw)
    rows = _spans(text).members["decisions"][1]
    line_end = "\r\n" if "\r\n" in text else "\n"
    if rows.items and not rows.flow:
        at = _line_end(text, rows.items[-1].end)
        dash = text.rfind("-", 0, rows.items[-1].start)
        indent = dash - (text.rfind("\n", 0, dash) + 1)
        head = text[:at] if text[:at].endswith("\n") else text[:at] + line_end
        text = head + _row_text(fields, indent, line_end) + text[at:]
    elif not rows.items:
        rest = text[rows.end :].removeprefix("\r").removeprefix("\n")
        text = text[: rows.start].rstrip(" \t") + line_end + _row_text(fields, 2, line_end) + rest
    return _checked(raw, text, name, lambda ledger: ledger["decisions"].append(_plain(fields)))


def with_budget(raw: bytes, name: str, budget: Mapping[str, int]) -> bytes:
    """Return the ledger with other numbers for runtimes that already have a budget."""
    text = _decoded(raw)
    for runtime, number in budget.items():
        _, span = _spans(text).members["budget"][1].members[runtime]
        text = text[: span.start] + str(number) + text[span.end :]
    return _checked(raw, text, name, lambda ledger: ledger["budget"].update(_plain(budget)))


def _row_text(fields: Mapping[str, Value], indent: int, line_end: str) -> str:
    lines = [f"{key}: {yaml_value(value)}" for key, value in fields.items()]
    return "".join(f"{' ' * indent}{'  ' if index else '- '}{line}{line_end}" for index, line in enumerate(lines))


def _with(text: str, row: _Span, key: str, value: Value, order: Sequence[str]) -> str:
    """Return the text with a member of a row replaced, or put in behind the one that it follows in the grammar."""
    written = yaml_value(value)
    if key in row.members:
        span = row.members[key][1]
        return text[: span.start] + written + text[span.end :]
    before = [name for name in row.members if order.index(name) < order.index(key)] or list(row.members)
    previous = row.members[max(before, key=order.index)]
    if row.flow:
        return text[: previous[1].end] + f", {key}: {written}" + text[previous[1].end :]
    first = next(iter(row.members.values()))[0]
    indent = first - (text.rfind("\n", 0, first) + 1)
    line_end = "\r\n" if "\r\n" in text else "\n"
    at = _line_end(text, previous[1].end)
    head = text[:at] if text[:at].endswith("\n") else text[:at] + line_end
    return head + f"{' ' * indent}{key}: {written}{line_end}" + text[at:]


def _without(text: str, row: _Span, key: str) -> str:
    """Return the text without a member of a row; a comment on its own line stays."""
    if key not in row.members:
        return text
    names = list(row.members)
    position, (start, span) = names.index(key), row.members[key]
    if position == 0:
        return text[:start] + text[row.members[names[1]][0] :]
    if row.flow:
        return text[: row.members[names[position - 1]][1].end] + text[span.end :]
    return text[: text.rfind("\n", 0, start) + 1] + text[_line_end(text, span.end) :]


def _line_end(text: str, at: int) -> int:
    """Return the index after the line that holds an index."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8")


def _row(text: str, decision_id: str) -> _Span:
    rows = _spans(text).members["decisions"][1].items
    return next(row for row in rows if _scalar(text, row.members["id"][1]) == decision_id)


def _scalar(text: str, span: _Span) -> str:
    node = parse_document(text[span.start : span.end].encode("utf-8"), "id")
    return node.text if isinstance(node, Scalar) else ""


def _spans(text: str) -> _Span:
    """Return where every value of a ledger that has been read stands in its text."""
    events = (event for event in yaml.parse(text, yaml.SafeLoader) if isinstance(event, yaml.NodeEvent | _ENDS))
    return _span(next(events), events, text)


_ENDS: Final = yaml.CollectionEndEvent


def _span(event: yaml.Event, events: Iterator[yaml.Event], text: str) -> _Span:
    span = _Span(_index(event.start_mark), _index(event.end_mark), bool(getattr(event, "flow_style", False)))
    if isinstance(event, yaml.SequenceStartEvent):
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            span.items.append(_span(inner, events, text))
        span.end = _collection_end(span, inner, [item.end for item in span.items])
    elif isinstance(event, yaml.MappingStartEvent):
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = _span(inner, events, text)
            value = _span(next(events), events, text)
            span.members[_scalar(text, key)] = key.start, value
        span.end = _collection_end(span, inner, [value.end for _, value in span.members.values()])
    else:
        span.end = span.start + len(text[span.start : span.end].rstrip())  # a block scalar's mark is after blank lines
    return span


def _collection_end(span: _Span, closing: yaml.Event, ends: list[int]) -> int:
    """Return where a collection ends; the closing mark of one in block style is where the next value starts."""
    return _index(closing.end_mark) if span.flow or not ends else ends[-1]


def _index(mark: Any) -> int:
    """Return the index of a mark; the parser sets one on every event."""
    index: int = mark.index
    return index


def _checked(raw: bytes, text: str, name: str, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the edited text, if it holds what the file held and the one change."""
    wanted: dict[str, Any] = _value(parse_document(raw, name))
    change(wanted)
    edited = text.encode("utf-8")
    try:
        got = _value(parse_document(edited, name))
    except BadFileError:
        got = None
    if got != wanted:
        hint = "write the ledger in block style, or make this change by hand"
        raise TrackerError("this layout cannot be edited in place; nothing was changed", place=Place(name), hint=hint)
    return edited


def _value(node: Node) -> Any:
    """Return a node as plain values; the order of members counts for nothing."""
    if isinstance(node, MappingNode):
        return {name: _value(member.node) for name, member in node.members.items()}
    if isinstance(node, SequenceNode):
        return [_value(item) for item in node.items]
    return (node.kind, node.text)


def _plain(value: Any) -> Any:
    """Return a value as `_value` would read it."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return ("string", value)
    if isinstance(value, int):
        return ("integer", json.dumps(value))
    return [_plain(item) for item in value]
