"""Shrinking by delta debugging: a probe becomes the smallest one that still shows its cause.

What remains is minimal: no step, parameter, header field, member, item or run of characters can be
taken away, and no scalar be made simpler, without losing the cause.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import (
    Items,
    Members,
    Node,
    paths,
    text_node,
    value_of,
    with_node,
    without,
)
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.probe import Probe

MOST_ASKED: Final = 250
"""Smaller probes that are asked for one cause: enough for a request of some thirty parts."""
_SIMPLE_NUMBERS: Final = ("0", "1", "-1", "2")
_SIMPLE_TEXTS: Final = ('""', '"a"')

StillShows = Callable[[Probe], Awaitable[bool]]


async def fewer_steps(probe: Probe, still_shows: StillShows) -> Probe:
    """Return the probe with as few steps as still show what it does."""
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
    """Return the smallest probe that still shows what a probe does."""
    asked, tried = 0, {probe.steps}
    smaller = True
    while smaller and asked < MOST_ASKED:
        smaller = False
        for candidate in _smaller(probe, operations):
            if candidate.steps in tried:
                continue
            tried.add(candidate.steps)
            asked += 1
            if await still_shows(candidate):
                probe, smaller = candidate, True
                break
            if asked >= MOST_ASKED:
                break
    return probe


def _smaller(probe: Probe, operations: Mapping[str, Operation]) -> Iterator[Probe]:
    """Yield probes with one thing less, the largest things first."""
    for at in reversed(range(len(probe.steps))):
        if (fewer := probe.without_step(at)) is not None:
            yield fewer
    for at in reversed(range(len(probe.steps))):
        form = probe.steps[at].form
        for changed in (
            *_smaller_parts(form),
            *_smaller_path(form, operations.get(probe.operations[at])),
        ):
            yield probe.with_step(at, changed)


def _smaller_parts(form: Form) -> Iterator[Form]:
    for at in range(len(form.query)):
        yield replace(form, query=(*form.query[:at], *form.query[at + 1 :]))
    for at in range(len(form.headers)):
        yield replace(form, headers=(*form.headers[:at], *form.headers[at + 1 :]))
    if isinstance(form.body, str | Members | Items):
        yield from (replace(form, body=body) for body in _smaller_bodies(form.body))
    elif form.body:
        yield replace(form, body=None)
        yield from (replace(form, body=body) for body in _shorter_bytes(form.body))
    for at, (name, value) in enumerate(form.query):
        for text in _shorter(value or "", ("", "1", "0", "a")):
            yield replace(form, query=(*form.query[:at], (name, text), *form.query[at + 1 :]))


def _smaller_path(form: Form, operation: Operation | None) -> Iterator[Form]:
    for at, _ in operation.open_segments if operation is not None else ():
        if at < len(form.path) and "${" not in form.path[at]:
            for text in _shorter(form.path[at], ("0", "1", "a")):
                yield replace(form, path=(*form.path[:at], text, *form.path[at + 1 :]))


def _smaller_bodies(body: Node) -> Iterator[Node]:
    every = list(paths(body))
    for path, _ in sorted(every, key=lambda each: len(each[0])):
        if path:
            yield without(body, path)
    for path, node in every:
        if isinstance(node, str):
            yield from (with_node(body, path, simpler) for simpler in _simpler(node))
        elif isinstance(node, Items) and len(node.nodes) > 3:  # noqa: PLR2004 - shorter ones lose their items one by one
            half = len(node.nodes) // 2
            yield with_node(body, path, Items(node.nodes[:half]))
            yield with_node(body, path, Items(node.nodes[half:]))


def _simpler(node: str) -> Iterator[str]:
    """Yield simpler scalars of the same type."""
    if "${" in node or node in {"null", "true", "false"}:
        return
    if not node.startswith('"'):
        known = _SIMPLE_NUMBERS.index(node) if node in _SIMPLE_NUMBERS else len(_SIMPLE_NUMBERS)
        yield from _SIMPLE_NUMBERS[:known]
        yield from (text for text in _without_runs(node) if value_of(text) is not None)
        return
    known = _SIMPLE_TEXTS.index(node) if node in _SIMPLE_TEXTS else len(_SIMPLE_TEXTS)
    yield from _SIMPLE_TEXTS[:known]
    text = value_of(node)
    if isinstance(text, str):
        yield from map(text_node, _without_runs(text))


def _shorter(text: str, simple: tuple[str, ...]) -> Iterator[str]:
    """Yield simpler texts of a parameter: usual ones, then the text without a run of characters."""
    if "${" in text:
        return
    known = simple.index(text) if text in simple else len(simple)
    yield from simple[:known]
    yield from _without_runs(text)


def _without_runs(text: str) -> Iterator[str]:
    """Yield a text without a run of its characters: halves, quarters, down to single ones."""
    size = len(text) // 2
    while size:
        yield from (text[:at] + text[at + size :] for at in range(0, len(text), size))
        size //= 2
    if len(text) == 1:
        yield ""


def _shorter_bytes(raw: bytes) -> Iterator[bytes]:
    size = len(raw) // 2
    while size:
        yield from (raw[:at] + raw[at + size :] for at in range(0, len(raw), size))
        size //= 2
