"""JSON objects inside prose, such as a model's answer.

In: any text. Out: the JSON objects in it, in their order. Only strict JSON counts; text that looks
like an object but is none is skipped. Each text is scanned once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reference_impl.kit.strict_json import JsonError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

# A brace, or a whole string; an open string reaches to the end of the text, so that no text is
# scanned twice.
_MARK = re.compile(r'[{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


def objects_in(text: str) -> list[dict[str, Any]]:
    """Return all outermost JSON objects of a text."""
    return [found for candidate in _candidates(text) if (found := _parsed(candidate)) is not None]


def _candidates(text: str) -> Iterator[str]:
    """Yield each part with balanced braces; braces inside strings do not count."""
    start = position = text.find("{")
    depth = 0
    while position >= 0:
        mark = _MARK.search(text, position)
        if mark is None:
            return
        position = mark.end()
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth == 0:
            yield text[start:position]
            start = position = text.find("{", position)


def _parsed(candidate: str) -> dict[str, Any] | None:
    try:
        found = parse(candidate.encode())
    except JsonError:
        return None
    return found if isinstance(found, dict) else None
