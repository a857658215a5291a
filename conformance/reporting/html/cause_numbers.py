"""The numbers of causes: they are known only after the last case, so their places wait.

The report numbers causes by how much they explain.  Until then a cause is identified by the order
in which cases showed it: a small number, which needs little memory.
"""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, Final, Self

from msgspec import Struct

from conformance.comparison.gathered_cause import EXAMPLES_PER_GROUP
from conformance.reporting.html.inert_json import inert_json, inert_pieces

MAX_CAUSES: Final = 500
"""How many causes a page has; the others have the number 0."""
Cause = str
"""The key of a cause."""
_A_NUMBER: Final = len(f",{MAX_CAUSES}")


class MetCauses:
    """The causes of the cases so far, in order of first occurrence, with their numbers of cases."""

    def __init__(self) -> None:
        self._order: dict[Cause, int] = {}
        self._cases: list[int] = []

    def meet(self, causes: Iterable[Cause]) -> tuple[tuple[int, ...], bool]:
        """Record the causes of a case; return their orders, and whether the case is an example.

        A case is an example if one of its causes has few cases so far.
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
        """Return the final number of each cause, in order of first occurrence."""
        return [numbers.get(cause, 0) for cause in self._order]


class Unnumbered(Struct, frozen=True):
    """Inert JSON with gaps for the numbers of causes.

    `causes` identifies the causes by their order of first occurrence.
    """

    pieces: tuple[bytes, ...]
    causes: tuple[int, ...]

    @classmethod
    def of(cls, value: Any, causes: Iterable[int]) -> Self:
        """Return a value as JSON; it has a gap for each cause, or one gap for a list of them."""
        return cls(inert_pieces(value), tuple(causes))

    @property
    def size(self) -> int:
        """Return the largest possible size in bytes after the numbers are filled in."""
        return sum(map(len, self.pieces)) + len(self.causes) * _A_NUMBER

    def listed(self, numbers: list[int]) -> bytes:
        """Return the JSON with the list of its causes' numbers in its one gap, without 0."""
        known = sorted({numbers[order] for order in self.causes} - {0})
        return inert_json(known).join(self.pieces)

    def filled(self, numbers: list[int]) -> bytes:
        """Return the JSON with one number in each gap."""
        printed = (b"%d" % numbers[order] for order in self.causes)
        return b"".join(
            itertools.chain.from_iterable(
                itertools.zip_longest(self.pieces, printed, fillvalue=b"")
            )
        )
