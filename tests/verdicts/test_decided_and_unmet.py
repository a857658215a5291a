"""Cases that are decided and do not meet what they expect."""

import pytest

from conformance.model.decision import Ledger
from conformance.model.verdict import ExpectationFailure
from conformance.verdicts.decided_and_unmet import NOT_EXCUSED, UnmetTally
from conformance.verdicts.judgement import judge
from tests.verdicts.ledger_rows import finding, ledger, result, row

UNMET = (ExpectationFailure(step=0, runtime="b", wanted="status 200", got="404"),)
DECIDED = ledger(row())


@pytest.mark.parametrize(
    ("rows", "held", "unmet", "is_said"),
    [
        pytest.param(None, DECIDED, UNMET, True, id="decided"),
        pytest.param(("D-001",), DECIDED, UNMET, True, id="by-a-row-that-counts"),
        pytest.param(("D-002",), DECIDED, UNMET, False, id="by-another-row"),
        pytest.param(None, DECIDED, (), False, id="met"),
        pytest.param(None, ledger(), UNMET, False, id="undecided"),
    ],
)
def test_a_decision_excuses_no_demand(
    rows: tuple[str, ...] | None,
    held: Ledger,
    unmet: tuple[ExpectationFailure, ...],
    is_said: bool,
) -> None:
    """Such a case stays red; with an undecided difference it is red for that, too."""
    tally = UnmetTally(rows)
    seen = result(findings=(finding(),), expectation_failures=unmet)
    tally.add(seen, judge(seen, held))
    said = f"shop/order stays red though decided: {NOT_EXCUSED}"
    assert tally.sentence() == (said if is_said else "")
