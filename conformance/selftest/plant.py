"""A plant: one small defect in an answer, or a faulty way to send an answer."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from conformance.model.observation import Answer, FaultKind
from conformance.selftest.delivery import WITHOUT_BODY, Delivery

_NEEDS_A_BODY: Final = frozenset({Delivery.TRUNCATED, Delivery.ENDLESS, Delivery.BADLY_CODED})


class Planted(Struct, frozen=True):
    """An answer with a defect, the names that are correct for it, and the places of its findings.

    Names and places depend on the answer: a list under another name is a renamed list, a null that
    is removed is `null-vs-absent`.
    """

    answer: Answer
    names: frozenset[str]
    places: frozenset[str]


Put = Callable[[Answer], Planted | None]
"""Returns an answer with a defect; None if the answer has no place for it."""


class Plant(Struct, frozen=True, kw_only=True):
    """One defect: put into an answer by `put`, or by the way the answer is sent, `delivery`.

    `fault` is the fault that results from the delivery.
    """

    name: str
    put: Put | None = None
    delivery: Delivery = Delivery.WHOLE
    fault: FaultKind | None = None

    def planted_in(self, answer: Answer) -> Planted | None:
        """Return the answer with the defect; None if it has no place for it or `put` is None."""
        return self.put(answer) if self.put is not None else None

    def has_place(self, method: str, answer: Answer) -> bool:
        """Return whether the answer to a request with a method has a place for the defect."""
        if self.put is not None:
            return self.put(answer) is not None
        if self.delivery not in _NEEDS_A_BODY:
            return True
        if method == "HEAD" or answer.status in WITHOUT_BODY:
            return False
        # An empty body is never decoded, so its content coding cannot be wrong
        return bool(answer.body) or self.delivery is not Delivery.BADLY_CODED


def planted(answer: Answer, names: str, *places: str) -> Planted:
    """Return an answer with a defect; `names` are separated by spaces."""
    return Planted(answer, frozenset(names.split()), frozenset(places))
