"""Causes that rows of another cause decide at the same time, because none can be first."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet


def decided_along(takes: Mapping[str, AbstractSet[str]]) -> dict[str, frozenset[str]]:
    """Return for each cause the keys of the causes that its rows decide at the same time.

    `takes` has, for each cause with rows, the other causes whose findings these rows match.  If the
    rows of two causes match each other's findings, neither can be decided first.  A cause without
    rows of its own is decided by the rows that match its findings.
    """
    reached = {key: _reached(key, takes) for key in takes}
    along: dict[str, frozenset[str]] = {}
    for key, causes in reached.items():
        # A cause without rows of its own is decided by those that match its findings
        along[key] = frozenset(other for other in causes if key in reached.get(other, {key}))
    return along


def _reached(start: str, takes: Mapping[str, AbstractSet[str]]) -> set[str]:
    """Return all causes that can be reached from `start` through `takes`."""
    found: set[str] = set()
    pending = [start]
    while pending:
        others = takes.get(pending.pop(), frozenset()) - found - {start}
        found |= others
        pending += others
    return found
