"""Differences in what an error is called, and in what is said of it to people."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from operator import attrgetter
from typing import Final

from conformance.comparison.difference import Difference
from conformance.comparison.idioms.error_places import Bodies, names_at
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import sole
from conformance.model.finding import DifferenceKind

_CODES: Final = frozenset(
    ("code", "errorcode", "errcode", "errno", "type", "faultcode", "subcode", "scimtype")
)
_MESSAGES: Final = frozenset(
    (
        "message", "msg", "error", "detail", "details", "title", "description", "reason",
        "errordescription",
        "errormessage", "hint", "faultstring",
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


def is_code(found: Difference, bodies: Bodies) -> bool:
    """Return whether error codes differ: words without spaces or integers, at their member."""
    name = _name_of(found, bodies)
    # a code has no blank in it, and a sentence has
    if name in _CODE_OR_MESSAGE:
        return _holds_texts(found) and not any(map(_has_words, values_in(found)))
    return name in _CODES and {str, int}.issuperset(map(type, values_in(found)))


def is_message(found: Difference, bodies: Bodies) -> bool:
    """Return whether texts for people differ: at a member for them, or as a body of plain text."""
    # a body of plain text is a message to people
    if found.kind is DifferenceKind.TEXT:
        return True
    if _name_of(found, bodies) not in _MESSAGES or is_code(found, bodies):
        return False
    return _holds_texts(found)


def is_in_words(found: Difference, bodies: Bodies) -> bool:
    """Return whether codes or messages differ, if only in their spelling."""
    is_respelled = found.idiom is not None and found.kind is DifferenceKind.VALUE
    if not is_respelled or found.paths is None:
        return is_code(found, bodies) or is_message(found, bodies)
    if not names_at(found, bodies) <= _CODES | _MESSAGES:
        return False
    return _holds_texts(found)


def _name_of(found: Difference, bodies: Bodies) -> str:
    """Return the name, without its convention, of the member or element whose values differ.

    `` for all else.
    """
    is_of_values = found.kind is DifferenceKind.VALUE and found.idiom is None
    if not is_of_values:
        return ""
    return sole(names_at(found, bodies)) or ""


def values_in(found: Difference) -> Iterator[Json]:
    """Yield all values of both sides in which a difference is seen."""
    return chain.from_iterable(map(attrgetter("both"), found.occurrences))


def _holds_texts(found: Difference) -> bool:
    return {str}.issuperset(map(type, values_in(found)))


def _has_words(text: str) -> bool:
    return len(text.split()) > 1
