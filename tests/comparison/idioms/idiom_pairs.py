"""Pairs that differ by exactly one idiom, with two holes each.

`inside` is what the idiom wraps or stands beside, `beside` further members of the object that it is
about.  Each builder writes the first side as the idiom's first fact says, so that a table can name
the facts once.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdiomPair:
    """An idiom, its two facts, and how either side is written around what else stands there."""

    idiom: str
    facts: tuple[str, str]
    first: Callable[[Any, Members], Any]
    second: Callable[[Any, Members], Any]

    def texts(
        self, inside: Any, inside_second: Any, beside: Members | None = None
    ) -> tuple[str, str]:
        """Return both sides as JSON; `beside` stands on the second side only."""
        return json.dumps(self.first(inside, {})), json.dumps(
            self.second(inside_second, beside or {})
        )


def _member(value: Any) -> Callable[[Any, Members], Any]:
    """Return a builder that sets one member to a value."""
    return lambda inside, beside: {"value": value, "more": inside, **beside}


def _scalar(idiom: str, first: Any, second: Any, facts: tuple[str, str]) -> IdiomPair:
    return IdiomPair(idiom=idiom, facts=facts, first=_member(first), second=_member(second))


PAIRS: Final[dict[str, IdiomPair]] = {
    "enum": IdiomPair(
        idiom="externally-tagged-enum",
        facts=("externally tagged", "flat"),
        first=lambda inside, beside: {"Schema": {"field": "a", "more": inside, **beside}},
        second=lambda inside, beside: {
            "Kind": "schema",
            "Field": "a",
            "More": inside,
            "Limit": 0,
            **beside,
        },
    ),
    "envelope-of-a-list": IdiomPair(
        idiom="envelope",
        facts=("bare", "enveloped in items"),
        first=lambda inside, _: [{"a": 1, "more": inside}],
        second=lambda inside, beside: {"items": [{"a": 1, "more": inside}], **beside},
    ),
    "envelope-of-an-object": IdiomPair(
        idiom="envelope",
        facts=("bare", "enveloped in data"),
        first=lambda inside, _: {"a": 1, "b": 2, "more": inside},
        second=lambda inside, beside: {"data": {"a": 1, "b": 2, "more": inside}, **beside},
    ),
    "key-case": IdiomPair(
        idiom="key-case",
        facts=("snake_case", "camelCase"),
        first=lambda inside, beside: {"user_id": 1, "more_of_it": inside, **beside},
        second=lambda inside, beside: {"userId": 1, "moreOfIt": inside, **beside},
    ),
    "null-vs-empty-list": _scalar("null-vs-empty-list", None, [], ("null", "empty list")),
    "integer-vs-float": _scalar("integer-vs-float", 1, 1.0, ("integer", "number")),
    "number-as-string": _scalar("number-as-string", "12.5", 12.5, ("string", "number")),
    "timestamp-form": _scalar(
        "timestamp-form",
        "2026-11-23T00:00:00Z",
        "2026-11-23 00:00:00Z",
        ("ISO 8601 Z", "date and time Z"),
    ),
    "scalar-vs-list": IdiomPair(
        idiom="scalar-vs-list",
        facts=("single value", "list"),
        first=lambda inside, beside: {"value": {"a": 1, "more": inside}, **beside},
        second=lambda inside, beside: {"value": [{"a": 1, "more": inside}], **beside},
    ),
    "adjacently-tagged-enum": IdiomPair(
        idiom="adjacently-tagged-enum",
        facts=("adjacently tagged", "flat"),
        first=lambda inside, beside: {
            "kind_of_it": "a",
            "content": {"r": 1, "more": inside, **beside},
        },
        second=lambda inside, beside: {"kind_of_it": "a", "r": 1, "more": inside, **beside},
    ),
    "renamed-list": IdiomPair(
        idiom="renamed-list",
        facts=("entries", "rows"),
        first=lambda inside, _: {"entries": [{"a": 1, "b": 2, "more": inside}]},
        second=lambda inside, beside: {"rows": [{"a": 1, "b": 2, "more": inside}], **beside},
    ),
    "pagination": IdiomPair(
        idiom="pagination",
        facts=("page, total", "next_cursor"),
        first=lambda inside, _: {"rows": [{"more": inside}], "page": 1, "total": 2},
        second=lambda inside, beside: {"rows": [{"more": inside}], "next_cursor": "x", **beside},
    ),
    "list-vs-map": IdiomPair(
        idiom="list-vs-map",
        facts=("list", "map by key"),
        first=lambda inside, _: [{"key": "k", "r": 1, "more": inside}],
        second=lambda inside, beside: {"k": {"r": 1, "more": inside, **beside}},
    ),
    "null-vs-empty-text": _scalar("null-vs-empty-text", None, "", ("null", "empty text")),
    "boolean-as-text": _scalar(
        "boolean-as-text", "true", json.loads("true"), ("string", "boolean")
    ),
    "boolean-as-number": _scalar(
        "boolean-as-number", 1, json.loads("true"), ("integer", "boolean")
    ),
    "base64-vs-bytes": _scalar("base64-vs-bytes", "AQI=", [1, 2], ("base64", "list of bytes")),
    "duration-form": _scalar("duration-form", "1m30s", "PT90S", ("units", "ISO 8601 duration")),
    "zero-value-vs-absent": IdiomPair(
        idiom="zero-value-vs-absent",
        facts=("empty list", "absent"),
        first=lambda inside, beside: {"value": [], "more": inside, **beside},
        second=lambda inside, beside: {"more": inside, **beside},
    ),
    "null-vs-absent": IdiomPair(
        idiom="null-vs-absent",
        facts=("null", "absent"),
        first=lambda inside, beside: {"value": None, "more": inside, **beside},
        second=lambda inside, beside: {"more": inside, **beside},
    ),
}
