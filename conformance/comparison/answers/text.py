"""Compare bodies without structure by value: texts line by line, other bodies by their bytes."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import eq
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.difference import (
    VALUES_DIFFER,
    Difference,
    TextLines,
    at_one_place,
    line_ends_of,
    lines_of,
)
from conformance.comparison.idioms.bodies import LINE_ENDS
from conformance.comparison.idioms.own_urls import OWN_URL_FORM, own_url_forms
from conformance.model.finding import DifferenceKind, Facet
from conformance.wording import plural

_NAMES: Final = {"\r\n": "CRLF", "\r": "CR", "\n": "LF"}


def text_differences(a: Body, b: Body) -> Iterator[Difference]:
    """Yield how two texts differ: in their lines, and in how the lines end."""
    if a.text == b.text:
        return
    first, second = lines_of(a.text), lines_of(b.text)
    if first != second:
        # Lines that are equal at the start are not counted again at the end
        start = _in_common(first, second)
        end = _in_common(first[start:][::-1], second[start:][::-1])
        forms = own_url_forms("\n".join(first), "\n".join(second))
        yield at_one_place(
            DifferenceKind.TEXT,
            Facet.VALUE,
            "$",
            forms or VALUES_DIFFER,
            (TextLines(a.as_sent.text, start, end), TextLines(b.as_sent.text, start, end)),
            idiom=OWN_URL_FORM.name if forms else None,
        )
    if _end_otherwise(a.text, b.text):
        yield at_one_place(
            DifferenceKind.BYTES,
            Facet.VALUE,
            "$",
            (_line_ends(a.text), _line_ends(b.text)),
            (a.as_sent.text, b.as_sent.text),
            idiom=LINE_ENDS.name,
        )


def _end_otherwise(a: str, b: str) -> bool:
    """Return whether two texts have different line ends, or only one ends with a line end."""
    if _is_ended(a) != _is_ended(b):
        return True
    first, second = set(line_ends_of(a)), set(line_ends_of(b))
    # A text of one line may have no line end at all
    return bool(first and second) and first != second


def _is_ended(text: str) -> bool:
    return text.endswith(("\r", "\n"))


def binary_difference(a: Body, b: Body) -> Difference:
    """Return the difference of two bodies as bytes, each shown by its size and digest."""
    sent = described(a.raw), described(b.raw)
    return at_one_place(DifferenceKind.BYTES, Facet.VALUE, "$", VALUES_DIFFER, sent)


def described(raw: bytes) -> str:
    """Return the size and the SHA-256 digest of bytes, as text."""
    return f"{plural(len(raw), 'byte')}, sha256 {hashlib.sha256(raw).hexdigest()}"


def _line_ends(text: str) -> str:
    """Return the kinds of line ends in a text, and whether its last line has none."""
    kinds = set(map(_NAMES.__getitem__, line_ends_of(text)))
    if not kinds:
        return "none"
    names = ", ".join(sorted(kinds))
    return names if _is_ended(text) else f"{names}, none at the end"


def _in_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many lines at the start two texts have in common."""
    equal_lines = takewhile(bool, map(eq, first, second))
    return sum(equal_lines)
