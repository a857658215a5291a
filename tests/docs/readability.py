"""How dense the code is, by package: figures that tests/docs/readability.json may only lower.

    python -m tests.docs.readability        writes the figures of the code to that file

Counted are lines of function bodies that are not blank and not of a docstring, and branches in
them: `if`, `for`, `while`, `except`, `case`, each further operand of `and` and `or`, and each `for`
and `if` of a comprehension.  By this count httpx 0.28 has 0.21 branches a line, starlette 0.25.
"""

import ast
import json
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
BASELINE: Final = ROOT / "tests/docs/readability.json"
VAGUE: Final = frozenset({"told", "said", "of", "one", "shown"})
"""Names that say nothing of what they hold."""
_PRAGMAS: Final = ("# noqa", "# type:", "# fmt:", "# pragma:")
_BRANCHES: Final = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.match_case,
)
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Package:
    """What was counted in one package."""

    branches: int = 0
    lines: int = 0
    nested_conditionals: int = 0
    crowded_comprehensions: int = 0
    vague_names: int = 0
    comments: int = 0
    lines_of_code: int = 0

    def figures(self) -> dict[str, float]:
        """Return the figures of the baseline; a lower one is better, but for comments."""
        return {
            "branches per line": round(self.branches / max(self.lines, 1), 2),
            "nested conditional expressions": self.nested_conditionals,
            "comprehensions with two for and an if": self.crowded_comprehensions,
            "vague names": self.vague_names,
        }


def packages() -> dict[str, Package]:
    """Return the counts of each package of the harness and of each daemon, by its folder."""
    counts: dict[str, Package] = defaultdict(Package)
    for root in ("conformance", "reference_impl"):
        for path in sorted((ROOT / root).rglob("*.py")):
            parts = path.relative_to(ROOT).parts
            _count(path, counts["/".join(parts[:2]) if len(parts) > 2 else root])
    return dict(sorted(counts.items()))


def _count(path: Path, package: Package) -> None:
    source = path.read_text()
    tree = ast.parse(source)
    lines = source.splitlines()
    inside = {number for number in _body_lines(tree) if lines[number - 1].strip()}
    package.lines += len(inside)
    package.branches += sum(_branches(node) for node in _nodes_of_functions(tree))
    package.lines_of_code += sum(bool(line.strip()) for line in lines)
    for node in ast.walk(tree):
        package.nested_conditionals += _is_nested(node)
        package.crowded_comprehensions += _is_crowded(node)
        package.vague_names += _is_vague(node)
    with path.open("rb") as file:
        package.comments += sum(
            token.type == tokenize.COMMENT and not token.string.startswith(_PRAGMAS)
            for token in tokenize.tokenize(file.readline)
        )


def _nodes_of_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield each node within any function, once."""
    seen: set[int] = set()
    for function in ast.walk(tree):
        if isinstance(function, Functions):
            for node in ast.walk(function):
                if id(node) not in seen:
                    seen.add(id(node))
                    yield node


def _body_lines(tree: ast.Module) -> Iterator[int]:
    for function in ast.walk(tree):
        if isinstance(function, Functions):
            has_docstring = ast.get_docstring(function, clean=False) is not None
            body = function.body[has_docstring:]
            if body:
                yield from range(body[0].lineno, (function.end_lineno or 0) + 1)


def _branches(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    return int(isinstance(node, _BRANCHES))


def _is_nested(node: ast.AST) -> bool:
    return isinstance(node, ast.IfExp) and any(
        isinstance(inner, ast.IfExp) for inner in ast.walk(node) if inner is not node
    )


def _is_crowded(node: ast.AST) -> bool:
    generators = getattr(node, "generators", ())
    return len(generators) > 1 and any(generator.ifs for generator in generators)


def _is_vague(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return isinstance(node.ctx, ast.Store) and node.id in VAGUE
    return isinstance(node, ast.arg) and node.arg in VAGUE


if __name__ == "__main__":
    written = {name: package.figures() for name, package in packages().items()}
    BASELINE.write_text(json.dumps(written, indent=1) + "\n")
