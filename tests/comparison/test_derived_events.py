"""An event of another name has other data: one cause, unless events of one name differ, too."""

from typing import Final

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.derived_findings import grouped
from tests.comparison.differences import answer
from tests.comparison.laws import findings_of

ITEM: Final = 'event: item\ndata: {"id": 1, "name": "a"}\n\n'
NEXT: Final = 'event: item\ndata: {"id": 2, "name": "b"}\n\n'
FAILED: Final = 'event: error\ndata: {"code": "E1", "message": "no"}\n\n'
NAMES: Final = "$[*].event"


@pytest.mark.parametrize(
    ("first", "second", "causes"),
    [
        pytest.param(ITEM + NEXT, ITEM + FAILED, {NAMES}, id="one-of-two"),
        pytest.param(ITEM, FAILED, {NAMES}, id="all"),
        pytest.param(ITEM + NEXT, ITEM.replace('"a"', '"x"') + FAILED,
            {NAMES, "$[*].data.name"}, id="and-another-value"),
        pytest.param(ITEM + NEXT, ITEM.replace(', "name": "a"', "") + FAILED,
            {NAMES, "$[*].data.name"}, id="and-a-missing-member"),
        pytest.param(ITEM + NEXT, (ITEM + NEXT).replace("item", "book").replace('"b"', '"x"'),
            {NAMES, "$[*].data.name"}, id="same-data-under-another-name"),
        pytest.param('event: done\ndata: {"count": 3}\n\n', 'event: end\ndata: {"count": 4}\n\n',
            {NAMES, "$[*].data.count"}, id="one-event"),
        pytest.param("event: a\ndata: you\n\n", "event: b\ndata: me\n\n",
            {NAMES, "$[*].data"}, id="texts"),
        pytest.param(ITEM, FAILED.replace("error", "item"),
            {f"$[*].data.{name}" for name in ("id", "name", "code", "message")}, id="same-name"),
    ],
)  # fmt: skip
def test_data_follows_from_the_names_of_events(first: str, second: str, causes: set[str]) -> None:
    """What only the events of other names show is listed under the names."""
    a, b = (answer(each, media="text/event-stream") for each in (first, second))
    for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
        found = findings_of(given, list(given), CompareLevel.VALUE)
        assert {each.place for each in found if each.follows is None} == causes
        assert len(grouped(found)) == len(causes)
