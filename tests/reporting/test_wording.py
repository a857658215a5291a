"""Counts and lists in words, and no count with a noun that is written otherwise."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.wording import plural, some

HARNESS = Path(__file__).parents[2] / "conformance"
NOUN = re.compile(
    r" (?:more "
    r")?(answers|bytes|cases|causes|cells|characters|claims|classes|combinations|comparisons|days|differences|elements|files|lines|processes|rows|rules|runs|runtimes|scenarios|steps|suites|tokens|users|warnings)\b"
)
MANY = re.compile(
    r"max_|_bytes|cap|allowed|shortest|_per_s|rate|days$|^len\((?:cases|text)\)$", re.IGNORECASE
)
"""Values that are limits, rates, or checked to be many."""


@pytest.mark.parametrize(
    ("count", "noun", "many", "said"),
    [
        (0, "case", "", "0 cases"),
        (1, "case", "", "1 case"),
        (2, "case", "", "2 cases"),
        (2, "process", "processes", "2 processes"),
    ],
)
def test_a_count_with_its_noun(count: int, noun: str, many: str, said: str) -> None:
    """One is singular, all else plural."""
    assert plural(count, noun, many) == said


def test_some_of_many_names() -> None:
    """Three names, and how many more."""
    assert [some(list("abcde"[:count])) for count in (0, 1, 3, 5)] == [
        "",
        "a",
        "a, b, c",
        "a, b, c and 2 more",
    ]


def counts_in_texts() -> Iterator[str]:
    """Yield each value in a text that a plural noun follows."""
    for file in sorted(HARNESS.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
            for value, after in zip(text.values, text.values[1:], strict=False):
                if not isinstance(value, ast.FormattedValue) or not isinstance(after, ast.Constant):
                    continue
                found, source = NOUN.match(str(after.value)), ast.unparse(value.value)
                if found and not MANY.search(source):
                    yield f"{file.relative_to(HARNESS)}:{text.lineno}: {source}{found[0]}"


def test_counts_go_through_plural() -> None:
    """`1 cases` is never printed: a count stands with a noun only by `plural`."""
    assert list(counts_in_texts()) == []
