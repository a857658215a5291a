"""JSON objects inside prose."""

from __future__ import annotations

from typing import Any

import pytest

from reference_impl.kit.json_in_text import objects_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("no object", []),
        ('Sure! ```json\n{"a": 1}\n``` Done.', [{"a": 1}]),
        ('{"a": {"b": {}}} and {}', [{"a": {"b": {}}}, {}]),
        ('{"a": "}{\\"}"}', [{"a": '}{"}'}]),
        ('{not json} {"a": 1}', [{"a": 1}]),
        ('{"a": 1, "a": 2} {"a": NaN}', []),
        ('He said "{" and left.', []),
        ('it\'s 5" wide: {"a": 1}', [{"a": 1}]),
        ('{"a": 1', []),
        ('{"a": "\\', []),
        ("} {} {", [{}]),
        ('[{"a": 1}, {"b": 2}]', [{"a": 1}, {"b": 2}]),
    ],
)
def test_outermost_objects_are_found_in_order(text: str, found: list[Any]) -> None:
    """Strict JSON only; what looks like an object and is none is passed over."""
    assert objects_in(text) == found
