"""The pieces of a streamed text are compared by what they add up to, with all that is beside it."""

import pytest

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.observation import Cell
from conformance.model.rule import JoinRule
from tests.comparison.differences import PLACE, answer
from tests.comparison.live_runs import case
from tests.comparison.situations import places_with_values

RULE = JoinRule(path=parse_path("$[*].data.c[*].t"), why="w", place=PLACE)


def stream(*pieces: str) -> str:
    """Return a stream of events: `role|text|finish|index`, where what is empty is left out."""
    events = []
    for piece in pieces:
        role, text, finish, index = [*piece.split("|"), "", "", ""][:4]
        said = [
            f'"role":"{role}"' if role else "",
            f'"t":"{text}"' if text else "",
            f'"finish":{finish}' if finish else "",
            f'"index":{index}' if index else "",
        ]
        events.append(f'data: {{"c":[{{{",".join(filter(None, said))}}}]}}\n\n')
    return "".join(events)


def places(a: str, b: str) -> list[tuple[str, str]]:
    """Return the place of each finding under the rule, with what was sent there."""
    both = [answer(each, media="text/event-stream") for each in (a, b)]
    return [
        (place, " · ".join(value for _, value in sent))
        for place, _, sent in places_with_values(both, rules=(RULE,))
    ]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(
            stream("bot|Hi t", '|here|"stop"'), stream("bot|Hi", "| the", '|re|"stop"'), [],
            id="a-role-on-the-first-and-an-end-on-the-last",
        ),
        pytest.param(
            stream("bot|Hi|null", '|!|"stop"'), stream("bot|H|null", "|i|null", '|!|"stop"'), [],
            id="null-until-the-end",
        ),
        pytest.param(
            stream("bot|\\ud83d", "|\\ude00!"), stream("bot|😀", "|!"),
            [("note lone-surrogate", None)], id="a-character-in-two-halves",
        ),
        pytest.param(
            stream("bot|Hi t", "|here"), stream("bot|Hi", "| you"),
            [("$[*].data.c[*].t", '"Hi there" · "Hi you"')], id="another-sum",
        ),
        pytest.param(
            stream("bot|Hi", '|!|"stop"'), stream("bot|Hi!", '||"stop"'), [],
            id="an-end-of-its-own",
        ),
        pytest.param(
            stream("bot", "|Hi"), stream("bot|Hi"), [], id="a-role-of-its-own",
        ),
        pytest.param(
            stream("bot", "|Hi", '||"stop"'), stream("bot|Hi", '||"length"'),
            [("$[*].data.c[*].finish", '"stop" · "length"')], id="another-end-of-its-own",
        ),
        pytest.param(
            stream("bot|Hi", '||"stop"', '||"stop"'), stream('bot|Hi|"stop"'),
            [("$", None)], id="an-end-of-its-own-twice",
        ),
        pytest.param(
            stream("bot|||0", "bot|||1", "|a||0", "|x||1"), stream("bot|a||0", "bot|x||1"), [],
            id="two-choices-with-roles-of-their-own",
        ),
        pytest.param(
            stream("bot", "", '||"stop"'), stream("bot", '||"stop"'),
            [("$", None)], id="no-text-at-all",
        ),
        pytest.param(
            stream("|ab||0", "|c||1"), stream("|a||0", "|bc||1"),
            [("$[*].data.c[*].t", '"ab" · "a"')], id="two-choices",
        ),
        pytest.param(
            stream("|a||0", "|x||1", "|b||0"), stream("|ab||0", "|x||1"), [],
            id="two-choices-in-turns",
        ),
        pytest.param(
            stream("bot|a"), stream("dog|a"),
            [("$[*].data.c[*].role", '"bot" · "dog"')], id="beside-the-text",
        ),
    ],
)  # fmt: skip
def test_a_streamed_text_is_its_sum(a: str, b: str, wanted: list[tuple[str, str | None]]) -> None:
    """How a text is cut is no difference, whatever its first and last pieces say besides."""
    found = places(a, b)
    assert [place for place, _ in found] == [place for place, _ in wanted]
    assert all(shown in {None, seen} for (_, seen), (_, shown) in zip(found, wanted, strict=True))


def test_null_is_no_text() -> None:
    """A piece that has null for its text has the place of it, and nothing else of it."""
    role = 'data: {"c":[{"role":"bot","t":null}]}\n\n'
    assert places(role + stream("|Hi"), stream("bot|Hi")) == []


def test_an_event_of_another_type_is_no_piece() -> None:
    """An event that has a type where the pieces have none stays one of its own."""
    end = 'event: end\ndata: {"c":[{"finish":"stop"}]}\n\n'
    assert [place for place, _ in places(stream("bot|Hi") + end, stream("bot|Hi"))] == ["$"]


def test_a_rule_that_joins_is_needed() -> None:
    """A rule that joined anything is never called not needed."""
    bodies = stream("bot|Hi t", "|here"), stream("bot|Hi", "| you")
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body, media="text/event-stream"),))
        for name, body in zip("ab", bodies, strict=True)
    ]
    outcome = compare_case(case(compare=CompareLevel.VALUE, rules=(RULE,)), cells)
    assert [use.unneeded for use in outcome.rule_uses] == [None]
