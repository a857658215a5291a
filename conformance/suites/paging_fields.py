"""The grammar of `pages:`, by which a step follows the pages of a list."""

from collections.abc import Iterator
from typing import Final

from conformance.errors import Problem
from conformance.model.paging import Pages
from conformance.suites.capture_fields import CAPTURE, PATH, capture_of, source_problems
from conformance.suites.fields import Either, Field, FieldTable, Text, Whole
from conformance.suites.nodes import Node, if_given, members, text, whole

_NEXT: Final = "next"
_ITEMS: Final = "items"
PAGES = Field(
    spec=FieldTable(
        fields={
            _NEXT: Field(
                spec=Either(options=(PATH, CAPTURE)),
                required=True,
                says="where a page names the next one, a path or an object; the last page has "
                "nothing there, or null",
            ),
            _ITEMS: Field(
                spec=PATH,
                says="where the items of a page stand; without it a page is a list, or an object "
                "with one",
            ),
            "query": Field(
                spec=Text(pattern=r"(?s).+", meaning="the name of a parameter"),
                says="the parameter of the target that takes what `next` names; without it, "
                "`next` is a URL",
            ),
            "most": Field(
                spec=Whole(least=1, most=1_000),
                required=True,
                says="how many pages are requested at most",
            ),
        }
    ),
    says="the answer is a page: the next ones are requested, and all items are compared as one "
    "list",
)


def paging_problems(node: Node | None) -> Iterator[Problem]:
    """Yield the problems of `pages:` that its table cannot express."""
    given = members(node)
    if _NEXT in given:
        yield from source_problems(given[_NEXT])
    if _ITEMS in given:
        yield from source_problems(given[_ITEMS])


def pages_of(node: Node | None) -> Pages | None:
    """Return how a checked step follows pages, or None if it does not."""
    if node is None:
        return None
    given = members(node)
    return Pages(
        next=capture_of(_NEXT, given[_NEXT]),
        items=capture_of(_ITEMS, given[_ITEMS]).path if _ITEMS in given else None,
        query=if_given(given, "query", text),
        most=whole(given["most"]),
    )
