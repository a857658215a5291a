"""The changes between two bodies of the same kind, path by path, as DeepDiff pairs them.

Bodies of any structured kind are compared as parsed: events, tables and XML as JSON values.

DeepDiff explains a difference that is already known; it never decides whether there is one. It
treats `[1]`, `[1.0]` and `[true]` as equal, and its cost grows steeply with size, so larger bodies
are left out. Only its paths are used: the values are read from the bodies without loss, so each
digit is the one that was sent.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, product
from typing import Final

from msgspec import Struct

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import bodies_in_one_layout
from conformance.comparison.difference import ABSENT
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import (
    ANY_DEPTH,
    ANY_ELEMENT,
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
    """A change at a path, its values as sent, and its line in a report: `$.a[0].b: 1 → 2`."""

    path: JsonPath
    sent: tuple[str, str]
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
    first, second = (body.value for body in bodies_in_one_layout(before, after))
    for path in sorted(_changed_paths(first, second), key=_in_order):
        sent = _shown(first, path), _shown(second, path)
        was, now = cut_together(sent, _VALUE_COLUMNS)
        if was != now:
            yield ValueChange(path, sent, f"{render_path(path)}: {was} → {now}")


def lines_of_sent(
    bodies: tuple[Body, Body], places: Iterable[str], sent: tuple[str, str]
) -> list[str] | None:
    """Return the line of the only paths at which two bodies have what was sent at some places.

    It is for lists in another order, whose elements have other paths in each body:
    `$.a[0].b: 1 → $.a[2].b: 2`. The list is empty if there are several such paths, and the result
    is None if there are none, as for a text that was cut.
    """
    patterns = list(filter(None, map(path_of_place, places)))
    texts = cut_together(sent, _VALUE_COLUMNS)
    ends = [
        _ends(body.value, patterns, wanted, text)
        for body, wanted, text in zip(bodies_in_one_layout(*bodies), sent, texts, strict=True)
    ]
    if not all(ends):
        return None
    return list(map(" → ".join, product(*ends))) if len(ends[0]) == len(ends[1]) == 1 else []


def _ends(body: Json, patterns: Iterable[JsonPath], sent: str, text: str) -> list[str]:
    """Return `path: text` for each path of a body that has what was sent."""
    if sent == ABSENT:
        return [ABSENT]
    paths = chain.from_iterable(_paths(body, pattern) for pattern in patterns)
    return [f"{render_path(path)}: {text}" for path in paths if _shown(body, path) == sent]


def _paths(value: Json, pattern: JsonPath) -> Iterator[JsonPath]:
    """Yield each path of a value that a pattern covers."""
    if not pattern:
        yield ()
        return
    step, rest = pattern[0], pattern[1:]
    if step is ANY_ELEMENT:
        elements = value if isinstance(value, list) else []
        children: list[tuple[Segment, Json]] = list(enumerate(elements))
    else:
        children = [(step, _child(value, step))]
    for name, child in children:
        for path in _paths(child, rest):
            yield name, *path


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
