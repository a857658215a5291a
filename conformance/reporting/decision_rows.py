"""Rows of the ledger that would decide the causes of a run, as lines to copy and complete."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from conformance.ledger.drafts import Draft, Drafts, merged, next_id, title_of
from conformance.ledger.row_text import row_fields, row_lines
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
    first = next_id(row.id for row in report.decisions)
    return {
        group.key: _lines(group, list(merged(by_cause[group.key])), first, report.header.day)
        for group in report.groups[:CAUSES_IN_FULL]
        if group.key in by_cause and not group.reopens
    }


def _lines(group: Group, drafts: Sequence[Draft], first: int, today: dt.date) -> list[str]:
    lines: list[str] = []
    for number, draft in enumerate(drafts, start=first):
        row = draft.row(number, title_of(group.title, draft, drafts), today)
        try:
            lines += row_lines(row_fields(replace(row, pin=None) if draft.needs_bound else row))
        except ValueError as error:  # a name that YAML cannot write
            lines.append(f"# {error}")
    return lines
