"""What changed as Markdown: it has room in a comment, and says what is left out."""

from conformance.changes.change import CaseChange, ChangeKind, RunChanges
from conformance.changes.report import changes_markdown
from conformance.model.verdict import Verdict
from tests.comparison.live_runs import header


def test_many_changes_have_room_in_a_comment() -> None:
    """GitHub refuses a comment of more than 65,536 characters."""
    cases = tuple(
        CaseChange(
            kind=ChangeKind.REGRESSED,
            case_id=f"shop/case-{number}",
            was=Verdict.PASSED,
            now=Verdict.ERRORED,
            reason="no answer " * 60,
        )
        for number in range(400)
    )
    changes = RunChanges(
        base=header(),
        head=header(),
        finished=True,
        counts={kind: 400 * (kind is ChangeKind.REGRESSED) for kind in ChangeKind},
        unchanged=0,
        causes=(),
        cases=cases,
        more_cases=0,
        warnings=(),
        verdict="RED: 400 errored",
    )

    text = changes_markdown(changes)

    assert len(text.encode()) < 60_000
    shown = text.count("- shop/case-")
    assert shown >= 50
    assert f"… and {400 - shown} more; `conformance changes --json` holds them." in text
