"""Values for nothing: null, and what a variable holds before anything is written to it."""

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


def is_null(value: Json) -> bool:
    """Return whether a value is null."""
    return value is None


def is_zero(value: Json) -> bool:
    """Return whether a value is its type's zero value, null aside."""
    if value is None:
        return False
    if is_numeric(value):
        return spelling(value) in {"0", "0.0"}
    # an empty text, list or object, and false
    return not value


def zero_name(value: Json) -> str:
    """Name a zero value."""
    return _ZERO_NAMES[kind_of(value)]


def says_nothing(value: Json) -> bool:
    """Return whether a value is null, or its type's zero value."""
    return is_null(value) or is_zero(value)
