"""Find a valid request for each operation by sending candidates to the runtimes.

Candidates with examples come first, then candidates with values of earlier answers. A creator is an
operation whose answer holds the id that the path of another operation needs. Each runtime is sent
its own ids. A request that is refused when it is repeated gets a fresh name in place of the text
that has to be unique.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import filterfalse, islice
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.fuzzing.answer_values import (
    collect,
    first_listed,
    json_of,
)
from conformance.fuzzing.barer_things import one_member_less, with_steps
from conformance.fuzzing.candidates import Candidates
from conformance.fuzzing.creators import (
    OPEN,
    Creator,
    collections_of,
    id_capture,
    shape,
    slot_name,
)
from conformance.fuzzing.form import Form, FormStep, made_things, wanted_things
from conformance.fuzzing.fuller_bodies import fullest
from conformance.fuzzing.new_names import made_new
from conformance.fuzzing.operation import Operation, is_open
from conformance.fuzzing.oracle import Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.variants import places_of, variants_of


class Base(Struct, frozen=True):
    """A request of an operation with the steps before it.

    `accepted` says whether every runtime answered it with success.
    """

    operation: Operation
    probe: Probe
    accepted: bool

    @property
    def form(self) -> Form:
        """Return the request itself, without the steps before it."""
        return self.probe.form

    @property
    def form_step(self) -> FormStep:
        """Return the step of the request itself: the request and the captures from its answer."""
        return self.probe.steps[-1]

    @property
    def places(self) -> frozenset[str]:
        """Return the names of the parameters and members that it fills; empty if it was refused."""
        return places_of(self.form) if self.accepted else frozenset()

    @property
    def reads_made_thing(self) -> bool:
        """Return whether it is an accepted GET that needs earlier steps to create what it reads."""
        return self.is_accepted_read and len(self.probe.steps) > 1

    @property
    def is_accepted_read(self) -> bool:
        """Return whether it is a GET that every runtime accepted."""
        return self.accepted and self.operation.method == "GET"

    @property
    def reads_all(self) -> bool:
        """Return whether it is an accepted GET that needs no id of a resource."""
        return self.is_accepted_read and not wanted_things([self.form_step])


_MOST_VARIANTS: Final = 24
"""Most further requests of one operation that are sent: a suite may hold hundreds."""
_MAKING_METHODS: Final = ("POST", "PUT")
"""Methods that can create a resource; POST is first, because the service then chooses the id."""

_CONFLICT: Final = 409
"""Refused for what is there already (RFC 9110, 15.5.10): with another name it may be taken."""


async def _keep_all() -> None:
    """Leave runtimes as they are."""


class Preparation(Struct):
    """Find the base of each operation.

    - `bases`: by operation id.
    - `seen_values`: values of answers by member name.
    - `forget`: resets the runtimes before each base is searched, if that is quick: else an id may
      be that of a resource that is there by chance, or a time may be taken.
    - `once`: the operations whose request is accepted only once, until the runtimes are reset.
    """

    oracle: Oracle
    operations: Sequence[Operation]
    candidates: Candidates = field(default_factory=Candidates)
    bases: dict[str, Base] = field(default_factory=dict)
    seen_values: dict[str, dict[Any, None]] = field(default_factory=dict)
    forget: Callable[[], Awaitable[None]] = _keep_all
    once: set[str] = field(default_factory=set)

    @property
    def creators(self) -> dict[tuple[str, ...], Creator]:
        """Return the creators by the shape of the collection that their resources are in."""
        return self.candidates.creators

    async def find(self) -> None:
        """Find a base for each operation.

        Operations with fewer path parameters come first, and creating methods before others,
        because later operations need their ids.
        """
        order = sorted(
            self.operations,
            key=lambda each: (len(each.open_segments), _turn(each.method), each.id),
        )
        for operation in order:
            await self._find_one(operation)
        # An operation that was refused may need a resource that only a later operation creates
        for operation in filterfalse(self._is_accepted, order):
            await self._find_one(operation)

    def _is_accepted(self, operation: Operation) -> bool:
        return self.bases[operation.id].accepted

    def reads_after(self, base: Base) -> Iterator[tuple[FormStep, str]]:
        """Yield the steps that read what an operation creates or changes.

        With each step comes the id of the reading operation. Nothing for a safe or a refused base.
        """
        operation = base.operation
        if operation.safe or not base.accepted:
            return
        made = self._made_by(operation)
        known = made_things(base.probe.steps)
        for other in filter(attrgetter("reads_made_thing"), self.bases.values()):
            needed = wanted_things([other.form_step])
            if needed <= known and _reads_what_it_stores(other, operation, made):
                yield other.form_step, other.operation.id

    def _made_by(self, operation: Operation) -> set[str]:
        """Return the placeholder names of the ids of the resources that an operation creates."""
        creators = self.creators.values()
        return {each.slot for each in creators if each.operations[-1] == operation.id}

    async def variants(self) -> list[Base]:
        """Return further valid requests of the operations.

        Each fills a parameter or member that no other request of its operation fills. Where the
        operation has no accepted base yet, its first variant becomes the base.
        """
        found: list[Base] = []
        for operation in self.operations:
            base = self.bases[operation.id]
            known = base.places
            for variant in islice(variants_of(operation), _MOST_VARIANTS):
                other = await self._variant(variant, base)
                has_new_place = not other.places <= known
                if not has_new_place:
                    continue
                if known:
                    found.append(other)
                else:
                    self.bases[operation.id] = other
                known |= other.places
        return found

    async def _variant(self, operation: Operation, base: Base) -> Base:
        probe, outcome = await self._best(operation)
        if outcome.accepted() and not operation.safe:
            probe = await self._renewable(probe)
            last = replace(probe.steps[-1], captures=base.probe.steps[-1].captures)
            probe = replace(probe, steps=(*probe.steps[:-1], last))
        return Base(operation, probe, outcome.accepted())

    async def _ask(self, probe: Probe) -> Outcome:
        await self.forget()
        return await self.oracle.ask(probe)

    async def _find_one(self, operation: Operation) -> None:
        probe, outcome = await self._best(operation)
        if not outcome.accepted():
            probe, outcome = await self._about_barer_things(operation) or (probe, outcome)
        if not operation.safe:
            if not outcome.accepted():
                probe = await made_new(probe, self.oracle.ask) or probe
                outcome = await self._ask(probe)
            if outcome.accepted():
                probe = await self._renewable(probe)
                probe, outcome = await self._as_creator(operation, probe)
        self.bases[operation.id] = Base(operation, probe, outcome.accepted())

    async def _best(self, operation: Operation) -> tuple[Probe, Outcome]:
        """Return the first candidate that all runtimes accept, else the one that most accept.

        If none accepts any, a candidate that is only refused for what already exists is preferred.
        """
        asked: list[tuple[Probe, Outcome]] = []
        for probe in self.candidates.of(operation):
            outcome = await self._ask(probe)
            asked.append((probe, outcome))
            self._harvest(operation, outcome)
            if outcome.accepted():
                break
        return max(asked, key=_nearness)

    async def _about_barer_things(self, operation: Operation) -> tuple[Probe, Outcome] | None:
        """Return an accepted request on resources with fewer members, with its outcome.

        From then on such resources are created with fewer members. None if every request is
        refused.
        """
        ask, least = self._ask, self.candidates.least
        for probe, barer in self.candidates.with_least_things(operation):
            outcome = await ask(barer)
            if outcome.accepted():
                self._harvest(operation, outcome)
                others = await one_member_less(probe, least, ask)
                self.candidates.make_things_by(others)
                return with_steps(probe, others) if others else barer, outcome
        return None

    async def _renewable(self, probe: Probe) -> Probe:
        """Return a request that is accepted each time it is sent.

        A text that has to be unique becomes a fresh name.  A time that is taken stays.
        """
        if (await self.oracle.ask(probe)).accepted():
            return probe
        new = await made_new(probe, self.oracle.ask)
        if new is None:
            self.once.add(probe.operations[-1])
        return new or probe

    async def _as_creator(self, operation: Operation, probe: Probe) -> tuple[Probe, Outcome]:
        """Record an accepted request as a creator, and capture the id of its resource.

        The id comes from the body of the answer, else from `Location`. Return the request with the
        capture, and its outcome.
        """
        outcome = await self._ask(probe)
        if outcome.accepted():
            self.candidates.note(operation, await self._fuller(operation, probe))
        collections = self._collections_of(operation, outcome)
        wanted = {path: name for path, name in collections.items() if path not in self.creators}
        if not wanted:
            return probe, outcome
        taken = set(map(attrgetter("slot"), self.creators.values()))
        slot = slot_name(operation.collection, taken)
        capture = id_capture(operation, next(iter(wanted.values())), outcome, slot)
        if capture is None:
            return probe, outcome
        last = replace(probe.steps[-1], captures=(capture,))
        creating = replace(probe, steps=(*probe.steps[:-1], last))
        full = await self._fuller(operation, creating)
        creator = Creator(slot, full.steps, full.operations)
        if full.steps != creating.steps:
            self.candidates.least[full.steps[-1]] = creating.steps[-1]
        self.creators.update(dict.fromkeys((*wanted, shape(operation.collection)), creator))
        return creating, await self._ask(creating)

    def _collections_of(self, operation: Operation, outcome: Outcome) -> dict[tuple[str, ...], str]:
        """Return the shapes of the collections that a request may have added to.

        Each comes with the name of its id parameter. A PUT adds to the parent collection, under the
        id in its path.
        """
        if operation.method == "POST":
            return collections_of(operation, self.operations, outcome)
        names_one_thing = operation.collection not in {(), operation.path}
        if operation.method == "PUT" and names_one_thing:
            _, parameter = operation.open_segments[-1]
            return {shape(operation.collection): parameter}
        return {}

    async def _fuller(self, operation: Operation, probe: Probe) -> Probe:
        """Return the request with all members that are accepted each time it is sent.

        So later probes can see which members are lost, filtered by or changed.
        """
        full = await fullest(operation, probe, self._ask)
        if operation.id in self.once or (await self.oracle.ask(full)).accepted():
            return full
        return await made_new(full, self.oracle.ask) or probe

    def _child(self, operation: Operation) -> str:
        """Return the name of the path parameter that names one resource of the collection.

        Empty where no operation has such a path.
        """
        below = (each.path[-1] for each in self.operations if each.path[:-1] == operation.path)
        opened = filter(is_open, below)
        return next(opened, "")[1:-1]

    def _harvest(self, operation: Operation, outcome: Outcome) -> None:
        """Keep values of accepted answers by member name, and an id that every runtime lists."""
        if not outcome.accepted():
            return
        values = list(map(json_of, outcome.answers()))
        for value in values:
            collect(value, self.seen_values)
        child = self._child(operation)
        if operation.method != "GET" or not child:
            return
        first, *others = set(map(partial(first_listed, parameter=child), values))
        if first and not others:
            self.candidates.listed[shape(operation.path)] = first


def refused_operations(bases: Iterable[Base]) -> list[str]:
    """Return the ids of the operations without a request that every runtime accepts."""
    refused = filterfalse(attrgetter("accepted"), bases)
    return list(map(attrgetter("operation.id"), refused))


def _reads_what_it_stores(read: Base, operation: Operation, made: AbstractSet[str]) -> bool:
    """Return whether a base reads what an operation creates, or else what it changes.

    `made` are the placeholder names of the ids that the operation creates.
    """
    path, own = shape(read.operation.path), shape(operation.path)
    if not made:
        return path in {own, own[:-1]}
    is_of_one_thing = path[-1] == OPEN
    return is_of_one_thing and not made.isdisjoint(wanted_things([read.form_step]))


def _nearness(asked: tuple[Probe, Outcome]) -> tuple[int, int]:
    """Return how many runtimes took a request, and how many refuse only what is there already."""
    _, outcome = asked
    return outcome.successes(), outcome.statuses().count(_CONFLICT)


def _turn(method: str) -> int:
    """Return the rank of a method in the search for bases: POST, then PUT, then all others."""
    return _MAKING_METHODS.index(method) if method in _MAKING_METHODS else len(_MAKING_METHODS)
