"""Globs over case ids: `*` and `?` stand for any characters and any one; all else is literal.

The ids of a matrix hold brackets, so a bracket is no class of characters here.
"""

import fnmatch


def matches(case_id: str, glob: str) -> bool:
    """Tell whether a glob stands for a case id."""
    return fnmatch.fnmatchcase(case_id, glob.replace("[", "[[]"))
