"""The region of the document that says where the decisions stand."""

import pytest

from conformance.model.decision import Ledger
from conformance.tracker.evidence import DocumentEvidence
from conformance.tracker.regions import rendered_regions
from tests.verdicts.ledger_rows import row


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (None, "1 open, "),
        (1, "1 open (about 1 line to fix), "),
        (50, "1 open (about 50 lines to fix), "),
    ],
)
def test_the_size_of_what_is_open(estimate: int | None, said: str) -> None:
    """Lines are counted where somebody estimated them; what is unknown is not called nothing."""
    regions = rendered_regions(Ledger(decisions=(row(loc_estimate=estimate),)), DocumentEvidence())
    assert f"| Decisions | {said}0 accepted, 0 done |" in regions["status"]


def test_a_row_without_an_estimate_is_not_in_the_sum() -> None:
    """If some rows have an estimate and others none, the sum says how many it leaves out."""
    rows = (row(loc_estimate=5), row("D-002"), row("D-003"))
    regions = rendered_regions(Ledger(decisions=rows), DocumentEvidence())
    assert "| 3 open (about 5 lines to fix, 2 without an estimate), 0 accepted" in regions["status"]
