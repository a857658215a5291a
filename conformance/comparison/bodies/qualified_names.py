"""Texts of XML that are names with a prefix, `xsd:string`, spelled with the prefixes of another.

Each writer chooses its prefixes: two names are one whose prefixes stand for one namespace, and two
that are spelled alike are not one where their prefix stands for two.
"""

import re
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import JsonPath

_AS_IT_IS: Final = object()
_NAME: Final = re.compile(r"([^\W\d][\w.-]*+):([^\W\d][\w.-]*+)")
"""A qualified name (Namespaces in XML 1.0, section 4), with a prefix."""


def with_prefixes_of(a: Body, b: Body) -> Body:
    """Return a document with the prefixes of another one in its texts; it keeps what was sent."""
    spelled = _spellings(_prefixes(a), _prefixes(b))
    value = _respelled(b.value, spelled)
    return b if value is _AS_IT_IS else b.respelled(value=value)


def shown_in_full(a: Body, b: Body) -> Body:
    """Return a document that shows the namespaces of names whose prefix is another one's in `b`.

    Two names would be shown alike, and differ.
    """
    others = _prefixes(b)
    full = {
        prefix: f"{{{namespace}}}"
        for prefix, namespace in _prefixes(a).items()
        if others.get(prefix, namespace) != namespace
    }
    value = _respelled(a.as_sent.value, full)
    return a if value is _AS_IT_IS else replace(a, sent=replace(a.as_sent, value=value))


def _prefixes(document: Body) -> Mapping[str, str]:
    return document.markup.prefixes if document.markup else {}


def _respelled(value: Json, spelled: Mapping[str, str]) -> Json:
    """Return a value with other beginnings of names, by their prefix; `_AS_IT_IS` without one."""
    changed = False

    def respelled(scalar: Json, _: JsonPath) -> Json:
        nonlocal changed
        name = _NAME.fullmatch(scalar) if isinstance(scalar, str) else None
        if name is None or name[1] not in spelled:
            return scalar
        changed = True
        return f"{spelled[name[1]]}{name[2]}"

    if not spelled:
        return _AS_IT_IS
    copy = mapped(value, lambda name: name, respelled)
    return copy if changed else _AS_IT_IS


def _spellings(prefixes: Mapping[str, str], others: Mapping[str, str]) -> Mapping[str, str]:
    """Return how each of the other prefixes begins a name among the first ones.

    None for those that stand for the same there, or for what has no prefix there.
    """
    by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}
    found: dict[str, str] = {}
    for prefix, namespace in others.items():
        stands_for = prefixes.get(prefix)
        if stands_for == namespace:
            continue
        if namespace in by_namespace:
            found[prefix] = f"{by_namespace[namespace]}:"
        elif stands_for is not None:
            found[prefix] = f"{{{namespace}}}"
    return found
