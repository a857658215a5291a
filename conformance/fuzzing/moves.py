"""Moves: requests on an existing resource.

Each runtime is sent its own ids. Updates send other values than the resource was created with, so
that a lost update shows.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.fuzzing.bases import Base
from conformance.fuzzing.creators import Creator
from conformance.fuzzing.form import Form, FormStep, made_things, wanted_things
from conformance.fuzzing.json_nodes import Items, JsonObject, Node, with_scalars
from conformance.fuzzing.listed_values import other_choices

MOST_READS: Final = 5
"""Most lists and counts that are read after a resource was changed, the nearest paths first."""


class Move(Struct, frozen=True):
    """A request on an existing resource, and the id of its operation.

    `own` says whether it is on the resource itself, not only on its parent or its list. `choice`
    numbers the requests of one operation, each with another value of an enum.
    """

    step: FormStep
    operation: str
    safe: bool
    own: bool
    choice: int = 1

    @property
    def words(self) -> str:
        """Return the operation id, with the number of the choice from the second one on."""
        return self.operation if self.choice == 1 else f"{self.operation}, choice {self.choice}"

    @property
    def changes_the_thing(self) -> bool:
        """Return whether it may change the resource itself."""
        return self.own and not self.safe


def moves(creator: Creator, bases: Mapping[str, Base]) -> tuple[Move, ...]:
    """Return the requests that can be sent about what a creator creates.

    Those are requests with its id or the ids of its parents, reads of lists and counts, and the
    creating request once more.
    """
    found: dict[FormStep, Move] = {}
    reads: dict[FormStep, Move] = {}
    own = creator.steps[-1]
    for base in bases.values():
        step, operation = base.probe.steps[-1], base.operation
        needed = wanted_things([step]) - _chosen_by(step)
        if operation.id == creator.operations[-1]:
            continue
        if needed and needed <= creator.names:
            changed = step if operation.safe else _with_other_values(step, "also")
            is_own = creator.slot in needed
            others = other_choices(changed.form, operation.body_schema) if is_own else ()
            for choice, form in enumerate((changed.form, *others), 1):
                chosen = replace(changed, form=form)
                move = Move(chosen, operation.id, operation.safe, is_own, choice)
                found.setdefault(chosen, move)
        elif base.reads_all:
            reads.setdefault(step, Move(step, operation.id, safe=True, own=False))
    nearest = sorted(reads.values(), key=lambda move: -shared(move.step.form.path, own.form.path))
    again = Move(_again(own), creator.operations[-1], safe=False, own=True)
    return (*found.values(), *nearest[:MOST_READS], again)


def _chosen_by(step: FormStep) -> frozenset[str]:
    """Return the fresh names that a PUT gives as ids to the resources that it creates."""
    return made_things([step]) if step.form.method == "PUT" else frozenset()


def own_changes(creator: Creator, every: Iterable[Move]) -> Iterator[Move]:
    """Yield the moves that change the resource itself, without the creating operation."""
    for move in filter(attrgetter("changes_the_thing"), every):
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
