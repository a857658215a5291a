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
from conformance.fuzzing.candidates import Candidates
from conformance.fuzzing.creators import (
    OPEN,
    Creator,
    collections_of,
    id_capture,
    placeholder_name,
    shape,
)
from conformance.fuzzing.form import Form, FormStep, created_ids, needed_ids
from conformance.fuzzing.fresh_names import made_repeatable
from conformance.fuzzing.fuller_bodies import fullest
from conformance.fuzzing.operation import Operation, is_open
from conformance.fuzzing.oracle import Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.smaller_resources import one_member_less, with_steps
from conformance.fuzzing.variants import places_of, variants_of


class Base(Struct, frozen=True):
    """A request of an operation with the steps before it.

    `accepted`: every runtime answered it with success. `other`: it with other accepted values.
    """

    operation: Operation
    probe: Probe
    accepted: bool
    other: Form | None = None

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
    def reads_created(self) -> bool:
        """Return whether it is an accepted GET that needs earlier steps to create what it reads."""
        return self.is_accepted_read and len(self.probe.steps) > 1

    @property
    def is_accepted_read(self) -> bool:
        """Return whether it is a GET that every runtime accepted."""
        return self.accepted and self.operation.method == "GET"

    @property
    def reads_all(self) -> bool:
        """Return whether it is an accepted GET that needs no id of a resource."""
        return self.is_accepted_read and not needed_ids([self.form_step])


_MOST_VARIANTS: Final = 24
"""Most further requests of one operation that are sent: a suite may hold hundreds."""
_CREATE_METHODS: Final = ("POST", "PUT")
"""Methods that can create a resource; POST is first, because the service then chooses the id."""

_CONFLICT: Final = 409
"""Refused for what is there already (RFC 9110, 15.5.10): with another name it may be taken."""


async def _no_reset() -> None:
    """Leave runtimes as they are."""


