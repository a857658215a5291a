"""Two statuses of one step: what their difference usually means, and when nothing more is to be compared."""

from typing import Final
from urllib.parse import urlsplit

from conformance.comparison.difference import Difference, excerpt
from conformance.comparison.idioms import answer_idioms
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer

FIRST_ERROR: Final = 400
_FIRST_SERVER_ERROR: Final = 500
_SUCCESSES: Final = range(200, 300)
_NO_CONTENT: Final = 204
_REDIRECTS: Final = frozenset({301, 302, 307, 308})
_BY_PAIR: Final = {
    frozenset({400, 422}): answer_idioms.VALIDATION_STATUS,
    frozenset({404, 405}): answer_idioms.METHOD_STATUS,
    frozenset({200, 201}): answer_idioms.CREATED_STATUS,
    frozenset({401, 403}): answer_idioms.CREDENTIALS_STATUS,
}


def comparable(a: int, b: int) -> bool:
    """Tell whether answers with two statuses can be compared further.

    Where they differ, only successes with content can: two different errors, or an error and a success, differ in
    everything for one reason already told, and so do content and none.
    """
    return a == b or (a in _SUCCESSES and b in _SUCCESSES and _NO_CONTENT not in {a, b})


def status_difference(a: Answer, b: Answer, target: str) -> Difference:
    """Return the difference of two statuses for a request's target."""
    return Difference(
        kind=DifferenceKind.STATUS,
        facet=Facet.STATUS,
        path="status",
        a_fact=str(a.status),
        b_fact=str(b.status),
        a_example=f"{a.status} {excerpt(a.reason)}",
        b_example=f"{b.status} {excerpt(b.reason)}",
        idiom=_idiom(a, b, target),
    )


def _idiom(a: Answer, b: Answer, target: str) -> str | None:
    statuses = {a.status, b.status}
    lower, higher = sorted(statuses)
    if higher in _SUCCESSES and _NO_CONTENT in statuses and lower in _SUCCESSES:
        return answer_idioms.NO_CONTENT_STATUS
    if FIRST_ERROR <= lower < _FIRST_SERVER_ERROR <= higher:
        return answer_idioms.SERVER_ERROR
    for redirect, other in ((a, b), (b, a)):
        if redirect.status in _REDIRECTS and other.status not in _REDIRECTS and _adds_slash(redirect, target):
            return answer_idioms.TRAILING_SLASH
    return _BY_PAIR.get(frozenset(statuses))


def _adds_slash(redirect: Answer, target: str) -> bool:
    """Tell whether a redirect leads to the same path with a slash more or less at its end."""
    try:
        there, here = urlsplit(redirect.header("location") or "").path, urlsplit(target).path
    except ValueError:
        return False
    return (
        there != here
        and there.rstrip("/").endswith(here.rstrip("/"))
        and there.rstrip("/") != ""
        and (there.rstrip("/") + "/" == there or here.rstrip("/") + "/" == here)
    )
