"""The status facet, and how much of two answers can be compared with their statuses."""

import enum
from collections.abc import Iterator
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.answers.location_targets import lead_to_one_place
from conformance.comparison.bodies.content_range import (
    CONTENT_RANGE,
    PARTIAL_CONTENT,
    read_range,
)
from conformance.comparison.difference import Difference, at_one_place
from conformance.comparison.idioms.statuses import REDIRECTS, SUCCESSES, status_idiom
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer

_WITHOUT_CONTENT: Final = frozenset({204, 205})
"""Statuses of answers without content."""
_SEVERAL_RANGES: Final = "multipart/byteranges"
"""The media type of an answer with several ranges."""


class Extent(enum.Enum):
    """How much of two answers their statuses leave to compare."""

    NOTHING = "nothing below the status"
    FIELDS = "the header fields that are not about the content"
    ALL = "all of both"


def extent_of(a: ReadAnswer, b: ReadAnswer) -> Extent:
    """Return how much of two answers their statuses leave to compare.

    Two different errors, or an error and a success, differ in everything for one reason, which the
    statuses name.  Two redirects have comparable header fields, and so have two successes.  The
    contents of two successes are compared if both have content, and neither is a range of the
    other.
    """
    if a.status == b.status:
        return Extent.ALL
    statuses = {a.status, b.status}
    if statuses <= REDIRECTS:
        return Extent.FIELDS
    if not all(map(SUCCESSES.__contains__, statuses)):
        return Extent.NOTHING
    lacks_content = not statuses.isdisjoint(_WITHOUT_CONTENT)
    if lacks_content or _is_a_range(a.answer, b.answer):
        return Extent.FIELDS
    return Extent.ALL


def _is_a_range(a: Answer, b: Answer) -> bool:
    """Return whether one content is the byte range of the other that its Content-Range names.

    Several ranges in one answer always count as a range of the other.
    """
    part, whole = (a, b) if a.status == PARTIAL_CONTENT else (b, a)
    if part.status != PARTIAL_CONTENT:
        return False
    # Several ranges come as parts, which are not searched for in the whole content
    label = part.header_text("content-type")
    if label.lower().startswith(_SEVERAL_RANGES):
        return True
    named = read_range(part.header(CONTENT_RANGE))
    return named.end > 0 and part.body == whole.body[named.start : named.end]


def status_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the difference of two statuses, if there is one."""
    if a.status == b.status:
        return
    facts = (str(a.status), str(b.status))
    lines = (_status_line(a), _status_line(b))
    one_place = lead_to_one_place(a, b, terms)
    idiom = status_idiom(a.answer, b.answer, terms.target, one_place=one_place)
    yield at_one_place(DifferenceKind.STATUS, Facet.STATUS, "status", facts, lines, idiom=idiom)


def _status_line(answer: ReadAnswer) -> str:
    """Return an answer's status and reason."""
    return f"{answer.status} {answer.answer.reason}".strip()
