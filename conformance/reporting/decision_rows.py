"""Proposed ledger rows for the causes of a run, as lines to copy and complete."""

from collections.abc import Mapping, Sequence
from itertools import chain

from msgspec.structs import replace

from conformance.ledger.drafts import Draft, Drafts, merged, next_id, title_of
from conformance.ledger.row_text import row_fields, row_lines
from conformance.model.decision import Decision
from conformance.model.group import Group
from conformance.model.report import RunReport
from conformance.reporting.phrases import CAUSES_IN_FULL


def decision_rows(report: RunReport, drafts: Drafts) -> Mapping[str, Sequence[str]]:
    """Return the lines of the proposed rows for the first undecided causes, by key.

    Reason and owner are left for a person. For other causes, and for rows whose difference has
    changed, there is `conformance decide`.
    """
    by_cause = drafts.of_causes()
    return {
        group.key: list(chain.from_iterable(rows_of(group, report, by_cause[group.key])))
        for group in report.groups[:CAUSES_IN_FULL]
        if group.key in by_cause and not group.reopens
    }


def rows_of(group: Group, report: RunReport, drafts: Sequence[Draft]) -> list[list[str]]:
    """Return the rows that would decide a cause; each row is a list of lines."""
    first, together = next_id(row.id for row in report.decisions), list(merged(drafts))
    rows: list[list[str]] = []
    for number, draft in enumerate(together, start=first):
        row = draft.row(number, title_of(group.title, draft, together), report.header.day)
        rows.append(_row_lines(replace(row, pin=None) if draft.needs_bound else row))
    return rows


def _row_lines(row: Decision) -> list[str]:
    try:
        return list(row_lines(row_fields(row)))
    except ValueError as error:  # a name cannot be written in YAML
        return [f"# {error}"]
