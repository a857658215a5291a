"""Creators: requests whose answers hold the ids that other operations need.

The path of the other operation says which collection a request adds to. The last segment of that
collection is the same as in the request's path, or the collection matches `Location`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, filterfalse, product, repeat
from operator import itemgetter
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from conformance.fuzzing.answer_values import ID_NAMES, is_id, json_of, location_of, value_at
from conformance.fuzzing.form import FormStep, created_ids
from conformance.fuzzing.operation import Operation, fits, is_open
from conformance.fuzzing.oracle import Outcome
from conformance.model.capture import Capture
from conformance.model.case import FRESH
from conformance.model.json_path import JsonPath

OPEN: Final = "{}"
"""A path parameter in a shape."""
_ENVELOPES: Final[tuple[JsonPath, ...]] = ((), ("data",), ("result",), ("item",))
_DEFAULT_NAME: Final = "thing"
_LAST_SEGMENT: Final = re.compile("([^/?#]+)/?$")


class Creator(Struct, frozen=True):
    """The steps that create a resource in a collection.

    `placeholder` is the name of the placeholder for its id: the last step captures it, or sends it
    as a fresh name.
    """

    placeholder: str
    steps: tuple[FormStep, ...]
    operations: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Return the placeholder for the id, `${placeholder}`."""
        return "${" + self.placeholder + "}"

    @property
    def names(self) -> frozenset[str]:
        """Return the placeholder names of the ids of all resources that its steps create."""
        return created_ids(self.steps)


def shape(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path with `{}` for each path parameter: their names differ between operations."""
    return tuple(map(_shape_of, path))


def _shape_of(segment: str) -> str:
    return OPEN if is_open(segment) else segment


def collections_of(
    operation: Operation, operations: Iterable[Operation], outcome: Outcome
) -> dict[tuple[str, ...], str]:
    """Return the collections that a request may have added to: shape, and name of the id parameter.

    The request's own path comes first.
    """
    own = shape(operation.path)
    located = [urlsplit(location_of(answer)).path for answer in outcome.answers()]
    found: dict[tuple[str, ...], str] = {}
    for above, name in chain.from_iterable(map(_collections_in, operations)):
        is_same = above[-1:] == own[-1:] != (OPEN,)
        if is_same or _all_name_one_of(above, located):
            found.setdefault(above, name)
    own_first = sorted(found, key=own.__ne__)
    return {collection: found[collection] for collection in own_first}


def _collections_in(operation: Operation) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the shape of each collection in a path, with the parameter that names its resources."""
    above = ((shape(operation.path[:at]), name) for at, name in operation.open_segments)
    yield from filter(itemgetter(0), above)


def _all_name_one_of(collection: tuple[str, ...], located: Sequence[str]) -> bool:
    """Return whether all paths of `Location` headers are resources of the collection.

    False without any path.
    """
    named = map(partial(_names_one_of, collection), located)
    return bool(located) and all(named)


def _names_one_of(collection: tuple[str, ...], path: str) -> bool:
    *above, _ = path.removeprefix("/").split("/")
    return fits(above, collection)


def placeholder_name(path: tuple[str, ...], taken: set[str]) -> str:
    """Return the placeholder name for the id of a resource: `order_id` for `/v1/orders`.

    It gets a number if the name is in `taken`.
    """
    *_, last = (_DEFAULT_NAME, *filterfalse(is_open, path))
    word = re.sub(r"[^a-z0-9]+", "_", last.lower()).strip("_") or _DEFAULT_NAME
    singular = re.sub("ies$", "y", word).removesuffix("s")
    start = "" if singular[:1].isalpha() else "x"
    name = f"{start}{singular}_id"
    if name in taken:
        return f"{name}_{len(taken)}"
    return name


def chosen_id(path: tuple[str, ...]) -> str:
    """Return the fresh name for the id in the path of a request that creates its own resource."""
    return FRESH + placeholder_name(path[:-1], set())


def id_capture(
    operation: Operation, parameter: str, outcome: Outcome, placeholder: str
) -> Capture | None:
    """Return the capture of the id of a created resource; None if there is no common place for it.

    Every runtime's answer must hold an id at the same path, else in `Location`.
    """
    singular = placeholder_name(operation.path, set()).removesuffix("_id")
    names = (parameter, *ID_NAMES, *map(singular.__add__, ("_id", "Id", "ID")))
    envelopes = (*_ENVELOPES, (singular,))
    usual = ((*envelope, name) for envelope, name in product(envelopes, names))
    answers = outcome.answers()
    if not answers:
        return None
    values = list(map(json_of, answers))
    for path in (*operation.ids, *usual):
        if all(map(is_id, map(value_at, values, repeat(path)))):
            return Capture(name=placeholder, path=path, identity=placeholder)
    if all(map(_LAST_SEGMENT.search, map(location_of, answers))):
        regex = _LAST_SEGMENT.pattern
        return Capture(name=placeholder, header="location", regex=regex, identity=placeholder)
    return None
