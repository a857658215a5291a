"""Texts cut to a number of terminal columns; the difference of two values stays visible."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile
from operator import eq
from typing import Final

_MARK: Final = "…"
_WIDE: Final = frozenset("WF")
"""East Asian widths that take two columns (Unicode Standard Annex 11)."""
_LEAST_PART: Final = 24
"""A part of a title keeps at least so many columns: the start and the end of a code or a URL."""
_LONG_WORD: Final = re.compile(r"(?<![^\s(])[^\s()$][^\s()]*")
"""A word that is not a place."""
_PLACE: Final = re.compile(r"\$[^\s()]*")
_LEAST_PLACE: Final = 60
_BRACKETED: Final = re.compile(r"(?<=\()[^()·]+(?=\))")
"""Text in brackets, except sides, which contain ` · `."""
_END_OF_AN_EXCERPT: Final = re.compile(r"\([0-9]+ characters, sha256 .*\Z")
_NO_WIDTH: Final = frozenset({"Mn", "Me"})
"""Categories of marks that are drawn over the character before them."""


def columns_of(text: str) -> int:
    """Return the number of terminal columns of a text."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def cut(text: str, columns: int) -> str:
    """Return a text cut at its end to a number of columns."""
    if columns_of(text) <= columns:
        return text
    return _start(text, columns - 1) + _MARK


def cut_middle(text: str, columns: int) -> str:
    """Return a text cut in its middle to a number of columns.

    It keeps its start and its end, because the end of a path says most.
    """
    if columns_of(text) <= columns:
        return text
    before = (columns - 1) // 3
    after = columns - 1 - before
    return _start(text, before) + _MARK + _start(text[::-1], after)[::-1]


def cut_parts(text: str, columns: int) -> str:
    """Return a title with long parts cut, to a number of columns if possible.

    Long words, then long texts in brackets, then very long places lose their middle, the longest
    first. Sides, brackets and short words stay, so a title may take more columns.
    """
    for part, least in (
        (_LONG_WORD, _LEAST_PART),
        (_BRACKETED, _LEAST_PART),
        (_PLACE, _LEAST_PLACE),
    ):
        while (over := columns_of(text) - columns) > 0:
            found = max(
                part.finditer(text), key=lambda each: columns_of(each.group()), default=None
            )
            if found is None or columns_of(found.group()) <= least:
                break
            shorter = cut_middle(found.group(), max(least, columns_of(found.group()) - over))
            text = text[: found.start()] + shorter + text[found.end() :]
    return text


def cut_together(values: Sequence[str], columns: int) -> list[str]:
    """Return values, each cut to a number of columns, with their first difference visible.

    The excerpts start a little before the first difference of the two most similar values. If
    different values would look the same, all are returned whole.
    """
    long = sorted({value for value in values if columns_of(value) > columns})
    if not long:
        return list(values)
    start = max(0, max(map(letters_alike, long, long[1:]), default=0) - columns // 3)
    excerpts = [_from(value, start, columns) for value in values]
    seen = {_from(_without_digest(value), start, columns) for value in values}
    return excerpts if len(seen) == len(set(values)) else list(values)


def _without_digest(value: str) -> str:
    """Return an excerpt without its length and digest, which a reader does not compare."""
    return _END_OF_AN_EXCERPT.sub("", value)


def _from(value: str, start: int, columns: int) -> str:
    if columns_of(value) <= columns or not start:
        return cut(value, columns)
    return _MARK + cut(value[start:], columns - 1)


def letters_alike(first: str, second: str) -> int:
    """Return the length of the common prefix of two texts."""
    return len(list(takewhile(bool, map(eq, first, second))))


def _start(text: str, columns: int) -> str:
    used = 0
    for at, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return text[:at]
    return text
