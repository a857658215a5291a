"""The rows that are new since the base branch.

These are the rows that the ledger did not have at the common ancestor.
"""

from pathlib import Path

from msgspec.structs import replace

from conformance.errors import BadFileError, TrackerError
from conformance.project.git import git
from conformance.suites.document import parse_document
from conformance.suites.nodes import items, members, text
from conformance.tracker.evidence import ComparedCommit
from conformance.tracker.living_document import LivingDocument


def rows_since(document: LivingDocument, revision: str) -> LivingDocument:
    """Return the document with those rows marked as new that a revision's ledger does not have."""
    ledger = Path(document.ledger.file or "")
    parting = git(ledger.parent, "merge-base", "--end-of-options", revision, "HEAD")
    if parting is None:
        raise TrackerError(
            f"--base {revision}: no such revision with a common history",
            hint="fetch it, or name another",
        )
    rows = _ids(git(ledger.parent, "cat-file", "blob", f"{parting}:./{ledger.name}"))
    return replace(
        document,
        evidence=replace(document.evidence, base=ComparedCommit(commit=parting[:12], rows=rows)),
    )


def _ids(written: str | None) -> tuple[str, ...]:
    """Return the sorted ids of the rows in a ledger's text.

    The result is empty if there is no ledger, or one that cannot be read.
    """
    try:
        root = parse_document((written or "").encode("utf-8"), "the ledger of the base")
    except BadFileError:
        return ()
    return tuple(
        sorted(text(members(row).get("id")) for row in items(members(root).get("decisions")))
    )
