"""A text that stands in a child of its element, and in the element itself on the other side."""

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.differences import seen

P = ("member", "$.r.p")
TEXT = ("value", "$.r")
IN_A_LIST = ("member", "$.r.e[*].p")


@pytest.mark.parametrize("media", ["text/html", "application/xml"])
@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        pytest.param("Hi there", "<p>Hi there</p>", [P], id="all"),
        pytest.param("Hi there", "<p>Hi</p> there", [P], id="a-part"),
        pytest.param("Hi <i>x</i>", "<p>Hi <i>x</i></p>", [("member", "$.r.i"), P], id="children"),
        pytest.param("Hi there", "<p>Ho there</p>", [P, TEXT], id="another-word"),
        pytest.param("Hi there", "<p>Hi</p>", [P, TEXT], id="a-word-less"),
        pytest.param("Hi there", "there Hi<p/>", [P, TEXT], id="another-order"),
        pytest.param("<e>a</e><e>b</e>", "<e><p>a</p></e><e><p>b</p></e>", [IN_A_LIST], id="list"),
        pytest.param("<e>a</e><e>b</e>", "<e><p>b</p></e><e><p>a</p></e>",
            [IN_A_LIST, ("value", "$.r.e[*]")], id="exchanged"),
    ],
)  # fmt: skip
def test_a_text_in_a_child_is_no_other_text(
    media: str, first: str, second: str, wanted: list[tuple[str, str]]
) -> None:
    """The elements differ; so does the text only where its words are others."""
    bodies = f"<r>{first}</r>", f"<r>{second}</r>"
    assert sorted(seen(*bodies, media, CompareLevel.VALUE)) == sorted(wanted)
