"""The order of the children of elements is a difference of its own.

This holds whatever else differs in a document.
"""

import pytest

from conformance.comparison.bodies.html import parse_html, read_html
from conformance.comparison.bodies.label import NO_LABEL
from conformance.comparison.bodies.markup import child_tags
from conformance.comparison.bodies.xml import read_xml
from conformance.comparison.values.child_order import in_one_order
from conformance.model.case import CompareLevel
from conformance.model.rule import OrderRule, Rule
from tests.comparison.differences import PLACE, answer, between
from tests.comparison.rules.test_loosened_values import aligned

VALUE = CompareLevel.VALUE
ORDER = ("element-order", "$.o")


def seen(
    first: str, second: str, *rules: Rule, media: str = "application/xml"
) -> list[tuple[str, str]]:
    a, b = (answer(body, media=media) for body in (first, second))
    return [(name, place) for name, place, _, _ in between(a, b, VALUE, rules)]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param("<o><x>1</x><y>2</y></o>", "<o><y>2</y><x>1</x></o>", [ORDER], id="alone"),
        pytest.param("<o><x>1</x><y>2</y></o>", "<o><y>3</y><x>1</x></o>", [ORDER,
            ("value", "$.o.y")],
                     id="beside-a-value"),
        pytest.param("<o><a>1</a><b>2</b></o>", "<o><b>2</b><a>1</a><c>3</c></o>", [ORDER,
            ("member", "$.o.c")],
                     id="beside-a-member"),
        pytest.param("<o><l>1</l><t/></o>", "<o><t/><l>1</l><l>2</l></o>", [ORDER,
            ("length", "$.o.l")],
                     id="beside-a-length"),
        pytest.param("<o><l>1</l><t/></o>", "<o><l>1</l><l>2</l><t/></o>", [("length", "$.o.l")],
            id="a-length-alone"),
        pytest.param("<o><c/><a/><b/></o>", "<o><a/><b/></o>", [("member", "$.o.c")],
            id="a-member-alone"),
        pytest.param("<o><p/><u/><p/></o>", "<o><p/><p/><u/></o>", [ORDER],
            id="children-of-one-tag-apart"),
        pytest.param("<o><p/><u/><p/></o>", "<o><p/><u/><p/><u/><p/></o>",
                     [("length", "$.o.p"), ("length", "$.o.u")],
                     id="a-longer-sequence-in-one-order"),
        pytest.param("<o><i><x/><y/></i><i><x/></i></o>", "<o><i><y/><x/></i><i><x/></i></o>",
                     [("element-order", "$.o.i[*]")], id="in-one-of-several"),
        pytest.param("<o><i><x/><y/></i></o>", "<o><i><z/></i><i><y/><x/></i></o>",
                     [("length", "$.o.i"), ("element-order", "$.o.i")],
                     id="in-an-element-that-both-have"),
    ],
)  # fmt: skip
def test_the_order_of_children_is_a_difference_of_its_own(
    first: str, second: str, wanted: list[tuple[str, str]]
) -> None:
    """It is named beside every other difference, and not where one side only has more children."""
    for one, other in ((first, second), (second, first)):
        assert set(wanted) <= set(seen(one, other))
        assert [found for found in seen(one, other) if found[0] == "element-order"] == [
            found for found in wanted if found[0] == "element-order"
        ]


def test_a_rule_frees_the_order_beside_other_differences() -> None:
    """`order: any` takes the order alone away, and is needed for that."""
    free = OrderRule(path=("o",), why="w", place=PLACE)
    assert seen("<o><x>1</x><y>2</y></o>", "<o><y>3</y><x>1</x></o>", free) == [("value", "$.o.y")]


def test_a_rule_about_a_list_frees_its_tag_and_not_what_is_in_it() -> None:
    """The elements of a set may stand anywhere among their siblings; their own children may not."""
    a, b = "<o><l><x/><y/></l><t/></o>", "<o><t/><l><y/><x/></l></o>"
    assert [found for found in seen(a, b, aligned("$.o.l")) if found[0] == "element-order"] == [
        ("element-order", "$.o.l")
    ]


def test_the_tags_of_children_are_kept_in_their_order() -> None:
    """Children of one tag that stand apart are where they were."""
    body = read_xml(b"<o q='1'>t<p>1</p><u/><p>2</p><v/><u/>t</o>", NO_LABEL)
    assert child_tags(body.value["o"]) == ["p", "u", "p", "v", "u"]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [("ab", "ab", True), ("ab", "ba", False), ("aba", "aab", False), ("aba", "ababa", True), ("la",
    "all", False),
     ("xab", "aby", True), ("", "a", True)],
)  # fmt: skip
def test_what_is_in_one_order(first: str, second: str, *, wanted: bool) -> None:
    """Two sequences are in one order where all that both have stands in it."""
    assert in_one_order(list(first), list(second)) is wanted
    assert in_one_order(list(second), list(first)) is wanted


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("<o>a&#160;b</o>", "<o>a b</o>", id="no-break-space"),
        pytest.param("<o>a&#8195;b</o>", "<o>a b</o>", id="em-space"),
        pytest.param("<o>&#160;a</o>", "<o>a</o>", id="at-the-start"),
        pytest.param("<o>a&#8232;b</o>", "<o>a\nb</o>", id="line-separator"),
        pytest.param("<o>&#160;</o>", "<o></o>", id="alone"),
    ],
)
@pytest.mark.parametrize("media", ["application/xml", "text/html"])
def test_unicode_spaces_are_text(first: str, second: str, media: str) -> None:
    """XML and HTML call four and five characters white space; all others are text."""
    assert seen(first, second, media=media) != []
    assert seen(first, first, media=media) == []


def test_an_empty_text_is_nothing() -> None:
    """A script without a content is an element with its attributes alone."""
    assert (
        parse_html("<script src=x></script>").layout
        == parse_html("<script src=x> </script>").layout
    )
    assert read_html(b"<script src=x></script>", NO_LABEL).value == {"script": {"@src": "x"}}


@pytest.mark.parametrize("media", ["application/xml", "text/html"])
def test_white_space_is_folded_and_a_comment_is_none(media: str) -> None:
    """Line ends and tabs are spaces; a comment within a word parts nothing."""
    assert seen("<o>\n a\t b\r\n</o>", "<o>a b</o>", media=media) == []
    assert seen("<o>ab</o>", "<o>a<!-- x -->b</o>", media=media) == []
    assert seen("<o>a b</o>", "<o>a<!-- x -->b</o>", media=media) != []


def _multistatus(*numbers: int, **more: str) -> str:
    responses = "".join(
        f"<response><href>/f/{each}</href><propstat><prop><size>{each}</size>"
        f"{''.join(f'<{name}>{value}{each}</{name}>' for name, value in more.items())}"
        "</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
        for each in numbers
    )
    return f"<multistatus>{responses}</multistatus>"


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        pytest.param((3, 1, 2, 0), {"another-order", "member"}, id="another-order"),
        pytest.param((4, 3, 2, 1, 0), {"another-order", "length", "member"}, id="one-more"),
        pytest.param((2, 3, 1), {"another-order", "length", "member"}, id="one-less"),
    ],
)
def test_responses_are_known_by_what_they_link_to(
    numbers: tuple[int, ...], names: set[str]
) -> None:
    """Of responses in another order that have a child more, no value is said to differ."""
    first, second = _multistatus(0, 1, 2, 3), _multistatus(*numbers, etag="q")
    found = between(
        answer(first, 207, media="application/xml"),
        answer(second, 207, media="application/xml"),
        CompareLevel.VALUE,
    )
    assert {row[0] for row in found} == names
