"""JSON from a YAML node: compact, members in file order, numbers with the digits that were written."""

import json
import re
from collections.abc import Iterator
from typing import Final

from conformance.model.template import Parts, Slot, SlotForm
from conformance.suites.document import Mapping, Node, Scalar, Sequence
from conformance.suites.substitution import sole_reference, text_parts

_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


def json_parts(node: Node) -> Parts:
    """Serialise a node as JSON; a string that is nothing but a name becomes that name's value, whatever its kind."""
    parts: list[str | bytes | Slot] = []
    literal_text: list[str] = []
    for piece in _pieces(node):
        if isinstance(piece, str):
            literal_text.append(piece)
        else:
            parts += ["".join(literal_text), piece]
            literal_text = []
    return (*parts, "".join(literal_text))


def json_text(node: Node) -> str:
    """Serialise a node with its names as they are written."""
    return "".join(piece if isinstance(piece, str) else _as_written(piece) for piece in _pieces(node))


def _as_written(slot: Slot) -> str:
    quoted = json.dumps("${" + slot.name + "}", ensure_ascii=False)
    return quoted if slot.form is SlotForm.JSON else quoted[1:-1]


def _pieces(node: Node) -> Iterator[str | Slot]:
    if isinstance(node, Sequence):
        yield "["
        for index, item in enumerate(node.items):
            yield "," if index else ""
            yield from _pieces(item)
        yield "]"
    elif isinstance(node, Mapping):
        yield "{"
        for index, (key, member) in enumerate(node.members.items()):
            yield "," if index else ""
            yield from _string(key)
            yield ":"
            yield from _pieces(member.node)
        yield "}"
    elif node.kind != "string":
        yield _write_scalar(node)
    elif (name := sole_reference(node.text)) is not None:
        yield Slot(name, SlotForm.JSON)
    else:
        yield from _string(node.text)


def _string(text: str) -> Iterator[str | Slot]:
    yield '"'
    for part in text_parts(text, SlotForm.JSON_STRING, lambda literal: json.dumps(literal, ensure_ascii=False)[1:-1]):
        yield part if isinstance(part, Slot) else str(part)
    yield '"'


def _write_scalar(node: Scalar) -> str:
    if node.kind in {"integer", "number"}:
        return node.text if _JSON_NUMBER.match(node.text) else _respell_number(node.text)
    return node.text.lower() if node.kind == "boolean" else "null"


def _respell_number(text: str) -> str:
    """Give a YAML number (`+1`, `.5`, `1.`) the spelling that JSON demands, digits kept."""
    mantissa, exponent = re.match(r"\+?([-0-9.]+)(.*)\Z", text).groups()  # type: ignore[union-attr]
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    return f"{sign}{whole or '0'}" + (f".{fraction}" if fraction else "") + exponent
