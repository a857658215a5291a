"""Spell prefixed names in XML texts, such as `xsd:string`, with the other document's prefixes.

Each writer chooses its prefixes.  Two names are equal if their prefixes have the same namespace;
two names with the same spelling differ if their prefix has different namespaces.
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
"""What `_respelled` returns if nothing changed."""
_NAME: Final = re.compile(r"([^\W\d][\w.-]*+):([^\W\d][\w.-]*+)")
"""A qualified name (Namespaces in XML 1.0, section 4) with a prefix."""


def with_prefixes_of(a: Body, b: Body) -> Body:
    """Return `b` with the prefixes of `a` in its texts; it keeps what was sent."""
    spelled = _spellings(_prefixes(a), _prefixes(b))
    value = _respelled(b.value, spelled)
    return b if value is _AS_IT_IS else b.respelled(value=value)


def shown_in_full(a: Body, b: Body) -> Body:
    """Return `a` so that reports show a full namespace where its prefix means another in `b`.

    With prefixes, two such names would look equal in a report.
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
    """Return the namespaces of a document by prefix."""
    return document.markup.prefixes if document.markup else {}


def _respelled(value: Json, spelled: Mapping[str, str]) -> Json:
    """Return a value with other prefixes in its names, or `_AS_IT_IS` if nothing changed."""
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
    """Return how names with each prefix of the other document begin in the first one.

    Prefixes with the same namespace in both are left out, and so are those of which the first one
    knows neither prefix nor namespace.
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
