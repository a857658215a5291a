"""Whether any answer of a run contains what was requested.

Refusals agree, and so do redirects to a login page, and login pages.  A run with nothing else shows
nothing of the service: a token or a session has expired, or never existed.
"""

from collections.abc import Collection, Iterator
from operator import attrgetter
from typing import Final

from conformance.model.gap import CaseGap, GapKind
from conformance.model.verdict import CaseResult

_REFUSAL: Final = "a refusal"


class ContentTally:
    """Takes the cases of a run without expectations; an expectation that is met is proof enough."""

    def __init__(self) -> None:
        self._has_content = False
        self._refused = False
        self._places: set[str] = set()
        self._asked_of_pages: set[str] = set()

    def add(self, result: CaseResult, gaps: Collection[CaseGap]) -> None:
        """Take one case that has answers, with the gaps in what its answers prove."""
        by_kind = {gap.kind: gap.which for gap in gaps}
        if GapKind.NO_SUCCESS in by_kind:
            self._refused = True
        elif GapKind.REDIRECTED in by_kind:
            self._places.add(by_kind[GapKind.REDIRECTED])
        elif GapKind.LOGIN_PAGE in by_kind:
            self._asked_of_pages.update(map(attrgetter("target"), result.requests))
        else:
            self._has_content = True

    def nothing(self) -> str:
        """Return why no answer contains what was requested; an empty text if one may.

        Redirects to several places are answers of a working service.  If all requests have one
        target, a login page may be what it serves.
        """
        what = list(self._without_content())
        several_places = len(self._places) > 1
        if self._has_content or several_places or not what:
            return ""
        is_only_a_page = len(self._asked_of_pages) == 1 and len(what) == 1
        if is_only_a_page:
            return ""
        if what == [_REFUSAL]:
            return (
                "no answer of the whole run was 2xx or 3xx, and no case expected that; has a "
                "token expired?"
            )
        return (
            f"every answer of the whole run is {' or '.join(what)}, and no case expected that; has "
            "a session expired?"
        )

    def _without_content(self) -> Iterator[str]:
        if self._refused:
            yield _REFUSAL
        for place in self._places:
            yield f"a redirect to {place}"
        if self._asked_of_pages:
            yield "a page that asks for a password"
