"""An element of a name that others have, in another namespace: one cause, whatever it holds."""

from typing import Final

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.derived_findings import grouped
from tests.comparison.differences import answer
from tests.comparison.laws import findings_of

XML: Final = "application/xml"
ONE: Final = '<a id="1" k="2">x</a>'
OTHER: Final = '<a xmlns="w" m="1"><b>1</b></a>'
NAMESPACE: Final = "$.r.a[*]['@xmlns=w']"


@pytest.mark.parametrize(
    ("first", "second", "causes"),
    [
        pytest.param(ONE, ONE + OTHER, {NAMESPACE}, id="one-more"),
        pytest.param(ONE * 2, ONE * 2 + OTHER * 2, {NAMESPACE}, id="two-more"),
        pytest.param(ONE * 2, ONE + ONE.replace("k", "z") + OTHER,
            {NAMESPACE, "$.r.a[*]['@k']", "$.r.a[*]['@z']"}, id="and-other-attributes"),
    ],
)  # fmt: skip
def test_elements_of_another_namespace_are_one_cause(
    first: str, second: str, causes: set[str]
) -> None:
    """By shape what only they have or lack follows from the namespace; nothing else does."""
    a, b = (answer(f'<r xmlns="u">{each}</r>', media=XML) for each in (first, second))
    for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
        found = findings_of(given, list(given), CompareLevel.SHAPE)
        assert {each.place for each in found if each.follows is None} == causes
        assert len(grouped(found)) == len(causes)


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        pytest.param('<r xmlns="u"><n>1</n></r>', '<r xmlns:p="u"><p:n>1</p:n></r>', "$.r",
            id="child-of-the-root"),
        pytest.param('<r xmlns="u"><n xmlns=""><l>1</l></n></r>',
            '<r xmlns="u"><n><l xmlns="">1</l></n></r>', "$.r.n", id="within"),
        pytest.param('<r xmlns="u"><n/><n>2</n></r>', '<r xmlns:p="u"><p:n/><p:n>2</p:n></r>',
            "$.r", id="each-of-a-list"),
        pytest.param("<r><n><l>1</l></n></r>", '<r><p:n xmlns:p="u"><l>1</l></p:n></r>', "$.r.n",
            id="in-none"),
        pytest.param("<r><n><l>1</l></n></r>", '<p:r xmlns:p="u"><n><l>1</l></n></p:r>', "$.r",
            id="in-none-below-the-root"),
        pytest.param("<r><n><l/><l>1</l></n></r>", '<r><p:n xmlns:p="u"><l/><l>1</l></p:n></r>',
            "$.r.n", id="a-list-in-none"),
    ],
)  # fmt: skip
def test_a_child_in_one_namespace_is_no_difference(first: str, second: str, place: str) -> None:
    """It shows its own beside another parent, whose namespace is the cause."""
    a, b = (answer(each, media=XML) for each in (first, second))
    for level in (CompareLevel.SHAPE, CompareLevel.VALUE):
        for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
            (found,) = findings_of(given, list(given), level)
            assert (found.idiom, found.place) == ("xml-namespace", place)


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param("<r><n><l>1</l></n></r>", '<p:q xmlns:p="u"><n><l>1</l></n></p:q>',
            {("renamed-root", "$"), ("xml-namespace", "$.q")}, id="another-root"),
        pytest.param("<n><l>1</l><m/></n>", '<p:q xmlns:p="u"><n><l>1</l><m/></n></p:q>',
            {("envelope", "$")}, id="an-element-around-it"),
        pytest.param('<n xmlns="v"><l>1</l><m/></n>',
            '<q xmlns="u"><n xmlns="v"><l>1</l><m/></n></q>', {("envelope", "$")}, id="in-another"),
        pytest.param("<r><n><l>1</l><m/></n></r>",
            '<r xmlns:p="u"><p:q><n><l>1</l><m/></n></p:q></r>', {("envelope", "$.r")},
            id="around-it-below-the-root"),
        pytest.param('<n xmlns="v"><l>1</l><m/></n>', '<q xmlns="u"><n><l>1</l><m/></n></q>',
            {("envelope", "$"), ("xml-namespace", "$.n")}, id="and-in-its-namespace"),
        pytest.param("<r><n><l>1</l><m/></n></r>",
            '<r xmlns="u"><q><n xmlns=""><l>1</l><m/></n></q></r>',
            {("envelope", "$.r"), ("xml-namespace", "$.r")}, id="in-another-than-what-is-around-both"),
    ],
)  # fmt: skip
def test_below_another_name_a_child_in_one_namespace_is_no_difference(
    first: str, second: str, wanted: set[tuple[str, str]]
) -> None:
    """Elements are the same there as in layouts; an element around them has its own namespace."""
    a, b = (answer(each, media=XML) for each in (first, second))
    for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
        found = findings_of(given, list(given), CompareLevel.VALUE)
        names = {(each.idiom, each.place) for each in found}
        assert names == wanted


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        pytest.param("<r><n/><n/></r>", '<q><n/><n xmlns="u"/></q>', "$", id="the-root"),
        pytest.param("<r><l><n><i>1</i></n></l><l><n><i>1</i></n></l></r>",
            '<r><l><n><k>1</k></n></l><l xmlns="u"><n><k>1</k></n></l></r>', "$.r.l[*].n",
            id="within-a-list"),
    ],
)  # fmt: skip
def test_another_name_follows_from_no_namespace(first: str, second: str, place: str) -> None:
    """It is no question of presence, so it is a cause of its own beside the namespace."""
    a, b = (answer(each, media=XML) for each in (first, second))
    for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
        found = findings_of(given, list(given), CompareLevel.SHAPE)
        names = {each.name: each.place for each in found if each.follows is None}
        assert names["renamed-root"] == place
        assert "xmlns=u" in names["member"]
