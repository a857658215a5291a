"""`${name}` in texts: finds the names, and replaces them by their values.

`$${` is a literal `${`, and anything else is a problem.

Values are filled in after parsing, in text leaves only, so that a value can never become YAML.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Mapping as MappingOf
from typing import Final

from conformance.errors import Place, Problem
from conformance.model.template import Parts, Slot, SlotForm
from conformance.suites.nodes import Node, Scalar, Sequence, shown

_VARIABLE: Final = "env:"
_MAY_REFER: Final = "${"
_REFERENCE: Final = re.compile(r"\$(\$?)\{([^{}]*)\}?")


def substitute(text: str, resolve: Callable[[str], str]) -> str:
    """Return a text with each `${name}` replaced by `resolve(name)`; `$${` loses one `$`."""

    def value(reference: re.Match[str]) -> str:
        if reference[1]:
            return reference[0][1:]
        return resolve(reference[2])

    return _REFERENCE.sub(value, text)


def with_variables(text: str, environment: MappingOf[str, str]) -> str:
    """Return a text with each `${env:NAME}` filled in; a variable that is not set is empty."""
    return substitute(text, lambda name: environment.get(name.removeprefix(_VARIABLE), ""))


def escaped(text: str) -> str:
    """Return a text in which each `${` is escaped, so that no name is resolved.

    The function `literal` reverses this.
    """
    return text.replace("${", "$${")


def literal(text: str) -> str:
    """Return a text in which each `$${` is the literal `${`; names stay as they are."""
    return substitute(text, lambda name: "${" + name + "}")


def text_parts(text: str, form: SlotForm, encode: Callable[[str], str] = str) -> Parts:
    """Return a text as literal parts, each encoded by `encode`, and a slot for every `${name}`."""
    if _MAY_REFER not in text:
        return tuple(filter(None, [encode(text)]))
    parts: list[str | bytes | Slot] = []
    end = 0
    literal_text = ""
    for reference in _REFERENCE.finditer(text):
        literal_text += text[end : reference.start()]
        end = reference.end()
        # `$${` is the text `${`
        if reference[1]:
            literal_text += reference[0][1:]
            continue
        parts += [encode(literal_text), Slot(reference[2], form)]
        literal_text = ""
    parts.append(encode(literal_text + text[end:]))
    return tuple(part for part in parts if part != "")


def sole_reference(text: str) -> str | None:
    """Return the name if a text is exactly one reference, else None."""
    reference = _REFERENCE.fullmatch(text)
    if reference is None or reference[1]:
        return None
    return reference[2]


def replaced(text: str, values: MappingOf[str, str]) -> str:
    """Return a text with references to some names replaced; other references stay as written."""

    def value(reference: re.Match[str]) -> str:
        if reference[1]:
            return reference[0]
        return values.get(reference[2], reference[0])

    return _REFERENCE.sub(value, text)


def variable_of(name: str) -> str | None:
    """Return the environment variable that a name stands for, or None."""
    if not name.startswith(_VARIABLE):
        return None
    return name.removeprefix(_VARIABLE)


def is_set(name: str, environment: Mapping[str, str]) -> bool:
    """Return whether a name stands for an environment variable that is set."""
    variable = variable_of(name)
    return variable is not None and variable in environment


def variables_below(node: Node) -> Iterator[str]:
    """Yield the environment variables that texts and member names below a node refer to."""
    for _, name in references_below(node):
        variable = variable_of(name)
        if variable is not None:
            yield variable


def references_below(node: Node) -> Iterator[tuple[Place, str]]:
    """Yield each name in texts and member names below a node, with the place of the text."""
    references: list[tuple[Place, str]] = []
    _collect_references(node, references)
    return iter(references)


def _collect_references(node: Node, collected: list[tuple[Place, str]]) -> None:
    """Append the names and places of `references_below`; most nodes are texts without a name."""
    if isinstance(node, Scalar):
        if node.kind == "string":
            _collect(node.place, node.text, collected)
    elif isinstance(node, Sequence):
        for item in node.items:
            _collect_references(item, collected)
    else:
        for name, member in node.members.items():
            _collect(member.key_place, name, collected)
            _collect_references(member.node, collected)


def _collect(place: Place, text: str, collected: list[tuple[Place, str]]) -> None:
    # Looking for the two characters first is faster than the pattern
    if _MAY_REFER in text:
        collected.extend((place, name) for name in references(text))


def check_text(node: Node, known: Callable[[str], bool] = lambda _: False) -> Iterator[Problem]:
    """Yield a problem for every unknown name below a node."""
    for place, name in references_below(node):
        if known(name):
            continue
        what = f"nothing is named {shown(name)} here; write $${{ if the text itself is meant"
        yield Problem(place, what)


def references(text: str) -> tuple[str, ...]:
    """Return the names that a text refers to."""
    found = _REFERENCE.finditer(text)
    return tuple(reference[2] for reference in found if not reference[1])
