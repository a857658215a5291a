"""Groups of runtimes that were not compared with each other, such as errors and successes.

An error is not compared with a success.  So what errors show about each other says nothing about
the successes, and each group of runtimes has findings of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from conformance.comparison.answers.comparison import AnswerComparison
from conformance.comparison.difference import Difference
from conformance.comparison.places import Seen
from conformance.comparison.sides import connected_sets
from conformance.comparison.step_answers import StepAnswers
from conformance.grouped import grouped

_STATUS: Final = "status"


def by_comparison(seen: Sequence[Seen], answers: StepAnswers) -> Iterator[Sequence[Seen]]:
    """Yield the differences of each group of runtimes that a chain of comparisons connects.

    Statuses are compared between all runtimes, so they are in one group.
    """
    by_fields = _groups(answers, _fields_compared)
    by_body = _groups(answers, _body_compared)

    def group_of(each: Seen) -> int:
        if each.difference.places[0] == _STATUS:
            return 0  # the group of the first runtime
        is_of_body = _is_of_body(each.difference)
        return by_body[each.pair[0]] if is_of_body else by_fields[each.pair[0]]

    yield from grouped(seen, group_of).values()


def _groups(
    answers: StepAnswers, compared: Callable[[AnswerComparison], bool]
) -> Mapping[int, int]:
    """Return for each runtime the lowest index among the runtimes that a chain connects it with."""
    pairs = (pair for pair, each in answers.pairs.items() if compared(each))
    indexes = range(len(answers.runtimes))
    groups = connected_sets(zip(indexes, indexes, strict=True), pairs)
    first: dict[int, int] = {}
    for group in groups:
        first.update(dict.fromkeys(group, min(group)))
    return first


def _fields_compared(compared: AnswerComparison) -> bool:
    """Return whether more than the statuses of two answers was compared."""
    return not compared.stops.everything


def _body_compared(compared: AnswerComparison) -> bool:
    """Return whether anything in two bodies was compared, at the root or below it."""
    stops = compared.stops
    is_compared_at_root = not stops.covers(0, (), value=False)
    if is_compared_at_root or stops.everything:
        return is_compared_at_root
    return any(map(_is_of_body, compared.differences))


def _is_of_body(found: Difference) -> bool:
    """Return whether a difference is in the bodies of the answers."""
    return found.paths is not None
