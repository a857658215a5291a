"""The status facet, and when two statuses leave nothing more to be compared."""

from collections.abc import Iterator

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.difference import Difference, excerpt
from conformance.comparison.idioms.statuses import NO_CONTENT, SUCCESSES, status_idiom
from conformance.model.finding import DifferenceKind, Facet


def comparable(a: int, b: int) -> bool:
    """Tell whether answers with two statuses can be compared further.

    Where they differ, only successes with content can: two different errors, or an error and a success, differ in
    everything for one reason already told, and so do content and none.
    """
    return a == b or (a in SUCCESSES and b in SUCCESSES and NO_CONTENT not in {a, b})


def status_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the difference of two statuses."""
    if a.status == b.status:
        return
    yield Difference(
        kind=DifferenceKind.STATUS,
        facet=Facet.STATUS,
        path="status",
        a_fact=str(a.status),
        b_fact=str(b.status),
        a_example=f"{a.status} {excerpt(a.answer.reason)}",
        b_example=f"{b.status} {excerpt(b.answer.reason)}",
        idiom=status_idiom(a.answer, b.answer, terms.target),
    )
