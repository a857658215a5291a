"""Bodies without structure, compared by value: text line by line, anything else by its bytes."""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.difference import DIFFERS, Difference, at_one_place
from conformance.comparison.idioms.bodies import LINE_ENDS
from conformance.model.finding import DifferenceKind, Facet
from conformance.wording import plural

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def text_difference(a: Body, b: Body) -> Difference | None:
    """Return how two texts differ: in their line ends only, or from which line on."""
    if a.text == b.text:
        return None
    first, second = _lines(a.text), _lines(b.text)
    if first == second:
        return _difference((_line_ends(a.text), _line_ends(b.text)), (a.text, b.text), idiom=LINE_ENDS.name)
    start = _in_common(first, second)
    end = min(_in_common(first[start:][::-1], second[start:][::-1]), min(len(first), len(second)) - start)
    changed = tuple("\n".join(_sent_lines(body)[start : len(lines) - end]) for body, lines in ((a, first), (b, second)))
    spans = [f"{_span(start, len(lines) - end)} of {len(lines)}" for lines in (first, second)]
    detail = f"{spans[0]} on one side, {spans[1]} on the other"
    return _difference((DIFFERS, DIFFERS), (changed[0], changed[1]), detail)


def binary_difference(a: Body, b: Body) -> Difference | None:
    """Return that two bodies are not the same bytes, each by its length and digest."""
    if a.raw == b.raw:
        return None
    seen = (described(a.raw), described(b.raw))
    return at_one_place(DifferenceKind.BYTES, Facet.VALUE, "$", (DIFFERS, DIFFERS), seen)


def described(raw: bytes) -> str:
    """Describe bytes that are no text."""
    return f"{plural(len(raw), 'byte')}, sha256 {hashlib.sha256(raw).hexdigest()}"


def _difference(
    facts: tuple[str, str], texts: tuple[str, str], detail: str = "", idiom: str | None = None
) -> Difference:
    return at_one_place(DifferenceKind.TEXT, Facet.VALUE, "$", facts, texts, idiom=idiom, detail=detail)


def _sent_lines(body: Body) -> list[str]:
    """Return the lines of a text as they were sent; what is its runtime's own never holds the end of a line."""
    return _lines((body.sent or body).text)


def _lines(text: str) -> list[str]:
    lines = _LINE_END.split(text)
    return lines if lines[-1] else lines[:-1]


def _line_ends(text: str) -> str:
    ends = {"\r\n": "CRLF", "\r": "CR", "\n": "LF"}
    used = ", ".join(sorted({ends[end] for end in _LINE_END.findall(text)})) or "none"
    return used if text.endswith(("\r", "\n")) or used == "none" else f"{used}, none at the end"


def _in_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many lines two texts have in common at their start."""
    for count, (x, y) in enumerate(zip(first, second, strict=False)):
        if x != y:
            return count
    return min(len(first), len(second))


def _span(start: int, end: int) -> str:
    if end <= start:
        return "no line"
    return f"line {end}" if end == start + 1 else f"lines {start + 1} to {end}"
