"""Vary how a request is written: header fields, method, path, content type, body.

Every variant can be written in a suite, so that its findings can be committed.
"""

from collections.abc import Collection, Hashable, Iterator
from itertools import filterfalse
from operator import itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing import dictionary as words
from conformance.fuzzing.creators import shape
from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import Items, JsonObject, render, text_node, with_member
from conformance.fuzzing.message_dictionary import (
    BODIES,
    CHARSETS,
    CONTENT_TYPES,
    DEPTHS,
    HEADERS,
    LONG,
    METHODS,
    TEXT_BODIES,
)
from conformance.fuzzing.operation import METHODS_WITH_BODY
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.spots import Subject
from conformance.fuzzing.streams import round_robin
from conformance.grouped import grouped

_BY_TURNS: Final = tuple(round_robin(map(iter, grouped(HEADERS, itemgetter(0)).values())))
"""The rows of header fields, one of each group in turn."""
_READING_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def wire_streams(
    subject: Subject, methods: Collection[str], *, unsafe: bool
) -> Iterator[tuple[Hashable, Iterator[Probe]]]:
    """Yield streams of variants of a request, each with its kind.

    Effects of a method or path depend on the route, of a body on its media type, of a header field
    on the answer: this is the kind. `methods` are those of other operations on the path, and are
    not tried. Without `unsafe`, only methods that change nothing are tried.
    """
    operation, form = subject.base.operation, subject.form
    route = shape(operation.path)
    yield ("methods", route), _methods(subject, methods, unsafe=unsafe)
    yield ("paths", route), _paths(subject)
    yield ("bodies", form.method, form.header("content-type")), _bodies(subject)
    yield fields_stream(subject)


def fields_stream(subject: Subject) -> tuple[Hashable, Iterator[Probe]]:
    """Return the stream of header fields of a request, with its kind."""
    return ("fields", subject.form.method, *subject.answer_kinds), _headers(subject)


def _headers(subject: Subject) -> Iterator[Probe]:
    form = subject.form
    for group, name, value in _BY_TURNS:
        yield subject.changed(form.with_header(name, value), "wire", f"header {name}", group)
    for name, value in form.headers:
        if name.lower() != "content-type":
            yield subject.changed(
                form.with_header(name.lower(), None), "wire", f"header {name}", "absent"
            )
            twice = replace(form, headers=(*form.headers, (name, value)))
            yield subject.changed(twice, "wire", f"header {name}", "twice")
    if form.method == "GET":
        with_body = replace(form, body=b"{}").with_header("content-type", "application/json")
        yield subject.changed(with_body, "wire", "body", "a body where none is wanted")


def _methods(subject: Subject, methods: Collection[str], *, unsafe: bool) -> Iterator[Probe]:
    form = subject.form
    others: Iterator[str] = filterfalse(methods.__contains__, METHODS)
    if not unsafe:
        others = filter(_READING_METHODS.__contains__, others)
    for method in others:
        body = form.body if method in METHODS_WITH_BODY else None
        changed = replace(form, method=method, body=body)
        yield subject.changed(changed, "wire", "method", f"method {method}")


def _paths(subject: Subject) -> Iterator[Probe]:
    form, path = subject.form, subject.form.path
    fixed = next(
        (at for at in reversed(range(len(path))) if path[at] and "${" not in path[at]), None
    )
    spellings: list[tuple[str, tuple[str, ...]]] = [
        ("a slash at the end", (*path, "")),
        ("two slashes at the end", (*path, "", "")),
        ("two slashes at the start", ("", *path)),
        ("a dot segment", (".", *path)),
        ("a double dot segment", ("x", "..", *path)),
        ("one more segment", (*path, words.UNKNOWN)),
        ("one segment less", path[:-1] or ("",)),
        ("a suffix", (*path[:-1], f"{path[-1]}.json")),
        ("a path parameter", (*path[:-1], f"{path[-1]};a=1")),
    ]
    if fixed is not None:
        word = path[fixed]
        for entry, other in (
            ("in capitals", word.upper()),
            ("another first letter", word[:1].swapcase() + word[1:]),
            ("escaped without need", f"%{ord(word[0]):02X}{word[1:]}" if word[0] != "%" else word),
            ("a space at the end", f"{word}%20"),
            ("two slashes", f"/{word}"),
        ):
            spellings.append((entry, (*path[:fixed], other, *path[fixed + 1 :])))
    for entry, spelled in dict.fromkeys(spellings):
        if spelled != path:
            yield subject.changed(replace(form, path=spelled), "wire", "path", entry)


def _bodies(subject: Subject) -> Iterator[Probe]:
    """Yield the body with other media types, other bodies, and other spellings, in turn.

    Each of the three shows causes that the others rarely show.
    """
    form = subject.form
    if form.body is None:
        return
    streams = [_media_types(subject), _other_bodies(subject)]
    if isinstance(form.body, JsonObject | Items):
        streams.append(_spelled(subject, form))
    yield from round_robin(streams)


def _media_types(subject: Subject) -> Iterator[Probe]:
    for media_type in (*CONTENT_TYPES, None):
        form = subject.form.with_header("content-type", media_type)
        entry = "absent" if media_type is None else media_type
        yield subject.changed(form, "wire", "content-type", entry)


def _other_bodies(subject: Subject) -> Iterator[Probe]:
    form = subject.form
    yield subject.changed(replace(form, body=None), "wire", "body", "absent")
    if isinstance(form.body, bytes):
        for entry, raw in TEXT_BODIES:
            yield subject.changed(replace(form, body=raw), "wire", "body", entry)
        for charset, raw in CHARSETS:
            labelled = form.with_header("content-type", f"text/plain; charset={charset}")
            yield subject.changed(replace(labelled, body=raw), "wire", "body", f"in {charset}")
    for entry, raw in BODIES:
        yield subject.changed(replace(form, body=raw), "wire", "body", entry)


def _spelled(subject: Subject, form: Form) -> Iterator[Probe]:
    """Yield the valid body in other spellings, or with one syntax error."""
    assert isinstance(form.body, JsonObject | Items)  # noqa: S101 - its caller has seen it
    text = render(form.body)
    last, inner = text[-1:], text[:-1]
    spelled: dict[str, bytes] = {
        "a byte order mark": b"\xef\xbb\xbf" + text.encode("utf-8", "surrogatepass"),
        "spaces around": f" \n{text}\n ".encode("utf-8", "surrogatepass"),
        "trailing comma": f"{inner},{last}".encode("utf-8", "surrogatepass"),
        "comment": f"{inner}/* x */{last}".encode("utf-8", "surrogatepass"),
        "truncated": inner.encode("utf-8", "surrogatepass"),
        "text after": f"{text}x".encode("utf-8", "surrogatepass"),
        "UTF-16": text.encode("utf-16", "surrogatepass"),
        "in a list": f"[{text}]".encode("utf-8", "surrogatepass"),
        "as text": text_node(text).encode("utf-8", "surrogatepass"),
    }
    for entry, raw in spelled.items():
        yield subject.changed(replace(form, body=raw), "wire", "body", entry)
    if isinstance(form.body, JsonObject):
        for depth in DEPTHS:
            deep = with_member(form.body, words.UNKNOWN, "[" * depth + "]" * depth)
            yield subject.changed(replace(form, body=deep), "wire", "body", f"{depth} deep")
        long = with_member(form.body, words.UNKNOWN, text_node("x" * LONG))
        yield subject.changed(replace(form, body=long), "wire", "body", "long")
