"""The order of elements in markup: two documents with the same elements, which stand in another order."""

from collections.abc import Iterator

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.elements import Element, Markup
from conformance.comparison.difference import DIFFERS, Difference, at_one_place
from conformance.comparison.idioms.collections import ANOTHER_ORDER
from conformance.comparison.rules.loosening import Loosening
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath
from conformance.model.rule import Rule


def order_differences(a: Body, b: Body, loosening: Loosening) -> Iterator[Difference]:
    """Yield that two documents have the same elements in another order, those that a rule takes care of aside."""
    if a.outline == b.outline or a.markup is None or b.markup is None:
        return
    needed: set[Rule] = set()
    first, second = (list(_in_order(markup.root, (), loosening, needed)) for markup in (a.markup, b.markup))
    if loosening.in_order(first, second):
        loosening.hits.update(needed)
        return
    seen = (_tags(a.markup), _tags(b.markup))
    yield at_one_place(DifferenceKind.VALUE, Facet.VALUE, "$", (DIFFERS, DIFFERS), seen, idiom=ANOTHER_ORDER.name)


def _in_order(element: Element, path: JsonPath, loosening: Loosening, needed: set[Rule]) -> Iterator[JsonPath]:
    """Yield the paths below an element as they stand, or sorted where a rule says that their order is free."""
    blocks = [
        [(*path, tag), *_in_order(child, (*path, tag), loosening, needed)] for tag, child in element.children or ()
    ]
    rule = loosening.free_order(path)
    if rule is not None:
        needed.add(rule)
        blocks.sort(key=repr)
    for block in blocks:
        yield from block


def _tags(markup: Markup) -> str:
    return " ".join(str(path[-1]) for path in markup.outline)
