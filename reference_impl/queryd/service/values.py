"""Values: from those of the SQL engine to JSON, by type and not by value.

In: the types of a result's columns. Out: for each column, an SQL expression that makes its values
exact for Python (times keep their nanoseconds, intervals their months, infinity is unchanged), and
a function that converts these values to JSON. The table in `wire` shows the result.
"""

from __future__ import annotations

import math
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    Encoder = Callable[[Any], Any]

_LARGEST = 2**53 - 1
_INTEGERS = frozenset(
    f"{sign}{size}"
    for sign in ("", "u")
    for size in ("tinyint", "smallint", "integer", "bigint", "hugeint")
)
_FLOATS = frozenset({"float", "double"})
_AS_THEY_ARE = frozenset({"boolean", "varchar", "null"})
_NESTED = frozenset({"list", "array", "struct", "map"})
_BEFORE_TIME = re.compile(r"(?<=\d) (?=\d)")


def expression(position: int, kind: Any) -> str:
    """Return the select-list entry for a column, by its position."""
    target = _exact(kind)
    return f"#{position}" if target == str(kind) else f"CAST(#{position} AS {target})"


def encoder(kind: Any) -> Encoder:  # noqa: PLR0911  # a table of types
    """Return the function that converts a value of a type, made exact by `expression`, to JSON."""
    if kind.id in _INTEGERS:
        return _or_null(_integer)
    if kind.id in _FLOATS:
        return _or_null(_float)
    if kind.id == "decimal":
        return _or_null(_decimal)
    if kind.id == "blob":
        return _or_null(_base64)
    if kind.id in {"list", "array"}:
        inner = encoder(_child(kind, "child"))
        return _or_null(lambda value: [inner(item) for item in value])
    if kind.id == "struct":
        members = {name: encoder(child) for name, child in kind.children}
        return _or_null(
            lambda value: {name: encode(value[name]) for name, encode in members.items()}
        )
    if kind.id == "map":
        return _map_encoder(kind)
    if kind.id.startswith("timestamp"):
        return _or_null(_timestamp)
    return lambda value: value


def _exact(kind: Any) -> str:
    """Return the SQL type to which a column is cast: VARCHAR for types that Python would round."""
    if kind.id in _INTEGERS | _FLOATS | _AS_THEY_ARE | {"decimal", "blob"}:
        return str(kind)
    if kind.id == "list":
        return f"{_exact(_child(kind, 'child'))}[]"
    if kind.id == "array":
        return f"{_exact(_child(kind, 'child'))}[{_child(kind, 'size')}]"
    if kind.id == "struct":
        members = (f"{quoted(name)} {_exact(child)}" for name, child in kind.children)
        return f"STRUCT({', '.join(members)})"
    if kind.id == "map":
        return f"MAP({_exact(_child(kind, 'key'))}, {_exact(_child(kind, 'value'))})"
    return "VARCHAR"


def quoted(name: str) -> str:
    """Return an identifier quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _child(kind: Any, name: str) -> Any:
    return dict(kind.children)[name]


def _map_encoder(kind: Any) -> Encoder:
    key_kind = _child(kind, "key")
    key, value = encoder(key_kind), encoder(_child(kind, "value"))

    def pairs(found: dict[Any, Any]) -> list[tuple[Any, Any]]:
        """Return the entries of a map; keys that Python cannot hash are in a list of their own."""
        if key_kind.id in _NESTED:
            return list(zip(found["key"], found["value"], strict=True))
        return list(found.items())

    return _or_null(lambda found: [{"key": key(k), "value": value(v)} for k, v in pairs(found)])


def _or_null(encode: Encoder) -> Encoder:
    return lambda value: None if value is None else encode(value)


def _integer(value: int) -> int | str:
    return value if -_LARGEST <= value <= _LARGEST else str(value)


def _float(value: float) -> float | str:
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _decimal(value: Decimal) -> str:
    return format(value, "f")


def _base64(value: bytes) -> str:
    return b64encode(value).decode("ascii")


def _timestamp(text: str) -> str:
    return _BEFORE_TIME.sub("T", text, count=1).removesuffix("+00") + (
        "Z" if text.endswith("+00") else ""
    )
