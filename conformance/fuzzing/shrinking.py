"""Shrink a probe to the smallest one that still shows its cause, by delta debugging.

In the result no step, parameter, header field, member, element or run of characters can be removed,
and no scalar simplified, without losing the cause. Dates, addresses and examples of the API
document are at most halved, because most parts of them are refused.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial, reduce
from itertools import filterfalse, islice, repeat, takewhile
from operator import itemgetter
from typing import Final, TypeVar

from msgspec.structs import replace

from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import (
    Items,
    JsonObject,
    Node,
    paths,
    text_node,
    value_of,
    with_node,
    without,
)
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.time_spellings import is_time

MOST_SENT: Final = 250
"""Most smaller probes that are sent for one cause: enough for a request of some thirty parts."""
_NOTHING_KNOWN: Final = Operation(method="", path=())
"""The operation used where one of a suite is not in the API document."""
_SIMPLE_NUMBERS: Final = ("0", "1", "-1", "2")
_SIMPLEST: Final = frozenset({"null", "true", "false"})
_SIMPLE_TEXTS: Final = ('""', '"a"')
_HALVES: Final = 2
_QUOTE: Final = b'"'
_WORD: Final = re.compile(rb'"(?:\\.|[^"\\])*"|[\w.+-]+|\s+|.', re.DOTALL)
"""A part of a body in any format: a quoted text, a word, white space or a sign."""

_ADDRESS: Final = re.compile(r"[^\s/]+@[^\s/]+|[a-z]+://\S+")
"""An email address or URL: most parts of one are refused."""

_Part = TypeVar("_Part")
_Runs = TypeVar("_Runs", str, bytes, tuple[bytes, ...])
StillShows = Callable[[Probe], Awaitable[bool]]


async def fewer_steps(probe: Probe, still_shows: StillShows, last: int | None = None) -> Probe:
    """Return the probe with as few steps as still show the cause.

    `last` is the step that shows it: those after it are left out at once, if they are not needed.
    """
    if last is not None and last + 1 < len(probe.steps):
        end = last + 1
        start = replace(probe, steps=probe.steps[:end], operations=probe.operations[:end])
        probe = start if await still_shows(start) else probe
    at = len(probe.steps)
    while at:
        at -= 1
        smaller = probe.without_step(at)
        if smaller is not None and await still_shows(smaller):
            probe, at = smaller, min(at, len(smaller.steps))
    return probe


async def shrunk(
    probe: Probe, still_shows: StillShows, operations: Mapping[str, Operation]
) -> Probe:
    """Return the smallest probe that still shows the cause."""
    sent, tried = 0, {probe.steps}
    smaller = True
    while smaller:
        smaller, at = False, 0
        while (candidate := _nth(simplifications(probe, operations), at)) is not None:
            if candidate.steps in tried:
                at += 1
                continue
            if sent >= MOST_SENT:
                return probe
            tried.add(candidate.steps)
            sent += 1
            if await still_shows(candidate):
                # The next simplification is now at the same position
                probe, smaller = candidate, True
            else:
                at += 1
    return probe


def _nth(probes: Iterator[Probe], at: int) -> Probe | None:
    return next(islice(probes, at, None), None)


def simplifications(probe: Probe, operations: Mapping[str, Operation]) -> Iterator[Probe]:
    """Yield probes with one part less, the largest parts first."""
    last_first = range(len(probe.steps) - 1, -1, -1)
    yield from filter(None, map(probe.without_step, last_first))
    yield from _without_members(probe)
    for at in last_first:
        form = probe.steps[at].form
        operation = operations.get(probe.operations[at], _NOTHING_KNOWN)
        with_step = partial(probe.with_step, at)
        yield from map(with_step, _smaller_parts(form, operation.usual_texts))
        yield from map(with_step, _smaller_path(form, operation))


def _without_members(probe: Probe) -> Iterator[Probe]:
    """Yield probes in which all requests of one operation lack the same member.

    Such requests can mostly be made smaller in the same way.
    """
    places: dict[tuple[str, str], list[int]] = {}
    for at, (step, operation) in enumerate(zip(probe.steps, probe.operations, strict=True)):
        body = step.form.tree
        for name in body.names if isinstance(body, JsonObject) else ():
            places.setdefault((operation, name), []).append(at)
    for (_, name), steps in places.items():
        if len(set(steps)) > 1:
            yield reduce(partial(_without_member, name), steps, probe)


def _without_member(name: str, probe: Probe, at: int) -> Probe:
    form = probe.form_at(at)
    assert isinstance(form.tree, JsonObject)  # noqa: S101 - it has the member
    kept = tuple(filterfalse(lambda member: member[0] == name, form.tree.pairs))
    return probe.with_step(at, form.with_body(JsonObject(kept)))


def _smaller_parts(form: Form, usual: AbstractSet[str]) -> Iterator[Form]:
    yield from map(form.with_query, _without_one(form.query))
    for headers in _without_one(form.headers):
        yield replace(form, headers=headers)
    yield from map(form.with_body, _smaller_bodies(form, usual))
    for at, (name, value) in enumerate(form.query):
        texts = _shorter(value or "", ("", "1", "0", "a"))
        yield from map(partial(form.with_pair, at), zip(repeat(name), texts))


def _without_one(parts: tuple[_Part, ...]) -> Iterator[tuple[_Part, ...]]:
    """Yield the tuple without each of its parts in turn."""
    for at in range(len(parts)):
        yield (*parts[:at], *parts[at + 1 :])


def _smaller_path(form: Form, operation: Operation) -> Iterator[Form]:
    for at, _ in operation.open_segments:
        if at < len(form.path):
            texts = _shorter(form.path[at], ("0", "1", "a"))
            yield from map(partial(form.with_segment, at), texts)


def _smaller_bodies(form: Form, usual: AbstractSet[str]) -> Iterator[Node | bytes | None]:
    if form.tree is not None:
        yield from _smaller_trees(form.tree, usual)
    elif isinstance(form.body, bytes) and form.body:
        yield None
        yield from _smaller_bytes(form.body)


def _smaller_bytes(body: bytes) -> Iterator[bytes]:
    """Yield bytes without a run of words and signs, then with one word halved.

    Within a word or quoted text, mostly all other parts are needed, or none.
    """
    words = tuple(_WORD.findall(body))
    yield from map(b"".join, _without_runs(words))
    for at, word in enumerate(words):
        before, after = b"".join(words[:at]), b"".join(words[at + 1 :])
        quote = _QUOTE if word.startswith(_QUOTE) else b""
        inner = word.strip(quote)
        for half in islice(_without_runs(inner), _HALVES):
            yield before + quote + half + quote + after


def _smaller_trees(body: Node, usual: AbstractSet[str]) -> Iterator[Node]:
    every = list(paths(body))
    below_root = filter(None, map(itemgetter(0), every))
    yield from map(partial(without, body), sorted(below_root, key=len))
    for path, node in every:
        if isinstance(node, str):
            yield from map(partial(with_node, body, path), _simpler(node, usual))
        elif isinstance(node, Items) and len(node.nodes) > 3:  # noqa: PLR2004 - shorter ones lose their items one by one
            half = len(node.nodes) // 2
            yield with_node(body, path, Items(node.nodes[:half]))
            yield with_node(body, path, Items(node.nodes[half:]))


def _simpler(node: str, usual: AbstractSet[str]) -> Iterator[str]:
    """Yield simpler scalars of the same type."""
    if "${" in node or node in _SIMPLEST:
        return
    if not node.startswith('"'):
        yield from takewhile(node.__ne__, _SIMPLE_NUMBERS)
        yield from filterfalse(_is_no_json, _shorter_texts(node))
        return
    yield from takewhile(node.__ne__, _SIMPLE_TEXTS)
    text = value_of(node)
    if isinstance(text, str):
        is_whole = node in usual or is_time(text) or _ADDRESS.fullmatch(text) is not None
        most = _HALVES if is_whole else None
        shorter = _shorter_texts(text)
        yield from map(text_node, islice(shorter, most))


def _is_no_json(text: str) -> bool:
    return value_of(text) is None


def _shorter(text: str, simple: tuple[str, ...]) -> Iterator[str]:
    """Yield simpler texts for a parameter: fixed short ones, then the text with parts removed."""
    if "${" in text:
        return
    yield from takewhile(text.__ne__, simple)
    yield from _shorter_texts(text)


def _shorter_texts(text: str) -> Iterator[str]:
    yield from _without_runs(text)
    if len(text) == 1:
        yield ""


def _without_runs(text: _Runs) -> Iterator[_Runs]:
    """Yield a sequence without a run of its parts: halves, quarters, down to single parts."""
    size = len(text) // 2
    while size:
        yield from (text[:at] + text[at + size :] for at in range(0, len(text), size))
        size //= 2
