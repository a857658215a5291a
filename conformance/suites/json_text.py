"""JSON from a YAML node: compact, with members in file order.

Numbers keep the digits of the file.
"""

import re
from json.encoder import encode_basestring as _quoted
from typing import Final

from conformance.model.template import Parts, Slot, SlotForm
from conformance.suites.nodes import Node, Scalar, Sequence
from conformance.suites.substitution import sole_reference, text_parts

_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_MAY_REFER: Final = "${"


def json_parts(node: Node) -> Parts:
    """Return a node as JSON, with a slot for each name.

    A string that consists of one name becomes that name's value, of whatever kind.
    """
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
    """Return a node as JSON text, with its names as they are written."""
    return "".join(map(_as_written, _pieces(node)))


def _as_written(piece: str | Slot) -> str:
    if isinstance(piece, str):
        return piece
    quoted = _quoted("${" + piece.name + "}")
    # Within longer text, the quotes are those of the text
    if piece.form is not SlotForm.JSON:
        return quoted[1:-1]
    return quoted


def _pieces(node: Node) -> list[str | Slot]:
    pieces: list[str | Slot] = []
    _write(node, pieces)
    return pieces


def _write(node: Node, pieces: list[str | Slot]) -> None:
    """Append the pieces of a node.

    Most pieces are text; names are looked for only in texts that may contain one.
    """
    if isinstance(node, Scalar):
        _write_scalar(node, pieces)
    elif isinstance(node, Sequence):
        separator = "["
        for item in node.items:
            pieces.append(separator)
            _write(item, pieces)
            separator = ","
        pieces.append("]" if node.items else "[]")
    else:
        separator = "{"
        for key, member in node.members.items():
            pieces.append(separator)
            _write_string(key, pieces)
            pieces.append(":")
            _write(member.node, pieces)
            separator = ","
        pieces.append("}" if node.members else "{}")


def _write_scalar(node: Scalar, pieces: list[str | Slot]) -> None:
    if node.kind != "string":
        pieces.append(_literal(node))
        return
    name = sole_reference(node.text) if _MAY_REFER in node.text else None
    if name is not None:
        pieces.append(Slot(name, SlotForm.JSON))
    else:
        _write_string(node.text, pieces)


def _write_string(text: str, pieces: list[str | Slot]) -> None:
    if _MAY_REFER not in text:
        pieces.append(_quoted(text))
        return
    parts = text_parts(text, SlotForm.JSON_STRING, lambda literal: _quoted(literal)[1:-1])
    pieces.append('"')
    pieces.extend(part if isinstance(part, Slot) else str(part) for part in parts)
    pieces.append('"')


def _literal(node: Scalar) -> str:
    """Return the JSON text of a scalar that is no string."""
    if node.kind == "null":
        return "null"
    if node.kind == "boolean":
        return node.text.lower()
    if _JSON_NUMBER.match(node.text):
        return node.text
    return _respell_number(node.text)


def _respell_number(text: str) -> str:
    """Return a YAML number (`+1`, `.5`, `1.`) in the spelling of JSON, with the same digits."""
    mantissa, exponent = re.match(r"\+?([-0-9.]+)(.*)\Z", text).groups()  # type: ignore[union-attr]
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    number = sign + (whole or "0")
    if fraction:
        number += f".{fraction}"
    return number + exponent
