"""Makes a file of code note which tests run some of its lines, in whatever process they do.

Each statement that has such a line has a call before it, which adds a line to a file of notes: the
file, the line, and the test that pytest runs now.  Programs that a test starts know that from their
environment; one that runs for several tests is taken as the first one's.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_NOTING: Final = """
import contextlib as _note_contextlib
import os as _note_os

_noted = set()

def _note(*lines):
    test = _note_os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    fresh = [line for line in lines if (line, test) not in _noted]
    if not fresh:
        return
    _noted.update((line, test) for line in fresh)
    written = "".join(f"{FILE}\\t{line}\\t{test}\\n" for line in fresh)
    # A test of what fails may leave no descriptor or no room
    with _note_contextlib.suppress(OSError):
        notes = _note_os.open(NOTES, _note_os.O_WRONLY | _note_os.O_APPEND)
        try:
            _note_os.write(notes, written.encode())
        finally:
            _note_os.close(notes)
"""


def noting(source: str, file: str, lines: Iterable[int], notes: Path) -> str:
    """Return the code of a file that notes who runs some of the lines of its functions."""
    tree = ast.parse(source)
    _Calls(lines).generic_visit(tree)
    named = _NOTING.replace("{FILE}", file).replace("NOTES", repr(str(notes)))
    first = next(at for at, node in enumerate(tree.body) if not _is_before_all(node))
    tree.body[first:first] = ast.parse(named).body
    return ast.unparse(ast.fix_missing_locations(tree))


def noted(notes: Path) -> dict[str, dict[str, list[str]]]:
    """Return the tests that are noted for each line of each file; a line run outside has none."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for written in notes.read_text().splitlines():
        file, line, test = written.split("\t", 2)
        found[file][line].update(filter(None, [test]))
    return {
        file: {line: sorted(tests) for line, tests in lines.items()}
        for file, lines in found.items()
    }


class _Calls(ast.NodeTransformer):
    """Puts the call before the innermost statement that has a line."""

    def __init__(self, lines: Iterable[int]) -> None:
        self._left = set(lines)

    def visit(self, node: ast.AST) -> ast.AST | list[ast.AST]:
        self.generic_visit(node)
        if not isinstance(node, ast.stmt):
            return node
        here = self._left.intersection(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if not here:
            return node
        self._left -= here
        return [*_call(here), node]


def _call(lines: Iterable[int]) -> Iterator[ast.AST]:
    yield from ast.parse(f"_note({', '.join(map(str, sorted(lines)))})").body


def _is_before_all(node: ast.stmt) -> bool:
    """Return whether a statement stands before all others: a docstring, or a future import."""
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
