"""What a request has of the syntax or the wire that the usual request of its operation has not.

A random change has no name.  So what it tries is read from the request itself, in the words of the
entries of the systematic stage.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

from msgspec import Struct

from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import Members, Node, parse, paths
from conformance.fuzzing.operation import Operation, is_open
from conformance.fuzzing.probe import Probe

Trigger = tuple[str, ...]
"""A part of a request, and what is odd about it."""
TWICE: Final = "twice"
UNKNOWN_MEMBER: Final = "an unknown member"
OTHER_NAME: Final = "name spelled otherwise"
UNKNOWN_PARAMETER: Final = "an unknown parameter"


class Usual(Struct, frozen=True):
    """An operation, and a valid request of it with all that is accepted."""

    operation: Operation
    form: Form

    @property
    def parameters(self) -> frozenset[str]:
        """Return the names of the query that are known."""
        declared = (each.name for each in self.operation.parameters if each.place == "query")
        return frozenset((*declared, *(name for name, _ in self.form.query)))

    @property
    def members(self) -> frozenset[str]:
        """Return the names of members that are known, wherever in a body they stand."""
        samples = () if self.operation.body is None else self.operation.body.samples
        bodies = [each for each in (self.form.tree, *samples) if not isinstance(each, bytes)]
        return frozenset(name for body in bodies for name in _member_names(body))


def features_of(probe: Probe, usual: Mapping[str, Usual]) -> frozenset[Trigger]:
    """Return what the requests of a probe have that is not usual."""
    found: set[Trigger] = set()
    for step, name in zip(probe.steps, probe.operations, strict=True):
        if name in usual and not step.form.link:
            found.update(_features(step.form, usual[name]))
    return frozenset(found)


def _features(form: Form, usual: Usual) -> Iterator[Trigger]:
    if form.method != usual.operation.method:
        yield "method", f"method {form.method}"
    yield from (("path", entry) for entry in _of_path(form.path, usual.operation.path))
    yield from (("query", entry) for entry in _of_query(form, usual.parameters))
    yield from _of_headers(form, usual.form)
    body = parse(form.body) if isinstance(form.body, bytes) else form.body
    yield from (("body", entry) for entry in _of_body(body, usual.members))


def _of_path(path: Sequence[str], template: Sequence[str]) -> Iterator[str]:
    words = list(path)
    while len(words) > 1 and not words[-1]:
        words.pop()
    if more := len(path) - len(words):
        yield "a slash at the end"
        if more > 1:
            yield "two slashes at the end"
    if words[:1] == [""] and len(words) > len(template):
        yield "two slashes at the start"
        return
    if len(words) > len(template):
        yield "one more segment"
    for word, known in zip(words, template, strict=False):
        if word != known and not is_open(known):
            yield _spelling(word, known)


def _spelling(word: str, known: str) -> str:
    if unquote(word) == known:
        return "escaped without need"
    return "in capitals" if word.lower() == known.lower() else "another word"


def _of_query(form: Form, known: frozenset[str]) -> Iterator[str]:
    counts = Counter(name for name, _ in form.query)
    if any(count > 1 for count in counts.values()):
        yield TWICE
    in_small_letters = {name.lower() for name in known}
    for name in counts.keys() - known:
        if name.removesuffix("[]") in known:
            yield "in brackets"
        elif unquote(name) in known:
            yield "name escaped"
        else:
            yield "in capitals" if name.lower() in in_small_letters else UNKNOWN_PARAMETER


def _of_headers(form: Form, usual: Form) -> Iterator[Trigger]:
    known = {name.lower(): value for name, value in usual.headers}
    for name, value in form.headers:
        word = name.lower()
        if known.get(word) != value:
            yield word if word == "content-type" else f"header {word}", value


def _of_body(body: Node | None, known: frozenset[str]) -> Iterator[str]:
    if body is None:
        return
    for _, node in paths(body):
        names = [name for name, _ in node.pairs] if isinstance(node, Members) else []
        if len(set(names)) < len(names):
            yield TWICE
        yield from (_name(name, known) for name in names if name not in known)


def _name(name: str, known: frozenset[str]) -> str:
    plain = {_plain(each) for each in known}
    return OTHER_NAME if _plain(name) in plain else UNKNOWN_MEMBER


def _plain(name: str) -> str:
    return name.replace("_", "").strip().lower()


def _member_names(body: Node | None) -> Iterator[str]:
    if body is None:
        return
    for _, node in paths(body):
        if isinstance(node, Members):
            yield from (name for name, _ in node.pairs)
