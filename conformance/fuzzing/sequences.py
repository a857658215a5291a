"""Sequences: a creating request, then up to two requests about the created thing.

They come in every order that can be informative.

Each runtime is sent its own ids.  Updates are sent with other values than the thing was created
with, so that an update that is lost shows.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base, Creator
from conformance.fuzzing.form import Form, FormStep, needed_names
from conformance.fuzzing.json_nodes import Items, Members, Node, with_scalars
from conformance.fuzzing.probe import Probe
from conformance.model.capture import Capture

_MOST_LONG: int = 400
"""Sequences of three requests after the creator that are tried of one creator."""


class Move(Struct, frozen=True):
    """A request about a thing that exists, and the id of its operation."""

    step: FormStep
    operation: str
    safe: bool


def moves(creator: Creator, bases: Mapping[str, Base]) -> tuple[Move, ...]:
    """Return what can be asked about what a creator makes.

    This is by its id, the list it is in, what refers to it, and the creating request itself.
    """
    found: dict[FormStep, Move] = {}
    own = creator.steps[-1]
    collection = own.form.path
    for base in bases.values():
        step, operation = base.probe.steps[-1], base.operation
        needed = needed_names([step])
        if needed == {creator.slot}:
            changed = (
                step
                if operation.safe
                else replace(_captured_as(step, "also"), form=altered(step.form))
            )
            found.setdefault(changed, Move(changed, operation.id, operation.safe))
        elif operation.method == "GET" and not needed and step.form.path == collection:
            found.setdefault(step, Move(step, operation.id, safe=True))
    return (*found.values(), Move(_captured_as(own, "again"), creator.operations[-1], safe=False))


def _captured_as(step: FormStep, word: str) -> FormStep:
    """Return a step whose captures have names of their own: what it creates is another thing."""
    captures = tuple(
        replace(each, name=f"{each.name}_{word}", identity=f"{each.name}_{word}")
        for each in step.captures
    )
    return replace(step, captures=captures)


def altered(form: Form) -> Form:
    """Return a request whose texts and numbers are others than usual."""
    if not isinstance(form.body, Members | Items):
        return form
    return replace(form, body=with_scalars(form.body, _other))


def _other(node: str) -> Node:
    if node == '"alpha"':
        return '"beta"'
    is_small_number = node.isdigit() and len(node) < 9  # noqa: PLR2004 - in 32 bits after it, too
    return str(int(node) + 1) if is_small_number else node


def sequences(creator: Creator, bases: Mapping[str, Base]) -> Iterator[Probe]:
    """Yield words of one to three moves after a creator.

    Words are left out if they change nothing before their last move.
    """
    every = moves(creator, bases)
    for length in (1, 2):
        for word in itertools.product(every, repeat=length):
            if not any(move.safe for move in word[:-1]):
                yield _probe(creator, word)
    unsafe = [move for move in every if not move.safe]
    yield from _created_twice(creator, every)
    yield from _conditional(creator, every)
    longer = (
        _probe(creator, (*two, last))
        for two in itertools.product(unsafe, repeat=2)
        for last in every
    )
    yield from itertools.islice(longer, _MOST_LONG)


def _probe(creator: Creator, word: Sequence[Move]) -> Probe:
    # A move that is made again creates another thing
    own = [
        _captured_as(move.step, f"{at}") if move in word[:at] else move.step
        for at, move in enumerate(word)
    ]
    names = [move.operation for move in word]
    path = " → ".join((creator.operations[-1], *names))
    return Probe(
        steps=(*creator.steps, *own),
        operations=(*creator.operations, *names),
        stage="sequence",
        locus=f"{names[-1]} @ after {path}",
        entry=path,
    )


def _created_twice(creator: Creator, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield reads and changes of a thing after another one of its kind was created."""
    second = _renamed(creator)
    if second is None:
        return
    for move in every:
        steps = (*creator.steps, second, move.step)
        operations = (*creator.operations, creator.operations[-1], move.operation)
        path = f"{creator.operations[-1]} twice → {move.operation}"
        yield Probe(steps, operations, "sequence", f"{move.operation} @ after {path}", path)
        third = replace(_captured_as(second, "more"), form=_with_names(second.form, "third_"))
        more = (*creator.steps, second, third, move.step)
        names = (*creator.operations, *(creator.operations[-1],) * 2, move.operation)
        locus = f"{move.operation} @ after three {creator.operations[-1]}"
        yield Probe(more, names, "sequence", locus, path)


def _renamed(creator: Creator) -> FormStep | None:
    own = creator.steps[-1]
    if not own.captures:
        return None
    name = f"{creator.slot}_two"
    capture = replace(own.captures[0], name=name, identity=name)
    return FormStep(_with_names(altered(own.form), "two_"), (capture,))


def _with_names(form: Form, prefix: str) -> Form:
    """Return a request whose fresh names are others."""

    def renamed(text: str) -> str:
        return text.replace("${fresh:", "${fresh:" + prefix)

    body = form.body
    if isinstance(body, Members | Items):
        body = with_scalars(body, renamed)
    return replace(form, path=tuple(map(renamed, form.path)), body=body)


def _conditional(creator: Creator, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield conditional reads and changes.

    The condition is the entity tag that was read before, fresh or out of date.
    """
    reference = "${" + creator.slot
    of_made = [move for move in every if reference in move.step.form.target]
    reads = [move for move in of_made if move.safe]
    changes = [move for move in of_made if not move.safe]
    tag = Capture(name="tag", header="etag")
    for read in reads:
        tagged = replace(read, step=replace(read.step, captures=(tag,)))
        unchanged = _on(read, "if-none-match")
        yield _probe(creator, (tagged, unchanged))
        for change in changes:
            matching = _on(change, "if-match")
            yield _probe(creator, (tagged, change, unchanged))
            yield _probe(creator, (tagged, matching, read))
            yield _probe(creator, (tagged, matching, matching))
            yield _probe(creator, (tagged, change, matching))


def _on(move: Move, header: str) -> Move:
    return replace(move, step=replace(move.step, form=move.step.form.with_header(header, "${tag}")))
