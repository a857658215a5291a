"""Each runtime's values are shown as it sent them.

Three or four runtimes lay out one thing differently.
"""

from typing import Any, Final

import pytest

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.observation import Cell
from tests.comparison.differences import answer
from tests.comparison.live_runs import case

Shown = dict[str, str]
"""By runtime what it sent, as it is printed."""


def layout(
    name: str, *bodies: str, idiom: str, at: str = "$", detail: str = "", **sent: str
) -> Any:
    """Return a row: the bodies of a, b, c and d, and what the finding of an idiom shows of them."""
    return pytest.param(bodies, (idiom, at), detail, sent, id=name)


LAYOUTS: Final = [
    layout(
        "envelopes-and-a-list",
        '{"result":[{"a":1}]}',
        '[{"a":1}]',
        '{"data":[{"a":1}]}',
        idiom="envelope",
        detail="a: wrapped in member 'result'; c: wrapped in member 'data'",
        a='{"result":[{"a":1}]}',
        b='[{"a":1}]',
        c='{"data":[{"a":1}]}',
    ),
    layout(
        "envelopes-and-an-object",
        '{"result":{"a":1,"b":2}}',
        '{"a":1,"b":2}',
        '{"data":{"a":1,"b":3}}',
        '{"a":1,"b":2}',
        idiom="envelope",
        detail="a: wrapped in member 'result'; c: wrapped in member 'data'",
        a='{"result":{"a":1,"b":2}}',
        b='{"a":1,"b":2}',
        c='{"data":{"a":1,"b":3}}',
        d='{"a":1,"b":2}',
    ),
    layout(
        "renamed-lists",
        '{"items":[{"a":1}]}',
        '{"data":[{"a":2}]}',
        '{"rows":[{"a":3}]}',
        '{"rows":[{"a":3}]}',
        idiom="renamed-list",
        a='{"items":[{"a":1}]}',
        b='{"data":[{"a":2}]}',
        c='{"rows":[{"a":3}]}',
        d='{"rows":[{"a":3}]}',
    ),
    layout(
        "renamed-roots",
        '{"user":{"a":1,"b":2}}',
        '{"account":{"a":1,"b":3}}',
        '{"person":{"a":1,"b":4}}',
        idiom="renamed-root",
        a='{"user":{"a":1,"b":2}}',
        b='{"account":{"a":1,"b":3}}',
        c='{"person":{"a":1,"b":4}}',
    ),
    layout(
        "enums",
        '{"Circle":{"r":1}}',
        '{"type":"circle","r":2}',
        '{"Circle":{"r":1}}',
        idiom="externally-tagged-enum",
        detail="b: member 'type' holds the tag 'Circle'",
        a='{"Circle":{"r":1}}',
        b='{"type":"circle","r":2}',
        c='{"Circle":{"r":1}}',
    ),
    layout(
        "a-list-and-maps",
        '[{"id":"x","v":1}]',
        '{"x":{"v":2}}',
        '{"x":{"id":"x","v":3}}',
        idiom="list-vs-map",
        detail="a: 'id' of each element is its name in the map",
        a='[{"id":"x","v":1}]',
        b='{"x":{"v":2}}',
        c='{"x":{"id":"x","v":3}}',
    ),
    layout(
        "one-value-and-lists-of-one",
        '[{"p":"x"},{"p":"z"}]',
        '[{"p":["x"]},{"p":["z"]}]',
        '[{"p":["y"]},{"p":["z"]}]',
        '[{"p":"x"},{"p":"z"}]',
        idiom="scalar-vs-list",
        at="$",
        a='"x"',
        b='["x"]',
        c='["y"]',
        d='"x"',
    ),
    layout(
        "names-in-another-case",
        '{"user_id":1,"b":2}',
        '{"userId":1,"b":2}',
        '{"userId":1,"b":2}',
        idiom="key-case",
        detail="only members of which the names differ are shown",
        a='{"user_id":1}',
        b='{"userId":1}',
        c='{"userId":1}',
    ),
]


@pytest.mark.parametrize(("bodies", "about", "detail", "sent"), LAYOUTS)
def test_each_runtime_is_shown_as_it_sent(
    bodies: tuple[str, ...], about: tuple[str, str], detail: str, sent: Shown
) -> None:
    """The idiom shows for each runtime what it sent, and states what is true of it alone."""
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body),))
        for name, body in zip("abcd", bodies, strict=False)
    ]
    found = compare_case(case(compare=CompareLevel.VALUE), cells).findings
    shown = [
        (dict(each.sent[0]), each.detail)
        for each in found
        if (each.idiom, each.place.partition("[")[0]) == about
    ]
    assert shown == [(sent, detail)]


def test_one_value_in_lists_and_bare_is_one_value() -> None:
    """Who sends a value in a list of one is on a side with who sends the same value bare."""
    bodies = ('[{"p":"x"},{"p":"z"}]', '[{"p":["x"]},{"p":["z"]}]', '[{"p":["y"]},{"p":["z"]}]')
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body),))
        for name, body in zip("abc", bodies, strict=True)
    ]
    found = [
        each
        for each in compare_case(case(compare=CompareLevel.VALUE), cells).findings
        if each.idiom is None
    ]
    assert [(each.odd, each.sent) for each in found] == [
        (("c",), ((("a", '"x"'), ("b", '"x"'), ("c", '"y"')),))
    ]


def test_what_a_text_holds_is_compared_only_where_it_was_read() -> None:
    """Two texts that hold JSON are two texts: what they hold is read beside JSON alone."""
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body),))
        for name, body in zip(
            "abc", ('{"m":"{\\"a\\":1}"}', '{"m":{"a":2}}', '{"m":"{\\"a\\": 3}"}'), strict=True
        )
    ]
    (found,) = [
        each
        for each in compare_case(case(compare=CompareLevel.VALUE), cells).findings
        if "→" in each.place
    ]
    assert [side.runtimes for side in found.sides] == [("a",), ("b",), ("c",)]


def test_null_and_absent_in_other_elements_explain_nothing() -> None:
    """Where no null stands beside nothing, no idiom about null and absent claims the difference."""
    bodies = ('[{"n":null,"i":1},{"h":1,"n":""}]', '[{"h":1,"n":""},{"i":1}]')
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body),))
        for name, body in zip("ab", bodies, strict=True)
    ]
    found = compare_case(case(compare=CompareLevel.VALUE), cells).findings
    assert "null-vs-absent" not in {each.name for each in found}
    assert all(each.sent for each in found)
