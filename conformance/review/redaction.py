"""Removal of values that look like credentials from what is sent to reviewers.

In: the text of a bundle. Out: the text with each such value replaced by `[secret]`, and their
number. The patterns are the key formats that issuers document, and assignments to names such as
`password`. A value in an unknown format is not found, so a change with a leaked key is still a
leaked key.
"""

import re
from typing import Final

from conformance.model.credential_forms import ISSUED

_ASSIGNED: Final = (
    r"(?i)(?<=\bbearer )[A-Za-z0-9._~+/=-]{16,500}",
    (
        r"(?i)(?:passw(?:or)?d|passphrase|secret|token|(?:api|access)[_-]?key)[\"']?\s{0,4}[:=]\s{0,4}[\"']"
        r"(?P<value>[^\[\"'\s$<{]{8,200})"
    ),
)
_SECRET: Final = re.compile("|".join(ISSUED))
_SAID: Final = tuple(map(re.compile, _ASSIGNED))
_MARK: Final = "[secret]"
_KEY_BLOCK: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.{0,20000}?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL
)


def without_secrets(text: str) -> tuple[str, int]:
    """Return a text without values that look like credentials, and the number removed.

    Line breaks are kept, so line numbers stay correct.
    """
    found = 0

    def mark(match: re.Match[str]) -> str:
        nonlocal found
        found += 1
        value = match.groupdict().get("value")
        return match[0].replace(value, _MARK) if value else _MARK

    def mark_lines(block: re.Match[str]) -> str:
        nonlocal found
        found += 1
        return "\n".join([_MARK] * (block[0].count("\n") + 1))

    text = _SECRET.sub(mark, _KEY_BLOCK.sub(mark_lines, text))
    for pattern in _SAID:
        text = pattern.sub(mark, text)
    return text, found
