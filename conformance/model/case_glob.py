"""Globs over case ids: `*` stands for any characters and `?` for one; all else is literal.

The ids of a matrix contain brackets, so a bracket does not start a class of characters.  A `*` also
matches slashes.
"""

import fnmatch
from collections.abc import Iterable


def is_glob(written: str) -> bool:
    """Return whether a text is a glob and not a plain id."""
    return "*" in written or "?" in written


def matches(case_id: str, glob: str) -> bool:
    """Return whether a glob matches a case id."""
    if not is_glob(glob):  # most are ids, and a ledger has thousands: this is faster
        return case_id == glob
    return fnmatch.fnmatchcase(case_id, glob.replace("[", "[[]"))


def matches_any(case_id: str, globs: Iterable[str]) -> bool:
    """Return whether any of some globs matches a case id."""
    return any(matches(case_id, glob) for glob in globs)
