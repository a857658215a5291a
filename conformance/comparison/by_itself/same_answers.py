"""Whether two attempts at a case have the same answers, so that comparing one of them is enough."""

from collections.abc import Sequence
from functools import partial
from itertools import starmap
from operator import attrgetter
from typing import Final

from conformance.comparison.answers.named_headers import OF_EACH_ANSWER
from conformance.model.case import Case
from conformance.model.observation import Answer, Cell, Fault, Observation
from conformance.model.request import HeaderList

_COMPARED: Final = attrgetter("status", "reason", "notes", "body")
"""Reads the parts of an answer that a comparison uses, besides the header fields."""


def same_answers(case: Case, first: Sequence[Cell], second: Sequence[Cell]) -> bool:
    """Return whether every runtime gave the same answers in both attempts.

    Header fields that differ in every answer, such as clocks and request ids, are ignored unless
    the case names them.  The requests must be equal, too: fresh names with other values are a
    difference.
    """
    apart = OF_EACH_ANSWER.difference(map(str.lower, case.headers))
    if len(first) != len(second):
        return False
    are_same = partial(_are_same, apart=apart)
    return all(map(are_same, first, second))


def _are_same(before: Cell, after: Cell, apart: frozenset[str]) -> bool:
    """Return whether a runtime was sent the same requests twice, and gave the same answers."""
    if _requests_of(before) != _requests_of(after):
        return False
    answered_alike = partial(_answered_alike, apart=apart)
    both = zip(before.observations, after.observations, strict=True)
    return all(starmap(answered_alike, both))


def _requests_of(cell: Cell) -> tuple[object, ...]:
    """Return what decides which requests a runtime is sent in a case."""
    return cell.runtime, cell.base_url, cell.names, cell.dead_end


def _answered_alike(before: Observation, after: Observation, apart: frozenset[str]) -> bool:
    """Return whether two observations of a step are equal; a fault equals nothing."""
    if isinstance(before, Fault):
        return False
    if not isinstance(before, Answer) or not isinstance(after, Answer):
        return before == after
    if _without(before.headers, apart) != _without(after.headers, apart):
        return False
    return _COMPARED(before) == _COMPARED(after)


def _without(headers: HeaderList, names: frozenset[str]) -> list[tuple[str, str]]:
    """Return header fields without those of the given names."""
    return [(name, value) for name, value in headers if name.lower() not in names]
