"""Generate sequences: a creating request, then one or more requests on the created resource.

They come in every order that may show something.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.different_parts import different_parts
from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.form import (
    Form,
    FormStep,
    captured_names,
    needed_ids,
    needed_names,
)
from conformance.fuzzing.json_nodes import (
    JsonObject,
    literal_texts,
    path_text,
    text_node,
    with_member,
    with_node,
)
from conformance.fuzzing.moves import MOST_READS, Move, captured_as, moves, sequence_probe, shared
from conformance.fuzzing.operation import NO_SCHEMA, Schema
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.renaming import renamed, with_names
from conformance.fuzzing.searched_texts import (
    choices_after_changes,
    lists_by_choice,
    searches_after_changes,
)
from conformance.fuzzing.several_resources import (
    adjacent_ranges,
    created_twice,
    same_values,
    similar_texts,
    two_resource_changes,
)
from conformance.fuzzing.state_walks import Walks, in_each_state
from conformance.fuzzing.streams import round_robin
from conformance.model.capture import Capture

_MOST_LONG: Final = 400
"""Most sequences with three moves after one creator."""
_SPECIAL_TEXTS: Final = ('a, "b"; <c> & d', "a\r\nb")
"""Texts that have to be quoted in lists, tables and reports."""
_MOST_SPECIAL: Final = 6
"""Most members of one resource that get such a text, one at a time."""
_OTHER_TAGS: Final = ("W/${tag}", '"x", ${tag}')
"""Conditions that a tag meets as a weak one, and as one of several."""
_REPETITIONS: Final = 6
"""How often a change is repeated in a row: most limits on repetition are lower."""


class _MoveSet(Struct, frozen=True):
    """A creator, and the moves on what it creates."""

    creator: Creator
    moves: tuple[Move, ...]

    @property
    def reads(self) -> list[Move]:
        """Return the moves that change no data."""
        return list(filter(attrgetter("safe"), self.moves))

    @property
    def changes(self) -> list[Move]:
        """Return the moves that may change data."""
        return list(itertools.filterfalse(attrgetter("safe"), self.moves))

    @property
    def own(self) -> list[Move]:
        """Return the moves on the resource itself."""
        return list(filter(attrgetter("own"), self.moves))

    def sequence(self, *word: Move) -> Probe:
        """Return the probe of some moves after the creator."""
        path = " → ".join((self.creator.operations[-1], *map(attrgetter("words"), word)))
        return _as_sequence(sequence_probe(self.creator, word), path)


def sequences(
    creator: Creator, second: FormStep | None, bases: Mapping[str, Base]
) -> Iterator[Probe]:
    """Yield sequences of one or two moves after a creator, and special sequences.

    In those of two moves, the first may change data. `second` is a step that creates another
    resource in the collection.
    """
    every = moves(creator, bases)
    move_set = _MoveSet(creator, every)
    yield from map(move_set.sequence, every)
    streams = [
        _two_moves(move_set),
        _conditional(move_set),
        similar_texts(creator),
        adjacent_ranges(creator),
    ]
    streams += [
        two_resource_changes(creator, every),
        _created_again(move_set),
        _many_times(move_set),
        _special_texts(move_set),
    ]
    schema = _schema_of(creator, bases)
    streams += [
        _created_with_least(move_set, schema, lists_by_choice(bases)),
        _referring(move_set, schema),
    ]
    for searching in (searches_after_changes, choices_after_changes, different_parts):
        streams.append(itertools.starmap(_as_sequence, searching(creator, every, bases)))
    if second is not None:
        streams.append(created_twice(creator, second, every))
        streams.append(same_values(creator, second, every))
    yield from round_robin(streams)


def sequences_in_states(
    creator: Creator, bases: Mapping[str, Base], walks: Walks
) -> Iterator[Probe]:
    """Yield what can be asked of a resource in each state that the walks lead to."""
    yield from itertools.starmap(_as_sequence, in_each_state(creator, walks, bases))


def longer_sequences(creator: Creator, bases: Mapping[str, Base]) -> Iterator[Probe]:
    """Yield sequences of three moves after a creator, of which the first two may change data."""
    move_set = _MoveSet(creator, moves(creator, bases))
    words: Iterator[Sequence[Move]] = itertools.product(
        move_set.changes, move_set.changes, move_set.moves
    )
    about_it = filter(_are_about_it, words)
    yield from itertools.islice(itertools.starmap(move_set.sequence, about_it), _MOST_LONG)


def _are_about_it(word: Sequence[Move]) -> bool:
    return any(map(attrgetter("own"), word))


def repeats(bases: Mapping[str, Base]) -> Iterator[Probe]:
    """Yield changes of data that has no id: sent twice, and followed by reads.

    Changes with an id are in the sequences of the creator of that id.
    """
    reads = list(filter(attrgetter("reads_all"), bases.values()))
    for base in filter(_changes_all, bases.values()):
        again = base.form_step, base.operation.id
        reads.sort(key=partial(_path_distance, base.form.path))
        yield _after(base.probe, [again])
        for read in reads[:MOST_READS]:
            word = read.form_step, read.operation.id
            yield _after(base.probe, [word])
            yield _after(base.probe, [again, word])


def _changes_all(base: Base) -> bool:
    """Return whether a request changes data that has no id."""
    if not base.accepted or base.operation.safe:
        return False
    has_id = base.form_step.captures or needed_ids([base.form_step])
    return not has_id


def _path_distance(path: Sequence[str], read: Base) -> int:
    return -shared(read.form.path, path)


def missing_setup(bases: Mapping[str, Base]) -> Iterator[Probe]:
    """Yield each accepted request without one of the steps before it, which it may need."""
    for base in bases.values():
        probe = base.probe
        before = range(len(probe.steps) - 1) if base.accepted else ()
        for at in before:
            shorter = probe.without_step(at)
            if shorter is not None:
                path = f"{base.operation.id} without {probe.operations[at]}"
                yield _as_sequence(shorter, path)


def _as_sequence(probe: Probe, path: str) -> Probe:
    locus = f"{probe.operations[-1]} @ after {path}"
    return replace(probe, stage="sequence", locus=locus, entry=path)


def _after(probe: Probe, word: Sequence[tuple[FormStep, str]]) -> Probe:
    path = " → ".join((probe.operations[-1], *map(itemgetter(1), word)))
    return _as_sequence(probe.followed_by(word), path)


def _two_moves(move_set: _MoveSet) -> Iterator[Probe]:
    words: Iterator[Sequence[Move]] = itertools.product(move_set.changes, move_set.moves)
    about_it = filter(_are_about_it, words)
    yield from itertools.starmap(move_set.sequence, about_it)


def _many_times(move_set: _MoveSet) -> Iterator[Probe]:
    """Yield each change many times in a row, to reach a limit on repetition."""
    for change in move_set.changes:
        yield move_set.sequence(*itertools.repeat(change, _REPETITIONS))


def _special_texts(move_set: _MoveSet) -> Iterator[Probe]:
    """Yield all reads of a resource with one text that most formats have to quote."""
    creator = move_set.creator
    own, name = creator.steps[-1], creator.operations[-1]
    tree = own.form.tree or "null"
    texts = list(map(itemgetter(0), literal_texts(tree)))
    reads = list(map(attrgetter("step", "operation"), move_set.reads))
    for path, text in itertools.product(texts[:_MOST_SPECIAL], _SPECIAL_TEXTS):
        form = replace(own.form, body=with_node(tree, path, text_node(text)))
        steps = (*creator.steps[:-1], replace(own, form=form))
        created = Probe(steps, creator.operations, "sequence")
        where = path_text(tree, path)
        yield _as_sequence(created.followed_by(reads), f"{name} with a text at {where}")


def _schema_of(creator: Creator, bases: Mapping[str, Base]) -> Schema:
    base = bases.get(creator.operations[-1])
    return NO_SCHEMA if base is None else base.operation.body_schema


def _created_with_least(
    move_set: _MoveSet, schema: Schema, lists: Sequence[tuple[FormStep, str]]
) -> Iterator[Probe]:
    """Yield reads of a resource that was created with only its required members.

    The others may come from its parent, at its creation or at each read. In `lists` it stands
    before or after a resource that has them all.
    """
    creator = move_set.creator
    own = creator.steps[-1]
    if not isinstance(own.form.body, JsonObject):
        return
    needed = as_list(schema.get("required"))
    kept = tuple(filter(lambda member: member[0] in needed, own.form.body.pairs))
    bare = replace(own, form=own.form.with_body(JsonObject(kept)))
    barely = _MoveSet(replace(creator, steps=(*creator.steps[:-1], bare)), move_set.moves)
    name = creator.operations[-1]
    both = (*creator.steps, captured_as(replace(bare, form=with_names(bare.form, "bare_")), "bare"))
    made = Probe(both, (*creator.operations, name), "sequence")
    if lists and bare.form != own.form:
        yield _as_sequence(made.followed_by(lists), f"{name} with all members and bare → lists")
    above = list(itertools.filterfalse(attrgetter("own"), move_set.changes))
    for before, read in itertools.product([(), *zip(above)], filter(_is_own, move_set.reads)):
        probe = barely.sequence(*before, read)
        yield _as_sequence(probe, f"bare {probe.entry}")


def _is_own(move: Move) -> bool:
    return move.own


def _referring(move_set: _MoveSet, schema: Schema) -> Iterator[Probe]:
    """Yield requests on a resource that another one of its collection refers to, as a part."""
    creator = move_set.creator
    body = creator.steps[-1].form.body
    if not isinstance(body, JsonObject):
        return
    others = itertools.filterfalse(body.names.__contains__, as_mapping(schema.get("properties")))
    for name in filter(_names_an_id, others):
        own = renamed(creator)
        assert isinstance(own.form.body, JsonObject)  # noqa: S101 - it is a renamed one
        referring = with_member(own.form.body, name, text_node(creator.reference))
        part = replace(own, form=own.form.with_body(referring))
        created = Probe(
            (*creator.steps, part), (*creator.operations, creator.operations[-1]), "sequence"
        )
        yield _as_sequence(created, f"one with its {name}")
        for move in move_set.own:
            after = created.followed_by([(move.step, move.operation)])
            yield _as_sequence(after, f"one with its {name} → {move.words}")


def _names_an_id(name: str) -> bool:
    return name.lower().endswith("id")


def _created_again(move_set: _MoveSet) -> Iterator[Probe]:
    """Yield requests after a resource was deleted and one like it was created again.

    The new resource may get the id of the old one, or data that was kept under it.
    """
    gone = filter(_deletes, move_set.own)
    for deletion, last in itertools.product(gone, move_set.own):
        yield move_set.sequence(deletion, move_set.moves[-1], last)


def _deletes(move: Move) -> bool:
    return move.step.form.method == "DELETE"


def _conditional(move_set: _MoveSet) -> Iterator[Probe]:
    """Yield conditional reads and changes.

    The condition is an ETag that was read before, and that is current or out of date.
    """
    reference = "${" + move_set.creator.placeholder
    changes = [move for move in move_set.changes if reference in move.step.form.target]
    tag = Capture(name="tag", header="etag")
    for read in move_set.reads:
        if reference not in read.step.form.target:
            continue
        tagged = replace(read, step=replace(read.step, captures=(tag,)))
        unchanged = _on(read, "if-none-match")
        yield move_set.sequence(tagged, unchanged)
        for value in _OTHER_TAGS:
            yield move_set.sequence(tagged, _on(read, "if-none-match", value))
        for change in changes:
            matching = _on(change, "if-match")
            yield move_set.sequence(tagged, change, unchanged)
            yield move_set.sequence(change, tagged, change, unchanged)
            yield move_set.sequence(tagged, matching, read)
            yield move_set.sequence(tagged, matching, matching)
            yield move_set.sequence(tagged, change, matching)
            for value in _OTHER_TAGS:
                yield move_set.sequence(tagged, _on(change, "if-match", value))


def _on(move: Move, header: str, value: str = "${tag}") -> Move:
    form = move.step.form.with_header(header, value)
    return replace(move, step=replace(move.step, form=form), before=_still_needed(move, form))


def _still_needed(move: Move, form: Form) -> tuple[tuple[FormStep, str], ...]:
    """Return what goes before a move that another request still needs."""
    needed = needed_names([FormStep(form)])
    return tuple(each for each in move.before if needed & captured_names(each[:1]))
