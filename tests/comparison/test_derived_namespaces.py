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
    ],
)  # fmt: skip
def test_a_child_in_one_namespace_is_no_difference(first: str, second: str, place: str) -> None:
    """It shows its own beside another parent, whose namespace is the cause."""
    a, b = (answer(each, media=XML) for each in (first, second))
    for level in (CompareLevel.SHAPE, CompareLevel.VALUE):
        for given in ({"a": a, "b": b}, {"a": b, "b": a}, {"a": a, "b": b, "c": a}):
            (found,) = findings_of(given, list(given), level)
            assert (found.idiom, found.place) == ("xml-namespace", place)
