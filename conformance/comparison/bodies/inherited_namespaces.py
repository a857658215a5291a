"""Elements of XML that are in one namespace in two documents, and in one alone in their parent's.

Only an element that is in another namespace than its parent shows its own.  So where the parents
differ, an element that is the same on both sides shows its own on one side alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from conformance.comparison.bodies.body import Body
from conformance.comparison.idioms.member_names import NAMESPACE
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import sole
from conformance.model.json_path import JsonPath

_DECLARED: Final = b"xmlns"


class _Shown(NamedTuple):
    """The namespace that an element is in, and whether it shows it."""

    namespace: str
    is_own: bool


_ByPath = Mapping[JsonPath, AbstractSet[_Shown]]


def without_inherited(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two documents without the namespaces that differ by those of the parents alone."""
    if not all(_DECLARED in body.raw for body in (a, b)):
        return a, b
    first, second = _by_path(a.value), _by_path(b.value)
    unlike = (path for path in first.keys() & second.keys() if first[path] != second[path])
    same = {path for path in unlike if _are_in_one_namespace(first[path], second[path])}
    if not same:
        return a, b
    return _without(a, same), _without(b, same)


def _are_in_one_namespace(first: Iterable[_Shown], second: Iterable[_Shown]) -> bool:
    return sole({each.namespace for each in (*first, *second)}) is not None


def _by_path(document: Json) -> _ByPath:
    """Return the namespaces that elements are in, by the tags that lead to them."""
    found: defaultdict[JsonPath, set[_Shown]] = defaultdict(set)
    waiting: list[tuple[JsonPath, Json, str]] = [((), document, "")]
    while waiting:
        path, element, around = waiting.pop()
        if isinstance(element, list):
            waiting.extend((path, each, around) for each in element)
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
        return [_bare(each, path, paths) for each in element]
    if not isinstance(element, dict):
        return element
    is_bare = path in paths
    return {
        name: _bare(each, (*path, str(name)), paths)
        for name, each in element.items()
        if not (is_bare and _is_namespace(name))
    }
