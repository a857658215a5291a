"""The order of an element's children in markup, and the white space beside inline elements.

Children that only one side has are a difference of their own, and are ignored here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from conformance.comparison.bodies.inline_spaces import differ_in_spaces
from conformance.comparison.bodies.markup import child_tags, lines_in
from conformance.comparison.difference import Occurrence, Verbatim
from conformance.comparison.idioms.markup import ELEMENT_ORDER
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.difference_list import DifferenceList
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.node import Node
from conformance.comparison.values.occurrences import with_ids
from conformance.comparison.values.partners import partners_in_order

_OTHER_SPACES: Final = "white space beside inline elements"
"""The detail of a difference in white space."""


def add_child_order(found: DifferenceList, node: Node, loosening: Loosening) -> None:
    """Record differences in the order of children, and in white space, of paired elements."""
    order = _in_another_order(node, loosening)
    found.add_unequal(node.paths, order, idiom=ELEMENT_ORDER.name)
    found.add_unequal(node.paths, _in_other_spaces(node), words=_OTHER_SPACES)


def _in_another_order(node: Node, loosening: Loosening) -> Iterator[Occurrence]:
    """Yield the elements of two paired columns whose children differ in order, as tags."""
    tags, other_tags = map(_tags_of, node.a.column), map(_tags_of, node.b.column)
    seen = []
    for at, (first, second) in enumerate(zip(tags, other_tags, strict=True)):
        if first == second:
            continue
        is_accepted = loosening.accepts_order(first, second, node.paths, in_one_order)
        if not is_accepted:
            seen.append((at, _shown(first), _shown(second)))
    return with_ids(node, seen)


def _tags_of(value: Json) -> Sequence[str]:
    """Return the tags of an element's children; a text has none."""
    return child_tags(value) if type(value) is dict else []


def _in_other_spaces(node: Node) -> Iterator[Occurrence]:
    """Yield the elements of two paired columns with other white space beside inline elements."""
    lines, other_lines = map(lines_in, node.a.column), map(lines_in, node.b.column)
    seen = []
    for at, (first, second) in enumerate(zip(lines, other_lines, strict=True)):
        if differ_in_spaces(first, second):
            seen.append((at, Verbatim(first), Verbatim(second)))
    return with_ids(node, seen)


def in_one_order(a: Sequence[str], b: Sequence[str]) -> bool:
    """Return whether the common elements of two sequences have the same order.

    Elements that one sequence has more often are ignored.
    """
    if a == b:
        return True
    times, other_times = Counter(a), Counter(b)
    # the same children in unequal sequences: so the order differs
    if times == other_times:
        return False
    found = partners_in_order(a, b)
    if found.moved:
        return False
    # partners may have different tags
    in_order = sum(a[i] == b[j] for i, j in found.matches)
    is_all_in_order = in_order == (times & other_times).total()
    if is_all_in_order or found.complete:
        return is_all_in_order
    # too many to align: compare only the elements that both have equally often
    as_often = dict(times.items() & other_times.items())
    own, other = filter(as_often.__contains__, a), filter(as_often.__contains__, b)
    return list(own) == list(other)


def _shown(tags: Sequence[str]) -> Verbatim:
    """Return tags as a report shows them."""
    return Verbatim(" ".join(f"<{tag}>" for tag in tags))
