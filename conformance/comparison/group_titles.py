"""Titles of groups, with an addition where two groups would have the same title."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter

from msgspec.structs import replace

from conformance.comparison.causes import cause_field
from conformance.comparison.finding_titles import (
    readable_code,
    rest_of_code,
    shown_operation,
    shown_place,
)
from conformance.comparison.member_holders import MemberHolders
from conformance.comparison.sentences import side_by_side
from conformance.comparison.values.objects import picked, positions_by
from conformance.model.group import Group


def with_distinct_titles(
    groups: Sequence[Group], holders: Mapping[str, MemberHolders]
) -> Iterator[Group]:
    """Yield the groups with distinct titles, as far as possible.

    To equal titles is added what distinguishes the groups: the operation, the refused part of the
    request, an error's code, the rest of its message, the odd sides, the other side, a place or a
    case. `holders` has, by group key, who has the member that a group is about.
    """
    titles = list(map(attrgetter("title"), groups))
    odd_sides = partial(_odd_sides, holders=holders)
    # The additions are tried in this order, the shortest first
    additions = (
        _operation, _field, _code, _rest_of_code, odd_sides, _all_sides, _example, _case
    )  # fmt: skip
    for addition in additions:
        for alike in positions_by(titles).values():
            added = list(map(addition, picked(groups, alike)))
            tells_apart = len(set(added)) > 1
            if tells_apart:
                for at, words in zip(alike, added, strict=True):
                    titles[at] += words
    for group, title in zip(groups, titles, strict=True):
        yield replace(group, title=title)


def _operation(group: Group) -> str:
    """Return the addition that names the operation of the group."""
    if not group.operation:
        return ""
    return f" for {shown_operation(group.operation)}"


def _field(group: Group) -> str:
    """Return which part of the request is refused, if the refusing side names it."""
    if not group.examples:
        return ""
    name = cause_field(group.examples[0].finding)
    return f" because of {name}" if name else ""


def _code(group: Group) -> str:
    """Return the cause's error code with a runtime that sends it.

    Other runtimes of the side may have other codes.
    """
    if not group.examples:
        return ""
    finding = group.examples[0].finding
    name = readable_code(finding.code)
    if not name:
        return ""
    runtime_of: dict[str, str] = {}
    for side in finding.sides:
        runtime_of.update(zip(side.codes, side.runtimes, strict=False))
    return f" ({runtime_of[finding.code]}: {name})"


def _rest_of_code(group: Group) -> str:
    """Return the part of the error's message after the first clause."""
    rest = rest_of_code(group.examples[0].finding.code) if group.examples else ""
    return f" ({rest})" if rest else ""


def _odd_sides(group: Group, holders: Mapping[str, MemberHolders]) -> str:
    """Return the odd sides' facts; for a member, who has or lacks it, if the title omits it."""
    of_member = holders.get(group.key)
    if of_member is not None and of_member.other_half:
        return f" ({of_member.other_half})"
    odd = list(group.sides)
    if group.largest is not None:
        del odd[group.largest]
    return f" ({side_by_side(odd)})"


def _all_sides(group: Group) -> str:
    """Return the addition that names the side the others are read against."""
    if group.largest is None:
        return ""
    return f" beside {side_by_side([group.sides[group.largest]])}"


def _example(group: Group) -> str:
    """Return the addition that names the place of an example."""
    if not group.examples:
        return ""
    return f" at {shown_place(group.examples[0].finding)}"


def _case(group: Group) -> str:
    """Return the addition that names the case of an example."""
    if not group.examples:
        return ""
    return f" in {group.examples[0].case_id}"
