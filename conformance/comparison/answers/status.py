"""Two statuses of one step: what their difference usually means, and when nothing more is to be compared."""

from conformance.comparison.difference import Difference, excerpt
from conformance.comparison.idioms.statuses import NO_CONTENT, SUCCESSES, status_idiom
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer


def comparable(a: int, b: int) -> bool:
    """Tell whether answers with two statuses can be compared further.

    Where they differ, only successes with content can: two different errors, or an error and a success, differ in
    everything for one reason already told, and so do content and none.
    """
    return a == b or (a in SUCCESSES and b in SUCCESSES and NO_CONTENT not in {a, b})


def status_difference(a: Answer, b: Answer, target: str) -> Difference:
    """Return the difference of two statuses for a request's target."""
    return Difference(
        kind=DifferenceKind.STATUS,
        facet=Facet.STATUS,
        path="status",
        a_fact=str(a.status),
        b_fact=str(b.status),
        a_example=f"{a.status} {excerpt(a.reason)}",
        b_example=f"{b.status} {excerpt(b.reason)}",
        idiom=status_idiom(a, b, target),
    )
