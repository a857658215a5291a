"""One element beside several is one finding at one place, whatever other runtimes send."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Cell
from tests.comparison.differences import answer
from tests.comparison.laws import LAW
from tests.comparison.live_runs import case
from tests.comparison.restriction import restricted
from tests.comparison.situations import places_with_values
from tests.comparison.test_restriction import LAYOUTS

XML = "application/xml"
SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
ONE = '<r><i id="1"><n>a</n></i></r>'
TWO = '<r><i id="1"><n>a</n></i><i id="2"><n>b</n></i></r>'
LENGTHS = ("$.r.i", "b is the odd one out; a, c agree in length")


@pytest.mark.parametrize(
    ("bodies", "level", "wanted"),
    [
        pytest.param((ONE, TWO), VALUE, [("$.r.i", "they differ: a · b")], id="two"),
        pytest.param((ONE, TWO.replace(">a<", ">x<")), VALUE,
            [("$.r.i", "they differ: a · b"), ("$.r.i.n", "they differ: a · b")],
            id="the-first-partner"),
        pytest.param((ONE, TWO, ONE.replace("a", "c")), VALUE,
            [LENGTHS, ("$.r.i.n", "c is the odd one out beside a, b")], id="a-value-below"),
        pytest.param((ONE, TWO, ONE.replace("</i>", "<m/></i>")), SHAPE,
            [("$.r.i.m", "c is the odd one out (present); a, b: absent")], id="a-member-below"),
        pytest.param(("<r><i>1</i></r>", "<r><i>1</i><i>2</i></r>", '<r><i x="y">1</i></r>'), VALUE,
            [LENGTHS, ("$.r.i['@x']", "c is the odd one out (present); a, b: absent")],
            id="an-attribute"),
        pytest.param(("<r><i>1</i></r>", "<r><i>2</i></r>", '<r><i x="y">1</i><i>3</i></r>'), SHAPE,
            [("$.r.i[*]['@x']", "c is the odd one out (sometimes present); a, b: absent")],
            id="an-attribute-of-some"),
        pytest.param(("<r><g><i>1</i></g></r>", "<r><g><i>1</i><i>2</i></g></r>",
                      "<r><g><i>1</i></g><g/></r>"), SHAPE,
            [("$.r.g.i", "c is the odd one out (sometimes present); a, b: present")], id="nested"),
    ],
)  # fmt: skip
def test_one_element_beside_several(
    bodies: tuple[str, ...], level: CompareLevel, wanted: list[tuple[str, str]]
) -> None:
    """What stands below is compared with the first partner, and each difference is one finding."""
    both = [answer(body, media=XML) for body in bodies]
    found = [(place, sentence) for place, sentence, _ in places_with_values(both, level)]
    assert sorted(found) == sorted(wanted)


def _findings(bodies: Sequence[tuple[str, str]], level: CompareLevel) -> tuple[Finding, ...]:
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body, media=XML),))
        for name, body in bodies
    ]
    return compare_case(case(compare=level), cells).findings


def test_a_place_is_spelled_as_in_each_document() -> None:
    """A row that was decided between two runtimes still fits when a third one sends a list."""
    other = ONE.replace("a", "c")
    (alone,) = _findings([("a", ONE), ("c", other)], VALUE)
    third = [found for found in _findings([("a", ONE), ("b", TWO), ("c", other)], VALUE)
             if found.place == "$.r.i.n"]  # fmt: skip
    assert alone.place == "$.r.i.n"
    assert [dict(zip(side.runtimes, side.places, strict=True)) for side in third[0].sides] == [
        {"a": "$.r.i.n", "b": "$.r.i[*].n"},
        {"c": "$.r.i.n"},
    ]


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a small document of few tags, texts and attributes."""
    items = draw(st.lists(st.tuples(st.sampled_from("12"), st.sampled_from(["", "x", "<m/>"])),
                          max_size=3))  # fmt: skip
    beside = draw(st.sampled_from(["", "<t>1</t>", "<t>2</t>", '<t k="1">1</t>']))
    kind = draw(st.sampled_from(["", ' k="1"']))
    return f"<r>{''.join(f'<i{kind}><n>{n}</n>{m}</i>' for n, m in items)}{beside}</r>"


def _said(findings: Sequence[Finding]) -> set[tuple[str, object]]:
    return {
        (
            found.place,
            frozenset(
                (
                    frozenset(
                        (frozenset(found.sides[at].runtimes), pair.fact_of(at))
                        for at in (pair.first, pair.second)
                    ),
                    pair.name,
                )
                for pair in found.pairs
            ),
        )
        for found in findings
    }


