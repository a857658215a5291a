"""Causes that show the same as another one, in cases in which fewer runtimes were compared.

A runtime that answers with another status is compared no further.  What the others show then has
the facts that it has where all are compared, but nobody is odd, and it is another cause.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from conformance.comparison.causes import Cause
from conformance.model.group import Group


def with_wider(groups: Mapping[Cause, Group]) -> list[Group]:
    """Return the groups; one with runtimes that were not compared names the cause that has them."""
    return [replace(group, same_as=_wider(cause, groups)) for cause, group in groups.items()]


def _wider(cause: Cause, groups: Mapping[Cause, Group]) -> str:
    """Return the key of the most frequent cause that shows the same of more runtimes, or ``."""
    group = groups[cause]
    if not group.not_compared:
        return ""
    wider = [
        other
        for other_cause, other in groups.items()
        if _about(other_cause) == _about(cause) and _includes(other, group)
    ]
    return max(wider, key=lambda other: (other.cases, other.key)).key if wider else ""


def _about(cause: Cause) -> tuple[str, str, str, str]:
    return cause.name, cause.place, cause.operation, cause.code


def _includes(wider: Group, group: Group) -> bool:
    """Return whether a group has further runtimes, and the same sides of those that both have."""
    facts = _facts_by_runtime(wider)
    own = _facts_by_runtime(group)
    if not own.items() < facts.items():
        return False
    restricted = [own.keys() & side.runtimes for side in wider.sides]
    return [set(side.runtimes) for side in group.sides] == list(filter(None, restricted))


def _facts_by_runtime(group: Group) -> dict[str, tuple[str, ...]]:
    return {runtime: side.facts for side in group.sides for runtime in side.runtimes}
