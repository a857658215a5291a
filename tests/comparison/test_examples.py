"""A finding shows of a list a pair of elements that differ.

This holds in every kind of body that has lists.
"""

from typing import Any, Final

import pytest

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.observation import Cell
from tests.comparison.differences import answer
from tests.comparison.live_runs import case
from tests.comparison.situations import places_with_values

JSON, LINES, EVENTS = "application/json", "application/x-ndjson", "text/event-stream"
CSV, XML = "text/csv", "application/xml"
Sent = tuple[str, str]


def pair(name: str, a: str, b: str, *, media: str = JSON, shown: dict[str, Sent]) -> Any:
    """Return a row of the table: two bodies, and by place what is shown of either."""
    return pytest.param(a, b, media, shown, id=name)


def in_events(*data: str) -> str:
    """Return an event stream."""
    return "".join(f"event: e\ndata: {each}\n\n" for each in data)


PAIRS: Final = [
    pair("json", '[{"n":1},{"n":1}]', '[{"n":1},{"n":2}]', shown={"$[*].n": ("1", "2")}),
    pair(
        "lines",
        '{"n":1}\n{"n":1}\n',
        '{"n":1}\n{"n":2}\n',
        media=LINES,
        shown={"$[*].n": ("1", "2")},
    ),
    pair(
        "events",
        in_events('{"n":1}', '{"n":1}'),
        in_events('{"n":1}', '{"n":2}'),
        media=EVENTS,
        shown={"$[*].data.n": ("1", "2")},
    ),
    pair(
        "rows", "n,m\n1,2\n1,2\n", "n,m\n1,2\n1,3\n", media=CSV, shown={"$.rows[*].m": ("2", "3")}
    ),
    pair(
        "xml",
        "<r><i>1</i><i>1</i></r>",
        "<r><i>1</i><i>2</i></r>",
        media=XML,
        shown={"$.r.i[*]": ('"1"', '"2"')},
    ),
    pair("lists-in-a-list", "[[1,2],[3,4]]", "[[1,2],[4,3]]", shown={"$[*]": ("[3,4]", "[4,3]")}),
    pair(
        "lists-in-events",
        in_events("[1,2]", "[3,4]"),
        in_events("[1,2]", "[4,3]"),
        media=EVENTS,
        shown={"$[*].data": ("[3,4]", "[4,3]")},
    ),
    pair(
        "number-as-text", '[{"n":1},{"n":1}]', '[{"n":1},{"n":"1"}]', shown={"$[*].n": ("1", '"1"')}
    ),
    pair(
        "names-of-a-map",
        '[{"1":"x"},{"2":"x"}]',
        '[{"1":"x"},{"3":"x"}]',
        shown={"$[*]": ('{"2":"x"}', '{"3":"x"}')},
    ),
    pair(
        "forms-of-time-in-lists-of-two-lengths",
        '["2026-11-23T00:00:00Z"]',
        '["2026-11-23T00:00:00Z","2026-11-23 00:00:00"]',
        shown={
            "$": ("1 element", '2 elements, extra: "2026-11-23 00:00:00"'),
            "$[*]": ('"2026-11-23T00:00:00Z"', '"2026-11-23 00:00:00"'),
        },
    ),
    pair(
        "zeros-exchanged",
        '{"a":-0,"b":0}',
        '{"a":0,"b":-0}',
        shown={"$.a": ("-0", "0"), "$.b": ("0", "-0")},
    ),
    pair(
        "fractions-exchanged",
        '{"a":1.0,"b":1}',
        '{"a":1,"b":1.0}',
        shown={"$.a": ("1.0", "1"), "$.b": ("1", "1.0")},
    ),
    pair(
        "members-twice",
        '{"a":1,"a":2}',
        '{"a":3,"a":2}',
        shown={"$['a (earlier value 1)']": ("1", "3")},
    ),
    pair(
        "members-twice-in-lines",
        '{"b":1}\n{"a":1,"a":2}\n',
        '{"b":1}\n{"a":3,"a":2}\n',
        media=LINES,
        shown={"$[*]['a (earlier value 1)']": ("1", "3")},
    ),
    pair(
        "members-twice-in-events",
        in_events('{"b":1}', '{"a":1,"a":2}'),
        in_events('{"b":1}', '{"a":3,"a":2}'),
        media=EVENTS,
        shown={"$[*].data['a (earlier value 1)']": ("1", "3")},
    ),
]


@pytest.mark.parametrize(("a", "b", "media", "shown"), PAIRS)
def test_the_example_is_the_pair_that_differs(
    a: str, b: str, media: str, shown: dict[str, Sent]
) -> None:
    """Whichever of the two comes first, each shows what it has where the two differ."""
    asked = case(compare=CompareLevel.VALUE)
    for bodies, turned in (((a, b), False), ((b, a), True)):
        cells = [
            Cell(runtime=name, live=True, observations=(answer(body, media=media),))
            for name, body in zip("ab", bodies, strict=True)
        ]
        found = {each.place: dict(each.sent[0]) for each in compare_case(asked, cells).findings}
        expected = {
            place: dict(zip("ba" if turned else "ab", sent, strict=True))
            for place, sent in shown.items()
        }
        assert found == expected


NAMES: Final = '[{"t":{"name":"y"}},{"t":{"name":"x"}}]'


@pytest.mark.parametrize("other", ['[{"t":null},', '[{"t":"q"},', "[{},", '[{"t":{}},'])
def test_the_example_of_names_has_the_names_of_all(other: str) -> None:
    """An element that lacks such a name on one side is not shown where another one has it."""
    capital = '[{"t":{"Name":"y"}},{"t":{"Name":"x"}}]'
    both, three = (
        [NAMES, f'{other}{{"t":{{"Name":"x"}}}}]'],
        [NAMES, capital, f'{other}{{"t":{{"NAME":"x"}}}}]'],
    )
    shown = [
        [
            sent
            for _, sentence, sent in places_with_values(list(map(answer, bodies)))
            if "case" in sentence.lower() and len(sent) == len(bodies)
        ]
        for bodies in (both, both[::-1], three)
    ]
    first, second, third = '{"name":"x"}', '{"Name":"x"}', '{"NAME":"x"}'
    assert shown == [
        [(("a", first), ("b", second))],
        [(("a", second), ("b", first))],
        [(("a", first), ("b", second), ("c", third))],
    ]
