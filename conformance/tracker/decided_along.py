"""Causes that the rows of another cause decide, too, as neither can be decided first."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet


def decided_along(takes: Mapping[str, AbstractSet[str]]) -> dict[str, frozenset[str]]:
    """Return for each cause the keys of the causes that its rows decide along.

    `takes` has for each cause with rows the other causes of which these match findings.  Of two
    causes whose rows match each other's findings neither can be decided first; a cause without rows
    of its own is decided by those that match its findings.
    """
    reached = {key: _reached(key, takes) for key in takes}
    along: dict[str, frozenset[str]] = {}
    for key, causes in reached.items():
        # A cause without rows of its own is decided by those that match its findings
        along[key] = frozenset(other for other in causes if key in reached.get(other, {key}))
    return along


def _reached(start: str, takes: Mapping[str, AbstractSet[str]]) -> set[str]:
    """Return all causes that one leads to, step by step."""
    found: set[str] = set()
    pending = [start]
    while pending:
        others = takes.get(pending.pop(), frozenset()) - found - {start}
        found |= others
        pending += others
    return found
