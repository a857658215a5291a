"""In about how many lines a cause is fixed: on one side, whatever alternatives a report lists."""

from collections.abc import Collection, Iterable

from conformance.model.group import Group


def lines_of_fix(group: Group, fixed: Collection[str]) -> int | None:
    """Return how many lines the fix of a cause takes in some runtimes, or None if not known.

    Where nothing says which runtimes are to be changed, those are counted that the report proposes.
    Where it proposes any side, all sides but one have to change, and the one that would take most
    lines is left out.
    """
    lines = {remedy.runtime: remedy.lines for remedy in group.remedies if remedy.lines}
    if fixed:
        return _sum(map(lines.get, fixed))
    # Where the report says who is to be changed, all of these are
    if not group.for_any:
        return sum(lines.values()) or None
    by_side = (_sum(map(lines.get, side.runtimes)) for side in group.sides)
    # The side that takes most lines is the one to leave as it is
    known = sorted(filter(None, by_side))
    changed = len(group.sides) - 1
    if len(known) < changed:
        return None
    return _sum(known[:changed])


def _sum(counts: Iterable[int | None]) -> int | None:
    """Return a sum, or None where a part of it is not known, and where there is nothing to add."""
    parts = list(counts)
    is_known = parts and None not in parts
    if not is_known:
        return None
    return sum(filter(None, parts))
