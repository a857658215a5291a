"""Differences in what an error is called, and in what is said of it to people."""

import re
from http import HTTPStatus
from typing import Final

from conformance.comparison.difference import Difference, Occurrence
from conformance.comparison.idioms.member_names import last_name, normalised
from conformance.model.finding import DifferenceKind

_CODES: Final = frozenset({"code", "errorcode", "errcode", "errno", "type"})
_MESSAGES: Final = frozenset(
    (
        "message", "msg", "error", "detail", "details", "title", "description", "reason",
        "errordescription",
        "errormessage", "hint",
    )
)  # fmt: skip
_CODE_OR_MESSAGE: Final = frozenset({"error", "reason"})
"""Members that hold a code in one API, as `invalid_grant`, and a sentence in another one."""
_REASONS: Final = frozenset({"", *(status.phrase.lower() for status in HTTPStatus)})

_FIRST_CLAUSE: Final = re.compile(r"\S+ .+?(?=[:;…]|\. |\.$|$)")
"""A single word before a colon, as in `error: no such table`, is no clause."""


def first_clause(code: str) -> str:
    """Return a message up to its first clause; a code as it is.

    What follows in a message often says which part of the request was wrong.
    """
    message = code.strip("… ")
    clause = _FIRST_CLAUSE.match(message)
    return clause[0].strip() if clause else message


def names_an_error(code: str) -> bool:
    """Return whether a code or a message says more than a status does."""
    words = code.strip("… ").lower()
    return words not in _REASONS and any(map(str.isalnum, words))


def is_code(found: Difference) -> bool:
    """Return whether error codes differ: words without spaces or integers, at their member."""
    name = _name_of(found)
    if name in _CODE_OR_MESSAGE:
        return all(_is_text(seen) and not _has_words(seen) for seen in found.occurrences)
    return name in _CODES and all(
        type(value) in {str, int} for seen in found.occurrences for value in (seen.a, seen.b)
    )


def is_message(found: Difference) -> bool:
    """Return whether texts for people differ: at a member for them, or as a body of plain text."""
    if found.kind is DifferenceKind.TEXT:
        return True
    return (
        _name_of(found) in _MESSAGES
        and not is_code(found)
        and all(map(_is_text, found.occurrences))
    )


def is_in_words(found: Difference) -> bool:
    """Return whether codes or messages differ, if only in their spelling."""
    if found.idiom is not None and found.kind is DifferenceKind.VALUE and found.paths is not None:
        names = {normalised(last_name(path)) for path in found.paths}
        return names <= _CODES | _MESSAGES and all(map(_is_text, found.occurrences))
    return is_code(found) or is_message(found)


def _name_of(found: Difference) -> str:
    """Return the name, without its convention, of the member or element whose values differ.

    `` for all else.
    """
    if found.kind is not DifferenceKind.VALUE or found.idiom is not None or found.paths is None:
        return ""
    names = {normalised(last_name(path)) for path in found.paths}
    return names.pop() if len(names) == 1 else ""


def _is_text(seen: Occurrence) -> bool:
    return isinstance(seen.a, str) and isinstance(seen.b, str)


def _has_words(seen: Occurrence) -> bool:
    return any(isinstance(value, str) and len(value.split()) > 1 for value in (seen.a, seen.b))
