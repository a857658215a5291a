"""The numbers of causes, which are known only when all cases are: what needs them waits until then.

The report counts causes by what they explain.  Until it is there, a cause goes by the order in
which cases met it: a small number, whatever stands in the cause.
"""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, Final, Self

from msgspec import Struct

from conformance.comparison.gathered_cause import EXAMPLES_PER_GROUP
from conformance.reporting.html.inert_json import inert_json, inert_pieces

MAX_CAUSES: Final = 500
"""How many causes a page tells of; the others have the number 0."""
Cause = str
"""The key of a cause."""
_A_NUMBER: Final = len(f",{MAX_CAUSES}")


class MetCauses:
    """The causes that cases have met, in order, and how many cases each."""

    def __init__(self) -> None:
        self._order: dict[Cause, int] = {}
        self._cases: list[int] = []

    def meet(self, causes: Iterable[Cause]) -> tuple[tuple[int, ...], bool]:
        """Record the causes of a case, and return each by its order.

        The second value is whether the case is among the examples of one.
        """
        met = tuple(map(self._met, causes))
        example = any(self._cases[order] < EXAMPLES_PER_GROUP for order in met)
        for order in set(met):
            self._cases[order] += 1
        return met, example

    def _met(self, cause: Cause) -> int:
        order = self._order.setdefault(cause, len(self._order))
        if order == len(self._cases):
            self._cases.append(0)
        return order

    def numbers(self, numbers: Mapping[Cause, int]) -> list[int]:
        """Return the number of each cause in the order in which they were met."""
        return [numbers.get(cause, 0) for cause in self._order]


class Unnumbered(Struct, frozen=True):
    """Inert JSON with gaps for the numbers of causes.

    Causes are numbered in the order in which they were met.
    """

    pieces: tuple[bytes, ...]
    causes: tuple[int, ...]

    @classmethod
    def of(cls, value: Any, causes: Iterable[int]) -> Self:
        """Return a value as JSON: with a gap for each cause, or with one for a list of them."""
        return cls(inert_pieces(value), tuple(causes))

    @property
    def size(self) -> int:
        """Return how many bytes it has at most with the numbers filled in."""
        return sum(map(len, self.pieces)) + len(self.causes) * _A_NUMBER

    def listed(self, numbers: list[int]) -> bytes:
        """Return it with a list in its gap: the numbers of the causes that the page tells of."""
        known = sorted({numbers[order] for order in self.causes} - {0})
        return inert_json(known).join(self.pieces)

    def filled(self, numbers: list[int]) -> bytes:
        """Return it with a number in each gap."""
        printed = (b"%d" % numbers[order] for order in self.causes)
        return b"".join(
            itertools.chain.from_iterable(
                itertools.zip_longest(self.pieces, printed, fillvalue=b"")
            )
        )
