"""Each place that docs/architecture.md names exists, and a defect there fails the test named.

The document's list says where to change what.
"""

import ast

import pytest

from tests.seeded.changes import CHANGES, Change
from tests.seeded.sowing import ROOT, copied, failures, pytest_in, seeded

PARTS = ("conformance", "tests", "docs/faults.md", "conftest.py", "pyproject.toml")


def lines_of(symbol: str, source: str) -> range:
    """Return the lines of a symbol, such as `Class.method`, in a module."""
    found: list[ast.stmt] = ast.parse(source).body
    node: ast.stmt | None = None
    for name in symbol.split("."):
        (node,) = (each for each in found if _names(each) == name)
        found = node.body if isinstance(node, ast.ClassDef) else []
    assert node is not None
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _names(node: ast.stmt) -> str | None:
    """Return the name that a statement gives a meaning to."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name
    return None


@pytest.mark.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
def test_a_slip_is_within_the_symbol(change: Change) -> None:
    """The code that is changed is part of the symbol that the table names."""
    source = (ROOT / change.file).read_text(encoding="utf-8")
    before, _, _ = source.partition(change.sound)
    first = before.count("\n") + 1

    assert {first, first + change.sound.rstrip("\n").count("\n")} <= set(
        lines_of(change.symbol, source)
    )


def test_without_a_slip_all_pass() -> None:
    """The tests that the table names pass in a copy, so that a failure there is the slip's."""
    with copied(*PARTS) as copy:
        done = pytest_in(copy, *(change.caught_by for change in CHANGES))

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
def test_a_slip_fails_the_test(change: Change) -> None:
    """With the symbol changed, the test that the table names fails in at least one case."""
    with copied(*PARTS) as copy:
        seeded(change, copy)
        done = pytest_in(copy, change.caught_by)

    assert [
        test
        for test in failures(done)
        if test.partition("[")[0] == change.caught_by.partition("[")[0]
    ], done.stdout
