"""Large bodies with the same bytes, which are held in memory once."""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.model.observation import Answer, Cell, Observation

# To compare smaller bodies costs more than to keep each
_LARGE_BYTES: Final = 64 << 10


def with_shared_bodies(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return cells in which equal large bodies of answers to one step are one object."""
    # Most cases have small answers, and stay as they are
    if not any(map(_has_large_body, cells)):
        return tuple(cells)
    # The bodies of each step; a runtime that was not asked any more has fewer steps
    most_steps = max(map(len, map(attrgetter("observations"), cells)))
    known: list[list[bytes]] = [[] for _ in range(most_steps)]
    return tuple(map(partial(_with_bodies, known=known), cells))


def _with_bodies(cell: Cell, known: list[list[bytes]]) -> Cell:
    shared = tuple(map(_sharing, cell.observations, known))
    return replace(cell, observations=shared)


def _has_large_body(cell: Cell) -> bool:
    sizes = map(len, map(attrgetter("body"), cell.answers))
    return max(sizes, default=0) >= _LARGE_BYTES


def _sharing(seen: Observation, bodies: list[bytes]) -> Observation:
    if not isinstance(seen, Answer) or len(seen.body) < _LARGE_BYTES:
        return seen
    for body in bodies:
        if body == seen.body:
            return replace(seen, body=body)
    bodies.append(seen.body)
    return seen
