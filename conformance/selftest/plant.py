"""What a plant is: one small defect in an answer, or a way to send an answer.

The defect is put into the answer on its way.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from conformance.model.observation import Answer, FaultKind
from conformance.selftest.delivery import WITHOUT_BODY, Delivery

_NEEDS_A_BODY: Final = frozenset({Delivery.TRUNCATED, Delivery.ENDLESS, Delivery.BADLY_CODED})


class Planted(Struct, frozen=True):
    """An answer with a defect, its correct names there, and the places of its findings.

    They follow from the answer: a list under another name is a renamed list, a null that is gone is
    null or absent.
    """

    answer: Answer
    names: frozenset[str]
    places: frozenset[str]


Put = Callable[[Answer], Planted | None]
"""Puts a defect into an answer; None where the answer has no place for it."""


class Plant(Struct, frozen=True, kw_only=True):
    """One defect: how it is put into an answer, or how the answer is sent.

    For a way of sending, it says which fault that is.
    """

    name: str
    put: Put | None = None
    delivery: Delivery = Delivery.WHOLE
    fault: FaultKind | None = None

    def planted_in(self, answer: Answer) -> Planted | None:
        """Return an answer with the defect, None where it has no place in answers, or not here."""
        return self.put(answer) if self.put is not None else None

    def has_place(self, method: str, answer: Answer) -> bool:
        """Return whether the answer to a request with a method has a place for the defect."""
        if self.put is not None:
            return self.put(answer) is not None
        if self.delivery not in _NEEDS_A_BODY:
            return True
        if method == "HEAD" or answer.status in WITHOUT_BODY:
            return False
        # No bytes at all are read as they are, whatever their content coding
        return bool(answer.body) or self.delivery is not Delivery.BADLY_CODED


def planted(answer: Answer, names: str, *places: str) -> Planted:
    """Return an answer with a defect; names are written with spaces between them."""
    return Planted(answer, frozenset(names.split()), frozenset(places))
