"""`${name}` in texts: names are resolved where they are known, `$${` is a literal `${`, anything else is a problem.

Substitution happens after parsing, in text leaves only, so that a value can never become YAML.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from conformance.errors import Problem
from conformance.suites.document import Mapping, Member, Node, Scalar, Sequence, shown

_REFERENCE: Final = re.compile(r"\$(\$?)\{([^{}]*)\}?")


def substitute(text: str, resolve: Callable[[str], str]) -> str:
    """Replace every `${name}` by what `resolve` gives for it; `$${` loses one `$`."""
    return _REFERENCE.sub(lambda found: found[0][1:] if found[1] else resolve(found[2]), text)


def escaped(text: str) -> str:
    """Return how a text is written so that nothing in it is resolved: `literal` gives the text back."""
    return text.replace("${", "$${")


def literal(text: str) -> str:
    """Return a text in which nothing is left to resolve."""
    return substitute(text, lambda name: "${" + name + "}")


def literal_tree(node: Node) -> Node:
    """Apply `literal` to every string and member name below a node."""
    if isinstance(node, Sequence):
        return replace(node, items=tuple(map(literal_tree, node.items)))
    if isinstance(node, Mapping):
        members = {
            literal(name): Member(member.key_place, literal_tree(member.node)) for name, member in node.members.items()
        }
        return replace(node, members=members)
    return replace(node, text=literal(node.text)) if node.kind == "string" else node


def check_text(node: Node, known: Callable[[str], bool] = lambda _: False) -> Iterator[Problem]:
    """Yield a problem for every name below a node that nothing will resolve."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from check_text(item, known)
    elif isinstance(node, Mapping):
        for name, member in node.members.items():
            yield from check_text(Scalar(member.key_place, "string", name), known)
            yield from check_text(member.node, known)
    else:
        for name in references(node.text) if node.kind == "string" else ():
            if not known(name):
                yield Problem(
                    node.place, f"nothing is named {shown(name)} here; write $${{ if the text itself is meant"
                )


def references(text: str) -> tuple[str, ...]:
    """Return the names that a text refers to."""
    return tuple(found[2] for found in _REFERENCE.finditer(text) if not found[1])
