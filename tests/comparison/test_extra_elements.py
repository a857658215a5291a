"""What is said to be extra in a list is in no list that is shown beside it."""

import json
from itertools import permutations

import pytest
from hypothesis import example, given

from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind
from conformance.model.observation import Answer
from tests.comparison.derived_findings import findings, grouped
from tests.comparison.differences import JSON, answer
from tests.comparison.laws import LAW, answers, answers_of, findings_of
from tests.comparison.test_truth import (
    CUT_OR_ESCAPED,
    LENGTH,
    own_places,
    steps_of,
    values_at,
    written,
)


@LAW
@given(answers())
def test_what_is_extra_adds_up(given_answers: dict[str, Answer]) -> None:
    """Two lists of different lengths are equally long without their extra elements."""
    for finding in findings_of(given_answers, list(given_answers), CompareLevel.VALUE):
        for sent in finding.sent:
            told = [
                said
                for _, said in sent
                if LENGTH.fullmatch(said) and not CUT_OR_ESCAPED.search(said)
            ]
            if len(told) == len(sent) and finding.kind is DifferenceKind.LENGTH:
                assert len({int(said.split()[0]) - len(extras_in(said)) for said in told}) == 1, (
                    finding
                )


EXTRA_BESIDE_THE_FIRST = answers_of([1], [1, "1"], [2, "1"])
"""The last two have one length, and each has something that the first has not."""


@LAW
@given(answers())
@example(EXTRA_BESIDE_THE_FIRST)
def test_what_is_extra_is_in_no_list_beside_it(given_answers: dict[str, Answer]) -> None:
    """No list that is shown beside an extra element has it, unless it is extra there, too."""
    for finding in findings_of(given_answers, list(given_answers), CompareLevel.VALUE):
        if finding.kind is not DifferenceKind.LENGTH or "*" in finding.place:
            continue
        places = own_places(finding)
        for sent in finding.sent:
            lists = [
                (values_at(json.loads(given_answers[name].body), steps_of(places[name]))[0], said)
                for name, said in sent
                if LENGTH.fullmatch(said) and not CUT_OR_ESCAPED.search(said)
            ]
            for (value, said), (other, of_other) in permutations(lists, 2):
                for extra in {*extras_in(said)} - {*extras_in(of_other)}:
                    assert list(map(written, value)).count(extra) > list(map(written, other)).count(
                        extra
                    ), finding


def extras_in(said: str) -> list[str]:
    """Return the elements that are said to be extra."""
    found, text = [], said.partition(", extra: ")[2]
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        found.append(written(value))
        text = text[end:].removeprefix(", ")
    return found


ONE_MORE = [
    pytest.param(JSON, '[{"n":1}]', '[{"n":1},{"n":2,"m":3}]', {"$[*].m"}, id="a-member"),
    pytest.param(JSON, '[{"n":1}]', '[{"n":1},{"n":"x","m":3}]', {"$[*].m", "$[*].n"}, id="a-type"),
    pytest.param(JSON, '{"l":[{"id":1}]}', '{"l":[{"t":2},{"id":1}]}', {"$.l[*].id", "$.l[*].t"},
        id="without-an-id"),
    pytest.param("application/xml", "<r><i><n>1</n></i></r>",
        "<r><i><n>1</n></i><i><n>1</n><m>2</m></i></r>", {"$.r.i[*].m"}, id="an-element-of-xml"),
    pytest.param("application/xml", "<r><i><n>1</n><k>2</k></i></r>",
        "<r><i><n>1</n><k>2</k></i><i><n>1</n></i></r>", {"$.r.i.k"}, id="no-element-of-xml"),
    pytest.param("application/xml", '<r><i p="1">1</i></r>', '<r><i p="1">1</i><i>2</i></r>',
        {"$.r.i['@p']"}, id="no-attribute"),
    pytest.param("text/event-stream", "data: 1\n\n", "data: 1\n\nevent: e\ndata: 2\n\n",
        {"$[*].event"}, id="an-event"),
]  # fmt: skip
"""A list, one that has one element more, and the places that only this element shows."""


