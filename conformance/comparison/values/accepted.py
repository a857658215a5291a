"""What the rules of a case leave to compare of two columns."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.columns import Column, kinds_of
from conformance.comparison.values.lossless_json import Json, Lexeme, kind_of, spelling
from conformance.comparison.values.node import Node
from conformance.comparison.values.side import SentSide

_NUMERIC: Final = frozenset({"integer", "number"})
_NO_NUMBERS: Final[frozenset[str]] = frozenset()


def not_accepted(node: Node, loosening: Loosening, differ: Callable[[Node], bool]) -> Node | None:
    """Return a node without what a rule accepts; None where it accepts everything.

    `differ` says if the columns of a node would differ without a rule.

    Of paired columns each element is judged by itself: of `[1, 2]` beside `[1.0, 7]` only the
    second one is left.  Where a rule is about numbers, an integer is a number like any other.
    """
    if loosening.accepts(
        *node.columns, node.paths, paired=bool(node.pairing), differ=lambda: differ(node)
    ):
        return None
    if node.pairing and len(node.a.column) > 1:
        # a single value is accepted or not as a whole, as asked above
        left = loosening.not_accepted(*node.columns, node.paths)
        if not left:
            return None
        node = node if len(left) == len(node.a.column) else node.part(left)
    return _with_one_kind_of_numbers(node, loosening)


def _with_one_kind_of_numbers(node: Node, loosening: Loosening) -> Node:
    # the same kinds on both sides, or numbers on one only, are no matter of kinds of numbers
    first, second = (kinds_of(column) & _NUMERIC for column in node.columns)
    if len({first, second, _NO_NUMBERS}) < len((first, second, _NO_NUMBERS)):
        return node
    if not loosening.frees_kind_of_number(node.paths, accepted=not node.pairing):
        return node
    return replace(node, a=_as_numbers(node.a), b=_as_numbers(node.b))


def _as_numbers(side: SentSide) -> SentSide:
    """Return a side whose integers are numbers, shown as they were sent."""
    column: Column = list(map(_as_number, side.column))
    return replace(side, column=column, sent=side.shown)


def _as_number(value: Json) -> Json:
    return Lexeme(spelling(value).encode("ascii")) if kind_of(value) == "integer" else value
