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
    """Return whether any of some differences has one of some names and a place of a finding."""
    of_names = (places for name, places in wheres if name in names)
    return not all(map(finding.spellings.isdisjoint, of_names))


class StepAnswers(Struct, frozen=True):
    """The answers of a step: who gave one, who was asked beside them, and what each pair showed.

    `spell` gives what each runtime sent as a pin holds it.
    """

    runtimes: Sequence[str]
    silent: Sequence[str]
    pairs: Mapping[Pair, AnswerComparison]
    baseline: str | None
    spell: Sequence[Lasting]

    @property
    def stops(self) -> dict[Pair, Stops]:
        """Return where the comparison of each pair stopped."""
        return {pair: compared.stops for pair, compared in self.pairs.items()}

    def names(self, indexes: Iterable[int]) -> tuple[str, ...]:
        """Return the runtimes with some indexes."""
        return tuple(map(self.runtimes.__getitem__, indexes))

    def is_after_the_cut(self, finding: Finding) -> bool:
        """Return whether only streams show a finding that went on where others were cut."""
        return self._is_among(finding, attrgetter("after_the_cut"))

    def is_of_extra(self, finding: Finding) -> bool:
        """Return whether only extra elements of longer lists show a finding."""
        return self._is_among(finding, attrgetter("of_extra"))

    def _is_among(self, finding: Finding, of_pair: Callable[[AnswerComparison], _Wheres]) -> bool:
        """Return whether some of the differences of each pair are those of a finding."""
        names = set(map(attrgetter("name"), finding.pairs))
        for two in finding.told_apart:
            compared = self.pairs.get(pair_of(*map(self.runtimes.index, two)))
            if compared is None or not _shows(of_pair(compared), names, finding):
                return False
        return True

    def are_compared(self, first: int, second: int) -> bool:
        """Return whether two runtimes were compared: an error and a success were not."""
        compared = self.pairs.get(pair_of(first, second))
        return compared is not None and not compared.stops.everything
