"""Sequences: a creating request, then up to two requests about the created thing.

They come in every order that can be informative.

Each runtime is sent its own ids.  Updates are sent with other values than the thing was created
with, so that an update that is lost shows.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep, in_target, slot_names, wanted_things
from conformance.fuzzing.json_nodes import Items, JsonObject, Node, with_scalars
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.ranges import next_in_range
from conformance.fuzzing.turns import round_robin
from conformance.model.capture import Capture

_MOST_LONG: int = 400
"""Sequences of three requests after the creator that are tried of one creator."""
_OFTEN: int = 6
"""How often a change is made in a row: what may be done some times is seldom allowed more often."""
_MOST_READS: int = 5
"""Lists and counts that are read after a thing was changed, the nearest paths first."""


class Move(Struct, frozen=True):
    """A request about a thing that exists, and the id of its operation.

    `own` tells that it is about the thing itself, not only about what holds it or lists it.
    """

    step: FormStep
    operation: str
    safe: bool
    own: bool


def moves(creator: Creator, bases: Mapping[str, Base]) -> tuple[Move, ...]:
    """Return what can be asked about what a creator makes.

    This is by its id and the ids of what holds it, the lists and counts that it may be in, and the
    creating request itself.
    """
    found: dict[FormStep, Move] = {}
    reads: dict[FormStep, Move] = {}
    own = creator.steps[-1]
    for base in bases.values():
        step, operation = base.probe.steps[-1], base.operation
        needed = wanted_things([step])
        if operation.id == creator.operations[-1]:
            continue
        if needed and needed <= creator.names:
            changed = (
                step
                if operation.safe
                else replace(_captured_as(step, "also"), form=altered(step.form))
            )
            is_own = creator.slot in needed
            found.setdefault(changed, Move(changed, operation.id, operation.safe, is_own))
        elif operation.method == "GET" and not needed and base.accepted:
            reads.setdefault(step, Move(step, operation.id, safe=True, own=False))
    nearest = sorted(reads.values(), key=lambda move: -_shared(move.step.form.path, own.form.path))
    again = Move(_again(own), creator.operations[-1], safe=False, own=True)
    return (*found.values(), *nearest[:_MOST_READS], again)


def _again(own: FormStep) -> FormStep:
    """Return a creating request once more.

    Where it names the thing itself, it has other values: then it is an update, too.
    """
    repeated = _captured_as(own, "again")
    return repeated if own.captures else replace(repeated, form=altered(own.form))


def _shared(path: Sequence[str], other: Sequence[str]) -> int:
    """Return how many segments two paths begin with alike."""
    pairs = zip(path, other, strict=False)
    return len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _captured_as(step: FormStep, word: str) -> FormStep:
    """Return a step whose captures have names of their own: what it creates is another thing."""
    captures = tuple(
        replace(each, name=f"{each.name}_{word}", identity=f"{each.name}_{word}")
        for each in step.captures
    )
    return replace(step, captures=captures)


def altered(form: Form) -> Form:
    """Return a request whose texts and numbers are others than usual."""
    if not isinstance(form.body, JsonObject | Items):
        return form
    return replace(form, body=with_scalars(form.body, _other))


def _other(node: str) -> Node:
    if node == '"alpha"':
        return '"beta"'
    is_small_number = node.isdigit() and len(node) < 9  # noqa: PLR2004 - in 32 bits after it, too
    return str(int(node) + 1) if is_small_number else node


def sequences(
    creator: Creator, second: FormStep | None, bases: Mapping[str, Base]
) -> Iterator[Probe]:
    """Yield words of one or two moves after a creator.

    Words are left out if they change nothing before their last move.  `second` creates another
    thing of the same collection.
    """
    every = moves(creator, bases)
    yield from (_probe(creator, (move,)) for move in every)
    streams = [_of_two(creator, every), _conditional(creator, every), _alike(creator)]
    streams += [_in_turn(creator), _created_again(creator, every), _often(creator, every)]
    if second is not None:
        streams.append(_created_twice(creator, second, every))
        streams.append(_like_another(creator, second, every))
    yield from round_robin(streams)


def longer_sequences(creator: Creator, bases: Mapping[str, Base]) -> Iterator[Probe]:
    """Yield words of three moves after a creator, two of which change something."""
    every = moves(creator, bases)
    unsafe = [move for move in every if not move.safe]
    words = itertools.product(unsafe, unsafe, every)
    longer = (_probe(creator, word) for word in words if any(move.own for move in word))
    yield from itertools.islice(longer, _MOST_LONG)


def repeats(bases: Mapping[str, Base]) -> Iterator[Probe]:
    """Yield what changes something, but nothing that has an id: once more, and with what it counts.

    What has an id is in the sequences of what makes it.
    """
    reads = [base for base in bases.values() if _reads_all(base)]
    for base in bases.values():
        step, name = base.probe.steps[-1], base.operation.id
        if base.operation.safe or not base.accepted or step.captures or wanted_things([step]):
            continue
        path = base.form.path
        reads.sort(key=lambda read: -_shared(read.form.path, path))
        yield _after(base.probe, [(step, name)])
        for read in reads[:_MOST_READS]:
            word = (read.form_step, read.operation.id)
            yield _after(base.probe, [word])
            yield _after(base.probe, [(step, name), word])


def _reads_all(base: Base) -> bool:
    """Return whether a request reads what there is, and not one thing by its id."""
    is_read = base.operation.method == "GET" and base.accepted
    return is_read and not wanted_things([base.form_step])


def _after(probe: Probe, word: Sequence[tuple[FormStep, str]]) -> Probe:
    path = " → ".join((probe.operations[-1], *(name for _, name in word)))
    _, last = word[-1]
    followed = probe.followed_by(word)
    return replace(followed, stage="sequence", locus=f"{last} @ after {path}", entry=path)


def _of_two(creator: Creator, every: Sequence[Move]) -> Iterator[Probe]:
    for first, last in itertools.product(every, repeat=2):
        if not first.safe and (first.own or last.own):
            yield _probe(creator, (first, last))


def _often(creator: Creator, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield each change many times in a row, so that a limit to how often it is allowed is met."""
    for move in every:
        if not move.safe:
            yield _probe(creator, (move,) * _OFTEN)


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


