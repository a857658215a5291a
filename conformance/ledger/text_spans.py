"""Positions of the values and comments of a ledger in its text, for edits in place."""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml
from msgspec import Struct, field

from conformance.errors import Place, TrackerError

# The line ends of YAML 1.1, the version of the parser, which end a comment
LINE_END: Final = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_COMMENT: Final = re.compile(r"#[^\r\n\x85\u2028\u2029]*")
_BLOCK_STYLES: Final = frozenset({"|", ">"})
BLOCK_HEADER: Final = re.compile(r"[|>][-+0-9]*([ \t]+#[^\r\n\x85\u2028\u2029]*)?")


class TextSpan(Struct):
    """A value in the text: its start and end, its style, and its members by name or its items."""

    start: int
    end: int
    value: str = ""
    flow: bool = False
    members: "dict[str, tuple[int, TextSpan]]" = field(default_factory=dict)
    items: "list[TextSpan]" = field(default_factory=list)


def spans_of(text: str, name: str) -> TextSpan:
    """Return the span of the whole ledger, with the spans of all values in it."""
    try:
        parsed = list(yaml.parse(_tabless(text), yaml.SafeLoader))
    except yaml.YAMLError as error:  # the ledger was read by another parser
        raise refusal(name) from error
    of_values = yaml.NodeEvent | yaml.CollectionEndEvent
    events = (event for event in parsed if isinstance(event, of_values))
    return _span(next(events), events, text)


def _tabless(text: str) -> str:
    """Return the text with each tab as a space, for a parser that refuses tabs.

    Every index stays the same.
    """
    return text.replace("\t", " ")


def comments_of(text: str) -> list[str]:
    """Return the comments of a YAML text in their order."""
    comments: list[str] = []
    at = 0
    for token in yaml.scan(_tabless(text), yaml.SafeLoader):
        start = _index(token.start_mark)
        # Comments stand between the tokens; a `#` within one is none
        comments += _COMMENT.findall(text[at:start])
        at = _index(token.end_mark)
        if getattr(token, "style", None) in _BLOCK_STYLES:
            header = BLOCK_HEADER.match(text, start)
            comments += _COMMENT.findall(header[0] if header else "")
    return comments + _COMMENT.findall(text[at:])


def _span(event: yaml.Event, events: Iterator[yaml.Event], text: str) -> TextSpan:
    span = TextSpan(
        _index(event.start_mark),
        _index(event.end_mark),
        flow=bool(getattr(event, "flow_style", False)),
    )
    if isinstance(event, yaml.SequenceStartEvent):
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            span.items.append(_span(inner, events, text))
        span.end = _collection_end(span, inner, [item.end for item in span.items])
    elif isinstance(event, yaml.MappingStartEvent):
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = _span(inner, events, text)
            span.members[key.value] = key.start, _span(next(events), events, text)
        span.end = _collection_end(span, inner, [value.end for _, value in span.members.values()])
    elif isinstance(event, yaml.ScalarEvent):
        span.value = event.value
        if event.style in _BLOCK_STYLES:  # its end mark is after the blank lines below it
            span.end = span.start + len(text[span.start : span.end].rstrip(" \t\r\n"))
    return span


def _collection_end(span: TextSpan, closing: yaml.Event, ends: list[int]) -> int:
    """Return the index where a collection ends.

    In block style the parser's closing mark is at the start of the next value, not at this end.
    """
    if span.flow or not ends:
        return _index(closing.end_mark)
    return ends[-1]


def _index(mark: Any) -> int:
    """Return the index of a mark; every event has a mark."""
    index: int = mark.index
    return index


def refusal(name: str) -> TrackerError:
    """Return the error for a layout that no edit can change safely."""
    hint = "write the ledger in block style, or make this change by hand"
    return TrackerError(
        "this layout cannot be edited in place; nothing was changed", place=Place(name), hint=hint
    )
