"""Whether two askings of a case have the same answers, so that comparing one shows what both do."""

from collections.abc import Sequence
from typing import Final

from conformance.comparison.answers.named_headers import OF_EACH_ANSWER
from conformance.model.case import Case
from conformance.model.observation import Answer, Cell, Fault, Observation
from conformance.model.request import HeaderList

_COMPARED: Final = ("status", "reason", "notes", "body")


def same_asking(case: Case, first: Sequence[Cell], second: Sequence[Cell]) -> bool:
    """Return whether all runtimes answered alike twice, in all that a comparison looks at.

    Clocks and ids of one request in header fields are not looked at, unless the case names the
    field.  What was sent must be the same, too: names that stand for other values are not.
    """
    apart = OF_EACH_ANSWER.difference(map(str.lower, case.headers))
    return len(first) == len(second) and all(
        _sent_alike(before, after) and _answered_alike(before, after, apart)
        for before, after in zip(first, second, strict=True)
    )


def _sent_alike(before: Cell, after: Cell) -> bool:
    return (before.runtime, before.base_url, before.names) == (
        after.runtime,
        after.base_url,
        after.names,
    )


def _answered_alike(before: Cell, after: Cell, apart: frozenset[str]) -> bool:
    both = zip(before.observations, after.observations, strict=True)
    return before.dead_end == after.dead_end and all(_same(*each, apart) for each in both)


def _same(before: Observation, after: Observation, apart: frozenset[str]) -> bool:
    """Return whether two observations of a step are the same; a fault never is."""
    if isinstance(before, Fault):
        return False
    if not isinstance(before, Answer) or not isinstance(after, Answer):
        return before == after
    if _without(before.headers, apart) != _without(after.headers, apart):
        return False
    return all(getattr(before, name) == getattr(after, name) for name in _COMPARED)


def _without(headers: HeaderList, names: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in names]
