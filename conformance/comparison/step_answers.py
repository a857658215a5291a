"""The answers of one step, and what each pair of them showed."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct

from conformance.comparison.answers.comparison import AnswerComparison, Where
from conformance.comparison.lasting_values import Lasting
from conformance.comparison.sides import Pair, pair_of
from conformance.comparison.values.stops import Stops
from conformance.model.finding import Finding

_Wheres = Iterable[Where]


def _shows(wheres: _Wheres, names: Container[str], finding: Finding) -> bool:
    """Return whether a difference has one of the names and a place of a finding."""
    of_names = (places for name, places in wheres if name in names)
    return not all(map(finding.spellings.isdisjoint, of_names))


class StepAnswers(Struct, frozen=True):
    """The answers of a step: the runtimes with and without one, and what each pair of them shows.

    `spell` has for each runtime the function that gives its values in the form of a pin.
    """

    runtimes: Sequence[str]
    silent: Sequence[str]
    pairs: Mapping[Pair, AnswerComparison]
    baseline: str | None
    spell: Sequence[Lasting]

    @property
    def stops(self) -> dict[Pair, Stops]:
        """Return for each pair where its comparison stopped."""
        return {pair: compared.stops for pair, compared in self.pairs.items()}

    def names(self, indexes: Iterable[int]) -> tuple[str, ...]:
        """Return the names of the runtimes with the given indexes."""
        return tuple(map(self.runtimes.__getitem__, indexes))

    def is_after_the_cut(self, finding: Finding) -> bool:
        """Return whether only the rests of streams show a finding, after others were cut."""
        return self._is_among(finding, attrgetter("after_the_cut"))

    def is_of_extra(self, finding: Finding) -> bool:
        """Return whether only extra elements of longer lists show a finding."""
        return self._is_among(finding, attrgetter("of_extra"))

    def _is_among(self, finding: Finding, of_pair: Callable[[AnswerComparison], _Wheres]) -> bool:
        """Return whether each pair of a finding has the finding's name and place in `of_pair`."""
        names = set(map(attrgetter("name"), finding.pairs))
        for two in finding.distinguished:
            compared = self.pairs.get(pair_of(*map(self.runtimes.index, two)))
            if compared is None or not _shows(of_pair(compared), names, finding):
                return False
        return True

    def are_compared(self, first: int, second: int) -> bool:
        """Return whether two runtimes were compared; an error and a success are not."""
        compared = self.pairs.get(pair_of(first, second))
        return compared is not None and not compared.stops.everything
