"""Find what is unusual in a request: its syntax, its parameters, its members.

A random change has no name, so what it tries is read from the request itself and named like the
entries of the systematic stage.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, compress, filterfalse, product, repeat
from operator import attrgetter
from typing import Final
from urllib.parse import unquote

from msgspec import Struct

from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import JsonObject, Node, objects, parse, path_text, scalars
from conformance.fuzzing.operation import Operation, is_open
from conformance.fuzzing.probe import Probe

Trigger = tuple[str, ...]
"""A part of a request, and what is unusual in it."""
TWICE: Final = "twice"
UNKNOWN_MEMBER: Final = "an unknown member"
OTHER_NAME: Final = "name spelled otherwise"
UNKNOWN_PARAMETER: Final = "an unknown parameter"
ALONE: Final = "alone"
NULL_ALONE: Final = "null alone"
"""Entry for a PATCH whose only member is null: all members are merged in the same way."""
_STRUCTURAL: Final = re.compile("%(?:2[Ff35]|3[Ff]|00)")
"""Escapes of `/`, `#`, `%`, `?` and the null character: decoded, they split or end a path."""
_BROKEN_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_INTEGER: Final = re.compile("[0-9]+")
_WHOLE: Final = re.compile(r"-?[0-9]+(?:\.0+|(?:\.0+)?[eE]\+?[0-9]+)")
_TRUTH: Final = re.compile("true|false")
_OTHER_TYPES: Final = {
    "a truth value for a number": (_NUMBER, _TRUTH),
    "a whole number with a fraction or an exponent": (_INTEGER, _WHOLE),
    "a number for a truth value": (_TRUTH, _NUMBER),
}
"""Other types by name: the pattern of a member's usual value, and of the value sent instead."""
_CONTENT_TYPE: Final = {"content-type": "content-type"}
"""Header fields whose trigger is named without `header`."""


class Usual(Struct, frozen=True):
    """An operation, and a valid request of it with all members that are accepted."""

    operation: Operation
    form: Form

    @property
    def parameters(self) -> frozenset[str]:
        """Return the known names of query parameters."""
        return frozenset((*self.operation.names_in("query"), *self.form.query_names))

    @property
    def members(self) -> frozenset[str]:
        """Return the known names of body members, at any depth."""
        samples = self.operation.body_samples
        found = chain.from_iterable(map(_objects, (self.form.body, *samples)))
        return frozenset(chain.from_iterable(map(attrgetter("names"), found)))


def features_of(probe: Probe, usual: Mapping[str, Usual]) -> frozenset[Trigger]:
    """Return what is unusual in a probe's requests, compared with their operations' usual ones."""
    found: set[Trigger] = set()
    for step, name in zip(probe.steps, probe.operations, strict=True):
        if name in usual and not step.form.link:
            found.update(_features(step.form, usual[name]))
    return frozenset(found)


def _features(form: Form, usual: Usual) -> Iterator[Trigger]:
    if form.method != usual.operation.method:
        yield "method", f"method {form.method}"
    for kind, entries in (
        ("path", _of_path(form.path, usual.operation.path)),
        ("query", _of_query(form.query_names, usual.parameters)),
        ("body", _of_body(form.body, usual.members)),
    ):
        yield from zip(repeat(kind), entries)
    yield from _of_values(form.tree, usual.form.tree)
    asked_for = set(product(["accept"], usual.operation.media_types))
    for name, value in sorted(_fields(form) - _fields(usual.form) - asked_for):
        yield _CONTENT_TYPE.get(name, f"header {name}"), value


def _fields(form: Form) -> set[tuple[str, str]]:
    return {(name.lower(), value) for name, value in form.headers}


def _of_path(path: Sequence[str], template: Sequence[str]) -> Iterator[str]:
    text = f"/{'/'.join(path)}"
    bare = text.rstrip("/")
    at_start = text.startswith("//")
    spellings = {
        "a slash at the end": text != bare,
        "two slashes at the end": text.endswith("//"),
        "two slashes at the start": at_start,
        "one more segment": not at_start and bare.count("/") > len(template),
    }
    yield from compress(spellings, spellings.values())
    of_open = compress(path, map(is_open, template))
    yield from dict.fromkeys(chain.from_iterable(map(_escapes, of_open)))
    fixed = filterfalse(is_open, set(template) - set(path))
    yield from () if at_start else map(partial(_spelling, path, template), fixed)


def _spelling(path: Sequence[str], template: Sequence[str], word: str) -> str:
    """Return how a fixed segment of a path is spelled in the request."""
    sent = dict(zip(template, path, strict=False)).get(word, "")
    spellings = {unquote(sent): "escaped without need", sent.lower(): "in capitals"}
    return spellings.get(word, spellings.get(word.lower(), "another word"))


def _escapes(sent: str) -> Iterator[str]:
    """Yield what is unusual in the percent-escapes of a path parameter."""
    if "\ufffd" in unquote(sent):
        yield "bytes that are no UTF-8"
    if _BROKEN_ESCAPE.search(sent):
        yield "a broken escape"
    yield from (f"an escaped {unquote(escape)}" for escape in _STRUCTURAL.findall(sent))


def _of_values(body: Node | None, usual: Node | None) -> Iterator[Trigger]:
    """Yield the body values of another type that may mean the same, such as `1` for `true`."""
    known = dict(_scalars(usual))
    for where, node in _scalars(body):
        entries = _written_as(node, known.get(where, node))
        yield from zip(repeat("value"), entries)


def _scalars(tree: Node | None) -> Iterator[tuple[str, str]]:
    """Yield each scalar of a body with its path as text."""
    body = JsonObject(()) if tree is None else tree
    for path, node in scalars(body):
        yield path_text(body, path), node


def _written_as(node: str, usual: str) -> Iterator[str]:
    for entry, (before, after) in _OTHER_TYPES.items():
        if before.fullmatch(usual) and after.fullmatch(node):
            yield entry


def _of_query(names: Sequence[str], known: frozenset[str]) -> Iterator[str]:
    yield from _repeated(names)
    for name in set(names) - known:
        entries = {
            name.removesuffix("[]"): "in brackets",
            unquote(name): "name escaped",
            name.lower(): "in capitals",
        }
        yield next(map(entries.__getitem__, known.intersection(entries)), UNKNOWN_PARAMETER)


def _repeated(names: Sequence[str]) -> Iterator[str]:
    """Yield "twice" if a name is repeated."""
    if len(set(names)) < len(names):
        yield TWICE


def _of_body(body: Node | bytes | None, known: frozenset[str]) -> Iterator[str]:
    plain = set(map(_plain, known))
    for names in map(attrgetter("names"), _objects(body)):
        yield from _repeated(names)
        for name in set(names) - known:
            yield OTHER_NAME if _plain(name) in plain else UNKNOWN_MEMBER


def _plain(name: str) -> str:
    return name.replace("_", "").strip().lower()


def _objects(body: Node | bytes | None) -> Iterator[JsonObject]:
    return objects(parse(body) if isinstance(body, bytes) else body)
