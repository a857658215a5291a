"""Which undecided differences may hide that of a row at one of its places."""

import pytest
from msgspec.structs import replace

from conformance.model.answer_place import spellings
from conformance.model.finding import Finding
from conformance.model.signature import Signature
from conformance.verdicts.hiding_differences import why_hidden
from tests.verdicts.ledger_rows import SIGNATURE, finding, row

ABOUT_A_TYPE = row(signature=Signature("type", "$.x", "string", "number"))


def member(place: str) -> Finding:
    """Return that b lacks a member there."""
    return finding(signature=replace(SIGNATURE, path=place))


@pytest.mark.parametrize(
    ("seen", "hides"),
    [
        pytest.param(member("$.x"), True, id="there"),
        pytest.param(member("$.x.y"), True, id="a-member-of-it"),
        pytest.param(member("$.x.y.z"), False, id="further-below"),
        pytest.param(member("$.z.y"), False, id="a-member-of-another"),
        pytest.param(
            finding(signature=Signature("null", "$.x.y", "null", "number")),
            False,
            id="another-difference-below",
        ),
    ],
)
def test_what_hides_a_difference_below_its_place(seen: Finding, hides: bool) -> None:
    """Only a member that one side lacks, directly below, may be what the row's has become."""
    why = why_hidden(ABOUT_A_TYPE, spellings("$.x"), [seen], 1, frozenset())
    assert bool(why) == hides
    assert why.endswith("is undecided") == hides
