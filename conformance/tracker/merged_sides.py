"""What both sides of a merge had generated, according to their committed evidence.

Git's union merge keeps a line that one side had replaced, but that side has removed its digest.
Such a line is no hand edit: an earlier sync wrote it.
"""

from pathlib import Path

from conformance.errors import TrackerError
from conformance.project.git import git
from conformance.tracker.evidence_file import parsed_evidence


def digests_of_sides(evidence_file: Path) -> frozenset[str]:
    """Return the digests that both sides of the last merge, and their base, had generated.

    The last merge is the one in progress, or else the latest in the history of HEAD.
    """
    folder = evidence_file.parent
    sides = _sides_of_merge(folder)
    if not sides:
        return frozenset()
    base = git(folder, "merge-base", *sides)
    commits = (*sides, base) if base else sides
    return frozenset().union(*(_generated(commit, evidence_file) for commit in commits))


def _sides_of_merge(folder: Path) -> tuple[str, ...]:
    """Return the commits of the merge in progress, or else those of the latest merge."""
    head = git(folder, "rev-parse", "--verify", "HEAD")
    merged = git(folder, "rev-parse", "--verify", "MERGE_HEAD")
    if merged is not None:
        return tuple(filter(None, [head, merged]))
    merge = git(folder, "rev-list", "--merges", "--parents", "-1", "HEAD") or ""
    # The merge itself is first, then its parents
    return tuple(merge.split()[1:])


def _generated(commit: str, evidence_file: Path) -> frozenset[str]:
    written = git(evidence_file.parent, "cat-file", "blob", f"{commit}:./{evidence_file.name}")
    try:
        # An earlier commit may have no evidence, or one of an older form
        lines = (written or "").encode().splitlines()
        return frozenset(parsed_evidence(lines, evidence_file).generated)
    except TrackerError:
        return frozenset()
