"""The changes between two bodies of the same kind, path by path, as DeepDiff pairs them.

Bodies of any structured kind are compared as parsed: events, tables and XML as JSON values.

DeepDiff explains a difference that is already known; it never decides whether there is one. It
treats `[1]`, `[1.0]` and `[true]` as equal, and its cost grows steeply with size, so larger bodies
are left out. Only its paths are used: the values are read from the bodies without loss, so each
digit is the one that was sent.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from msgspec import Struct

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import beside
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import (
    ANY_DEPTH,
    JsonPath,
    Segment,
    covers,
    path_of_place,
    render_path,
)
from conformance.reporting.excerpts import cut_together

# Above this size the comparison takes seconds, and has more changes than a reader needs
MAX_BODY_BYTES: Final = 64 << 10
_VALUE_COLUMNS: Final = 80
_ABSENT: Final = object()


class ValueChange(Struct, frozen=True):
    """A change at a path, and its line in a report: `$.a[0].b: 1 → 2`."""

    path: JsonPath
    line: str


def value_differences(before: Body, after: Body) -> Iterator[ValueChange]:
    """Yield each change from one body to another, sorted by path.

    There are none for bodies of different kinds, without structure, or above the size limit.
    """
    if before.kind != after.kind or not before.structured:
        return
    largest = max(len(before.raw), len(after.raw))
    if largest > MAX_BODY_BYTES:
        return
    first, second = (body.value for body in beside(before, after))
    for path in sorted(_changed_paths(first, second), key=_in_order):
        was, now = cut_together([_shown(first, path), _shown(second, path)], _VALUE_COLUMNS)
        if was != now:
            yield ValueChange(path, f"{render_path(path)}: {was} → {now}")


def is_below(change: ValueChange, places: Iterable[str]) -> bool:
    """Return whether a change is at one of the places or inside a value there."""
    paths = map(path_of_place, places)
    # The whole body has an empty path
    patterns = [path for path in paths if path is not None]
    return any(covers((*pattern, ANY_DEPTH), change.path) for pattern in patterns)


def _changed_paths(before: Json, after: Json) -> set[JsonPath]:
    from deepdiff import DeepDiff  # noqa: PLC0415 - heavy, and needed for few reports

    first = json.loads(compact(before))
    second = json.loads(compact(after))
    differences = DeepDiff(first, second, zip_ordered_iterables=True, view="tree")
    levels = chain.from_iterable(differences.values())
    return {tuple(level.path(output_format="list")) for level in levels}


def _in_order(path: JsonPath) -> list[tuple[bool, int, str]]:
    """Return a sort key for a path: names and indexes, each kind separately."""
    return list(map(_step_in_order, path))


def _step_in_order(step: Segment) -> tuple[bool, int, str]:
    if isinstance(step, int):
        return True, step, ""
    return False, 0, str(step)


def _shown(body: Json, path: JsonPath) -> str:
    """Return the value at a path as it was sent, or `absent`."""
    value = body
    for step in path:
        value = _child(value, step)
    return "absent" if value is _ABSENT else compact(value)


def _child(value: Json, step: object) -> Json:
    if isinstance(value, dict):
        return value.get(step, _ABSENT)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return _ABSENT
