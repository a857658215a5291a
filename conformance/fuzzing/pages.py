"""Follow lists that come in pages: an answer names the next page by a cursor or by a URL.

How a list does that is found by sending requests. Then probes follow the pages, and try other
cursors, sizes and changes between pages.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from itertools import product
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.answer_values import field_of, is_id, json_of, value_at
from conformance.fuzzing.document_parts import as_mapping
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.spots import Subject, spots_in
from conformance.fuzzing.values import as_parameter, small_values
from conformance.model.capture import Capture
from conformance.model.json_path import JsonPath
from conformance.model.observation import Answer

Send = Callable[[Probe], Awaitable[Outcome]]
MOST_PAGES: Final = 5
"""Most pages that are followed: a list holds few resources when it is read."""
_DEEPEST: Final = 3
"""Most members above a cursor in an answer: `{"meta": {"page": {"next": …}}}`."""
_LEAST_IDENTITY: Final = 6
"""Least length of a cursor that is an identity: a shorter one may equal another value by chance."""
_WORDS: Final = ("next", "cursor", "token", "after", "continu", "marker", "start", "page", "offset")
"""Parts of names that cursors have."""
_WITH_MORE: Final = ("{}x", "x{}", "{}%20", "%20{}", "{}%3D")
_NO_CURSORS: Final = ("", "x", "0", "-1", "%00", "bm9uZQ%3D%3D", "null")
_URL: Final = re.compile("https?://|[/?]")
_LINK: Final = r'<([^>]*)>[^,<]*;\s*rel="?next'
_LINK_FIELD: Final = re.compile(_LINK)
"""Link field to the next page (RFC 8288)."""


class Pager(Struct, frozen=True):
    """How an answer names the next page: the capture, and the query parameter that takes it.

    Without a parameter, the capture is the URL of the next page. `first` is the request for the
    first page. Pages are counted from 0.
    """

    first: Form
    capture: Capture
    parameter: str

    def page(self, at: int) -> FormStep:
        """Return the step for a page, which captures the cursor or URL of the next page."""
        name = self._name(at)
        identity = None if self.capture.identity is None else name
        capture = replace(self.capture, name=name, identity=identity)
        return FormStep(self.form(at), (capture,))

    def form(self, at: int, size: Form | None = None) -> Form:
        """Return the request for a page; `size` is another first request with other parameters."""
        form = self.first if size is None else size
        if not at:
            return form
        if not self.parameter:
            return replace(form, path=(), query=(), link=self._name(at - 1))
        return form.with_parameter(self.parameter, self.reference(at))

    def reference(self, at: int) -> str:
        """Return the placeholder for the cursor of a page."""
        return f"${{{self._name(at - 1)}}}"

    def _name(self, at: int) -> str:
        return f"{self.capture.name}_{at + 1}"


class PagedList(Struct, frozen=True):
    """A list whose pages can be followed, and the number of its pages."""

    subject: Subject
    pager: Pager
    count: int

    def probes(self) -> Iterator[Probe]:
        """Yield probes that follow the pages, repeat one, or change data or parameters between."""
        for pages in range(2, self.count + 1):
            steps = list(map(self.pager.page, range(pages)))
            yield self.probe_of(steps, f"{pages} pages")
        first, second = self.pager.page(0), self.pager.page(1)
        yield self.probe_of([first, second, _without_captures(second)], "a page twice")
        yield self.probe_of([first, second, _without_captures(first)], "the first page again")
        yield from self._fuller_pages()
        further = list(map(self.pager.page, range(1, self.count)))
        for change, operation in self.subject.changes:
            changed_between = [first, change, *further]
            yield self.probe_of(changed_between, f"{operation} between pages")
        yield from self._changed_in_other_orders()
        yield from self._other_requests(first)

    def _changed_in_other_orders(self) -> Iterator[Probe]:
        """Yield two pages with a creation between them, for each value of each enum parameter.

        If the parameter sets the sort order, the new resource comes first in one of the orders.
        """
        choices = [each for each in spots_in(self.subject, "query") if "enum" in each[0].schema]
        for (spot, place), (change, name) in product(choices, self.subject.changes[:1]):
            for tried in small_values(spot):
                form = self.pager.first.with_parameter(place.name, as_parameter(tried.node))
                first = replace(self.pager.page(0), form=form)
                steps = [first, change, FormStep(self.pager.form(1, form))]
                yield self.probe_of(steps, f"{name} between pages by {place.name}")

    def _fuller_pages(self) -> Iterator[Probe]:
        """Yield two pages with a size parameter one greater, if it was set to its least value."""
        least_sizes = set(self.pager.first.query) - set(self.subject.form.query)
        for name, size in least_sizes:
            fuller = self.pager.first.with_parameter(name, str(int(size or 0) + 1))
            yield self.probe_of(self._two_pages(fuller), "pages of more things")

    def _two_pages(self, first: Form) -> list[FormStep]:
        """Return the steps for the first two pages, with parameters of another first request."""
        return [replace(self.pager.page(0), form=first), FormStep(self.pager.form(1, first))]

    def second_page(self) -> Subject:
        """Return a subject whose request is that of the second page."""
        steps = [self.pager.page(0), _without_captures(self.pager.page(1))]
        return replace(self.subject, probe=self.probe_of(steps, "second page"))

    def probe_of(self, steps: Sequence[FormStep], entry: str) -> Probe:
        """Return a probe of some steps after the setup steps that fill the list."""
        probe, name = self.subject.probe, self.subject.base.operation.id
        own = dict(self.subject.changes)
        names = [own.get(step, name) for step in steps]
        return replace(
            probe,
            steps=(*probe.steps[:-1], *steps),
            operations=(*probe.operations[:-1], *names),
            stage="value",
            locus=f"{name} @ query pages",
            entry=entry,
        )

    def _other_requests(self, first: FormStep) -> Iterator[Probe]:
        """Yield requests with a changed, unknown or repeated cursor, or with other parameters."""
        if not self.pager.parameter:
            return
        cursor = self.pager.reference(1)
        for template in _WITH_MORE:
            with_more = self._with_cursor(template.format(cursor))
            yield self.probe_of([first, with_more], "a cursor with more")
        for unknown in map(self._with_cursor, _NO_CURSORS):
            yield self.probe_of([unknown], "no cursor of the list")
        second = self.pager.form(1)
        pair = (self.pager.parameter, cursor)
        twice = FormStep(second.with_query((*second.query, pair)))
        yield self.probe_of([first, twice], "a cursor twice")
        yield from self._other_parameters()

    def _with_cursor(self, text: str) -> FormStep:
        """Return the step for a page with a text as its cursor."""
        return FormStep(self.pager.first.with_parameter(self.pager.parameter, text))

    def _other_parameters(self) -> Iterator[Probe]:
        for spot, place in spots_in(self.subject, "query"):
            if place.name == self.pager.parameter:
                continue
            for tried in small_values(spot):
                value = as_parameter(tried.node)
                changed = self.pager.first.with_parameter(place.name, value)
                yield self.probe_of(self._two_pages(changed), f"both pages with {place.name}")


def _without_captures(step: FormStep) -> FormStep:
    return replace(step, captures=())


async def pages_of(subject: Subject, send: Send) -> PagedList | None:
    """Return how to follow the pages of a list; None if it does not come in pages.

    If needed, a numeric parameter is set to its least value, so that a short list has several
    pages. One more resource is added before the list is read, if the subject has a step for that.
    """
    if not subject.base.is_accepted_read:
        return None
    for full in (_with_another(subject), subject):
        for first in (full.form, *_in_small_pages(full)):
            outcome = await send(full.probe.with_form(first))
            for pager in _pagers(full, first, outcome):
                pages = PagedList(full, pager, MOST_PAGES)
                count = await _followed(pages, send)
                if count > 1:
                    return replace(pages, count=count)
    return None


def _with_another(subject: Subject) -> Subject:
    """Return the list with one of its changes before the read: it holds one resource more."""
    if not subject.changes:
        return subject
    (step, operation), *others = subject.changes
    probe = subject.probe
    fuller = replace(
        probe,
        steps=(*probe.steps[:-1], step, probe.steps[-1]),
        operations=(*probe.operations[:-1], operation, probe.operations[-1]),
    )
    return replace(subject, probe=fuller, changes=tuple(others))


def _in_small_pages(subject: Subject) -> Iterator[Form]:
    """Yield the request with each numeric query parameter set to its least value."""
    for spot, place in spots_in(subject, "query"):
        if {"integer", "number"} & set(spot.kinds):
            least = max(1, int(spot.schema.get("minimum", 1)))
            yield subject.form.with_parameter(place.name, str(least))


async def _followed(pages: PagedList, send: Send) -> int:
    """Return the number of pages in a row that are accepted and differ from the page before."""
    for count in range(2, MOST_PAGES + 1):
        steps = list(map(pages.pager.page, range(count)))
        steps[-1] = _without_captures(steps[-1])
        outcome = await send(pages.probe_of(steps, "pages"))
        if not outcome.accepted() or _are_alike(outcome):
            return count - 1
    return MOST_PAGES


def _are_alike(outcome: Outcome) -> bool:
    """Return whether a runtime repeated the page before: then it ignores the cursor."""
    before, after = outcome.answers(-2), outcome.answers(-1)
    return any(map(_are_of_one_body, before, after))


def _are_of_one_body(seen: object, other: object) -> bool:
    if not isinstance(seen, Answer):
        return False
    return isinstance(other, Answer) and seen.body == other.body


def _pagers(subject: Subject, first: Form, outcome: Outcome) -> Iterator[Pager]:
    """Yield the possible ways to the next page, the likeliest first; none for a refused list."""
    if not outcome.accepted():
        return
    answers = outcome.answers()
    links = map(partial(field_of, name="link"), answers)
    if all(map(_LINK_FIELD.search, links)):
        capture = Capture(name="page", header="link", regex=_LINK, as_url=True)
        yield Pager(first, capture, "")
    values = list(map(json_of, answers))
    for path in _cursor_paths(values[0], ()):
        named = [value_at(value, path) for value in values]
        if all(map(is_id, named)):
            yield from _pagers_at(path, list(map(str, named)), subject, first)


def _pagers_at(
    path: JsonPath, texts: Sequence[str], subject: Subject, first: Form
) -> Iterator[Pager]:
    """Yield the ways in which the values at a path of the answers can lead to the next page."""
    if all(map(_URL.match, texts)):
        capture = Capture(name="page", path=path, as_url=True)
        yield Pager(first, capture, "")
        return
    identity = "page" if min(map(len, texts)) >= _LEAST_IDENTITY else None
    capture = Capture(name="page", path=path, identity=identity)
    for parameter in _parameters_for(subject, str(path[-1])):
        yield Pager(first, capture, parameter)


def _cursor_paths(value: Any, above: JsonPath) -> Iterator[JsonPath]:
    """Yield the paths of members of an answer that may hold a cursor."""
    if len(above) > _DEEPEST:
        return
    for name, inner in as_mapping(value).items():
        path = (*above, str(name))
        is_named_so = any(map(_plain(str(name)).__contains__, _WORDS))
        if is_named_so and is_id(inner):
            yield path
        yield from _cursor_paths(inner, path)


def _parameters_for(subject: Subject, member: str) -> Iterator[str]:
    """Yield the query parameters that may take the value of a member, the likeliest first."""
    known = (*subject.base.operation.names_in("query"), *subject.form.query_names)
    usual = (member, member.removeprefix("next_"), "cursor")
    names = known or usual
    own = _plain(member)
    spellings = {own, own.removeprefix("next")}
    alike = [name for name in names if _plain(name) in spellings]
    others = [name for name, word in product(names, _WORDS) if word in _plain(name)]
    yield from dict.fromkeys((*alike, *others))


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
