"""Mutants are slips that a reader would make, and each is code."""

import ast
from pathlib import Path

import pytest

from tests.mutation.covering import Covering
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import code_of, function_at, mutants_of

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


def test_the_code_of_a_file_is_what_acts() -> None:
    """Other comments, docstrings and breaks are the same code; another number is not."""
    reworded = SOURCE.replace("Return 1 of them", "Return the largest").replace(
        "LIMIT = 3", "# Chosen by hand\nLIMIT = (\n    3\n)"
    )
    assert reworded != SOURCE
    assert code_of(reworded) == code_of(SOURCE)
    assert code_of(SOURCE.replace("value == 4", "value == 5")) != code_of(SOURCE)
    numbers = [each.number for each in mutants_of(reworded)]
    assert numbers == [each.number for each in mutants_of(SOURCE)]


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


@pytest.mark.parametrize(("file", "function", "code", "instead"), EQUIVALENT)
def test_what_is_not_to_be_seen_is_a_mutant(
    file: str, function: str, code: str, instead: str
) -> None:
    """A reason for code that has changed since says nothing."""
    source = (ROOT / file).read_text(encoding="utf-8")
    slips = {
        (
            function_at(source, each.line),
            *(text.splitlines()[each.line - 1].strip() for text in both),
        )
        for each in mutants_of(source)
        for both in [(source, each.applied(source))]
    }
    assert (function, code, instead) in slips


def test_near_tests_go_first_and_the_others_by_turns() -> None:
    """Of each file the quickest others are tried, none of them all."""
    covering = Covering(
        {"code.py": {"7": ["near.py::slow", "near.py::quick"]}},
        {
            "near.py::quick": 1.0,
            "near.py::slow": 5.0,
            "few.py::quick": 2.0,
            "few.py::slow": 9.0,
            **{f"many.py::{number}": 1.0 for number in range(9)},
        },
    )
    near = covering.tests_of("code.py", 7, 10.0)
    assert near == ["near.py::quick", "near.py::slow"]
    assert covering.tests_of("code.py", 7, 3.0) == ["near.py::quick"]
    assert covering.tests_of("code.py", 8, 10.0) == []
    others = covering.others(near, 5.0)
    assert others == ["many.py::0", "few.py::quick", "many.py::1", "many.py::2"]