class Preparation(Struct):
    """Find the base of each operation.

    - `bases`: by operation id.
    - `seen_values`: values of answers by member name.
    - `reset`: resets the runtimes before each base is searched, if that is quick: else an id may
      be that of a resource that is there by chance, or a time may be taken.
    - `accepted_once`: operations whose request is accepted only once, until a reset.
    """

    oracle: Oracle
    operations: Sequence[Operation]
    candidates: Candidates = field(default_factory=Candidates)
    bases: dict[str, Base] = field(default_factory=dict)
    seen_values: dict[str, dict[Any, None]] = field(default_factory=dict)
    reset: Callable[[], Awaitable[None]] = _no_reset
    accepted_once: set[str] = field(default_factory=set)

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
            key=lambda each: (len(each.open_segments), _method_rank(each.method), each.id),
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
        created = self._created_by(operation)
        known = created_ids(base.probe.steps)
        for other in filter(attrgetter("reads_created"), self.bases.values()):
            needed = needed_ids([other.form_step])
            if needed <= known and _reads_what_it_stores(other, operation, created):
                yield other.form_step, other.operation.id

    def _created_by(self, operation: Operation) -> set[str]:
        """Return the placeholder names of the ids of the resources that an operation creates."""
        creators = self.creators.values()
        return {each.placeholder for each in creators if each.operations[-1] == operation.id}

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
            probe = await self._repeatable(probe)
            last = replace(probe.steps[-1], captures=base.probe.steps[-1].captures)
            probe = replace(probe, steps=(*probe.steps[:-1], last))
        return Base(operation, probe, outcome.accepted())

    async def _send(self, probe: Probe) -> Outcome:
        await self.reset()
        return await self.oracle.try_out(probe)

    async def _find_one(self, operation: Operation) -> None:
        probe, outcome = await self._best(operation)
        if not outcome.accepted():
            probe, outcome = await self._with_smaller_resources(operation) or (probe, outcome)
        if not operation.safe:
            if not outcome.accepted():
                probe = await made_repeatable(probe, self.oracle.try_out) or probe
                outcome = await self._send(probe)
            if outcome.accepted():
                probe = await self._repeatable(probe)
                probe, outcome = await self._as_creator(operation, probe)
        self.bases[operation.id] = Base(operation, probe, outcome.accepted())

    async def _best(self, operation: Operation) -> tuple[Probe, Outcome]:
        """Return the first candidate that all runtimes accept, else the one that most accept.

        If none accepts any, a candidate that is only refused for what already exists is preferred.
        """
        sent: list[tuple[Probe, Outcome]] = []
        for probe in self.candidates.requests_for(operation):
            outcome = await self._send(probe)
            sent.append((probe, outcome))
            self._collect_values(operation, outcome)
            if outcome.accepted():
                break
        return max(sent, key=_acceptance_rank)

    async def _with_smaller_resources(self, operation: Operation) -> tuple[Probe, Outcome] | None:
        """Return an accepted request on resources with fewer members, with its outcome.

        From then on such resources are created with fewer members. None if every request is
        refused.
        """
        send, least = self._send, self.candidates.least
        for probe, smaller in self.candidates.with_least_members(operation):
            outcome = await send(smaller)
            if outcome.accepted():
                self._collect_values(operation, outcome)
                others = await one_member_less(probe, least, send)
                self.candidates.replace_steps(others)
                return with_steps(probe, others) if others else smaller, outcome
        return None

    async def _repeatable(self, probe: Probe) -> Probe:
        """Return a request that is accepted each time it is sent.

        A text that has to be unique becomes a fresh name.  A time that is taken stays.
        """
        if (await self.oracle.try_out(probe)).accepted():
            return probe
        new = await made_repeatable(probe, self.oracle.try_out)
        if new is None:
            self.accepted_once.add(probe.operations[-1])
        return new or probe

    async def _as_creator(self, operation: Operation, probe: Probe) -> tuple[Probe, Outcome]:
        """Record an accepted request as a creator, and capture the id of its resource.

        The id comes from the body of the answer, else from `Location`. Return the request with the
        capture, and its outcome.
        """
        outcome = await self._send(probe)
        if outcome.accepted():
            self.candidates.note(operation, await self._fuller(operation, probe))
        collections = self._collections_of(operation, outcome)
        wanted = {path: name for path, name in collections.items() if path not in self.creators}
        if not wanted:
            return probe, outcome
        taken = set(map(attrgetter("placeholder"), self.creators.values()))
        placeholder = placeholder_name(operation.collection, taken)
        capture = id_capture(operation, next(iter(wanted.values())), outcome, placeholder)
        if capture is None:
            return probe, outcome
        last = replace(probe.steps[-1], captures=(capture,))
        creating = replace(probe, steps=(*probe.steps[:-1], last))
        full = await self._fuller(operation, creating)
        creator = Creator(placeholder, full.steps, full.operations)
        if full.steps != creating.steps:
            self.candidates.least[full.steps[-1]] = creating.steps[-1]
        self.creators.update(dict.fromkeys((*wanted, shape(operation.collection)), creator))
        return creating, await self._send(creating)

    def _collections_of(self, operation: Operation, outcome: Outcome) -> dict[tuple[str, ...], str]:
        """Return the shapes of the collections that a request may have added to.

        Each comes with the name of its id parameter. A PUT adds to the parent collection, under the
        id in its path.
        """
        if operation.method == "POST":
            return collections_of(operation, self.operations, outcome)
        ends_with_id = operation.collection not in {(), operation.path}
        if operation.method == "PUT" and ends_with_id:
            _, parameter = operation.open_segments[-1]
            return {shape(operation.collection): parameter}
        return {}

    async def _fuller(self, operation: Operation, probe: Probe) -> Probe:
        """Return the request with all members that are accepted each time it is sent.

        So later probes can see which members are lost, filtered by or changed.
        """
        full = await fullest(operation, probe, self._send, self.candidates.referring)
        if operation.id in self.accepted_once or (await self.oracle.try_out(full)).accepted():
            return full
        return await made_repeatable(full, self.oracle.try_out) or probe

    def _item_parameter(self, operation: Operation) -> str:
        """Return the name of the path parameter that names one resource of the collection.

        Empty where no operation has such a path.
        """
        below = (each.path[-1] for each in self.operations if each.path[:-1] == operation.path)
        opened = filter(is_open, below)
        return next(opened, "")[1:-1]

    def _collect_values(self, operation: Operation, outcome: Outcome) -> None:
        """Keep values of accepted answers by member name, and an id that every runtime lists."""
        if not outcome.accepted():
            return
        values = list(map(json_of, outcome.answers()))
        for value in values:
            collect(value, self.seen_values)
        child = self._item_parameter(operation)
        if operation.method != "GET" or not child:
            return
        first, *others = set(map(partial(first_listed, parameter=child), values))
        if first and not others:
            self.candidates.listed[shape(operation.path)] = first


def refused_operations(bases: Iterable[Base]) -> list[str]:
    """Return the ids of the operations without a request that every runtime accepts."""
    refused = filterfalse(attrgetter("accepted"), bases)
    return list(map(attrgetter("operation.id"), refused))


def _reads_what_it_stores(read: Base, operation: Operation, created: AbstractSet[str]) -> bool:
    """Return whether a base reads what an operation creates, or else what it changes.

    `created` are the placeholder names of the ids that the operation creates.
    """
    path, own = shape(read.operation.path), shape(operation.path)
    if not created:
        return path in {own, own[:-1]}
    is_item = path[-1] == OPEN
    return is_item and not created.isdisjoint(needed_ids([read.form_step]))


def _acceptance_rank(sent: tuple[Probe, Outcome]) -> tuple[int, int]:
    """Return how many runtimes took a request, and how many refuse only what is there already."""
    _, outcome = sent
    return outcome.successes(), outcome.statuses().count(_CONFLICT)


def _method_rank(method: str) -> int:
    """Return the rank of a method in the search for bases: POST, then PUT, then all others."""
    return _CREATE_METHODS.index(method) if method in _CREATE_METHODS else len(_CREATE_METHODS)
