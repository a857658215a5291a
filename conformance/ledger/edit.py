"""In-place edits of the ledger file: only the characters of one value change.

Comments, order and layout stay.

Each edit is checked: the new text, parsed again, must have exactly the old values with the one
change, and every comment.  Otherwise the edit is refused, and a person makes it by hand.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, Final

import yaml

from conformance.errors import BadFileError, TrackerError
from conformance.ledger.row_fields import DECISION
from conformance.ledger.row_text import row_lines
from conformance.ledger.text_spans import (
    BLOCK_HEADER,
    LINE_END,
    TextSpan,
    comments_of,
    refusal,
    spans_of,
)
from conformance.model.yaml_text import YamlValue, yaml_text, yaml_value
from conformance.suites.document import parse_document
from conformance.suites.nodes import Mapping as MappingNode
from conformance.suites.nodes import Node, plain_kind
from conformance.suites.nodes import Sequence as SequenceNode

_ORDER: Final = tuple(DECISION.fields)


def with_fields(
    raw: bytes, name: str, decision_id: str, changed: Mapping[str, YamlValue | None]
) -> bytes:
    """Return the ledger with fields of one row set, or removed where the value is None."""
    for key, value in changed.items():
        raw = _with_field(raw, name, decision_id, key, value)
    return raw


def _with_field(
    raw: bytes, name: str, decision_id: str, key: str, value: YamlValue | None
) -> bytes:
    def change(ledger: dict[str, Any]) -> None:
        row = next(row for row in ledger["decisions"] if row["id"] == _plain(decision_id))
        row.pop(key, None)
        if value is not None:
            row[key] = _plain(value)

    text = raw.decode("utf-8")
    row = _row_span(text, name, decision_id)
    edited = _without(text, row, key) if value is None else _with(text, row, key, value)
    return _checked(raw, edited, name, change)


def _row_span(text: str, name: str, decision_id: str) -> TextSpan:
    """Return the span of a row in the text."""
    rows = spans_of(text, name).members["decisions"][1].items
    return next(row for row in rows if row.members["id"][1].value == decision_id)


def with_rows(raw: bytes, name: str, rows: Sequence[Mapping[str, YamlValue]]) -> bytes:
    """Return the ledger with the given rows added at its end."""
    if not rows:
        return raw
    text = raw.decode("utf-8")
    for value in chain.from_iterable(fields.values() for fields in rows):
        _written(value)  # raises for what YAML cannot write
    held = spans_of(text, name).members["decisions"][1]
    lines = list(chain.from_iterable(map(row_lines, rows)))
    if not held.items:
        head = text[: held.start].rstrip(" \t")
        indented = [f"  {line}" for line in lines]
        text = _with_lines(head + text[held.end :], len(head) - 1, indented)
    elif not held.flow:
        indent = " " * (held.start - _line_start(text, held.start))
        indented = [indent + line for line in lines]
        text = _with_lines(text, held.items[-1].end, indented)
    # A list in flow style stays as it is, and the check refuses it
    return _checked(raw, text, name, lambda ledger: ledger["decisions"].extend(map(_plain, rows)))


def without_row(raw: bytes, name: str, decision_id: str) -> bytes:
    """Return the ledger without a row.

    A row that has a comment is refused, because the comment would be lost.
    """

    def change(ledger: dict[str, Any]) -> None:
        rows = ledger["decisions"]
        ledger["decisions"] = [row for row in rows if row["id"] != _plain(decision_id)]

    text = raw.decode("utf-8")
    row = _row_span(text, name, decision_id)
    text = text[: _line_start(text, row.start)] + text[_line_end(text, row.end - 1) :]
    return _checked(raw, text, name, change)


def with_budget(raw: bytes, name: str, budget: Mapping[str, int]) -> bytes:
    """Return the ledger with new numbers for runtimes that already have a budget."""

    def change(ledger: dict[str, Any]) -> None:
        for runtime, number in budget.items():
            ledger["budget"][runtime] = _plain(number)

    if not budget:
        return raw
    text = raw.decode("utf-8")
    for runtime, number in budget.items():
        _, span = spans_of(text, name).members["budget"][1].members[runtime]
        text = text[: span.start] + str(number) + text[span.end :]
    return _checked(raw, text, name, change)


def _written(value: YamlValue) -> str:
    """Return a value as YAML; raises TrackerError for what YAML cannot write."""
    try:
        return yaml_value(value)
    except ValueError as error:
        raise TrackerError(str(error), hint="give the text in UTF-8") from error


def _with_lines(text: str, after: int, lines: Sequence[str]) -> str:
    """Return the text with lines inserted below the line that holds the index `after`."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    at = _line_end(text, after)
    head = text[:at]
    # The last line of the file may have no end
    if _line_start(text, at) != at:
        head += line_end
    return head + "".join(line + line_end for line in lines) + text[at:]


