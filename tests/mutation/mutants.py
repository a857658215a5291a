"""Mutants of a Python file: each is one small slip, at one place.

Left alone is what does not act: annotations, docstrings, texts, and what is raised or printed.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import starmap
from typing import Final

_OPERATORS: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.FloorDiv: ("//", "*"),
    ast.Div: ("/", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
"""Operators as they are written, and what stands there instead."""
_CALLS: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_NOT_RUN: Final = frozenset({"annotation", "returns", "decorator_list"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A slip: a piece of a file, by offsets in characters, and what stands there instead.

    `line` is where it is, counted from 1, and `number` its place among the mutants of the file.
    """

    line: int
    start: int
    end: int
    written: str
    instead: str
    number: int = 0

    def applied(self, source: str) -> str:
        """Return the source with the slip."""
        return source[: self.start] + self.instead + source[self.end :]


def mutants_of(source: str) -> list[Mutant]:
    """Return all mutants of the functions of a file, in the order of their places."""
    places = _Places(source)
    found: set[Mutant] = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, _FUNCTIONS):
            for node in _acting(function):
                found.update(starmap(places.mutant, _slips(node, places)))
    ordered = sorted(found, key=lambda each: (each.start, each.end, each.instead))
    return [replace(mutant, number=number) for number, mutant in enumerate(ordered)]


def code_of(source: str) -> str:
    """Return a file as its statements alone, without comments, docstrings and positions."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def function_at(source: str, line: int) -> str:
    """Return the name of the innermost function of a file that has a line."""
    around = [
        (node.lineno, node.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, _FUNCTIONS) and line in range(node.lineno, (node.end_lineno or 0) + 1)
    ]
    _, name = max(around)
    return name


Slip = tuple[tuple[int, int], str]
"""A place, and what stands there instead."""


class _Places:
    """Where the nodes of a file stand, in characters."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)
        return self._source[start:end]

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno or 0, node.end_col_offset or 0),
        )

    def _offset(self, line: int, column_bytes: int) -> int:
        before = self._lines[line - 1].encode()[:column_bytes].decode()
        return self._starts[line - 1] + len(before)

    def other_operator(
        self, operator: ast.AST, first: ast.expr, second: ast.expr
    ) -> Iterator[Slip]:
        """Yield an operator between two operands as another one; brackets around it stay."""
        if type(operator) in _OPERATORS:
            written, instead = _OPERATORS[type(operator)]
            start, end = self.span(first)[1], self.span(second)[0]
            yield (start, end), self._source[start:end].replace(written, instead, 1)

    def mutant(self, where: tuple[int, int], instead: str) -> Mutant:
        start, end = where
        line = self._source.count("\n", 0, start) + 1
        written = self._source[start:end]
        return Mutant(line=line, start=start, end=end, written=written, instead=instead)


def _acting(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function that act."""
    pending = list(getattr(function, "body", []))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr) or _is_text(node):
            continue
        yield node
        pending += [child for name, child in _children(node) if name not in _NOT_RUN]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def _slips(node: ast.AST, places: _Places) -> Iterator[Slip]:
    """Yield the slips of one node."""
    yield from _in_operators(node, places)
    yield from _in_values(node, places)
    yield from _in_steps(node, places)
    yield from _in_conditions(node, places)


def _in_operators(node: ast.AST, places: _Places) -> Iterator[Slip]:
    match node:
        case ast.Compare(ops=[operator]):
            yield from places.other_operator(operator, node.left, node.comparators[0])
        case ast.BoolOp(values=[first, second, *_]):
            yield from places.other_operator(node.op, first, second)
        case ast.BinOp():
            yield from places.other_operator(node.op, node.left, node.right)
        case ast.UnaryOp(op=ast.Not()):
            yield places.span(node), f"bool({places.text(node.operand)})"


def _in_values(node: ast.AST, places: _Places) -> Iterator[Slip]:
    match node:
        case ast.Constant(value=bool(value)):
            yield places.span(node), str(not value)
        case ast.Constant(value=int(value)):
            yield places.span(node), str(value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield places.span(node.func), _CALLS[name]


def _in_steps(node: ast.AST, places: _Places) -> Iterator[Slip]:
    match node:
        case ast.Return(value=ast.expr() as value) if places.text(value) != "None":
            yield places.span(node), "return None"
        case ast.Continue():
            yield places.span(node), "break"
        case ast.Break():
            yield places.span(node), "continue"
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield places.span(node), "pass"


def _in_conditions(node: ast.AST, places: _Places) -> Iterator[Slip]:
    """Yield the conditions of a node the other way round."""
    tests = [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else []
    tests += node.ifs if isinstance(node, ast.comprehension) else []
    for test in tests:
        yield places.span(test), f"(not ({places.text(test)}))"
