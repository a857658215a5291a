"""Remove XML namespaces that only one of two documents shows, though the elements are the same.

An element shows its namespace only if its parent is in another one.  So if two parents differ in
namespace, their equal children show theirs in one document only.
"""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import filterfalse, repeat
from operator import attrgetter
from typing import Final, NamedTuple

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.same_elements import same_elements
from conformance.comparison.idioms.member_names import NAMESPACE
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath

_DECLARED: Final = b"xmlns"
"""Without these bytes, a document declares no namespace."""


class _Shown(NamedTuple):
    """The namespace of an element, and whether the element shows it."""

    namespace: str
    is_own: bool


_ByPath = Mapping[JsonPath, AbstractSet[_Shown]]
"""By path of tags: the namespaces of the elements there."""


def without_inherited(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two documents without namespaces that differ only because of their parents'."""
    if not any((_DECLARED in a.raw, _DECLARED in b.raw)):
        return a, b
    first, second = _by_path(a.value), _by_path(b.value)
    leaders = same_elements([first, second])
    of_a, of_b = _by_leader(first, leaders), _by_leader(second, leaders)
    in_both = of_a.keys() & of_b.keys()
    same = set(filter(lambda leader: _are_in_one_namespace(of_a[leader], of_b[leader]), in_both))
    if not same:
        return a, b
    paths = set(filter(lambda path: leaders[path] in same, leaders))
    return _without(a, paths), _without(b, paths)


def _by_leader(by_path: _ByPath, leaders: Mapping[JsonPath, JsonPath]) -> _ByPath:
    """Return the namespaces by the path that represents the elements in both documents."""
    found: defaultdict[JsonPath, set[_Shown]] = defaultdict(set)
    for path, namespaces in by_path.items():
        found[leaders[path]] |= namespaces
    return found


def _are_in_one_namespace(first: AbstractSet[_Shown], second: AbstractSet[_Shown]) -> bool:
    """Return whether elements at a path have one namespace, but show it on one side only."""
    namespaces = set(map(attrgetter("namespace"), first | second))
    return all((first != second, len(namespaces) == 1))


def _by_path(document: Json) -> _ByPath:
    """Return the namespaces of all elements by their path of tags."""
    found: defaultdict[JsonPath, set[_Shown]] = defaultdict(set)
    waiting: list[tuple[JsonPath, Json, str]] = [((), document, "")]
    while waiting:
        path, element, around = waiting.pop()
        if isinstance(element, list):
            waiting.extend(zip(repeat(path), element, repeat(around)))
            continue
        members = element if isinstance(element, dict) else {}
        own = next(filter(_is_namespace, members), None)
        namespace = around if own is None else own.removeprefix(NAMESPACE)
        found[path].add(_Shown(namespace, own is not None))
        waiting.extend(((*path, str(tag)), each, namespace) for tag, each in members.items())
    return found


def _is_namespace(name: str) -> bool:
    return name.startswith(NAMESPACE)


def _without(document: Body, paths: AbstractSet[JsonPath]) -> Body:
    """Return a document without the namespaces shown by the elements at some paths."""
    return document.respelled(value=_bare(document.value, (), paths))


def _bare(element: Json, path: JsonPath, paths: AbstractSet[JsonPath]) -> Json:
    """Return an element without the namespaces shown at some paths; `path` is its own path."""
    if isinstance(element, list):
        return list(map(_bare, element, repeat(path), repeat(paths)))
    if not isinstance(element, dict):
        return element
    names = filterfalse(_is_namespace, element) if path in paths else element
    return {name: _bare(element[name], (*path, str(name)), paths) for name in names}
