"""`${name}` in texts: names are resolved where they are known.

`$${` is a literal `${`, and anything else is a problem.

Substitution happens after parsing, in text leaves only, so that a value can never become YAML.
"""

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from typing import Final

from conformance.errors import Place, Problem
from conformance.model.template import Parts, Slot, SlotForm
from conformance.suites.nodes import Node, Scalar, Sequence, shown

_MAY_REFER: Final = "${"
_REFERENCE: Final = re.compile(r"\$(\$?)\{([^{}]*)\}?")


def substitute(text: str, resolve: Callable[[str], str]) -> str:
    """Replace every `${name}` by what `resolve` gives for it; `$${` loses one `$`."""
    return _REFERENCE.sub(lambda found: found[0][1:] if found[1] else resolve(found[2]), text)


def with_variables(text: str, environment: MappingOf[str, str]) -> str:
    """Return a text with its `${env:NAME}` filled in; one that is not set is nothing."""
    return substitute(text, lambda name: environment.get(name.removeprefix("env:"), ""))


def escaped(text: str) -> str:
    """Return a text written so that nothing in it is resolved.

    The function `literal` gives the text back.
    """
    return text.replace("${", "$${")


def literal(text: str) -> str:
    """Return a text in which nothing is left to resolve."""
    return substitute(text, lambda name: "${" + name + "}")


def text_parts(text: str, form: SlotForm, encode: Callable[[str], str] = str) -> Parts:
    """Return a text as literal parts, each written by `encode`, and a slot for every `${name}`."""
    if _MAY_REFER not in text:
        return (encode(text),) if text else ()
    parts: list[str | bytes | Slot] = []
    end, literal_text = 0, ""
    for found in _REFERENCE.finditer(text):
        literal_text += text[end : found.start()] + (found[0][1:] if found[1] else "")
        end = found.end()
        if not found[1]:
            parts += [encode(literal_text), Slot(found[2], form)]
            literal_text = ""
    parts.append(encode(literal_text + text[end:]))
    return tuple(part for part in parts if part != "")


def sole_reference(text: str) -> str | None:
    """Return the name that a text is nothing but a reference to, or None."""
    found = _REFERENCE.fullmatch(text)
    return found[2] if found is not None and not found[1] else None


def replaced(text: str, values: MappingOf[str, str]) -> str:
    """Replace every reference to one of some names, and leave all others as they are written."""
    return _REFERENCE.sub(
        lambda found: found[0] if found[1] else values.get(found[2], found[0]), text
    )


def references_below(node: Node) -> Iterator[tuple[Place, str]]:
    """Yield every name that texts and member names below a node refer to.

    Each comes with the place of the text.
    """
    found: list[tuple[Place, str]] = []
    _collect_references(node, found)
    return iter(found)


def _collect_references(node: Node, found: list[tuple[Place, str]]) -> None:
    """Append what `references_below` yields; most nodes are texts without a name."""
    if isinstance(node, Scalar):
        if _MAY_REFER in node.text and node.kind == "string":
            found.extend((node.place, name) for name in references(node.text))
    elif isinstance(node, Sequence):
        for item in node.items:
            _collect_references(item, found)
    else:
        for name, member in node.members.items():
            if _MAY_REFER in name:
                found.extend((member.key_place, reference) for reference in references(name))
            _collect_references(member.node, found)


def check_text(node: Node, known: Callable[[str], bool] = lambda _: False) -> Iterator[Problem]:
    """Yield a problem for every name below a node that nothing will resolve."""
    for place, name in references_below(node):
        if not known(name):
            yield Problem(
                place,
                f"nothing is named {shown(name)} here; write $${{ if the text itself is meant",
            )


def references(text: str) -> tuple[str, ...]:
    """Return the names that a text refers to."""
    return tuple(found[2] for found in _REFERENCE.finditer(text) if not found[1])
