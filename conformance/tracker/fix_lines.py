"""In about how many lines a cause is fixed: on one side, whatever alternatives a report lists."""

from collections.abc import Collection

from conformance.model.group import Group


def lines_of_fix(group: Group, fixed: Collection[str]) -> int | None:
    """Return how many lines the fix of a cause takes in some runtimes, or None if not known.

    Where nothing says which runtimes are to be changed, those are counted that the report proposes.
    Where it proposes any side, all sides but one have to change, and the one that would take most
    lines is left out.
    """
    lines = {remedy.runtime: remedy.lines for remedy in group.remedies if remedy.lines}
    if fixed:
        return _sum([lines.get(name) for name in fixed])
    if not group.for_any:
        return sum(lines.values()) or None
    sides = (_sum([lines.get(name) for name in side.runtimes]) for side in group.sides)
    known = sorted(count for count in sides if count is not None)
    return _sum(known[: len(group.sides) - 1]) if len(known) >= len(group.sides) - 1 else None


def _sum(counts: Collection[int | None]) -> int | None:
    """Return a sum, or None where a part of it is not known, and where there is nothing to add."""
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None