@pytest.mark.parametrize(("media", "shorter", "longer", "following"), ONE_MORE)
def test_one_extra_element_is_one_cause(
    media: str, shorter: str, longer: str, following: set[str]
) -> None:
    """Its own members and types are found, and follow the length of the list."""
    both = [answer(body, media=media) for body in (shorter, longer)]
    for bodies in (both, both[::-1], [both[0], both[0], both[1]]):
        found = findings(*([each] for each in bodies))
        assert {each.place for each in found if each.follows} == following
        (group,) = grouped(found)
        assert group.kind is DifferenceKind.LENGTH
        lacking = {"$.l[*].id", "$.r.i.k", "$.r.i['@p']"}
        assert {each.place: each.how for each in group.also} == {
            place: f"only extra elements {'lack' if place in lacking else 'show'} it"
            for place in following
        }


@pytest.mark.parametrize(
    ("shorter", "longer", "place"),
    [
        pytest.param('[{"n":1,"m":2},{"n":2}]', '[{"n":1},{"n":2,"m":3},{"n":5,"m":"x"}]',
            "$[*].m", id="in-other-elements"),
        pytest.param('[{"id":1,"l":[{"x":1}]}]',
            '[{"id":1,"l":[{"x":1},{"x":2,"m":3}]},{"id":2,"l":[]}]', "$[*].l[*].m",
            id="two-lengths-around"),
        pytest.param('[{"n":1},{"n":2}]', '[{"n":1},{"n":2,"m":1},{"n":3,"m":1}]', "$[*].m",
            id="partners-show-it"),
    ],
)  # fmt: skip
def test_what_not_only_an_extra_element_shows_is_a_cause(
    shorter: str, longer: str, place: str
) -> None:
    """Where elements that belong together may show it, too, it follows no length."""
    for bodies in ((shorter, longer), (longer, shorter)):
        found = findings(*([answer(body)] for body in bodies))
        assert place in {each.place for each in found if not each.follows}


EXTRA_HAS_IT = '[{"r":1},{"id":1,"a":2},{"id":2,"a":3}]'
_NESTED = '[{"id":1,"n":{"k":1}},{"id":2,"n":{"k":2}},{"id":3,"n":{"k":3,"r":1}}]'


@pytest.mark.parametrize(
    ("shorter", "longer", "place", "facts"),
    [
        pytest.param('[{"id":1,"a":2,"r":1},{"id":2,"a":3}]', EXTRA_HAS_IT, "$[*].r",
            ("differs", "differs"), id="some-have-it"),
        pytest.param('[{"id":1,"a":2,"r":1},{"id":2,"a":3,"r":1}]', EXTRA_HAS_IT, "$[*].r",
            ("present", "sometimes present"), id="all-have-it"),
        pytest.param('[{"id":1,"n":{"k":1,"r":1}},{"id":2,"n":{"k":2,"r":2}}]', _NESTED,
            "$[*].n.r", ("present", "sometimes present"), id="further-down"),
        pytest.param('[{"id":1},{"id":2}]', '[{"id":1,"r":1},{"id":2,"r":2},{"id":3}]', "$[*].r",
            ("absent", "sometimes present"), id="the-extra-one-lacks-it"),
    ],
)  # fmt: skip
def test_a_member_of_an_extra_element_is_there(
    shorter: str, longer: str, place: str, facts: tuple[str, str]
) -> None:
    """A side is said to lack a member, or to have it, as all of its elements do."""
    both = [answer(body) for body in (shorter, longer)]
    as_lines = [
        answer("\n".join(map(json.dumps, json.loads(body))), media="application/x-ndjson")
        for body in (shorter, longer)
    ]
    for a, b in (both, both[::-1], as_lines):
        (found,) = [each for each in findings([a], [b]) if each.place == place]
        assert sorted(found.facts_of(0) + found.facts_of(1)) == sorted(facts)
