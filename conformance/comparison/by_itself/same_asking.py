"""Whether two askings of a case have the same answers, so that comparing one shows what both do."""

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


def same_asking(case: Case, first: Sequence[Cell], second: Sequence[Cell]) -> bool:
    """Return whether all runtimes answered alike twice, in all that a comparison looks at.

    Clocks and ids of one request in header fields are not looked at, unless the case names the
    field.  What was sent must be the same, too: names that stand for other values are not.
    """
    apart = OF_EACH_ANSWER.difference(map(str.lower, case.headers))
    if len(first) != len(second):
        return False
    are_same = partial(_are_same, apart=apart)
    return all(map(are_same, first, second))


def _are_same(before: Cell, after: Cell, apart: frozenset[str]) -> bool:
    """Return whether a runtime was sent the same twice, and answered alike."""
    if _asked(before) != _asked(after):
        return False
    answered_alike = partial(_answered_alike, apart=apart)
    both = zip(before.observations, after.observations, strict=True)
    return all(starmap(answered_alike, both))


def _asked(cell: Cell) -> tuple[object, ...]:
    return cell.runtime, cell.base_url, cell.names, cell.dead_end


def _answered_alike(before: Observation, after: Observation, apart: frozenset[str]) -> bool:
    """Return whether two observations of a step are the same; a fault never is."""
    if isinstance(before, Fault):
        return False
    if not isinstance(before, Answer) or not isinstance(after, Answer):
        return before == after
    if _without(before.headers, apart) != _without(after.headers, apart):
        return False
    return _COMPARED(before) == _COMPARED(after)


def _without(headers: HeaderList, names: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in names]
