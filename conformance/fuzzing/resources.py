"""Prepare the subjects of probes: created resources, and lists that hold some of them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, compress
from operator import attrgetter, itemgetter

from msgspec import Struct
from msgspec.structs import replace

from conformance.distinct import distinct
from conformance.fuzzing.bases import Base, Preparation
from conformance.fuzzing.creators import OPEN, Creator, shape
from conformance.fuzzing.form import Form, FormStep, needed_ids
from conformance.fuzzing.fuller_bodies import Send, fullest
from conformance.fuzzing.further_resources import (
    first_accepted,
    other_text,
    others,
    varied,
    with_other_choices,
)
from conformance.fuzzing.json_nodes import JsonObject, literal_texts, scalars, value_of
from conformance.fuzzing.moves import altered, moves, own_changes
from conformance.fuzzing.operation import NO_SCHEMA
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.several_resources import one_more
from conformance.fuzzing.spots import Subject


class Resources(Struct, frozen=True):
    """What fills lists, each with the steps that create further resources, if that is possible."""

    preparation: Preparation
    send: Send
    others: Mapping[Creator, Sequence[FormStep]]

    @property
    def seconds(self) -> Mapping[Creator, FormStep | None]:
        """Return the step that creates a second resource, by creator; None if there is none.

        What only fills a list is left out.
        """
        return {
            each: next(iter(steps), None) for each, steps in self.others.items() if each.placeholder
        }

    async def subject(self, base: Base) -> Subject:
        """Return the subject of a base, with all accepted members and with the reads after it.

        A list is filled with several resources before it is read.
        """
        seen = {name: tuple(values) for name, values in self.preparation.seen_values.items()}
        reads = tuple(self.preparation.reads_after(base))
        for creator in self._creators_of(base):
            filled = self._filled(creator, base.probe)
            if (await self.send(filled)).accepted():
                held = _texts_of(creator.operations[-1], filled)
                return Subject(base, filled, seen, reads, held, tuple(self._changes(creator)))
        probe = base.probe
        if base.accepted:
            referring = self.preparation.candidates.referring
            probe = await fullest(base.operation, probe, self.send, referring)
            base = replace(base, other=await self._other_values(base, probe))
        return Subject(base, probe, seen, reads)

    async def _other_values(self, base: Base, probe: Probe) -> Form | None:
        """Return the request with other numbers, texts and dates, as far as they are accepted."""
        if base.operation.safe or not isinstance(probe.form.body, JsonObject):
            return None

        async def is_accepted(step: FormStep) -> bool:
            return (await self.send(probe.with_form(step.form))).accepted()

        step = probe.steps[-1]
        numbered = replace(step, form=altered(step.form))
        start = await first_accepted((numbered, step), is_accepted) or step
        other = await varied(start, other_text, is_accepted)
        return (await with_other_choices(other, base.operation.body_schema, is_accepted)).form

    def _creators_of(self, base: Base) -> Iterator[Creator]:
        """Yield the creator that can fill the list of a base; nothing if the base reads no list."""
        path = shape(base.operation.path)
        creator = _filler_of(self.preparation, path)
        is_list = base.is_accepted_read and path[-1] != OPEN
        if creator is None or not is_list:
            return
        if needed_ids([base.form_step]) <= creator.names:
            yield creator

    def _changes(self, creator: Creator) -> Iterator[tuple[FormStep, str]]:
        """Yield the steps that add a resource to a collection, or change or delete one."""
        for last in self.others[creator][-1:]:
            yield one_more(last), creator.operations[-1]
        for move in own_changes(creator, moves(creator, self.preparation.bases)):
            if not move.before:
                yield move.step, move.operation

    def _filled(self, creator: Creator, listing: Probe) -> Probe:
        more = self.others[creator]
        return replace(
            listing,
            steps=(*creator.steps, *more, listing.steps[-1]),
            operations=(
                *creator.operations,
                *creator.operations[-1:] * len(more),
                listing.operations[-1],
            ),
        )


async def resources_of(preparation: Preparation, send: Send) -> Resources:
    """Return the creators, each with further creating steps that the runtimes accepted."""
    schemas = {each.id: each.body_schema for each in preparation.operations}
    fillers = filter(None, map(partial(_filler_of, preparation), _lists(preparation)))
    further = {
        each: await others(each, schemas.get(each.operations[-1], NO_SCHEMA), send)
        for each in dict.fromkeys((*preparation.creators.values(), *fillers))
    }
    return Resources(preparation, send, further)


def _lists(preparation: Preparation) -> Iterator[tuple[str, ...]]:
    """Yield the shape of the path of each read that may be of a list."""
    reads = filter(attrgetter("is_accepted_read"), preparation.bases.values())
    yield from (shape(base.operation.path) for base in reads)


def _filler_of(preparation: Preparation, path: tuple[str, ...]) -> Creator | None:
    """Return what adds to the list at a path; None if nothing does.

    That is the creator of its resources, else a POST at its path: what it adds may have no path of
    its own, such as a comment. Such a filler has no slot.
    """
    adding = preparation.candidates.changes.get(path)
    if path in preparation.creators or adding is None or adding.form.method != "POST":
        return preparation.creators.get(path)
    return Creator("", adding.steps, adding.operations)


def _texts_of(operation: str, probe: Probe) -> tuple[str, ...]:
    """Return the texts in the bodies of an operation in a probe, those with fresh names last."""
    steps = compress(probe.steps, map(operation.__eq__, probe.operations))
    trees = [step.form.tree or "null" for step in steps]
    found = chain.from_iterable(map(literal_texts, trees))
    texts = map(value_of, map(itemgetter(1), found))
    written = map(value_of, map(itemgetter(1), chain.from_iterable(map(scalars, trees))))
    return distinct([filter(None, texts), filter(_has_fresh_name, written)])


def _has_fresh_name(value: object) -> bool:
    return isinstance(value, str) and "${fresh:" in value
