"""Answers without the requested content: all redirect to one place, or all are a login page.

Such answers agree, and a run in which a token has expired would be green by them.
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

# RFC 9110, 15.4: the statuses that name another place; 300 and 304 are answers of their own
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HTML: Final = ("text/html", "application/xhtml+xml")
# A form with a password stands near the start of its page; 256 KiB hold large inline styles too
_LOOKED_AT: Final = 1 << 18
_PASSWORD: Final = re.compile(rb"""<input\b[^>]*\btype\s*=\s*["']?password\b""", re.IGNORECASE)


def without_content(result: CaseResult) -> Iterator[CaseGap]:
    """Yield what the answers of a case have in common if none contains what was requested."""
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
    """Yield each answer with the base URL of its runtime and the target that was asked for."""
    for cell in result.cells:
        for answer, request in zip(cell.observations, result.requests, strict=False):
            if isinstance(answer, Answer):
                yield answer, cell.base_url, request.target


def _leads_to_a_slash(answer: Answer, asked: str) -> bool:
    return answer.status in _REDIRECTS and leads_to_a_slash(answer, asked)


def _place(answer: Answer, base_url: str, asked: str) -> str:
    """Return where an answer redirects to, without the query; nothing if it is no redirect.

    That is a path of the runtime itself, or a URL to another host.
    """
    location = _field(answer, "location").strip()
    if answer.status not in _REDIRECTS or not location:
        return ""
    form, target = read_location(location, base_url)
    try:
        parts = urlsplit(resolved_target(form, target, base_url, asked))
    except ValueError:  # no URL, but where all answers have the same one they agree
        return location
    return parts._replace(query="", fragment="", path=parts.path or "/").geturl()


def _asks_for_a_password(answer: Answer) -> bool:
    if not _field(answer, "content-type").lower().startswith(_HTML):
        return False
    return _PASSWORD.search(answer.body[:_LOOKED_AT]) is not None


def _field(answer: Answer, name: str) -> str:
    """Return a header field; an empty text where there is none."""
    return answer.header_text(name)
