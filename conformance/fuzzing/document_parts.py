"""Parts of documents and answers that may be of another kind than expected: then there are none."""

from collections.abc import Mapping
from typing import Any


def as_mapping(value: Any) -> Mapping[str, Any]:
    """Return an object; anything else has no members."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> list[Any]:
    """Return a list; anything else has no elements."""
    return value if isinstance(value, list) else []
