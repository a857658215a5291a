"""Creators: requests whose answers hold the ids that other operations want.

The path of the other operation says what a request creates: it begins with the path of the
request, has the same collection in it, or is where `Location` points to.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from conformance.fuzzing.answer_values import ID_NAMES, is_id, json_of, location_of, value_at
from conformance.fuzzing.form import FormStep, made_things
from conformance.fuzzing.operation import Operation, is_open
from conformance.fuzzing.oracle import Outcome
from conformance.model.capture import Capture
from conformance.model.case import FRESH
from conformance.model.json_path import JsonPath

OPEN: Final = "{}"
"""An open segment in a shape."""
_ENVELOPES: Final[tuple[JsonPath, ...]] = ((), ("data",), ("result",), ("item",))
_LAST_SEGMENT: Final = re.compile("([^/?#]+)/?$")


class Creator(Struct, frozen=True):
    """The steps that create a thing of a collection.

    The last of them captures the id under `slot`, or has it in its path as a fresh name.
    """

    slot: str
    steps: tuple[FormStep, ...]
    operations: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Return how a request refers to the id."""
        return "${" + self.slot + "}"

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the ids of all that its steps make."""
        return made_things(self.steps)


def shape(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path without the names of its open segments, which differ between operations."""
    return tuple(OPEN if is_open(word) else word for word in path)


def collections_of(
    operation: Operation, operations: Iterable[Operation], outcome: Outcome
) -> dict[tuple[str, ...], str]:
    """Return the shapes of the collections that a request may have added to.

    With each comes the name of the path parameter that names one of its things.  The request's own
    path comes first.
    """
    own = shape(operation.path)
    located = [urlsplit(location_of(cell.observations[-1])).path for cell in outcome.cells]
    found: dict[tuple[str, ...], str] = {}
    for each in operations:
        for at, name in each.open_segments:
            above = shape(each.path[:at])
            is_below = above[-1:] == own[-1:] and above[-1:] != (OPEN,)
            if above and (is_below or _all_name_one_of(above, located)):
                found.setdefault(above, name)
    return dict(sorted(found.items(), key=lambda item: item[0] != own))


def _all_name_one_of(collection: tuple[str, ...], located: Sequence[str]) -> bool:
    named = [_names_one_of(collection, path) for path in located]
    return all(named or [False])


def _names_one_of(collection: tuple[str, ...], path: str) -> bool:
    """Return whether a path names a thing of a collection."""
    words = path.removeprefix("/").split("/")
    if len(words) != len(collection) + 1:
        return False
    return all(known in {OPEN, word} for known, word in zip(collection, words, strict=False))


def slot_name(path: tuple[str, ...], taken: set[str]) -> str:
    """Return the name of the id of a thing in a collection: `order_id` for `/v1/orders`."""
    *_, last = ("thing", *(word for word in path if not is_open(word)))
    word = re.sub(r"[^a-z0-9]+", "_", last.lower()).strip("_") or "thing"
    singular = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    if not singular[:1].isalpha():
        singular = f"x{singular}"
    name = f"{singular}_id"
    return name if name not in taken else f"{name}_{len(taken)}"


def chosen_id(path: tuple[str, ...]) -> str:
    """Return the fresh name of the id of a thing that a request makes under its own path."""
    return FRESH + slot_name(path[:-1], set())


def id_capture(operation: Operation, parameter: str, outcome: Outcome, slot: str) -> Capture | None:
    """Return the capture of a created thing's id.

    Every runtime's answer holds the id at the same place.
    """
    singular = slot_name(operation.path, set()).removesuffix("_id")
    names = (parameter, *ID_NAMES, f"{singular}_id", f"{singular}Id", f"{singular}ID")
    envelopes = (*_ENVELOPES, (singular,))
    usual = ((*envelope, name) for envelope, name in product(envelopes, names))
    answers = [cell.observations[-1] for cell in outcome.cells]
    if not answers:
        return None
    values = list(map(json_of, answers))
    for path in (*operation.ids, *usual):
        if all(is_id(value_at(value, path)) for value in values):
            return Capture(name=slot, path=path, identity=slot)
    if all(_LAST_SEGMENT.search(location_of(answer)) for answer in answers):
        regex = _LAST_SEGMENT.pattern
        return Capture(name=slot, header="location", regex=regex, identity=slot)
    return None
