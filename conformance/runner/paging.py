"""Lists that come in pages: requests each page, and joins the items for the comparison."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final
from urllib.parse import quote, urljoin

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.values.json_encoding import compact
from conformance.model.capture import Capture
from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.own_url import ForeignUrlError, own_target, url_of
from conformance.model.paging import Pages
from conformance.model.request import Request
from conformance.runner.captures import NothingFoundError, take, value_at
from conformance.runner.lanes.lane import Seen
from conformance.wording import plural

PAGES_LEFT: Final = "pages-left"
_JSON: Final = "JSON"
_FIRST_REDIRECT: Final = 300
_NOTHING: Final = frozenset({"null", '""', "false"})
"""How a last page spells that there is no next one."""


class _BrokenPageError(ValueError):
    """A page that cannot be followed or read; the message says why."""


class PageReader(Struct, frozen=True):
    """How the pages of a step are read.

    `declared` is the kind of its bodies.
    """

    pages: Pages
    base_url: str
    declared: str

    async def all_items(
        self, ask: Callable[[Request], Awaitable[Seen]], request: Request, first: Seen
    ) -> Seen:
        """Return the first answer with the items of all pages as its body, a JSON list.

        `pages` of that answer holds the pages.

        An answer that is no success is no page and is returned as it is.  A page that cannot be
        read is the fault `pages_broken`.
        """
        if not isinstance(first, Answer) or first.status >= _FIRST_REDIRECT:
            return first
        answers, asked, items = [first], [request], list[str]()
        try:
            items += map(compact, self._items(first))
            while (further := self._next_request(answers[-1], asked)) and len(
                answers
            ) < self.pages.most:
                seen = await ask(further)
                if not isinstance(seen, Answer):
                    return seen
                answers.append(seen)
                asked.append(further)
                items += map(compact, self._items(seen))
        except _BrokenPageError as error:
            return _broken(answers, error)
        notes = (*first.notes, PAGES_LEFT) if further else first.notes
        return replace(
            first, body=f"[{','.join(items)}]".encode(), notes=notes, pages=tuple(answers)
        )

    def _items(self, page: Answer) -> list[Any]:
        if page.status >= _FIRST_REDIRECT:
            raise _BrokenPageError(f"status {page.status}")
        body = read_body_of(page, self.declared)
        if not body.structured or body.kind != _JSON:
            raise _BrokenPageError(f"a {body.kind} body, and no JSON" if body.raw else "no body")
        lists = self._lists(body.value)
        if len(lists) != 1:
            raise _BrokenPageError(f"{plural(len(lists), 'list')} in it; `items` says which")
        return lists[0]

    def _lists(self, value: Any) -> list[list[Any]]:
        """Return the lists that may hold the items.

        It is the list that the step names, or each list in the body.
        """
        if self.pages.items is not None:
            try:
                found = [value_at(self.pages.items, value)]
            except NothingFoundError as error:
                raise _BrokenPageError(str(error)) from error
        elif isinstance(value, dict):
            found = list(value.values())
        else:
            found = [value]
        return [each for each in found if isinstance(each, list)]

    def _next_request(self, page: Answer, asked: Sequence[Request]) -> Request | None:
        """Return the request for the next page, or None if the page names no other."""
        value = _named(self.pages.next, page, self.declared)
        if value is None:
            return None
        last = asked[-1]
        if self.pages.query is not None:
            further = replace(last, target=_with_parameter(last.target, self.pages.query, value))
        else:
            further = self._at(value, last)
        if further in asked:
            raise _BrokenPageError(
                f"it names {further.target} as the next page, which was requested before"
            )
        return further

    def _at(self, link: str, last: Request) -> Request:
        """Return the request for a page by its link, which may be relative to the page before."""
        url = urljoin(url_of(last.target, self.base_url, from_root=last.from_root), link)
        try:
            target, from_root = own_target(url, self.base_url)
        except ForeignUrlError as error:
            raise _BrokenPageError(f"it names a next page at {error}") from error
        return replace(last, target=target, from_root=from_root)


def _broken(answers: Sequence[Answer], error: _BrokenPageError) -> Fault:
    return Fault(
        kind=FaultKind.PAGES_BROKEN,
        phase="pages",
        detail=f"page {len(answers)}: {error}",
        elapsed_ms=round(sum(answer.elapsed_ms for answer in answers), 3),
        last=answers[-1],
    )


def _named(capture: Capture, page: Answer, declared: str) -> str | None:
    try:
        known = take(capture, page, declared)
    except NothingFoundError:
        return None
    return None if known.json in _NOTHING else known.text


def _with_parameter(target: str, name: str, value: str) -> str:
    """Return a target whose query has a parameter set to a value."""
    written = f"{quote(name, safe='')}={quote(value, safe='')}"
    there = re.compile(rf"(?<=[?&]){re.escape(quote(name, safe=''))}=[^&]*")
    if there.search(target):
        return there.sub(lambda _: written, target, count=1)
    return f"{target}{'&' if '?' in target else '?'}{written}"