@settings(LAW, max_examples=300)
@given(st.tuples(documents(), documents(), documents()), st.sampled_from([SHAPE, VALUE]))
def test_the_law_of_restriction_holds_for_documents(
    bodies: tuple[str, str, str], level: CompareLevel
) -> None:
    """What three documents show of two of them is what the two alone show."""
    named = list(zip("abc", bodies, strict=True))
    everything = _findings(named, level)
    assume(all(pair.name not in LAYOUTS for found in everything for pair in found.pairs))
    for two in combinations(named, 2):
        names = {name for name, _ in two}
        here = [left for found in everything for left in restricted(found, names)]
        assert _said(here) == _said(_findings(two, level))


@st.composite
def moved_documents(draw: st.DrawFn) -> str:
    """Draw a small document with one of two roots, whose lines are in a wrapper or not."""
    line = st.tuples(st.sampled_from("12"), st.sampled_from(["", "<m/>", "<m>1</m>"]))
    lines = [f"<line><q>{q}</q>{m}</line>" for q, m in draw(st.lists(line, min_size=1, max_size=2))]
    root, around = draw(st.sampled_from("rs")), draw(st.sampled_from(["{}", "<w>{}</w>"]))
    beside = draw(st.sampled_from(["", "<t>1</t>", '<t k="1">1</t>']))
    return f"<{root}>{around.format(''.join(lines))}{beside}</{root}>"


def _said_by_name(findings: Sequence[Finding]) -> set[object]:
    """Return what findings say and the last name of each place.

    Above it a place is that of either document, and which one may depend on a third
    (docs/adr/0036).
    """
    return {(place.rsplit(".", 1)[-1], pairs) for place, pairs in _said(findings)}


@settings(LAW, max_examples=300)
@given(
    st.tuples(moved_documents(), moved_documents(), moved_documents()),
    st.sampled_from([SHAPE, VALUE]),
)
def test_the_law_of_restriction_holds_under_other_roots_and_wrappers(
    bodies: tuple[str, str, str], level: CompareLevel
) -> None:
    """An element that only a third document repeats, under whatever root, changes nothing of two."""
    named = list(zip("abc", bodies, strict=True))
    everything = _findings(named, level)
    for two in combinations(named, 2):
        names = {name for name, _ in two}
        here = [left for found in everything for left in restricted(found, names)]
        assert _said_by_name(here) == _said_by_name(_findings(two, level))


@pytest.mark.parametrize(
    ("bodies", "place", "wanted"),
    [
        pytest.param(("<r/>", "<r><n>1</n></r>", "<r><n>1</n><n>2</n></r>"), "$.r.n",
            {"a": "absent", "b": '"1"', "c": '["1","2"]'}, id="text-beside-a-list"),
        pytest.param(("<r/>", "<r><n>1</n></r>", '<r><n k="v">1</n></r>'), "$.r.n",
            {"a": "absent", "b": '"1"', "c": '{"@k":"v","#text":"1"}'}, id="text-beside-attributes"),
        pytest.param(("<r/>", "<r><n><m/></n></r>", "<r><n>1<m/></n></r>"), "$.r.n",
            {"a": "absent", "b": '{"m":""}', "c": '{"m":"","#text":"1"}'}, id="no-text-beside-text"),
        pytest.param(("<r><n>1</n></r>", "<r><N>1</N></r>", "<r><n>1</n><n>2</n></r>"), "$.r",
            {"a": '{"n":"1"}', "b": '{"N":"1"}', "c": '{"n":["1","2"]}'}, id="within-an-object"),
        pytest.param(("<r><n>1</n></r>", "<q><n>1</n></q>", "<r><n>1</n><n>2</n></r>"), "$",
            {"a": '{"r":{"n":"1"}}', "b": '{"q":{"n":"1"}}', "c": '{"r":{"n":["1","2"]}}'},
            id="a-whole-document"),
    ],
)  # fmt: skip
def test_values_are_shown_as_each_document_has_them(
    bodies: tuple[str, ...], place: str, wanted: dict[str, str]
) -> None:
    """What two of them are held against is no part of what any of them says."""
    found = _findings(list(zip("abc", bodies, strict=True)), VALUE)
    assert next(dict(each) for one in found if one.place == place for each in one.sent) == wanted


@pytest.mark.parametrize("level", [SHAPE, VALUE])
def test_a_list_of_one_beside_a_third_document_is_no_other_type(level: CompareLevel) -> None:
    """A tag that only a third document repeats, under another name, makes no list of one element."""
    bodies = ("<r><n>1</n></r>", "<r><N>1</N></r>", "<r><n>1</n><n>2</n></r>")
    found = _findings(list(zip("abc", bodies, strict=True)), level)
    assert not [
        one
        for one in found
        if one.kind is DifferenceKind.TYPE
        and {"a", "b"} <= {name for side in one.sides for name in side.runtimes}
    ]
