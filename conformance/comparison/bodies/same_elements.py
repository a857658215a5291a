"""Find the elements that are the same in several documents, although names above them differ.

Elements at one path are the same.  Of the paths that only one of two documents has, two are the
same if they end in the same names: those with the most names in common first, those with only the
tag in common last.  So another root, or one more element around others, changes nothing for the
elements below.  Only the two documents decide, never a third one.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, combinations, filterfalse, repeat

from conformance.model.json_path import JsonPath

_Paths = Sequence[JsonPath]
_Sides = tuple[_Paths, _Paths]
"""The paths of the first and the second document."""


def same_elements(documents: Sequence[Iterable[JsonPath]]) -> dict[JsonPath, JsonPath]:
    """Return for each path of any document the one path that represents its element."""
    known = list(map(dict.fromkeys, documents))
    paths = list(chain.from_iterable(known))
    leaders = dict(zip(paths, paths, strict=True))
    for first, second in combinations(known, 2):
        found: list[tuple[JsonPath, JsonPath]] = []
        _link((_alone(first, second), _alone(second, first)), 0, found)
        for path, other in found:
            leaders[_leader(leaders, path)] = _leader(leaders, other)
    return {path: _leader(leaders, path) for path in leaders}


def _leader(leaders: dict[JsonPath, JsonPath], path: JsonPath) -> JsonPath:
    """Return the path that represents a path so far, and shorten the chain that leads to it."""
    while leaders[path] != path:
        leaders[path] = leaders[leaders[path]]
        path = leaders[path]
    return path


def _alone(paths: Iterable[JsonPath], others: Collection[JsonPath]) -> _Paths:
    """Return the paths that are not in `others`."""
    return list(filterfalse(others.__contains__, paths))


def _link(sides: _Sides, length: int, found: list[tuple[JsonPath, JsonPath]]) -> _Sides:
    """Add to `found` the pairs of paths with the same last names; return the paths left over.

    All paths of `sides` have the same last `length` names.
    """
    if not all(sides):
        return sides
    left: tuple[list[JsonPath], list[JsonPath]] = ([], [])
    for nearer in _by_name(sides, length + 1):
        for all_left, here in zip(left, _link(nearer, length + 1, found), strict=True):
            all_left.extend(here)
    if not all(left) or length == 0:
        return left
    found.extend(zip(left[0], repeat(left[1][0])))
    found.extend(zip(repeat(left[0][0]), left[1]))
    return [], []


def _by_name(sides: _Sides, place: int) -> Iterable[_Sides]:
    """Group the paths of both sides by the name at a place counted from the end.

    Paths that are too short form a group of their own.
    """
    groups: dict[object, tuple[list[JsonPath], list[JsonPath]]] = {}
    for at, paths in enumerate(sides):
        for path in paths:
            name = path[-place] if len(path) >= place else None
            groups.setdefault(name, ([], []))[at].append(path)
    return groups.values()
