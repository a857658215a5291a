"""Titles of groups: those that would be alike also name what tells the groups apart."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from conformance.comparison.difference import ABSENT
from conformance.comparison.sentences import (
    shown_operation,
    shown_place,
    side_by_side,
)
from conformance.model.finding import DifferenceKind
from conformance.model.group import Group


def with_distinct_titles(groups: Sequence[Group]) -> Iterator[Group]:
    """Yield groups.

    Titles that would be alike also name the operation, the odd sides, all sides, or an example.
    """
    titles = [group.title for group in groups]
    for addition in (_operation, _odd_sides, _all_sides, _example, _case):
        count = Counter(titles)
        titles = [
            title + addition(group) if count[title] > 1 else title
            for title, group in zip(titles, groups, strict=True)
        ]
    return (replace(group, title=title) for group, title in zip(groups, titles, strict=True))


def _operation(group: Group) -> str:
    return f" for {shown_operation(group.operation)}" if group.operation else ""


def _odd_sides(group: Group) -> str:
    if (
        group.kind is DifferenceKind.MEMBER
        and group.idiom is None
        and (others := _lacking_or_having(group))
    ):
        return f" ({others})"
    odd = [side for at, side in enumerate(group.sides) if at != group.largest]
    return f" ({side_by_side(odd)})"


def _lacking_or_having(group: Group) -> str:
    """Return of a member who lacks it where the title says who has it, and the other way round."""
    by_absence: dict[bool, list[str]] = {True: [], False: []}
    for side in group.sides:
        by_absence[ABSENT in side.facts].extend(side.runtimes)
    if not by_absence[True]:
        return ""
    told_who_has = "only in" in group.title
    return f"{'not' if told_who_has else 'but'} in {', '.join(by_absence[told_who_has])}"


def _all_sides(group: Group) -> str:
    return (
        f" beside {side_by_side([group.sides[group.largest]])}" if group.largest is not None else ""
    )


def _example(group: Group) -> str:
    return f" at {shown_place(group.examples[0].finding)}" if group.examples else ""


def _case(group: Group) -> str:
    return f" in {group.examples[0].case_id}" if group.examples else ""
