"""The fingerprint of a schema: equal for equal schemas in every runtime.

It is the SHA-256, in lower-case hexadecimal, of the schema's RFC 8785 canonical JSON: a list of the
columns in their order, each an object with only the members `name` and `type`. Names and types are
compared exactly as they are written.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reference_impl.catalogd.wire import Column


def fingerprint_of(schema: Iterable[Column]) -> str:
    """Return the fingerprint of a schema."""
    columns = [{"name": column.name, "type": column.type} for column in schema]
    return hashlib.sha256(canonical_json(columns)).hexdigest()


def canonical_json(value: list[dict[str, str]]) -> bytes:
    """Return text in lists and objects as canonical JSON by RFC 8785.

    The rules of RFC 8785 for numbers are not needed here.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
