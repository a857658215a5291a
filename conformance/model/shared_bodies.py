"""Large bodies that are the same bytes, held once."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from conformance.model.observation import Answer, Cell, Observation

# Comparing smaller bodies costs more than keeping each
_LARGE_BYTES: Final = 64 << 10


def with_shared_bodies(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return cells in which answers to one step that have the same bytes hold one body."""
    # Most cases have small answers, and stay as they are
    if not any(map(_has_large_body, cells)):
        return tuple(cells)
    # The bodies of each step; a runtime that was not asked any more has fewer steps
    most_steps = max(len(cell.observations) for cell in cells)
    known: list[list[bytes]] = [[] for _ in range(most_steps)]
    return tuple(_with_bodies(cell, known) for cell in cells)


def _with_bodies(cell: Cell, known: list[list[bytes]]) -> Cell:
    steps = zip(cell.observations, known, strict=False)
    shared = tuple(_sharing(seen, bodies) for seen, bodies in steps)
    return replace(cell, observations=shared)


def _has_large_body(cell: Cell) -> bool:
    return any(len(answer.body) >= _LARGE_BYTES for answer in cell.answers)


def _sharing(seen: Observation, bodies: list[bytes]) -> Observation:
    if not isinstance(seen, Answer) or len(seen.body) < _LARGE_BYTES:
        return seen
    for body in bodies:
        if body == seen.body:
            return replace(seen, body=body)
    bodies.append(seen.body)
    return seen
