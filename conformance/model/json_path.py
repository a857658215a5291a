"""Paths into a JSON value: the RFC 9535 subset of names, indexes and wildcards.

A path is a tuple of segments.  `$.items[*].id` is `("items", ANY_ELEMENT, "id")`.  Signatures and findings hold
generalised paths, in which every array index is the wildcard, so that the same difference in two elements is one.
"""

import enum
import re
from collections.abc import Iterator


class Wildcard(enum.Enum):
    """A segment that stands for any child, or for the value that a text holds as JSON: `$.payload → $.a`."""

    ELEMENT = "[*]"
    MEMBER = ".*"
    IN_TEXT = " → $"


ANY_ELEMENT = Wildcard.ELEMENT
ANY_MEMBER = Wildcard.MEMBER
IN_TEXT = Wildcard.IN_TEXT

Segment = str | int | Wildcard
JsonPath = tuple[Segment, ...]

_MAX_SHOWN = 60
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_TOKEN = re.compile(
    r"\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"
    r"|(?P<member>\.\*)"
    r"|(?P<element>\[\*\])"
    r"|\[(?P<index>0|[1-9][0-9]{0,8})\]"
    r"|\['(?P<quoted>(?:[^'\\]|\\['\\])*)'\]"
)


def render_path(path: JsonPath) -> str:
    """Write a path as text; names that are no plain identifiers are quoted."""
    return "$" + "".join(_render_segment(segment) for segment in path)


def _render_segment(segment: Segment) -> str:
    if isinstance(segment, Wildcard):
        return segment.value
    if isinstance(segment, int):
        return f"[{segment}]"
    if _PLAIN_NAME.match(segment):
        return f".{segment}"
    escaped = segment.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"


def parse_path(text: str) -> JsonPath:
    """Read a path; raises ValueError with the column of the first thing it cannot read."""
    if not text.startswith("$"):
        raise ValueError(f"a path starts with '$', not {text[:1]!r}")
    return tuple(_segments(text))


def path_of_place(place: str) -> JsonPath | None:
    """Return the path of a place that a rule can be about; None for a header field, or a place within a text."""
    try:
        return parse_path(place)
    except ValueError:
        return None


def _segments(text: str) -> Iterator[Segment]:
    at = 1
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(
                f"cannot read {text[at : at + _MAX_SHOWN]!r} at column {at + 1}; "
                "names, [0], [*], .* and ['quoted'] are known"
            )
        at = token.end()
        if token["name"] is not None:
            yield token["name"]
        elif token["index"] is not None:
            yield int(token["index"])
        elif token["quoted"] is not None:
            yield re.sub(r"\\(.)", r"\1", token["quoted"])
        else:
            yield ANY_MEMBER if token["member"] else ANY_ELEMENT


def covers(pattern: JsonPath, path: JsonPath) -> bool:
    """Tell whether a pattern, which may hold wildcards, stands for a path, which may be generalised."""
    return len(pattern) == len(path) and all(map(_segment_covers, pattern, path))


def _segment_covers(pattern: Segment, segment: Segment) -> bool:
    if pattern == segment:
        return True
    if pattern is ANY_ELEMENT:
        return isinstance(segment, int)
    return pattern is ANY_MEMBER and isinstance(segment, str)
