"""Prepare the subjects of probes: created resources, and lists that hold some of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from conformance.distinct import distinct
from conformance.fuzzing.bases import Base, Preparation
from conformance.fuzzing.creators import OPEN, Creator, shape
from conformance.fuzzing.form import FormStep, needed_ids
from conformance.fuzzing.fuller_bodies import Send, fullest
from conformance.fuzzing.further_resources import others
from conformance.fuzzing.json_nodes import literal_texts, value_of
from conformance.fuzzing.moves import moves, own_changes
from conformance.fuzzing.operation import NO_SCHEMA
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.several_resources import one_more
from conformance.fuzzing.spots import Subject


class Resources(Struct, frozen=True):
    """Creators, each with the steps that create further resources, if that is possible."""

    preparation: Preparation
    send: Send
    others: Mapping[Creator, Sequence[FormStep]]

    @property
    def seconds(self) -> Mapping[Creator, FormStep | None]:
        """Return the step that creates a second resource, by creator; None if there is none."""
        return {creator: next(iter(steps), None) for creator, steps in self.others.items()}

    async def subject(self, base: Base) -> Subject:
        """Return the subject of a base, with all accepted members and with the reads after it.

        A list is filled with several resources before it is read.
        """
        seen = {name: tuple(values) for name, values in self.preparation.seen_values.items()}
        reads = tuple(self.preparation.reads_after(base))
        for creator in self._creators_of(base):
            filled = self._filled(creator, base.probe)
            if (await self.send(filled)).accepted():
                changes = tuple(self._changes(creator))
                return Subject(base, filled, seen, reads, tuple(_texts_in(filled)), changes)
        probe = base.probe
        if base.accepted:
            probe = await fullest(base.operation, probe, self.send)
        return Subject(base, probe, seen, reads)

    def _creators_of(self, base: Base) -> Iterator[Creator]:
        """Yield the creator that can fill the list of a base; nothing if the base reads no list."""
        path = shape(base.operation.path)
        creator = self.preparation.creators.get(path)
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
    further = {
        each: await others(each, schemas.get(each.operations[-1], NO_SCHEMA), send)
        for each in dict.fromkeys(preparation.creators.values())
    }
    return Resources(preparation, send, further)


def _texts_in(probe: Probe) -> tuple[str, ...]:
    """Return the texts in the bodies of a probe that have no placeholder."""
    trees = [step.form.tree or "null" for step in probe.steps]
    found = chain.from_iterable(map(literal_texts, trees))
    texts = map(value_of, map(itemgetter(1), found))
    return distinct([filter(None, texts)])
