"""Differences of runtimes that have nothing to do with each other, such as errors and successes.

An error was compared with no success.  So what errors show of each other says nothing of the
successes, and each group of runtimes has findings of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from conformance.comparison.answers.comparison import AnswerComparison
from conformance.comparison.difference import Difference
from conformance.comparison.places import Seen
from conformance.comparison.sides import together
from conformance.comparison.step_answers import StepAnswers

_STATUS: Final = "status"


def by_comparison(seen: Sequence[Seen], answers: StepAnswers) -> Iterator[Sequence[Seen]]:
    """Yield the differences of each group of runtimes that a chain of comparisons holds together.

    Statuses were compared between all runtimes.
    """
    by_fields = _groups(answers, _fields_compared)
    by_body = _groups(answers, _body_compared)
    groups: dict[int, list[Seen]] = {}
    for each in seen:
        runtime = each.pair[0]
        group = by_fields[runtime] if each.difference.paths is None else by_body[runtime]
        if each.difference.places[0] == _STATUS:
            group = 0  # the group of the first runtime
        groups.setdefault(group, []).append(each)
    yield from groups.values()


def _groups(
    answers: StepAnswers, compared: Callable[[AnswerComparison], bool]
) -> Mapping[int, int]:
    """Return for each runtime the first one of those that it was compared with in a chain."""
    pairs = (pair for pair, each in answers.pairs.items() if compared(each))
    indexes = range(len(answers.runtimes))
    groups = together(zip(indexes, indexes, strict=True), pairs)
    first: dict[int, int] = {}
    for group in groups:
        first.update(dict.fromkeys(group, min(group)))
    return first


def _fields_compared(compared: AnswerComparison) -> bool:
    return not compared.stops.everything


def _body_compared(compared: AnswerComparison) -> bool:
    """Return whether anything in two bodies was compared: at the root, or below it."""
    stops, found = compared.stops, compared.differences
    nothing_at_root = stops.covers(0, (), value=False)
    return not nothing_at_root or (not stops.everything and any(map(_is_of_body, found)))


def _is_of_body(found: Difference) -> bool:
    return found.paths is not None
