"""What the two sides of a merge had generated, as their committed evidence remembers it.

Git's union merge keeps a line that one side had replaced, and forgets its digest, as that side did.
Such a line is neither side's hand edit: a sync wrote it.
"""

from pathlib import Path

from conformance.errors import TrackerError
from conformance.project.git import git
from conformance.tracker.evidence_file import parsed_evidence


def digests_of_sides(evidence_file: Path) -> frozenset[str]:
    """Return the digests of lines that either side of the last merge, or their base, generated.

    The last merge is the one that is going on, else the latest in the history of HEAD.
    """
    folder = evidence_file.parent
    sides = [git(folder, "rev-parse", "--verify", name) for name in ("HEAD", "MERGE_HEAD")]
    if sides[1] is None:
        merge = git(folder, "rev-list", "--merges", "--parents", "-1", "HEAD") or ""
        sides = list(merge.split()[1:])
    known = [side for side in sides if side]
    if not known:
        return frozenset()
    base = git(folder, "merge-base", *known)
    found = (_generated(each, evidence_file) for each in (*known, base) if each)
    return frozenset().union(*found)


def _generated(commit: str, evidence_file: Path) -> frozenset[str]:
    written = git(evidence_file.parent, "cat-file", "blob", f"{commit}:./{evidence_file.name}")
    try:
        lines = (written or "").encode().splitlines()
        return frozenset(parsed_evidence(lines, evidence_file).generated)
    except TrackerError:
        return frozenset()
