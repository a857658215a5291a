"""Texts cut to a number of terminal columns, with the difference of two values in view."""

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
"""Columns of a part of a title that still tell what it is: the start and the end of a code or a
URL.
"""
_LONG_WORD: Final = re.compile(r"(?<![^\s(])[^\s()$][^\s()]*")
"""A word that is no place."""
_PLACE: Final = re.compile(r"\$[^\s()]*")
_LEAST_PLACE: Final = 60
_BRACKETED: Final = re.compile(r"(?<=\()[^()·]+(?=\))")
"""What stands in brackets, but for sides, which ` · ` separates."""
_END_OF_AN_EXCERPT: Final = re.compile(r"\([0-9]+ characters, sha256 .*\Z")
_NO_WIDTH: Final = frozenset({"Mn", "Me"})
"""Categories of marks that are drawn over the character before them."""


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def cut(text: str, columns: int) -> str:
    """Return a text that takes so many columns at most, its end left out where it must be."""
    if columns_of(text) <= columns:
        return text
    return _start(text, columns - 1) + _MARK


def cut_middle(text: str, columns: int) -> str:
    """Return a text cut in the middle to a number of columns.

    It keeps its start and its end, because the end of a path says most.
    """
    if columns_of(text) <= columns:
        return text
    before = (columns - 1) // 3
    after = columns - 1 - before
    return _start(text, before) + _MARK + _start(text[::-1], after)[::-1]


def cut_parts(text: str, columns: int) -> str:
    """Return a title that takes so many columns, if cutting its long parts is enough for that.

    Long words, then long texts in brackets, then very long places lose their middle, the longest
    first.  Sides, brackets and short words stay, so a title may take more columns.
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
    """Return values cut to a number of columns each, around the first difference.

    The cut is around the character in which the most similar two values differ.

    Values that would then look alike are returned whole.
    """
    long = sorted({value for value in values if columns_of(value) > columns})
    if not long:
        return list(values)
    start = max(0, max(map(letters_alike, long, long[1:]), default=0) - columns // 3)
    excerpts = [_from(value, start, columns) for value in values]
    seen = {_from(_without_digest(value), start, columns) for value in values}
    return excerpts if len(seen) == len(set(values)) else list(values)


def _without_digest(value: str) -> str:
    """Return what a reader sees of an excerpt: its end, the length and digest, says no more."""
    return _END_OF_AN_EXCERPT.sub("", value)


def _from(value: str, start: int, columns: int) -> str:
    if columns_of(value) <= columns or not start:
        return cut(value, columns)
    return _MARK + cut(value[start:], columns - 1)


def letters_alike(first: str, second: str) -> int:
    """Return with how many characters two texts start alike."""
    return len(list(takewhile(bool, map(eq, first, second))))


def _start(text: str, columns: int) -> str:
    used = 0
    for at, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return text[:at]
    return text
