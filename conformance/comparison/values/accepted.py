"""The part of two columns that no rule accepts, and that is still to be compared."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, kinds_of
from conformance.comparison.values.lossless_json import Json, Lexeme, kind_of, spelling
from conformance.comparison.values.node import Node
from conformance.comparison.values.side import SentSide

_NUMERIC: Final = frozenset({"integer", "number"})
"""The kinds of numbers."""
_NO_NUMBERS: Final[frozenset[str]] = frozenset()
"""The empty set, for a column without numbers."""


def not_accepted(node: Node, loosening: Loosening, differ: Callable[[Node], bool]) -> Node | None:
    """Return a node without the values that a rule accepts; None if rules accept all of them.

    `differ` returns whether the columns of a node would differ without a rule.  In paired columns
    each element is judged by itself: of `[1, 2]` beside `[1.0, 7]` only the second one is left. If
    a rule is about numbers, integers become numbers.
    """
    if loosening.accepts(
        *node.columns, node.paths, paired=bool(node.pairing), differ=lambda: differ(node)
    ):
        return None
    if node.pairing and len(node.a.column) > 1:
        # a single value was judged as a whole above
        left = loosening.not_accepted(*node.columns, node.paths)
        if not left:
            return None
        node = node if len(left) == len(node.a.column) else node.part(left)
    return _with_one_kind_of_numbers(node, loosening)


def _with_one_kind_of_numbers(node: Node, loosening: Loosening) -> Node:
    # nothing to do if both sides have the same kinds of numbers, or only one has numbers
    """Return a node whose integers are numbers, if a rule makes the kind of number irrelevant."""
    first, second = (kinds_of(column) & _NUMERIC for column in node.columns)
    if len({first, second, _NO_NUMBERS}) < len((first, second, _NO_NUMBERS)):
        return node
    if not loosening.frees_kind_of_number(node.paths, accepted=not node.pairing):
        return node
    return replace(node, a=_as_numbers(node.a), b=_as_numbers(node.b))


def _as_numbers(side: SentSide) -> SentSide:
    """Return a side with its integers as numbers; reports still show them as sent."""
    column: Column = list(map(_as_number, side.column))
    return replace(side, column=column, sent=side.shown)


def _as_number(value: Json) -> Json:
    """Return an integer as a number with the same digits; any other value unchanged."""
    return Lexeme(spelling(value).encode("ascii")) if kind_of(value) == "integer" else value