def _created_twice(creator: Creator, second: FormStep, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield reads and changes of a thing after another one of its kind was created."""
    for move in every:
        steps = (*creator.steps, second, move.step)
        operations = (*creator.operations, creator.operations[-1], move.operation)
        path = f"{creator.operations[-1]} twice → {move.operation}"
        yield Probe(steps, operations, "sequence", f"{move.operation} @ after {path}", path)
        more = (*creator.steps, second, one_more(second), move.step)
        names = (*creator.operations, *(creator.operations[-1],) * 2, move.operation)
        locus = f"{move.operation} @ after three {creator.operations[-1]}"
        yield Probe(more, names, "sequence", locus, path)


def one_more(second: FormStep) -> FormStep:
    """Return the request that creates a third thing, like the second but for its names."""
    return replace(_captured_as(second, "more"), form=_with_names(second.form, "third_"))


def renamed(creator: Creator) -> FormStep:
    """Return the request that creates another thing, with the same values but other names."""
    own = creator.steps[-1]
    name = f"{creator.slot}_two"
    captures = tuple(replace(each, name=name, identity=name) for each in own.captures)
    return FormStep(_with_names(own.form, "two_"), captures)


def _alike(creator: Creator) -> Iterator[Probe]:
    """Yield two creating requests whose unique texts differ in letter case or space only."""
    own = creator.steps[-1]
    if not any(name.startswith("fresh:") for name in slot_names([own])):
        return
    name = creator.operations[-1]
    for entry, first, other in (
        ("in another case", "a${fresh:", "A${fresh:"),
        ("after a space", "${fresh:", " ${fresh:"),
        ("in another form", "é${fresh:", "e\u0301${fresh:"),
    ):
        forms = [_replaced(own.form, "${fresh:", text) for text in (first, other)]
        steps = (
            FormStep(forms[0], own.captures),
            _captured_as(FormStep(forms[1], own.captures), "two"),
        )
        yield Probe(
            (*creator.steps[:-1], *steps),
            (*creator.operations, name),
            "sequence",
            f"{name} @ after {name} with the same text {entry}",
            entry,
        )


def _created_again(creator: Creator, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield requests about a thing that was deleted before another one was created like it.

    The other one may have got the name of the first, or what was held under it.
    """
    about = [move for move in every if move.own]
    gone = [move for move in about if move.step.form.method == "DELETE"]
    for deletion, last in itertools.product(gone, about):
        yield _probe(creator, (deletion, every[-1], last))


def _like_another(creator: Creator, second: FormStep, every: Sequence[Move]) -> Iterator[Probe]:
    """Yield changes of a thing to the values of another one: what has to be unique is taken."""
    for move in every:
        form = move.step.form
        bodies = form.body, second.form.body
        if form.method not in {"PUT", "PATCH"} or not move.own:
            continue
        step = replace(move.step, form=replace(form, body=_with_values_of(*bodies)))
        path = f"{move.operation} like another"
        yield Probe(
            (*creator.steps, second, step),
            (*creator.operations, creator.operations[-1], move.operation),
            "sequence",
            f"{move.operation} @ after {path}",
            path,
        )


def _with_values_of(body: Node | bytes | None, other: Node | bytes | None) -> Node | bytes | None:
    """Return an object whose members have the values that another one has for them."""
    if not isinstance(body, JsonObject) or not isinstance(other, JsonObject):
        return body
    values = dict(other.pairs)
    return JsonObject(tuple((name, values.get(name, node)) for name, node in body.pairs))


def _in_turn(creator: Creator) -> Iterator[Probe]:
    """Yield two creating requests, the second of which is for the time after that of the first."""
    own, name = creator.steps[-1], creator.operations[-1]
    for form in next_in_range(own.form):
        path = f"{name} → {name} for the time after it"
        yield Probe(
            (*creator.steps, _captured_as(FormStep(form, own.captures), "next")),
            (*creator.operations, name),
            "sequence",
            f"{name} @ after {path}",
            path,
        )


def _with_names(form: Form, prefix: str) -> Form:
    """Return a request whose fresh names are others."""
    return _replaced(form, "${fresh:", "${fresh:" + prefix)


def _replaced(form: Form, text: str, other: str) -> Form:
    """Return a request with another text in its path and its scalars."""

    def changed(written: str) -> str:
        return written.replace(text, other)

    body = form.body
    if isinstance(body, JsonObject | Items):
        body = with_scalars(body, changed)
    before, slot, after = other.partition("${")
    in_path = f"{in_target(before)}{slot}{after}"
    return replace(form, path=tuple(each.replace(text, in_path) for each in form.path), body=body)


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
        for value in ("W/${tag}", '"x", ${tag}'):
            yield _probe(creator, (tagged, _on(read, "if-none-match", value)))
        for change in changes:
            matching = _on(change, "if-match")
            yield _probe(creator, (tagged, change, unchanged))
            yield _probe(creator, (change, tagged, change, unchanged))
            yield _probe(creator, (tagged, matching, read))
            yield _probe(creator, (tagged, matching, matching))
            yield _probe(creator, (tagged, change, matching))


def _on(move: Move, header: str, value: str = "${tag}") -> Move:
    return replace(move, step=replace(move.step, form=move.step.form.with_header(header, value)))
