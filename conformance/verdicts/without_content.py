"""Answers without the requested content: all redirect to one place, or all are a login page.

Such answers agree, so a run with an expired token would be green.
"""

import re
from collections.abc import Iterator
from itertools import starmap
from typing import Final
from urllib.parse import urlsplit

from conformance.comparison.answers.location import read_location, resolved_target
from conformance.comparison.idioms.statuses import leads_to_a_slash
from conformance.model.gap import CaseGap, GapKind
from conformance.model.observation import Answer
from conformance.model.verdict import CaseResult

# RFC 9110, 15.4: the statuses that redirect; 300 and 304 do not
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HTML: Final = ("text/html", "application/xhtml+xml")
# A password field is near the start of its page; 256 KiB is enough with large inline styles
_LOOKED_AT: Final = 1 << 18
_PASSWORD: Final = re.compile(rb"""<input\b[^>]*\btype\s*=\s*["']?password\b""", re.IGNORECASE)


def without_content(result: CaseResult) -> Iterator[CaseGap]:
    """Yield a gap for what all answers of a case are, if none has the requested content."""
    asked = list(_answers_as_asked(result))
    if not asked:
        return
    first, *others = set(starmap(_place, asked))
    if all(_leads_to_a_slash(answer, target) for answer, _, target in asked):
        yield CaseGap(GapKind.SLASH_REDIRECT, "")
    elif first and not others:
        yield CaseGap(GapKind.REDIRECTED, first)
    if all(map(_asks_for_a_password, result.answers)):
        yield CaseGap(GapKind.LOGIN_PAGE, "")


def _answers_as_asked(result: CaseResult) -> Iterator[tuple[Answer, str, str]]:
    """Yield `(answer, base URL of its runtime, request target)` for each answer of a case."""
    for cell in result.cells:
        for answer, request in zip(cell.observations, result.requests, strict=False):
            if isinstance(answer, Answer):
                yield answer, cell.base_url, request.target


def _leads_to_a_slash(answer: Answer, asked: str) -> bool:
    return answer.status in _REDIRECTS and leads_to_a_slash(answer, asked)


def _place(answer: Answer, base_url: str, asked: str) -> str:
    """Return where an answer redirects to, without the query; an empty text if it is no redirect.

    The result is a path of the runtime itself, or a URL on another host.
    """
    location = _field(answer, "location").strip()
    if answer.status not in _REDIRECTS or not location:
        return ""
    form, target = read_location(location, base_url)
    try:
        parts = urlsplit(resolved_target(form, target, base_url, asked))
    except ValueError:  # an invalid URL, which all answers may share
        return location
    return parts._replace(query="", fragment="", path=parts.path or "/").geturl()


def _asks_for_a_password(answer: Answer) -> bool:
    if not _field(answer, "content-type").lower().startswith(_HTML):
        return False
    return _PASSWORD.search(answer.body[:_LOOKED_AT]) is not None


def _field(answer: Answer, name: str) -> str:
    """Return the value of a header field; an empty text if it is missing."""
    return answer.header_text(name)
