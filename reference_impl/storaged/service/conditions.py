"""Conditional requests (RFC 9110, section 13): whether an object is in the demanded state.

In: the values of If-Match and If-None-Match, and the digest of the object (None without an object).
Out: whether the conditions hold. If-Match compares strongly, If-None-Match weakly; both may be a
list or `*`. A value that is no list of entity tags matches nothing.
"""

from __future__ import annotations

import re

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def matches(if_match: str | None, sha256: str | None) -> bool:
    """Return whether If-Match is absent or satisfied."""
    if if_match is None:
        return True
    return sha256 is not None and (
        if_match.strip() == "*" or ("", sha256) in _TAG.findall(if_match)
    )


def none_matches(if_none_match: str | None, sha256: str | None) -> bool:
    """Return whether If-None-Match is absent or satisfied."""
    if if_none_match is None or sha256 is None:
        return True
    return if_none_match.strip() != "*" and sha256 not in {
        tag for _, tag in _TAG.findall(if_none_match)
    }
