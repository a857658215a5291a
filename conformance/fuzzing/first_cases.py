"""Generate the first cases of an operation: a valid request and three invalid or extreme ones.

Those are an unknown id, a malformed body, and the two sides of one bound.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.bases import Base
from conformance.fuzzing.document_parts import as_list
from conformance.fuzzing.form import Form, FormStep, in_target
from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    node_of,
    render,
    without,
)
from conformance.fuzzing.operation import Schema
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.schemas import bounds
from conformance.fuzzing.spots import RequestPlace, Subject, spots
from conformance.fuzzing.usual_values import types_of, usual_text
from conformance.fuzzing.values import Spot
from conformance.grouped import grouped

_AT_AND_BEYOND: Final = {
    "minimum": (1, 0),
    "minLength": (1, 0),
    "minItems": (1, 0),
    "maximum": (1, 2),
    "maxLength": (1, 2),
    "maxItems": (1, 2),
    "exclusiveMinimum": (2, 1),
    "exclusiveMaximum": (0, 1),
}
"""For each bound, the indexes of the last allowed and the first refused of three values.

The three values are those before, at and after the bound.
"""
_VALUE_WORDS: Final = frozenset({"enum", "example", "examples", "default", "format"})
_UPPER: Final = frozenset({"maximum", "maxLength", "maxItems", "exclusiveMaximum"})
_RANKS: Final = {"body": 0, "query": 1, "header": 2, "path": 3}
# It fits 32 bits, so that the id is unknown and not out of range
_UNKNOWN_NUMBER: Final = 987_654_321
_UNKNOWN_UUID: Final = "00000000-0000-4000-8000-000000000000"


class FirstRequest(Struct, frozen=True, kw_only=True):
    """A request of an operation, with a title.

    `refused` is the 4xx status if every runtime refused it with that one status.
    """

    title: str
    probe: Probe
    refused: int | None = None


def first_requests(
    base: Base, valid: Probe, reads_after: Sequence[tuple[FormStep, str]] = ()
) -> Iterator[FirstRequest]:
    """Yield the first requests of an operation.

    `valid` is the fullest valid request that was found; `reads_after` are steps that read what it
    creates or changes.
    """
    operation = base.operation
    what = "a valid request" if base.accepted else "a request"
    followed = valid.followed_by(reads_after)
    whole = replace(followed, stage="base", locus=f"{operation.id} @ ", entry="")
    then = ", then read what it changed" if reads_after else ""
    yield FirstRequest(title=f"{operation.id}: {what}{then}", probe=whole)
    subject = Subject(base, valid, {})
    for probe in (
        *_every_parameter(base, subject),
        *_unknown_id(subject),
        *_malformed(subject),
        *_boundary(subject),
    ):
        tried = f"{probe.locus.partition(' @ ')[2]} {probe.entry}".strip()
        yield FirstRequest(title=f"{operation.id}: {tried}", probe=probe)


def _every_parameter(base: Base, subject: Subject) -> Iterator[Probe]:
    """Yield the request with all query parameters and header fields, if it lacks some."""
    form = subject.form
    fullest = base.operation.forms()[-1]
    unsent = set(fullest.query_names).difference(form.query_names)
    worth_sending = set(filter(partial(_says_values, base), unsent))
    more = [pair for pair in fullest.query if pair[0] in worth_sending]
    headers = [pair for pair in fullest.headers if form.header(pair[0].lower()) is None]
    if more or headers:
        query = (*form.query, *more)
        full = replace(form, query=query, headers=(*form.headers, *headers))
        yield subject.changed(full, "value", "", "every parameter")


def _says_values(base: Base, name: str) -> bool:
    """Return whether the schema says more about a query parameter than that it is a text.

    If it does not, the usual text would match nothing.
    """
    schema = base.operation.schema_of(name, "query")
    return types_of(schema) != ("string",) or not _VALUE_WORDS.isdisjoint(schema)


def _unknown_id(subject: Subject) -> Iterator[Probe]:
    operation, form = subject.base.operation, subject.form
    if not operation.open_segments:
        return
    at, name = operation.open_segments[-1]
    unknown = _unknown_value(operation.schema_of(name, "path"), name)
    changed = form.with_segment(at, in_target(unknown))
    yield _without_needless_steps(subject.changed(changed, "value", f"path {name}", "unknown"))


def _unknown_value(schema: Schema, name: str) -> str:
    """Return a value that fits a schema and is no existing id."""
    if types_of(schema)[:1] != ("string",):
        most = schema.get("maximum")
        is_bounded = isinstance(most, int) and most < _UNKNOWN_NUMBER
        return str(most if is_bounded else _UNKNOWN_NUMBER)
    if schema.get("format") == "uuid":
        return _UNKNOWN_UUID
    if "pattern" in schema:
        return usual_text(schema, name)
    longest = schema.get("maxLength")
    has_bound = isinstance(longest, int) and longest > 0
    return words.UNKNOWN[:longest] if has_bound else words.UNKNOWN


def _without_needless_steps(probe: Probe) -> Probe:
    """Return the probe without setup steps whose captures are not used."""
    for at in reversed(range(len(probe.steps) - 1)):
        probe = probe.without_step(at) or probe
    return probe


def _malformed(subject: Subject) -> Iterator[Probe]:
    """Yield the request with a JSON body that ends too early."""
    body = subject.form.body
    if isinstance(body, JsonObject | Items):
        cut = render(body)[:-1].encode("utf-8", "surrogatepass")
        yield subject.changed(replace(subject.form, body=cut), "wire", "body", "malformed")


def _boundary(subject: Subject) -> Iterator[Probe]:
    """Yield requests with the last allowed and the first refused value of one bound.

    Without any bound, yield the request without a required value.
    """
    places = sorted(spots(subject), key=_rank)
    for spot, place in places:
        tried = list(_at_and_beyond(spot.schema))
        for entry, value in tried:
            form = place.put(subject.form, node_of(value))
            yield subject.changed(form, "value", place.where(subject), entry)
        if tried:
            return
    yield from _absent(subject, map(itemgetter(1), places))


def _rank(spot_and_place: tuple[Spot, RequestPlace]) -> tuple[bool, int]:
    """Return the sort key of a place: without a placeholder first, then by part of the request."""
    spot, place = spot_and_place
    return _is_placeholder(spot.usual), _RANKS[place.kind]


def _at_and_beyond(schema: Schema) -> Iterator[tuple[str, object]]:
    """Yield the last allowed and the first refused value of one bound; upper bounds come first."""
    by_word = grouped(bounds(schema), _word_of_bound)
    known = filter(_AT_AND_BEYOND.__contains__, by_word)
    for word in sorted(known, key=lambda each: each not in _UPPER):
        values = list(map(itemgetter(1), by_word[word]))
        if len(values) == 3:  # noqa: PLR2004 - one before, one at, one after
            at, beyond = _AT_AND_BEYOND[word]
            yield f"at {word}", values[at]
            yield f"beyond {word}", values[beyond]
            return


def _word_of_bound(bound: tuple[str, object]) -> str:
    entry, _ = bound
    word, _, _ = entry.partition(" ")
    return word


def _is_placeholder(usual: Node) -> bool:
    """Return whether a value is a placeholder.

    Another value in its place may already be used, or be the id of no resource.
    """
    return isinstance(usual, str) and "${" in usual


def _absent(subject: Subject, places: Iterable[RequestPlace]) -> Iterator[Probe]:
    """Yield the request without its first required member or parameter."""
    for place in places:
        form = _without_required(subject, place)
        if form is not None:
            yield subject.changed(form, "value", place.where(subject), "absent")
            return


def _without_required(subject: Subject, place: RequestPlace) -> Form | None:
    """Return the request without a member or parameter; None if it is not required."""
    form, operation = subject.form, subject.base.operation
    if place.kind == "query":
        is_required = operation.parameter(place.name, "query").required
        return form.without_parameter(place.name) if is_required else None
    if not isinstance(form.body, JsonObject) or place.kind != "body":
        return None
    is_of_root = len(place.path) == 1
    required = as_list(operation.body_schema.get("required"))
    if not is_of_root or place.name not in required:
        return None
    return form.with_body(without(form.body, place.path))
