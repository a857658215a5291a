"""Elements of XML that are in one namespace in two documents, and in one alone in their parent's.

Only an element that is in another namespace than its parent shows its own.  So where the parents
differ, an element that is the same on both sides shows its own on one side alone.
"""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import filterfalse, repeat
from operator import attrgetter
from typing import Final, NamedTuple

from conformance.comparison.bodies.body import Body
from conformance.comparison.idioms.member_names import NAMESPACE
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath

_DECLARED: Final = b"xmlns"


class _Shown(NamedTuple):
    """The namespace that an element is in, and whether it shows it."""

    namespace: str
    is_own: bool


_ByPath = Mapping[JsonPath, AbstractSet[_Shown]]


def without_inherited(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two documents without the namespaces that differ by those of the parents alone."""
    if not all((_DECLARED in a.raw, _DECLARED in b.raw)):
        return a, b
    first, second = _by_path(a.value), _by_path(b.value)
    in_both = first.keys() & second.keys()
    same = set(filter(lambda path: _are_in_one_namespace(first[path], second[path]), in_both))
    if not same:
        return a, b
    return _without(a, same), _without(b, same)


def _are_in_one_namespace(first: AbstractSet[_Shown], second: AbstractSet[_Shown]) -> bool:
    """Return whether elements that show it on one side alone are in one namespace."""
    namespaces = set(map(attrgetter("namespace"), first | second))
    return all((first != second, len(namespaces) == 1))


def _by_path(document: Json) -> _ByPath:
    """Return the namespaces that elements are in, by the tags that lead to them."""
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
    """Return a document without the namespaces of the elements at some paths."""
    return document.respelled(value=_bare(document.value, (), paths))


def _bare(element: Json, path: JsonPath, paths: AbstractSet[JsonPath]) -> Json:
    if isinstance(element, list):
        return list(map(_bare, element, repeat(path), repeat(paths)))
    if not isinstance(element, dict):
        return element
    names = filterfalse(_is_namespace, element) if path in paths else element
    return {name: _bare(element[name], (*path, str(name)), paths) for name in names}
