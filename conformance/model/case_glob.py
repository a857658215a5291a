"""Globs over case ids: `*` and `?` stand for any characters and any one; all else is literal.

The ids of a matrix hold brackets, so a bracket is no class of characters here.  A `*` crosses
slashes.
"""

import fnmatch
from collections.abc import Iterable


def is_glob(written: str) -> bool:
    """Return whether a text is a glob, and no plain id."""
    return "*" in written or "?" in written


def matches(case_id: str, glob: str) -> bool:
    """Return whether a glob stands for a case id."""
    if not is_glob(glob):  # most are ids, and a ledger has thousands
        return case_id == glob
    return fnmatch.fnmatchcase(case_id, glob.replace("[", "[[]"))


def matches_any(case_id: str, globs: Iterable[str]) -> bool:
    """Return whether one of some globs stands for a case id."""
    return any(matches(case_id, glob) for glob in globs)