def _with(text: str, row: TextSpan, key: str, value: YamlValue) -> str:
    """Return the text with a row's member replaced, or inserted after its predecessor."""
    written = _written(value)
    lines = [] if row.flow else _below(text, row, key, value)
    if key in row.members:
        key_start, span = row.members[key]
        if lines:
            return _with_block(text, key_start, span, lines)
        comment = _comment_of_block(text, span)
        return text[: span.start] + written + comment + text[span.end :]
    _, previous = row.members[_predecessor(row, key)]
    if row.flow:
        return text[: previous.end] + f", {key}: {written}" + text[previous.end :]
    indent = _indent(text, row)
    here = f"{indent}{key}:" if lines else f"{indent}{key}: {written}"
    return _with_lines(text, previous.end - 1, [here, *lines])


def _comment_of_block(text: str, span: TextSpan) -> str:
    """Return the comment after the `|` or `>` of a text in block style, or an empty text."""
    header = BLOCK_HEADER.match(text, span.start)
    if header is None:
        return ""
    return header[1] or ""


def _indent(text: str, row: TextSpan) -> str:
    """Return the spaces before the members of a row in block style."""
    first = next(iter(row.members.values()))[0]
    return " " * (first - _line_start(text, first))


def _below(text: str, row: TextSpan, key: str, value: YamlValue) -> list[str]:
    """Return the lines below the name of a member; none if the member fits on one line."""
    indent = _indent(text, row)
    named, *lines = row_lines({key: value})
    return [indent + line[named.index(yaml_text(key)) :] for line in lines]


def _with_block(text: str, key_start: int, span: TextSpan, lines: Sequence[str]) -> str:
    """Return the text with a value replaced by lines below its name; a comment there stays."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    at = _line_start(text, span.start)
    head = text[:at]
    is_on_the_line_of_its_name = at <= key_start
    if is_on_the_line_of_its_name:
        head = text[: span.start].rstrip(" \t") + line_end
    return head + line_end.join(lines) + text[span.end :]


def _predecessor(row: TextSpan, key: str) -> str:
    """Return the member of a row that a new one follows, in the order of the grammar."""
    known = list(filter(row.members.__contains__, _ORDER))
    before = list(filter(row.members.__contains__, _ORDER[: _ORDER.index(key)]))
    # A member that would be the first follows the last one instead
    *_, last = before or known
    return last


def _without(text: str, row: TextSpan, key: str) -> str:
    """Return the text without a member of a row.

    A comment on the line of the member stays there.
    """
    if key not in row.members:
        return text
    names = list(row.members)
    position = names.index(key)
    start, span = row.members[key]
    if position == 0:
        # The `-` before the first member belongs to the row
        following, _ = row.members[names[1]]
        between = text[span.end : following]
        comment = between if "#" in between else ""
        return text[:start] + comment + text[following:]
    if row.flow:
        _, previous = row.members[names[position - 1]]
        return text[: previous.end] + text[span.end :]
    end = _line_end(text, span.end - 1)
    comment = text[span.end : end].lstrip(" \t")
    if "#" in comment:
        return text[:start] + comment + text[end:]
    return text[: _line_start(text, start)] + text[end:]


def _line_end(text: str, at: int) -> int:
    """Return the index after the end of the line that holds an index."""
    line_end = LINE_END.search(text, max(at, 0))
    if line_end is None:
        return len(text)
    return line_end.end()


def _line_start(text: str, at: int) -> int:
    """Return the index of the start of the line that holds an index."""
    ends = [line_end.end() for line_end in LINE_END.finditer(text, 0, at)]
    return max(ends, default=0)


def _checked(raw: bytes, text: str, name: str, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the edited text; raise TrackerError unless only the one change was made."""
    # The strict parser reads both texts, so that a wrong span is never written
    wanted: dict[str, Any] = _value(parse_document(raw, name))
    change(wanted)
    edited = text.encode("utf-8", "surrogatepass")
    try:
        values_kept = _value(parse_document(edited, name)) == wanted
        comments_kept = comments_of(text) == comments_of(raw.decode("utf-8"))
    except (BadFileError, yaml.YAMLError) as error:
        raise refusal(name) from error
    if not values_kept or not comments_kept:
        raise refusal(name)
    return edited


def _value(node: Node) -> Any:
    """Return a node as plain values; mappings compare equal in any order of their members."""
    match node:
        case MappingNode():
            return {name: _value(member.node) for name, member in node.members.items()}
        case SequenceNode():
            return list(map(_value, node.items))
        case _:
            return (node.kind, node.text)


def _plain(value: Any) -> Any:
    """Return a value in the form that `_value` gives for it."""
    match value:
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case str():
            return ("string", value)
        case bool():  # a bool is an int, too
            return ("boolean", json.dumps(value))
        case Decimal():
            return (plain_kind(str(value)), str(value))
        case int():
            return ("integer", json.dumps(value))
        case _:
            return list(map(_plain, value))
