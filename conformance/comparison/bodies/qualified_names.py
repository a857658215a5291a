"""Texts of XML that are names with a prefix, `xsd:string`, spelled with the prefixes of another.

Each writer chooses its prefixes: two names are one whose prefixes stand for one namespace, and two
that are spelled alike are not one where their prefix stands for two.
"""

import re
from collections.abc import Mapping
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import JsonPath

_NAME: Final = re.compile(r"([^\W\d][\w.-]*+):([^\W\d][\w.-]*+)")
"""A qualified name (Namespaces in XML 1.0, section 4), with a prefix."""


def with_prefixes_of(a: Body, b: Body) -> Body:
    """Return a document with the prefixes of another one in its texts; it keeps what was sent."""
    if a.markup is None or b.markup is None:
        return b
    spelled = _spellings(a.markup.prefixes, b.markup.prefixes)
    if not spelled:
        return b
    changed = False

    def respelled(scalar: Json, _: JsonPath) -> Json:
        nonlocal changed
        name = _NAME.fullmatch(scalar) if isinstance(scalar, str) else None
        if name is None or name[1] not in spelled:
            return scalar
        changed = True
        return f"{spelled[name[1]]}{name[2]}"

    value = mapped(b.value, lambda name: name, respelled)
    return b.respelled(value=value) if changed else b


def _spellings(prefixes: Mapping[str, str], others: Mapping[str, str]) -> Mapping[str, str]:
    """Return how each of the other prefixes begins a name among the first ones.

    None for those that stand for the same there, or for what has no prefix there.
    """
    by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}
    found: dict[str, str] = {}
    for prefix, namespace in others.items():
        if prefixes.get(prefix, namespace) != namespace:
            found[prefix] = f"{{{namespace}}}"
        if namespace in by_namespace and prefixes.get(prefix) != namespace:
            found[prefix] = f"{by_namespace[namespace]}:"
    return found
