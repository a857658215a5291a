"""Answers without the requested content: all redirect to one place, or all are a login page.

Such answers agree, and a run in which a token has expired would be green by them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from conformance.model.gap import CaseGap, GapKind
from conformance.model.observation import Answer

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HTML: Final = ("text/html", "application/xhtml+xml")
_LOOKED_AT: Final = 1 << 18
_PASSWORD: Final = re.compile(rb"""<input\b[^>]*\btype\s*=\s*["']?password\b""", re.IGNORECASE)


def without_content(answers: Sequence[Answer]) -> Iterator[CaseGap]:
    """Yield what the answers of a case have in common if none contains what was requested."""
    if not answers:
        return
    places = {_place(answer) for answer in answers}
    if len(places) == 1 and "" not in places:
        yield CaseGap(GapKind.REDIRECTED, places.pop())
    if all(map(_asks_for_a_password, answers)):
        yield CaseGap(GapKind.LOGIN_PAGE, "")


def _place(answer: Answer) -> str:
    """Return the path that an answer redirects to, without its host and its query.

    Nothing if it is no redirect.
    """
    location = (answer.header("location") or "").strip()
    if answer.status not in _REDIRECTS or not location:
        return ""
    try:
        return urlsplit(location).path or "/"
    except ValueError:
        return location


def _asks_for_a_password(answer: Answer) -> bool:
    is_page = (answer.header("content-type") or "").lower().startswith(_HTML)
    return is_page and _PASSWORD.search(answer.body[:_LOOKED_AT]) is not None
