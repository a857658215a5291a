"""The status facet, and when two statuses leave nothing more to be compared."""

from collections.abc import Iterator

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.difference import Difference, at_one_place
from conformance.comparison.idioms.statuses import NO_CONTENT, SUCCESSES, status_idiom
from conformance.model.finding import DifferenceKind, Facet


def comparable(a: int, b: int) -> bool:
    """Return whether answers with two statuses can be compared further.

    Where they differ, only successes with content can: two different errors, or an error and a
    success, differ in everything for one reason already told, and so do content and none.
    """
    return a == b or (a in SUCCESSES and b in SUCCESSES and NO_CONTENT not in {a, b})


def status_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the difference of two statuses."""
    if a.status == b.status:
        return
    facts = (str(a.status), str(b.status))
    lines = (_status_line(a), _status_line(b))
    idiom = status_idiom(a.answer, b.answer, terms.target)
    yield at_one_place(DifferenceKind.STATUS, Facet.STATUS, "status", facts, lines, idiom=idiom)


def _status_line(answer: ReadAnswer) -> str:
    return f"{answer.status} {answer.answer.reason}".strip()
