"""Moves: requests on an existing resource.

Each runtime is sent its own ids. Updates send other values than the resource was created with, so
that a lost update shows.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import (
    Form,
    FormStep,
    captured_names,
    created_ids,
    needed_ids,
)
from conformance.fuzzing.json_nodes import Items, JsonObject, Node, with_scalars
from conformance.fuzzing.listed_values import other_choices
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.renaming import referring_to

MOST_READS: Final = 5
"""Most lists and counts that are read after a resource was changed, the nearest paths first."""


class Move(Struct, frozen=True):
    """A request on an existing resource, and the id of its operation.

    - `own`: whether it is on the resource itself, not only on its parent or its list.
    - `choice`: numbers the requests of one operation, each with another value of an enum.
    - `before`: requests that give it what else it needs, such as an entity tag.
    """

    step: FormStep
    operation: str
    safe: bool
    own: bool
    choice: int = 1
    before: tuple[tuple[FormStep, str], ...] = ()

    @property
    def steps(self) -> tuple[FormStep, ...]:
        """Return its step, after the steps that go before it."""
        return (*map(itemgetter(0), self.before), self.step)

    @property
    def operations(self) -> tuple[str, ...]:
        """Return the operation of each of its steps."""
        return (*map(itemgetter(1), self.before), self.operation)

    @property
    def words(self) -> str:
        """Return the operation id, with the number of the choice from the second one on."""
        return self.operation if self.choice == 1 else f"{self.operation}, choice {self.choice}"

    @property
    def changes_resource(self) -> bool:
        """Return whether it may change the resource itself."""
        return self.own and not self.safe


def moves(creator: Creator, bases: Mapping[str, Base]) -> tuple[Move, ...]:
    """Return the requests that can be sent on the resource of a creator.

    Those are requests with its id or the ids of its parents, reads of lists and counts, and the
    creating request once more.
    """
    found: dict[FormStep, Move] = {}
    reads: dict[FormStep, Move] = {}
    own = creator.steps[-1]
    for base in bases.values():
        step, operation = base.probe.steps[-1], base.operation
        needed = needed_ids([step]) - _chosen_by(step)
        if operation.id == creator.operations[-1]:
            continue
        before = _given_before(base, needed, creator)
        missing = needed - creator.names - captured_names(map(itemgetter(0), before))
        if needed and not missing:
            changed = step if operation.safe else _as_a_change(base)
            is_own = creator.placeholder in needed
            others = other_choices(changed.form, operation.body_schema) if is_own else ()
            for choice, form in enumerate((changed.form, *others), 1):
                chosen = replace(changed, form=form)
                move = Move(chosen, operation.id, operation.safe, is_own, choice, before)
                found.setdefault(chosen, move)
        elif base.reads_all:
            reads.setdefault(step, Move(step, operation.id, safe=True, own=False))
    nearest = sorted(reads.values(), key=lambda move: -shared(move.step.form.path, own.form.path))
    again = Move(_again(own), creator.operations[-1], safe=False, own=True)
    return (*found.values(), *nearest[:MOST_READS], again)


def _given_before(
    base: Base, needed: Collection[str], creator: Creator
) -> tuple[tuple[FormStep, str], ...]:
    """Return the steps of a base that capture what it needs besides what a creator gives.

    They are on the resource of that creator, or on none.
    """
    if creator.placeholder not in needed:
        return ()
    wanted = set(needed) - creator.names
    steps = zip(base.probe.steps[:-1], base.probe.operations, strict=False)
    giving = [(step, name) for step, name in steps if wanted & captured_names([step])]
    is_about_it = needed_ids(list(map(itemgetter(0), giving))) <= creator.names
    return tuple(giving) if is_about_it else ()


def with_own_captures(move: Move, at: int, *, again: bool = False) -> Move:
    """Return a move at a position of a word, with its own names for what it captures before it.

    With `again`, what it captures itself has its own names, too.
    """
    if again:
        move = replace(move, step=captured_as(move.step, f"{at}"))
    names = captured_names(map(itemgetter(0), move.before))
    if not names:
        return move
    before = tuple((captured_as(step, f"{at}"), name) for step, name in move.before)
    form = move.step.form
    for name in names:
        form = referring_to(form, name, f"{name}_{at}")
    return replace(move, step=replace(move.step, form=form), before=before)


def sequence_probe(creator: Creator, word: Sequence[Move]) -> Probe:
    """Return the probe of a creator and then each move of a word."""
    own = [with_own_captures(move, at, again=move in word[:at]) for at, move in enumerate(word)]
    steps = chain(creator.steps, *map(attrgetter("steps"), own))
    names = chain(creator.operations, *map(attrgetter("operations"), own))
    return Probe(tuple(steps), tuple(names), "sequence")


def _chosen_by(step: FormStep) -> frozenset[str]:
    """Return the fresh names that a PUT gives as ids to the resources that it creates."""
    return created_ids([step]) if step.form.method == "PUT" else frozenset()


def own_changes(creator: Creator, every: Iterable[Move]) -> Iterator[Move]:
    """Yield the moves that change the resource itself, without the creating operation."""
    for move in filter(attrgetter("changes_resource"), every):
        is_creator = move.operation == creator.operations[-1]
        if not is_creator:
            yield move


def _again(own: FormStep) -> FormStep:
    """Return a creating request once more.

    If the request chooses the id itself, it is sent with other values, so that it is an update.
    """
    if own.captures:
        return captured_as(own, "again")
    return _with_other_values(own, "again")


def _as_a_change(base: Base) -> FormStep:
    """Return the request of a base with other values, those that are known to be accepted."""
    if base.other is None:
        return _with_other_values(base.form_step, "also")
    return replace(captured_as(base.form_step, "also"), form=base.other)


def _with_other_values(step: FormStep, word: str) -> FormStep:
    """Return the step with other values in its body, and other names for its captures."""
    return replace(captured_as(step, word), form=altered(step.form))


def shared(path: Sequence[str], other: Sequence[str]) -> int:
    """Return how many leading segments two paths have in common."""
    pairs = zip(path, other, strict=False)
    return len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))


def captured_as(step: FormStep, word: str) -> FormStep:
    """Return the step with other capture names, because it creates another resource."""
    captures = tuple(
        replace(each, name=f"{each.name}_{word}", identity=f"{each.name}_{word}")
        for each in step.captures
    )
    return replace(step, captures=captures)


def altered(form: Form) -> Form:
    """Return the request with other values in its JSON body.

    Small numbers become one greater, and "alpha" becomes "beta"; other values stay.
    """
    if not isinstance(form.body, JsonObject | Items):
        return form
    return form.with_body(with_scalars(form.body, _other))


def _other(node: str) -> Node:
    if node == '"alpha"':
        return '"beta"'
    is_small_number = node.isdigit() and len(node) < 9  # noqa: PLR2004 - in 32 bits after it, too
    if is_small_number:
        return str(int(node) + 1)
    return node
