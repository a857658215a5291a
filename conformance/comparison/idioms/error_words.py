"""Differences in the code of an error, and in its message to people."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain, starmap
from operator import attrgetter
from typing import Final

from conformance.comparison.difference import Difference
from conformance.comparison.idioms.error_places import Bodies, names_at, values_beside
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import sole
from conformance.model.finding import DifferenceKind

_CODES: Final = frozenset(
    (
        "code", "errorcode", "errcode", "errno", "type", "faultcode", "subcode", "scimtype",
        "exceptioncode",
    )
)  # fmt: skip
_MESSAGES: Final = frozenset(
    (
        "message", "msg", "error", "detail", "details", "title", "description", "reason",
        "errordescription",
        "errormessage", "hint", "faultstring", "diagnostics", "exceptiontext",
    )
)  # fmt: skip
_CODE_OR_MESSAGE: Final = frozenset({"error", "reason"})
"""Names of members that hold a code in one API, such as `invalid_grant`, and a sentence in another.
"""
NO_CODE: Final = "about:blank"
"""The type of a problem document that adds nothing to its status (RFC 9457, section 4.2.1)."""
_STATUSES: Final = frozenset(str(status.value) for status in HTTPStatus)
_REASONS: Final = frozenset(
    {"", *("".join(filter(str.isalnum, status.phrase.lower())) for status in HTTPStatus)}
)
"""The reason phrases of all statuses as bare letters in lower case: a code `NOT_FOUND` adds nothing
to its status."""

_FIRST_CLAUSE: Final = re.compile(r"\S+ .+?(?=[:;…]|\. |\.$|$)")
"""Matches a message up to the end of its first clause; a single word before a colon, as in `error:
no such table`, is not a clause."""


def first_clause(code: str) -> str:
    """Return the first clause of a message; a code unchanged.

    What follows in a message often says which part of the request was wrong.
    """
    message = code.strip("… ")
    clause = _FIRST_CLAUSE.match(message)
    return clause[0].strip() if clause else message


def names_an_error(code: str) -> bool:
    """Return whether a code or message is more than the reason phrase of a status."""
    return "".join(filter(str.isalnum, code.lower())) not in _REASONS


def is_code(found: Difference, bodies: Bodies) -> bool:
    """Return whether error codes differ: integers or words without spaces, at a member for them."""
    name = _name_of(found, bodies)
    # a code has no blank in it, and a sentence has
    if name in _CODE_OR_MESSAGE:
        is_word = _holds_texts(found) and not any(map(_has_words, values_in(found)))
        return is_word and not _have_another_code(found, bodies)
    if name == "status":  # a word as `NOT_FOUND`, and no status of a thing
        return _holds_texts(found) and all(map(str.isupper, values_in(found)))
    return name in _CODES and {str, int}.issuperset(map(type, values_in(found)))


def _have_another_code(found: Difference, bodies: Bodies) -> bool:
    """Return whether both errors have a code beside this text, which is then a one-word message."""
    return all(any(starmap(_is_named_code, each)) for each in values_beside(found, bodies))


def _is_named_code(name: str, value: Json) -> bool:
    """Return whether a member has the name of a code, and a value that is more than a status."""
    return name in _CODES and value not in (None, "", NO_CODE) and str(value) not in _STATUSES


def is_message(found: Difference, bodies: Bodies) -> bool:
    """Return whether messages to people differ: texts at their member, or bodies of plain text."""
    # a body of plain text is a message to people
    if found.kind is DifferenceKind.TEXT:
        return True
    if _name_of(found, bodies) not in _MESSAGES or is_code(found, bodies):
        return False
    return _holds_texts(found)


def is_in_words(found: Difference, bodies: Bodies) -> bool:
    """Return whether codes or messages differ, even if only in their spelling."""
    is_respelled = found.idiom is not None and found.kind is DifferenceKind.VALUE
    if not is_respelled or found.paths is None:
        return is_code(found, bodies) or is_message(found, bodies)
    if not names_at(found, bodies) <= _CODES | _MESSAGES:
        return False
    return _holds_texts(found)


def _name_of(found: Difference, bodies: Bodies) -> str:
    """Return the one name, without its convention, of the member or element whose values differ.

    `` where the two sides have several names, or something else than values differs.
    """
    is_of_values = found.kind is DifferenceKind.VALUE and found.idiom is None
    if not is_of_values:
        return ""
    return sole(names_at(found, bodies)) or ""


def values_in(found: Difference) -> Iterator[Json]:
    """Yield the values of both sides at all occurrences of a difference."""
    return chain.from_iterable(map(attrgetter("both"), found.occurrences))


def _holds_texts(found: Difference) -> bool:
    return {str}.issuperset(map(type, values_in(found)))


def _has_words(text: str) -> bool:
    return len(text.split()) > 1
