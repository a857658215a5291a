"""Columns and headers of tables: a difference of one name shows in both."""

from collections.abc import Iterable, Mapping
from functools import partial
from operator import itemgetter
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer, kinds_sent
from conformance.comparison.bodies.kind_names import TABLE
from conformance.comparison.difference import ABSENT
from conformance.comparison.finding_values import (
    first_followed,
    plain_text,
    sent_in,
    steps_to,
    who_shows,
)
from conformance.comparison.idioms.member_names import last_name, normalised
from conformance.comparison.idioms.members import KEY_CASE
from conformance.comparison.values.json_encoding import compact
from conformance.model.finding import DifferenceKind, Finding, Sent
from conformance.model.follows import Follows
from conformance.model.json_path import ANY_ELEMENT, JsonPath

COLUMN_OF_IT: Final = "the column of it"
NAMED_BY_IT: Final = "the header with its names"
LABEL_OF_IT: Final = "the content type of it"
PARAMETER_OF_HEADERS: Final = "header content-type;header"
_NO_HEADER: Final = "header=absent"
_HEADER: Final = "$.header"
_IN_HEADER: Final[JsonPath] = ("header", ANY_ELEMENT)
_ROWS: Final[JsonPath] = ("rows", ANY_ELEMENT)


def is_of_column(finding: Finding, answers: Mapping[str, ReadAnswer]) -> bool:
    """Return whether a finding concerns a table column that some runtimes have and others lack."""
    is_member_of_row = steps_to(finding.place)[:-1] == _ROWS
    if finding.kind is not DifferenceKind.MEMBER or not is_member_of_row:
        return False
    return _is_of_tables(finding, answers)


def _is_of_tables(finding: Finding, answers: Mapping[str, ReadAnswer]) -> bool:
    """Return whether all runtimes of a finding sent a table."""
    return kinds_sent(finding, answers) == {TABLE}


def in_header(finding: Finding, of_bodies: Iterable[Finding]) -> Follows | None:
    """Return the finding between the same runtimes' headers that includes a column's name."""
    column = compact(last_name(steps_to(finding.place)))
    names_it = partial(_names_in_header, column)
    return first_followed(finding, of_bodies, names_it, COLUMN_OF_IT)


def _names_in_header(column: str, finding: Finding) -> bool:
    """Return whether a finding is about a header, and a runtime sent the column's name there."""
    if steps_to(finding.place)[:1] != _IN_HEADER[:1]:
        return False
    return any(column in text for _, text in sent_in(finding))


def is_of_header(finding: Finding, answers: Mapping[str, ReadAnswer]) -> bool:
    """Return whether a finding is that names in the header of a table have another spelling."""
    if steps_to(finding.place) != _IN_HEADER or not finding.sent:
        return False
    if not _is_of_tables(finding, answers):
        return False
    return all(map(_is_one_name, finding.sent))


def _is_one_name(sent: Sent) -> bool:
    """Return whether the texts of a combination are one name in several spellings."""
    return len(set(map(normalised, map(plain_text, map(itemgetter(1), sent))))) == 1


def of_names(finding: Finding, of_bodies: Iterable[Finding]) -> Follows | None:
    """Return the finding about names of columns that a difference of headers follows, or None."""
    return first_followed(finding, of_bodies, _is_of_names_in_rows, NAMED_BY_IT)


def _is_of_names_in_rows(finding: Finding) -> bool:
    """Return whether a finding is that rows have members named by another convention."""
    return finding.idiom == KEY_CASE.name and steps_to(finding.place) == _ROWS


def of_tables_without(finding: Finding, of_bodies: Iterable[Finding]) -> Follows | None:
    """Return the finding that headers are missing, if their tables' labels say `header=absent`."""
    labelled = who_shows(finding, _NO_HEADER)
    return first_followed(
        finding,
        of_bodies,
        lambda other: other.place == _HEADER and who_shows(other, ABSENT) == labelled,
        LABEL_OF_IT,
    )
