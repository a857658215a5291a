"""What there is to ask about: the things that creators make, and lists that hold some of them."""

from collections.abc import Iterator, Mapping
from itertools import chain
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from conformance.distinct import distinct
from conformance.fuzzing.bases import Base, Preparation
from conformance.fuzzing.creators import OPEN, Creator, shape
from conformance.fuzzing.form import FormStep, needed_names
from conformance.fuzzing.fuller_bodies import Ask, fullest
from conformance.fuzzing.json_nodes import is_literal_text, paths, value_of
from conformance.fuzzing.other_things import another
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequences import moves, one_more
from conformance.fuzzing.spots import Subject


class Things(Struct, frozen=True):
    """Creators, each with the request that makes a second thing unlike the first, if one does."""

    preparation: Preparation
    ask: Ask
    seconds: Mapping[Creator, FormStep | None]

    async def subject(self, base: Base) -> Subject:
        """Return an operation to be tried, with all accepted members and its reads.

        The reads are those of what it stores.  A list is asked when it holds two things.
        """
        seen = {name: tuple(values) for name, values in self.preparation.seen_values.items()}
        reads = tuple(self.preparation.reads_after(base))
        for creator in self._creators_of(base):
            filled = self._filled(creator, base.probe)
            if (await self.ask(filled)).accepted():
                changes = tuple(self._changes(creator))
                return Subject(base, filled, seen, reads, tuple(_texts_in(filled)), changes)
        return Subject(base, await fullest(base, self.ask), seen, reads)

    def _creators_of(self, base: Base) -> Iterator[Creator]:
        """Yield what fills the list that an operation answers with."""
        operation, path = base.operation, shape(base.operation.path)
        creator = self.preparation.creators.get(path)
        is_list = base.accepted and operation.method == "GET" and path[-1] != OPEN
        if (
            creator is not None
            and is_list
            and needed_names([base.probe.steps[-1]]) <= creator.names
        ):
            yield creator

    def _changes(self, creator: Creator) -> Iterator[tuple[FormStep, str]]:
        """Yield what changes a collection that holds two things: a third one, and less of them."""
        second = self.seconds[creator]
        if second is not None:
            yield one_more(second), creator.operations[-1]
        for move in moves(creator, self.preparation.bases):
            if move.own and not move.safe and move.operation != creator.operations[-1]:
                yield move.step, move.operation

    def _filled(self, creator: Creator, listing: Probe) -> Probe:
        second = self.seconds[creator]
        more = tuple(filter(None, [second]))
        return replace(
            listing,
            steps=(*creator.steps, *more, listing.steps[-1]),
            operations=(
                *creator.operations,
                *creator.operations[-1:] * len(more),
                listing.operations[-1],
            ),
        )


async def things_of(preparation: Preparation, ask: Ask) -> Things:
    """Return the things that can be made, when it has been tried whether a second one can be."""
    creators = dict.fromkeys(preparation.creators.values())
    return Things(preparation, ask, {each: await another(each, ask) for each in creators})


def _texts_in(probe: Probe) -> tuple[str, ...]:
    """Return the texts of the bodies of a probe that are sent as they stand."""
    trees = [step.form.tree for step in probe.steps]
    found = (paths(tree) for tree in trees if tree is not None)
    nodes = map(itemgetter(1), chain.from_iterable(found))
    texts = map(value_of, filter(is_literal_text, nodes))
    return distinct([filter(None, texts)])
