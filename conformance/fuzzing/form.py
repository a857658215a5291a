"""Requests in an editable form: path, query, header fields and body apart, each as it is sent.

`${name}` is filled with a captured value or a fresh name, as in suites.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, filterfalse, starmap, zip_longest
from operator import attrgetter, itemgetter
from typing import Final
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.json_nodes import Node, parse, render
from conformance.model.capture import Capture
from conformance.model.case import FRESH, Step
from conformance.model.made_value import FORM_OF_FRESH
from conformance.model.request import HeaderList, Request
from conformance.model.template import Slot, SlotForm, Template

_FRESH: Final = rf"fresh:[a-z][a-z0-9_-]*(?::{FORM_OF_FRESH})?"
_NAME: Final = rf"(?:{_FRESH}|[a-z][a-z0-9_-]*)"
_PLACEHOLDER: Final = re.compile(rf"\$\{{({_NAME})\}}")
_FRESH_PLACEHOLDER: Final = re.compile(rf"\$\{{({_FRESH})\}}")
_JSON_PLACEHOLDER: Final = re.compile(rf'"\$\{{({_NAME})\}}"')

QueryPair = tuple[str, str | None]
"""A name and its value as they are sent; the value is None where there is no `=`."""


class Form(Struct, frozen=True, kw_only=True):
    """A request: `path` is the segments between the slashes, `body` a JSON tree, bytes, or None.

    `link` is the name of a captured URL that is requested instead of a path.
    """

    method: str
    path: tuple[str, ...]
    query: tuple[QueryPair, ...] = ()
    headers: HeaderList = ()
    body: Node | bytes | None = None
    link: str = ""

    @property
    def target(self) -> str:
        """Return the request target: path and query."""
        path = f"${{{self.link}}}" if self.link else "/" + "/".join(self.path)
        if not self.query:
            return path
        pairs = starmap(_written_pair, self.query)
        return f"{path}?{'&'.join(pairs)}"

    @property
    def operation_id(self) -> str:
        """Return `METHOD /path`: the id of the operation with this fixed path."""
        return f"{self.method} /{'/'.join(self.path)}"

    @property
    def tree(self) -> Node | None:
        """Return the body if it is JSON, else None."""
        return None if isinstance(self.body, bytes) else self.body

    @property
    def raw_body(self) -> bytes | None:
        """Return the body as it is sent; a lone surrogate stays a JSON escape."""
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        return _encoded(render(self.body))

    @property
    def query_names(self) -> tuple[str, ...]:
        """Return the names in the query as they are sent, in order."""
        return tuple(map(itemgetter(0), self.query))

    @property
    def size(self) -> int:
        """Return how much there is to read in the request, in characters."""
        headers = "".join(chain.from_iterable(self.headers))
        body = self.raw_body or b""
        return len(self.method) + len(self.target) + len(headers) + len(body)

    def header(self, name: str) -> str | None:
        """Return the first value of a header field, None if absent; `name` is lower-case."""
        return next((value for field, value in self.headers if field.lower() == name), None)

    def with_header(self, name: str, value: str | None) -> "Form":
        """Return the form with one value for a header field; with None the field is removed."""
        kept = tuple((field, old) for field, old in self.headers if field.lower() != name)
        if value is None:
            return replace(self, headers=kept)
        return replace(self, headers=(*kept, (name, value)))

    def with_segment(self, at: int, text: str) -> "Form":
        """Return the form with another segment at a position of its path."""
        return replace(self, path=(*self.path[:at], text, *self.path[at + 1 :]))

    def with_pair(self, at: int, pair: QueryPair) -> "Form":
        """Return the form with another pair at a position of its query, or at its end."""
        return replace(self, query=(*self.query[:at], pair, *self.query[at + 1 :]))

    def with_query(self, query: Iterable[QueryPair]) -> "Form":
        """Return the form with another query."""
        return replace(self, query=tuple(query))

    def with_body(self, body: Node | bytes | None) -> "Form":
        """Return the form with another body."""
        return replace(self, body=body)

    def without_parameter(self, name: str) -> "Form":
        """Return the form without a query parameter."""
        return self.with_query(pair for pair in self.query if pair[0] != name)

    def with_parameter(self, name: str, value: str) -> "Form":
        """Return the form with a value for a query parameter, replaced or added."""
        names = (*self.query_names, name)
        return self.with_pair(names.index(name), (name, value))


def _written_pair(name: str, value: str | None) -> str:
    return name if value is None else f"{name}={value}"


class FormStep(Struct, frozen=True):
    """A request, and what is captured from its answer."""

    form: Form
    captures: tuple[Capture, ...] = ()


def step_of(step: FormStep) -> Step:
    """Return the step of a case that sends the request; its placeholders become a template."""
    form = step.form
    target, body = form.target, form.raw_body
    may_refer = "${" in "\n".join(_texts_of(form))
    if may_refer:
        template = _template(form, target, body)
        if template.names:
            return Step(request=template.written(), template=template, captures=step.captures)
    request = Request(method=form.method, target=target, headers=form.headers, body=body)
    return Step(request=request, captures=step.captures)


def _texts_of(form: Form) -> tuple[str, ...]:
    """Return the parts of a request that may have placeholders: target, header values, body."""
    return (form.target, *map(itemgetter(1), form.headers), _decoded(form.raw_body or b""))


def _template(form: Form, target: str, body: bytes | None) -> Template:
    headers = tuple((name, tuple(_parts(value, SlotForm.HEADER))) for name, value in form.headers)
    return Template(
        method=form.method,
        target=tuple(_target_parts(form, target)),
        headers=headers,
        body=None if body is None else tuple(_body_parts(form, body)),
    )


def _target_parts(form: Form, target: str) -> Iterator[str | bytes | Slot]:
    if form.link:
        yield Slot(form.link, SlotForm.URL)
        target = target.removeprefix(f"${{{form.link}}}")
    yield from _parts(target, SlotForm.TARGET)


def _body_parts(form: Form, body: bytes) -> Iterator[str | bytes | Slot]:
    # A suite can write a number in a placeholder only where the body is labelled as JSON
    is_json = "json" in (form.header("content-type") or "")
    if isinstance(form.body, bytes) or not is_json:
        try:
            yield from _parts(body.decode("utf-8"), SlotForm.TEXT)
        except UnicodeDecodeError:
            yield body
        return
    end, text = 0, body.decode("utf-8")
    for found in _JSON_PLACEHOLDER.finditer(text):
        yield from _parts(text[end : found.start()], SlotForm.JSON_STRING)
        yield Slot(found[1], SlotForm.JSON)
        end = found.end()
    yield from _parts(text[end:], SlotForm.JSON_STRING)


def _parts(text: str, form: SlotForm) -> Iterator[str | Slot]:
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield Slot(found[1], form)
        end = found.end()
    if end < len(text):
        yield text[end:]


def placeholder_names(steps: Iterable[FormStep]) -> tuple[str, ...]:
    """Return the names of the placeholders in requests, each once."""
    names: dict[str, None] = {}
    for step in steps:
        found = chain.from_iterable(map(_PLACEHOLDER.findall, _texts_of(step.form)))
        names |= dict.fromkeys(found)
    return tuple(names)


def captured_names(steps: Iterable[FormStep]) -> frozenset[str]:
    """Return the names that steps capture."""
    captures = chain.from_iterable(map(attrgetter("captures"), steps))
    return frozenset(map(attrgetter("name"), captures))


def needed_names(steps: Iterable[FormStep]) -> set[str]:
    """Return the names of the placeholders that an earlier step has to capture."""
    return set(filterfalse(is_fresh, placeholder_names(steps)))


def is_fresh(name: str) -> bool:
    """Return whether a placeholder is a fresh name, not a captured value."""
    return name.startswith(FRESH)


def created_ids(steps: Sequence[FormStep]) -> frozenset[str]:
    """Return the placeholder names of the ids that steps create: captured, or fresh in a path."""
    return captured_names(steps) | _chosen_ids(steps)


def needed_ids(steps: Sequence[FormStep]) -> frozenset[str]:
    """Return the placeholder names that requests need, and fresh names in their paths."""
    return frozenset(needed_names(steps)) | _chosen_ids(steps)


def _chosen_ids(steps: Iterable[FormStep]) -> frozenset[str]:
    """Return the fresh names in the paths of requests: ids that the caller chooses."""
    segments = chain.from_iterable(map(attrgetter("form.path"), steps))
    return frozenset(chain.from_iterable(map(_FRESH_PLACEHOLDER.findall, segments)))


def form_of(request: Request) -> Form:
    """Return a request of a suite as a form."""
    path, mark, query = request.target.partition("?")
    pairs = query.split("&") if mark else []
    form = Form(
        method=request.method,
        path=tuple(path.removeprefix("/").split("/")),
        query=tuple(map(_query_pair, pairs)),
        headers=request.headers,
        body=_body_of(request),
    )
    link = _PLACEHOLDER.fullmatch(path)
    return form if link is None else replace(form, path=(), link=link[1])


def _query_pair(written: str) -> QueryPair:
    name, equals, value = written.partition("=")
    return name, value if equals else None


def _body_of(request: Request) -> Node | bytes | None:
    """Return a body as a JSON tree if it is labelled as JSON and can be parsed, else as bytes."""
    body = request.body
    labels = [value for name, value in request.headers if name.lower() == "content-type"]
    is_labelled = "json" in "".join(labels[:1])
    if not body or not is_labelled:
        return body
    node = parse(body)
    return body if node is None else node


def in_target(text: str) -> str:
    """Return a text percent-encoded as one path segment or one query value.

    Fresh names in it stay as they are.
    """
    if text in {".", ".."}:
        return "%2E" * len(text)
    parts = _FRESH_PLACEHOLDER.split(text)
    literals = (quote(part.encode("utf-8", "surrogatepass"), safe="") for part in parts[::2])
    slots = map("${{{}}}".format, parts[1::2])
    return "".join(chain.from_iterable(zip_longest(literals, slots, fillvalue="")))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
