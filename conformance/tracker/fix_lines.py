"""The estimated number of lines that fix a cause, for one of the alternatives of a report."""

from collections.abc import Collection, Iterable

from conformance.model.group import Group


def lines_of_fix(group: Group, fixed: Collection[str]) -> int | None:
    """Return how many lines the fix of a cause takes in some runtimes; None if not known.

    If `fixed` is empty, the runtimes that the report proposes are counted.  If the report proposes
    any side, all sides but one must change, and the one with the most lines is left out.
    """
    lines = {remedy.runtime: remedy.lines for remedy in group.remedies if remedy.lines}
    if fixed:
        return _sum(map(lines.get, fixed))
    # If the report says which runtimes to change, all of them count
    if not group.for_any:
        return sum(lines.values()) or None
    by_side = (_sum(map(lines.get, side.runtimes)) for side in group.sides)
    # The side that takes the most lines stays as it is
    known = sorted(filter(None, by_side))
    changed = len(group.sides) - 1
    if len(known) < changed:
        return None
    return _sum(known[:changed])


def _sum(counts: Iterable[int | None]) -> int | None:
    """Return the sum of some counts; None if one of them is None or there are none."""
    parts = list(counts)
    is_known = parts and None not in parts
    if not is_known:
        return None
    return sum(filter(None, parts))
