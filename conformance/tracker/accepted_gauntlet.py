"""The verdict of the accepted gauntlet, as its committed baseline has it."""

import json
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import UNREADABLE_JSON, TrackerError
from conformance.project.git import git
from conformance.tracker.evidence import AcceptedChanges, DocumentEvidence, LoggedChange
from conformance.tracker.evidence_file import parsed_evidence

BASELINE: Final = Path("reports/gauntlet/baseline.json")


class AcceptedGauntlet(Struct, frozen=True, kw_only=True):
    """What was accepted: the verdict, of which commit, on which day."""

    verdict: str
    commit: str
    day: str

    def changes_since(self, evidence: DocumentEvidence) -> tuple[LoggedChange, ...]:
        """Return the changes that the accepted commit did not have.

        Where git no longer knows that commit, as after a rebase, these are all from the day of the
        verdict on.
        """
        known = evidence.accepted
        changes = evidence.changes
        if known is not None and known.commit == self.commit:
            later = [change for change in changes if change.number > known.number]
        else:
            # Of that day some may be older than the verdict: better one too many than one too few
            later = [change for change in changes if str(change.date) >= self.day]
        return tuple(later)


def with_accepted(
    evidence: DocumentEvidence, accepted: AcceptedGauntlet | None, evidence_file: Path
) -> DocumentEvidence:
    """Return the evidence with what it already had at the accepted commit.

    Git is asked once for each commit.

    So the pages stay the same where history is missing, as in a shallow clone.
    """
    if accepted is None:
        return evidence
    known = evidence.accepted
    if known is not None and known.commit == accepted.commit:
        return evidence
    blob = f"{accepted.commit}:./{evidence_file.name}"
    written = git(evidence_file.parent, "cat-file", "blob", blob)
    if written is None:
        return evidence
    lines = written.encode().splitlines()
    try:
        changes = parsed_evidence(lines, evidence_file).changes
    except TrackerError:
        # Evidence of then may be in a form that is no longer read
        return evidence
    number = max(map(attrgetter("number"), changes), default=0)
    return replace(evidence, accepted=AcceptedChanges(commit=accepted.commit, number=number))


def read_accepted(root: Path) -> AcceptedGauntlet | None:
    """Return what the baseline below a repository's top folder says was accepted.

    None where there is no baseline.
    """
    try:
        accepted = json.loads((root / BASELINE).read_bytes())["accepted"]
        return AcceptedGauntlet(
            verdict=str(accepted["verdict"]),
            commit=str(accepted["commit"])[:12],
            day=str(accepted["day"]),
        )
    except (OSError, *UNREADABLE_JSON):
        return None
