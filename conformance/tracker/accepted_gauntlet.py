"""The verdict of the accepted gauntlet, read from its committed baseline."""

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
    """The verdict that was accepted, with the commit and the day of the gauntlet."""

    verdict: str
    commit: str
    day: str

    def changes_since(self, evidence: DocumentEvidence) -> tuple[LoggedChange, ...]:
        """Return the changes of the evidence that are later than the accepted commit.

        If git does not have that commit any more, as after a rebase, these are the changes from the
        day of the verdict on.
        """
        known = evidence.accepted
        changes = evidence.changes
        if known is not None and known.commit == self.commit:
            later = [change for change in changes if change.number > known.number]
        else:
            # Changes of that day may be older than the verdict: rather too many than too few
            later = [change for change in changes if str(change.date) >= self.day]
        return tuple(later)


def with_accepted(
    evidence: DocumentEvidence, accepted: AcceptedGauntlet | None, evidence_file: Path
) -> DocumentEvidence:
    """Return the evidence with the number of its last change at the accepted commit.

    Git is asked once for each accepted commit.  Later the number is in the evidence, so the pages
    stay the same in a shallow clone, too.
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
        # Old evidence may have a form that is no longer read
        return evidence
    number = max(map(attrgetter("number"), changes), default=0)
    return replace(evidence, accepted=AcceptedChanges(commit=accepted.commit, number=number))


def read_accepted(root: Path) -> AcceptedGauntlet | None:
    """Return the accepted gauntlet of the baseline in a repository; None without a baseline."""
    try:
        accepted = json.loads((root / BASELINE).read_bytes())["accepted"]
        return AcceptedGauntlet(
            verdict=str(accepted["verdict"]),
            commit=str(accepted["commit"])[:12],
            day=str(accepted["day"]),
        )
    except (OSError, *UNREADABLE_JSON):
        return None
