"""The name of an error's code or message at the place where two answers differ.

It is the name of the member, element or attribute; or that of the element around the text, as
`Code` in `Code/Value`; or, for an entry in a list of names and values, the value of the entry's own
`name`.  Names are compared without their convention.
"""

from collections.abc import Iterator
from functools import partial
from itertools import chain, pairwise, repeat
from operator import attrgetter, itemgetter
from typing import Final

from conformance.comparison.difference import Difference
from conformance.comparison.idioms.member_names import TEXT_OF_AN_ELEMENT, normalised
from conformance.comparison.values.columns import objects_of
from conformance.comparison.values.element_ids import ElementId, indexes_on_side
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import not_none, positions_of
from conformance.comparison.values.side import found_under
from conformance.model.json_path import ANY_ELEMENT, JsonPath, Segment

Bodies = tuple[Json, Json]
"""The bodies of two answers as they were sent."""
_ATTRIBUTE: Final = "@"
_HOLDERS: Final = frozenset({"value", "text"})
"""Names of an element that only holds the text of a code or message: `Code/Value` and `Reason/Text`
of SOAP 1.2."""
_NAME: Final = "name"
_VALUE: Final = "value"
"""The members of an entry that holds its own name, as in a struct of XML-RPC."""


def plain_name(name: str) -> str:
    """Return a name without its convention, and without the `@` of an attribute."""
    return normalised(name.removeprefix(_ATTRIBUTE))


def is_holder(name: str) -> bool:
    """Return whether a member only holds the text of a code or message that its parent names."""
    return name == TEXT_OF_AN_ELEMENT or plain_name(name) in _HOLDERS


def named_value(entry: Json) -> tuple[str, Json]:
    """Return the name that an entry holds itself, and its value; `` and None without a name."""
    named = entry if isinstance(entry, dict) else {}
    name = named.get(_NAME)
    if not isinstance(name, str) or _VALUE not in named:
        return "", None
    return plain_name(name), named[_VALUE]


def names_at(found: Difference, bodies: Bodies) -> set[str]:
    """Return both sides' names of the member that differs; empty for a difference without path."""
    names: set[str] = set()
    for side, path in enumerate(found.known_paths):
        in_entries = set(_names_in_entries(found, path, bodies[side], side))
        names |= in_entries or {_name_of(path)}
    return names


def _name_of(path: JsonPath) -> str:
    """Return the last name in a path that is not a holder's (see `is_holder`), else ``."""
    *_, last = ("", *_to_name(path))
    return plain_name(str(last))


def _to_name(path: JsonPath) -> JsonPath:
    """Return a path up to its last name that is not a holder's; empty without one."""
    for at in range(len(path), 0, -1):
        step = path[at - 1]
        if isinstance(step, str) and not is_holder(step):
            return path[:at]
    return ()


def values_beside(found: Difference, bodies: Bodies) -> Iterator[Iterator[tuple[str, Json]]]:
    """Yield for each side the members next to the named member at a place, and those within it."""
    for path, body in zip(found.known_paths, bodies, strict=False):
        named = _to_name(path)
        columns = (found_under([body], steps) for steps in (named[:-1], named))
        objects = objects_of(list(chain.from_iterable(columns)))
        members = chain.from_iterable(map(dict.items, objects))
        yield ((plain_name(name), value) for name, value in members)


def _names_in_entries(found: Difference, path: JsonPath, body: Json, side: int) -> Iterator[str]:
    """Yield the own names of the entries whose values differ."""
    elements = not_none(map(attrgetter("element"), found.occurrences))
    indexes = list(map(indexes_on_side, elements, repeat(side)))
    values_of_entries = positions_of(map((ANY_ELEMENT, _VALUE).__eq__, pairwise(path)))
    for at in values_of_entries:
        entries = map(partial(_entry, path[: at + 1], body), indexes)
        names = map(itemgetter(0), map(named_value, entries))
        yield from filter(None, names)


def _entry(path: JsonPath, body: Json, indexes: ElementId) -> Json:
    """Return the element of a list in a body to which a path and some indexes lead, or None."""
    known = (index for index in indexes if not isinstance(index, tuple))
    steps: list[Segment] = []
    for step in path:
        # where fewer indexes are known than the path has lists, the first element is taken
        is_element = step is ANY_ELEMENT
        steps.append(next(known, 0) if is_element else step)
    return next(iter(found_under([body], tuple(steps))), None)
