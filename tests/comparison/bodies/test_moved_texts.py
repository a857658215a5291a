"""A text that stands in a child of its element, and in the element itself on the other side."""

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.differences import seen

P = ("member", "$.r.p")
TEXT = ("value", "$.r")
TYPE = ("type", "$.r")
IN_A_LIST = ("member", "$.r.e[*].p")
CHANGES = [
    pytest.param("Hi there", "<p>Hi there</p>", [P], [TYPE], id="all"),
    pytest.param("Hi there", "<p>Hi</p> there", [P], [P], id="a-part"),
    pytest.param("Hi <i>x</i>", "<p>Hi <i>x</i></p>", [("member", "$.r.i"), P],
        [("member", "$.r.i"), P], id="children"),
    pytest.param("Hi there", "<p>Ho there</p>", [P, TEXT], [TYPE], id="another-word"),
    pytest.param("Hi there", "<p>Hi</p>", [P, TEXT], [TYPE], id="a-word-less"),
    pytest.param("Hi", "<p>Hi</p><q/>", [P, ("member", "$.r.q")], [TYPE], id="two-children"),
    pytest.param("", "<p>Hi</p>", [P], [P], id="nothing"),
    pytest.param("Hi there", "there Hi<p/>", [P, TEXT], [P, TEXT], id="another-order"),
    pytest.param("<e>a</e><e>b</e>", "<e><p>a</p></e><e><p>b</p></e>", [IN_A_LIST],
        [("type", "$.r.e[*]")], id="list"),
    pytest.param("<e>a</e><e>b</e>", "<e><p>b</p></e><e><p>a</p></e>",
        [IN_A_LIST, ("value", "$.r.e[*]")], [("type", "$.r.e[*]")], id="exchanged"),
]  # fmt: skip
_Seen = list[tuple[str, str]]


@pytest.mark.parametrize(("first", "second", "in_html", "in_xml"), CHANGES)
def test_a_text_in_a_child_is_no_other_text(
    first: str, second: str, in_html: _Seen, in_xml: _Seen
) -> None:
    """In HTML the elements differ, and the text only where its words are others.

    In XML, elements in place of a text are a difference of type, whatever is in them.
    """
    bodies = f"<r>{first}</r>", f"<r>{second}</r>"
    for media, wanted in (("text/html", in_html), ("application/xml", in_xml)):
        assert sorted(seen(*bodies, media, CompareLevel.VALUE)) == sorted(wanted)
