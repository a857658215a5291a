"""Globs over case ids: `*` and `?` stand for any characters and any one; all else is literal.

The ids of a matrix hold brackets, so a bracket is no class of characters here.  A `*` crosses slashes.
"""

import fnmatch
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from conformance.model.case import suite_of

LONG_LIST: Final = 20
"""As many ids are still a short list, which is exact: a glob also takes in the cases that are written later."""


def matches(case_id: str, glob: str) -> bool:
    """Tell whether a glob stands for a case id."""
    return fnmatch.fnmatchcase(case_id, glob.replace("[", "[[]"))


def narrowest_globs(case_ids: Iterable[str], cases_of_suite: Mapping[str, int]) -> tuple[str, ...]:
    """Return globs that stand for just these cases: their ids, but one glob for a suite with a long list of them.

    A suite is named as a whole only where every case below it is among them, those of the suites below it included.
    `cases_of_suite` counts all cases that there are.
    """
    ids = set(case_ids)
    suites = Counter(map(suite_of, ids))
    among, known = _below(suites), _below(cases_of_suite)
    whole = [f"{suite}/" for suite in sorted(suites) if LONG_LIST < among[suite] == known[suite]]
    return tuple(sorted({_outermost(case_id, whole) for case_id in ids}))


def _below(cases_of_suite: Mapping[str, int]) -> Counter[str]:
    """Return how many cases are below each suite, and below each folder of suites."""
    below: Counter[str] = Counter()
    for suite, count in cases_of_suite.items():
        parts = suite.split("/")
        for depth in range(1, len(parts) + 1):
            below["/".join(parts[:depth])] += count
    return below


def _outermost(case_id: str, whole: Iterable[str]) -> str:
    """Return the glob of the outermost suite that is named as a whole and has a case, else the case's id."""
    return next((f"{suite}*" for suite in whole if case_id.startswith(suite)), case_id)
