"""JSON bytes from a YAML node: compact, members in file order, numbers with the digits that were written."""

import json
import re
from typing import Final

from conformance.suites.document import Mapping, Node, Scalar, Sequence

_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")


def json_bytes(node: Node) -> bytes:
    """Serialise a node as UTF-8 JSON."""
    return _write(node).encode("utf-8", "surrogatepass")


def _write(node: Node) -> str:
    if isinstance(node, Sequence):
        return "[" + ",".join(map(_write, node.items)) + "]"
    if isinstance(node, Mapping):
        return "{" + ",".join(f"{_quote(key)}:{_write(member.node)}" for key, member in node.members.items()) + "}"
    return _write_scalar(node)


def _write_scalar(node: Scalar) -> str:
    if node.kind == "string":
        return _quote(node.text)
    if node.kind in {"integer", "number"}:
        return node.text if _JSON_NUMBER.match(node.text) else _respell_number(node.text)
    return node.text.lower() if node.kind == "boolean" else "null"


def _respell_number(text: str) -> str:
    """Give a YAML number (`+1`, `.5`, `1.`) the spelling that JSON demands, digits kept."""
    mantissa, exponent = re.match(r"\+?([-0-9.]+)(.*)\Z", text).groups()  # type: ignore[union-attr]
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    return f"{sign}{whole or '0'}" + (f".{fraction}" if fraction else "") + exponent


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
