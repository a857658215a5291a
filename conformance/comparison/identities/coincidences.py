"""Distinguishes small numbers that are identities from numbers that only equal one.

`total: 2` beside `total: 1` is no identity, even if the case captured the ids 1 and 2.  The name of
the member decides.  A number is an identity under the name of an id, or under the name of a
captured thing.  It is none under a name that counts, measures or orders.  Under any other name it
is one only if the two answers show the same things by different numbers.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from conformance.comparison.identities.meanings import Entity, text_of
from conformance.comparison.idioms.member_names import last_name, words_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.own_ids import is_of_ids
from conformance.model.json_path import JsonPath

_NUMBER: Final = re.compile(r"[0-9]+")
"""A text of digits."""
_PLURAL: Final = re.compile(r"(?<!s)s\Z")
"""The end of a plural: `tickets` is one, `address` is not."""
_OF_COUNTS: Final = frozenset(
    (
        "age", "amount", "count", "cost", "day", "depth", "duration", "generation", "height",
        "hour", "index", "length", "level", "limit", "minute", "month", "ms", "num", "offset",
        "page", "percent", "position", "price", "priority", "quantity", "qty", "rank", "rating",
        "revision", "score", "second", "sequence", "seq", "size", "stock", "sum", "total",
        "version", "weight", "width", "year",
    )
)  # fmt: skip
"""Words in names of members whose numbers count, measure or order."""


def is_number(scalar: Json) -> bool:
    """Return whether a value is an integer without sign, or a text of digits."""
    return _NUMBER.fullmatch(text_of(scalar) or "") is not None


def names_entities(path: JsonPath, entities: Iterable[Entity]) -> bool:
    """Return whether the name of the member at a path says that its numbers are ids.

    It is the usual name of an id, or shares a word with a captured name or kind.  Numbers without a
    name, as in a list that is the whole body, count as ids.
    """
    name = last_name(path)
    if not name or is_of_ids(name):
        return True
    words = words_of(name)
    captured = list(_words_of_entities(entities))
    if words in captured:
        return True
    is_about_them = not set(words).isdisjoint(chain.from_iterable(captured))
    return is_about_them and not counts(path)


def counts(path: JsonPath) -> bool:
    """Return whether the name of the member at a path says that its numbers count or measure.

    `openTickets: 2` counts; `tickets: [2]` does not, because a list may hold ids.
    """
    name = last_name(path)
    words = words_of(name)
    if not words or is_of_ids(name):
        return False
    is_plural = _PLURAL.search(words[-1]) is not None
    is_number_of_many = is_plural and path[-1] == name
    return is_number_of_many or not _OF_COUNTS.isdisjoint(words)


def _words_of_entities(entities: Iterable[Entity]) -> Iterator[list[str]]:
    """Yield the words of each captured name, and of its kind."""
    for kind, names in chain.from_iterable(entities):
        yield from map(words_of, (kind, *names))
