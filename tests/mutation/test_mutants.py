"""Mutants are slips that a reader would make, and each is code."""

import ast
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants_of

ROOT = Path(__file__).parents[2]
SOURCE = '''\
LIMIT = 3


def most(values: list[int], *, least: int = 1) -> int | None:
    """Return 1 of them."""
    if not values or (len(values)) < LIMIT:
        return None
    for value in values:
        if value == 4 and least:
            continue
        note("1 more", value)
    raise ValueError(max(values) + 1)
'''


def test_each_slip_is_made_once() -> None:
    """Annotations, texts, constants of the module and what is raised stay as they are."""
    made = [(each.line, each.written, each.instead) for each in mutants_of(SOURCE)]
    assert made == [
        (6, "not values", "bool(values)"),
        (6, "not values or (len(values)) < LIMIT", "(not (not values or (len(values)) < LIMIT))"),
        (6, " or ", " and "),
        (6, ") < ", ") <= "),
        (9, "value == 4 and least", "(not (value == 4 and least))"),
        (9, " == ", " != "),
        (9, "4", "5"),
        (9, " and ", " or "),
        (10, "continue", "break"),
        (11, 'note("1 more", value)', "pass"),
    ]


@pytest.mark.parametrize(
    "file",
    ["conformance/comparison/parity.py", "conformance/runner/http/response_reader.py"],
)
def test_each_mutant_is_code(file: str) -> None:
    """A mutant that cannot be read would count as killed and prove nothing."""
    source = (ROOT / file).read_text(encoding="utf-8")
    mutants = mutants_of(source)
    assert len(mutants) > 50
    for mutant in mutants:
        assert mutant.applied(source) != source
        ast.parse(mutant.applied(source))
