"""Rows of the ledger that would decide the causes of a run, as lines to copy and complete."""

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
    """Return for the first undecided causes, by key, their rows line by line.

    People write reason and owner.

    `conformance decide` writes those of any other, and rewrites the rows whose difference has
    changed.
    """
    by_cause = drafts.of_causes()
    return {
        group.key: list(chain.from_iterable(rows_of(group, report, by_cause[group.key])))
        for group in report.groups[:CAUSES_IN_FULL]
        if group.key in by_cause and not group.reopens
    }


def rows_of(group: Group, report: RunReport, drafts: Sequence[Draft]) -> list[list[str]]:
    """Return the rows that would decide a cause, each as its lines."""
    first, together = next_id(row.id for row in report.decisions), list(merged(drafts))
    rows: list[list[str]] = []
    for number, draft in enumerate(together, start=first):
        row = draft.row(number, title_of(group.title, draft, together), report.header.day)
        rows.append(_row_lines(replace(row, pin=None) if draft.needs_bound else row))
    return rows


def _row_lines(row: Decision) -> list[str]:
    try:
        return list(row_lines(row_fields(row)))
    except ValueError as error:  # a name that YAML cannot write
        return [f"# {error}"]
