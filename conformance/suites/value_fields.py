"""The grammar of `vars:`, named values that a suite or a case writes once."""

from collections.abc import Iterator
from typing import Final

from conformance.errors import Problem
from conformance.model.template import KnownName, known_text
from conformance.suites.capture_fields import RESERVED
from conformance.suites.fields import AnyValue, Field, FieldTable
from conformance.suites.json_text import json_text
from conformance.suites.matrix import NAME
from conformance.suites.nodes import Mapping, Node, Scalar, members, text
from conformance.suites.substitution import check_text, literal

VARS: Final = Field(
    spec=FieldTable(keyed=(NAME, "names of values", AnyValue())),
    says="values by name, which ${name} stands for; no secrets: they are kept in records",
)


def vars_problems(node: Node | None) -> Iterator[Problem]:
    """Yield the problems of values that their table cannot express.

    They are names of the harness, and `${name}` within the values.
    """
    by_name = node.members if isinstance(node, Mapping) else {}
    for name, member in by_name.items():
        if name in RESERVED:
            what = f"{name!r} is a name of the harness; choose another"
            yield Problem(member.key_place, what)
        yield from check_text(member.node)


def vars_of(node: Node | None) -> dict[str, KnownName]:
    """Return the checked values of a suite or a case by name."""
    return {name: _known(name, value) for name, value in members(node).items()}


def _known(name: str, node: Node) -> KnownName:
    is_text = isinstance(node, Scalar) and node.kind == "string"
    if is_text:
        return known_text(name, literal(text(node)))
    spelled = json_text(node)
    return KnownName(name=name, text=spelled, json=spelled)
