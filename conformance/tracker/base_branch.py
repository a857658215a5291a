"""Which rows are new since the base branch: those that the ledger did not have where the two histories part."""

from dataclasses import replace
from pathlib import Path

from conformance.errors import BadFileError, TrackerError
from conformance.git import git
from conformance.suites.document import items, members, parse_document, text
from conformance.tracker.evidence import Base
from conformance.tracker.living_document import LivingDocument


def rows_since(document: LivingDocument, revision: str) -> LivingDocument:
    """Return the document with its rows that a revision's ledger does not have marked as new."""
    ledger = Path(document.ledger.file or "")
    parting = git(ledger.parent, "merge-base", "--end-of-options", revision, "HEAD")
    if parting is None:
        raise TrackerError(
            f"--base {revision}: no such revision with a common history", hint="fetch it, or name another"
        )
    before = _ids(git(ledger.parent, "show", f"{parting}:./{ledger.name}"))
    new = tuple(row.id for row in document.ledger.decisions if row.id not in before)
    return replace(document, evidence=replace(document.evidence, base=Base(commit=parting[:12], new=new)))


def _ids(written: str | None) -> frozenset[str]:
    """Return the ids of a ledger's text; none where there was no ledger yet, or one that cannot be read."""
    try:
        root = parse_document((written or "").encode("utf-8"), "the ledger of the base")
    except BadFileError:
        return frozenset()
    return frozenset(text(members(row).get("id")) for row in items(members(root).get("decisions")))
