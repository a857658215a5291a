"""Texts for the patterns of a document are made at once."""

import re
import sys

import pytest

from conformance.fuzzing.simple_patterns import simple_text
from conformance.fuzzing.usual_values import text_like


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^\d{1,6}(\.\d{1,2})?$", "1"),
        (r"^\d{4}-\d{2}-\d{2}$", "1111-11-11"),
        ("^[A-Z]{3}$", "AAA"),
        ("^[a-z0-9]+(?:-[a-z0-9]+)*$", "a"),
        (r"^(low|high)$", "low"),
        (r"^\+?[0-9 ]{2,}$", "11"),
        (r"^[^@\s]+@[^@\s]+\.[a-z]{2}$", "a@a.aa"),
        ("SKU", "SKU"),
        (r"^\(\d\)\\\n$", "(1)\\\n"),
        ("^[]a]x?$", "a"),
    ],
)
def test_a_simple_pattern_has_a_usual_text(pattern: str, text: str) -> None:
    assert simple_text(pattern, 0, 99) == text


def test_a_text_is_as_long_as_it_has_to_be() -> None:
    assert simple_text("^[a-z]+(-[a-z]+)?$", 5, 9) == "aa-aa"
    assert simple_text("^[a-z]{4}$", 0, 3) is None
    assert simple_text("^[a-z]{4}$", 5, 9) is None


@pytest.mark.parametrize(
    "pattern", [r"^(?=a)b", r"^(a)\1$", "(", r"^\p{L}+$", "^(?!x)a$", "a{", ")"]
)
def test_what_is_not_simple_is_left_to_a_search(pattern: str) -> None:
    assert simple_text(pattern, 0, 99) is None


def test_a_search_is_loaded_only_for_what_is_not_simple() -> None:
    text_like.cache_clear()
    before = dict(sys.modules)
    sys.modules.pop("hypothesis", None)
    try:
        assert re.fullmatch("[a-z]{2}-1", text_like("^[a-z]{2}-1$"))
        assert "hypothesis" not in sys.modules
    finally:
        sys.modules.update(before)
