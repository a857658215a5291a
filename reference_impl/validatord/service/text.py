"""Content that a sent text must not have: US social security numbers and pay rates.

In: any text. Out: whether it has such content. Digits, white space and word characters are ASCII.
Both patterns take linear time for the lengths that earlier rules allow.
"""

from __future__ import annotations

import re

# Not part of a longer run of hyphenated digit groups, so that 1-555-12-3456 and 555-123-4567 are
# none.
_SOCIAL_SECURITY_NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9]-)[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9]|-[0-9])"
)

_PAY_RATE = re.compile(
    r"\$\s*[0-9][0-9,]*(?:\.[0-9]+)?\s*"
    r"(?:(?:per|an|a)\s+(?:hour|year)|/\s*(?:hr|hour|yr|year)|salary)\b",
    re.ASCII | re.IGNORECASE,
)


def holds_social_security_number(text: str) -> bool:
    """Return whether a text has `NNN-NN-NNNN` that touches no digit or hyphenated digit group."""
    return _SOCIAL_SECURITY_NUMBER.search(text) is not None


def holds_pay_rate(text: str) -> bool:
    """Return whether a text has a dollar amount per hour or year, or a salary."""
    return _PAY_RATE.search(text) is not None
