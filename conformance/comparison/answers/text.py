"""Bodies without structure, compared by value: text line by line, anything else by its bytes."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.difference import (
    DIFFERS,
    Difference,
    TextLines,
    at_one_place,
    line_ends_of,
    lines_of,
)
from conformance.comparison.idioms.bodies import LINE_ENDS
from conformance.model.finding import DifferenceKind, Facet
from conformance.wording import plural

_NAMES: Final = {"\r\n": "CRLF", "\r": "CR", "\n": "LF"}


def text_differences(a: Body, b: Body) -> Iterator[Difference]:
    """Yield how two texts differ: in lines, first to last that differ, and in how these end."""
    if a.text == b.text:
        return
    first, second = lines_of(a.text), lines_of(b.text)
    if first != second:
        start = _in_common(first, second)
        end = min(
            _in_common(first[start:][::-1], second[start:][::-1]),
            min(len(first), len(second)) - start,
        )
        lines = [TextLines((body.sent or body).text, start, end) for body in (a, b)]
        yield at_one_place(
            DifferenceKind.TEXT, Facet.VALUE, "$", (DIFFERS, DIFFERS), (lines[0], lines[1])
        )
    if _end_otherwise(a.text, b.text):
        facts, seen = (
            (_line_ends(a.text), _line_ends(b.text)),
            ((a.sent or a).text, (b.sent or b).text),
        )
        yield at_one_place(
            DifferenceKind.BYTES, Facet.VALUE, "$", facts, seen, idiom=LINE_ENDS.name
        )


def _end_otherwise(a: str, b: str) -> bool:
    """Return whether only one text ends with a line end, or their line ends are of two kinds."""
    used = set(line_ends_of(a)), set(line_ends_of(b))
    return _is_ended(a) != _is_ended(b) or (all(used) and used[0] != used[1])


def _is_ended(text: str) -> bool:
    return text.endswith(("\r", "\n"))


def binary_difference(a: Body, b: Body) -> Difference:
    """Return that two bodies are not the same bytes, each by its length and digest."""
    seen = (described(a.raw), described(b.raw))
    return at_one_place(DifferenceKind.BYTES, Facet.VALUE, "$", (DIFFERS, DIFFERS), seen)


def described(raw: bytes) -> str:
    """Describe bytes that are no text."""
    return f"{plural(len(raw), 'byte')}, sha256 {hashlib.sha256(raw).hexdigest()}"


def _line_ends(text: str) -> str:
    used = ", ".join(sorted({_NAMES[end] for end in line_ends_of(text)})) or "none"
    return used if _is_ended(text) or used == "none" else f"{used}, none at the end"


def _in_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many lines two texts have in common at their start."""
    for count, (x, y) in enumerate(zip(first, second, strict=False)):
        if x != y:
            return count
    return min(len(first), len(second))
