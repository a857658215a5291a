"""Where a small number is no identity, though it equals one: services count and number things.

`total: 2` beside `total: 1` is no thing, whatever the captured ids are.  The name of the member
decides: that of an id, or of the thing that a case captured, stands for it.  A number under any
other name stands for a thing only where both sides then show the same ones in other numbers, and
one that counts, measures or orders never does.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from conformance.comparison.identities.meanings import Token, text_of
from conformance.comparison.idioms.member_names import last_name, words_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.own_ids import is_of_ids
from conformance.model.json_path import JsonPath

_NUMBER: Final = re.compile(r"[0-9]+")
_PLURAL: Final = re.compile(r"(?<!s)s\Z")
"""How a plural ends: `tickets` is one, `address` is none."""
_OF_COUNTS: Final = frozenset(
    (
        "age", "amount", "count", "cost", "day", "depth", "duration", "generation", "height",
        "hour", "index", "length", "level", "limit", "minute", "month", "ms", "num", "offset",
        "page", "percent", "position", "price", "priority", "quantity", "qty", "rank", "rating",
        "revision", "score", "second", "sequence", "seq", "size", "stock", "sum", "total",
        "version", "weight", "width", "year",
    )
)  # fmt: skip
"""Words of members whose numbers say how many, how much, or which in an order."""


def is_number(scalar: Json) -> bool:
    """Return whether a value is an integer, or a text of digits alone."""
    return _NUMBER.fullmatch(text_of(scalar) or "") is not None


def names_things(path: JsonPath, tokens: Iterable[Token]) -> bool:
    """Return whether the numbers at a path are those of things, by the name of their member.

    That is the name of ids, or one that has a word in common with the captured names or kinds.
    Numbers without a name, as in a list that is the whole body, are too.
    """
    name = last_name(path)
    if not name or is_of_ids(name):
        return True
    words = words_of(name)
    captured = list(_words_of_things(tokens))
    if words in captured:
        return True
    is_about_them = not set(words).isdisjoint(chain.from_iterable(captured))
    return is_about_them and not counts(path)


def counts(path: JsonPath) -> bool:
    """Return whether the numbers at a path count, measure or order, by the name of their member.

    `openTickets: 2` is such a number, `tickets: [2]` is none.
    """
    name = last_name(path)
    words = words_of(name)
    if not words or is_of_ids(name):
        return False
    is_plural = _PLURAL.search(words[-1]) is not None
    is_number_of_many = is_plural and path[-1] == name
    return is_number_of_many or not _OF_COUNTS.isdisjoint(words)


def _words_of_things(tokens: Iterable[Token]) -> Iterator[list[str]]:
    """Yield the words of each captured name and of its kind."""
    for kind, names in chain.from_iterable(tokens):
        yield from map(words_of, (kind, *names))
