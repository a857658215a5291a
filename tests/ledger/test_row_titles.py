"""A row has its cause's title, plus its sides where the cause has several rows.

The title is that of the cause where it shows.
"""

import pytest

from conformance.ledger.draft_sides import DraftSides
from conformance.ledger.drafts import Draft, title_of
from conformance.model.decision import RowSide

SIDES = DraftSides(
    "value", "", (RowSide("a", ("prism",)), RowSide("b", ("mockoon",))), None, by_value=True
)


@pytest.mark.parametrize(
    ("cause", "alone", "title"),
    [
        ("value of $.n differs", True, "value of $.n differs"),
        ("value of $.n differs", False, "value of $.n differs (prism | mockoon)"),
        (
            "value of $.n differs (prism · mockoon)",
            False,
            "value of $.n differs (prism · mockoon): prism | mockoon",
        ),
        ("number as string", False, "number as string at $.n (prism | mockoon)"),
    ],
)
def test_the_title_of_a_row(cause: str, title: str, *, alone: bool) -> None:
    """No title ends in two brackets."""
    draft = Draft("key", SIDES, places={"s/c": {"$.n"}})
    assert title_of(cause, draft, [draft] if alone else [draft, draft]) == title
