"""Empty values: null, and the zero value of each type, such as 0, false or an empty text."""

from typing import Final

from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.lossless_json import Json, kind_of, spelling

_ZERO_NAMES: Final = {
    "array": "empty list",
    "object": "empty object",
    "string": "empty text",
    "boolean": "false",
    "integer": "zero",
    "number": "zero",
}
"""The name of each kind's zero value, as in facts."""


def is_null(value: Json) -> bool:
    """Return whether a value is null."""
    return value is None


def is_zero(value: Json) -> bool:
    """Return whether a value is the zero value of its type; False for null."""
    if value is None:
        return False
    if is_numeric(value):
        return spelling(value) in {"0", "0.0"}
    # an empty text, list or object, or false
    return not value


def zero_name(value: Json) -> str:
    """Return the name of a zero value."""
    return _ZERO_NAMES[kind_of(value)]


def is_empty_value(value: Json) -> bool:
    """Return whether a value is null or the zero value of its type."""
    return is_null(value) or is_zero(value)
