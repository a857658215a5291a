"""A page of the living document: a Markdown file of people, with tables of claims.

There are two pages: the comparison, with a generated region for each part, and next to it
`STATE_OF_PLAY.md`, in which each row is a component.  The generated text of both is a pure function
of the ledger, the evidence and committed reports.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import filterfalse
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance.distinct import distinct
from conformance.errors import Problem
from conformance.model.case_glob import matches_any
from conformance.model.decision import Decision, Ledger, live_rows
from conformance.safe_text import markdown
from conformance.tracker.claims import (
    ANSWERED_BY,
    COMPARED,
    MEASURED,
    OPEN_ROWS,
    VERIFIED,
    Claims,
    Columns,
    DocumentClaim,
    claims_of,
)
from conformance.tracker.evidence import ClaimEvidence, DocumentEvidence
from conformance.tracker.markdown_file import MarkdownFile, TableCell, parse_markdown, with_cell
from conformance.tracker.proofs import Figure, figure_cell
from conformance.tracker.report_records import ReportRecords, shown_figure
from conformance.tracker.work_evidence import record_name
from conformance.wording import plural

NOT_VERIFIED: Final = "not verified"
# With more names, a cell would be wider than the others of its table
_SHOWN_RUNTIMES: Final = 6
_TWO: Final = 2
_NOTHING: Final = "—"
"""The text of a generated cell without content: an empty cell at the end of a row would vanish."""
_SPELLED: Final = {"typescript": "TypeScript", "csharp": "C#"}
"""The languages whose name is not one capital letter and small letters."""


class Page(Struct, frozen=True, kw_only=True):
    """A file as it is, the claims in it, and the names of the regions that it must have."""

    file: Path
    raw: bytes
    markdown: MarkdownFile
    claims: Claims
    regions: tuple[str, ...]


class Basis(Struct, frozen=True, kw_only=True):
    """The input of the generated parts of a page.

    `cases_now` are the digests of all cases by id.
    """

    ledger: Ledger
    evidence: DocumentEvidence
    records: ReportRecords
    cases_now: Mapping[str, str]

    @property
    def known(self) -> AbstractSet[str]:
        """Return the ids of all cases."""
        return self.cases_now.keys()

    @property
    def rows(self) -> Mapping[str, Decision]:
        """Return the rows of the ledger by id."""
        return self.ledger.by_id

    def named_rows(self, claim: DocumentClaim) -> list[Decision]:
        """Return the rows of the ledger that a claim names, in the claim's order."""
        return list(filter(None, map(self.rows.get, claim.proofs.rows)))

    def cases(self, claim: DocumentClaim) -> tuple[str, ...]:
        """Return the globs of all cases of a claim: its own, and those of its work rows."""
        of_rows = map(evidence_globs, self.named_rows(claim))
        return distinct([claim.proofs.cases, *of_rows])

    def digests(self, claim: DocumentClaim) -> dict[str, str]:
        """Return the digests of all cases that a claim rests on, by id."""
        return {case: self.cases_now[case] for case in self.case_ids(claim)}

    def case_ids(self, claim: DocumentClaim) -> list[str]:
        """Return the ids of all cases that a claim rests on."""
        globs = self.cases(claim)
        return [case for case in self.known if matches_any(case, globs)]

    def records_of(self, claim: DocumentClaim) -> tuple[str, ...]:
        """Return the names of all report records that a claim rests on."""
        names = {bound.file: None for bound in claim.proofs.bounds}
        for row in self.named_rows(claim):
            # Evidence with only cases names no report
            reports = filter(None, map(attrgetter("report"), row.evidence))
            names.update(dict.fromkeys(map(record_name, reports)))
        return tuple(names)

    def shown(self, claim: DocumentClaim) -> ClaimEvidence | None:
        """Return what runs showed of a claim's cases, or None."""
        return self.evidence.claim(self.cases(claim))

    @property
    def open_rows(self) -> Iterator[Decision]:
        """Yield the open rows of the ledger, in its order."""
        return filter(attrgetter("open"), self.ledger.decisions)


def evidence_globs(row: Decision) -> tuple[str, ...]:
    """Return the globs of the cases that show a row of work."""
    return distinct(map(attrgetter("cases"), row.evidence))


def read_page(file: Path, raw: bytes, columns: Columns, regions: tuple[str, ...]) -> Page:
    """Return a page from its bytes."""
    text = parse_markdown(raw, str(file))
    return Page(file=file, raw=raw, markdown=text, claims=claims_of(text, columns), regions=regions)


def page_problems(page: Page) -> Iterator[Problem]:
    """Yield what prevents an update of a page: missing or open regions, and faulty tables."""
    yield from page.markdown.problems
    yield from page.claims.problems
    yield from _missing_regions(page)
    yield from _unknown_regions(page)


def _missing_regions(page: Page) -> Iterator[Problem]:
    for name in filterfalse(page.markdown.regions.__contains__, page.regions):
        markers = f"<!-- conformance:begin {name} --> and <!-- conformance:end {name} -->"
        what = f"region {name!r} is missing: write {markers}, each on its own line"
        yield Problem(page.markdown.place(0), what)


def _unknown_regions(page: Page) -> Iterator[Problem]:
    known = ", ".join(page.regions)
    for region in page.markdown.regions.values():
        if region.name in page.regions:
            continue
        what = f"unknown region {region.name!r}; there are {known}"
        yield Problem(page.markdown.place(region.begin), what)


def rendered_page(page: Page, basis: Basis, regions: Mapping[str, str]) -> bytes:
    """Return the bytes of a page with its regions and cells generated again.

    A row that occurs twice, as after a merge of two branches, is kept once.
    """
    rows = {}
    for claim in page.claims.once:
        line = page.markdown.lines[claim.index]
        rows[claim.index] = _rendered_row(line, claim, basis)
    rows |= dict.fromkeys(page.claims.twice, "")
    contents = {name: regions[name] for name in page.regions}
    return page.markdown.rewritten(contents, rows)


def _rendered_row(line: str, claim: DocumentClaim, basis: Basis) -> str:
    """Return the line of a claim with its generated cells."""
    texts: dict[TableCell, str] = {}
    for name, cell in claim.output.items():
        texts[cell] = markdown(_output_text(name, claim, basis)) or _NOTHING
    for each in claim.figures:
        figure = markdown(_figure_text(each.figure, basis))
        texts[each.cell] = figure_cell(figure, each.figure)
    # From the last cell to the first, so that the positions of earlier cells stay valid
    from_the_last = sorted(texts, key=lambda cell: cell.start, reverse=True)
    for cell in from_the_last:
        line = with_cell(line, cell, texts[cell])
    return line


def _figure_text(figure: Figure, basis: Basis) -> str:
    value = basis.records.record(figure.file).figure(figure.field)
    if value is None:
        return NOT_VERIFIED
    return f"{shown_figure(value)} {figure.unit}".rstrip()


def _output_text(column: str, claim: DocumentClaim, basis: Basis) -> str:
    """Return the text of a generated cell."""
    if column == VERIFIED:
        return verified_text(claim, basis)
    if column == OPEN_ROWS:
        return ", ".join(open_rows_about(claim, basis)) or "none"
    evidence = basis.shown(claim)
    if evidence is None:
        return ""
    # With work that is not done, a figure would look like a result of that work
    is_early = column == MEASURED and open_work(claim, basis)
    if is_early:
        return ""
    return _OF_EVIDENCE[column](evidence)


def _compared(evidence: ClaimEvidence) -> str:
    """Return how many cases at least two runtimes answered, and of how many: `3 of 4 cases, …`."""
    count = plural(evidence.count, "case")
    if not evidence.compared:
        return f"none of {count}"
    return f"{evidence.compared} of {count}, each by {_least_runtimes(len(evidence.runtimes))}"


def _least_runtimes(count: int) -> str:
    """Return in words how many runtimes it takes to compare a case, out of `count`."""
    if count == _TWO:
        return "both runtimes"
    return f"at least 2 of {plural(count, 'runtime')}"


def _answered_by(evidence: ClaimEvidence) -> str:
    """Return the languages and names of the runtimes that answered; only their number if many."""
    runtimes = _listed(list(map(attrgetter("runtime"), evidence.runtimes)))
    languages = set(map(attrgetter("language"), evidence.runtimes))
    # A runtime without a declared language has an empty one
    named = sorted(filter(None, languages))
    if not named:
        return runtimes
    spelled = ", ".join(map(_spelled, named))
    return f"{spelled}: {runtimes}"


def _listed(names: Sequence[str]) -> str:
    if len(names) > _SHOWN_RUNTIMES:
        return plural(len(names), "runtime")
    return ", ".join(names)


def _spelled(language: str) -> str:
    return _SPELLED.get(language, language.capitalize())


def _measured(evidence: ClaimEvidence) -> str:
    """Return the figure of a claim.

    If no two runtimes answered its cases, it is the number of cases that were checked by
    expectations.
    """
    if evidence.compared or not evidence.count:
        return evidence.measured
    return f"{plural(evidence.count, 'case')}, held to what the cases demand"


_OF_EVIDENCE: Final[dict[str, Callable[[ClaimEvidence], str]]] = {
    MEASURED: _measured,
    ANSWERED_BY: _answered_by,
    COMPARED: _compared,
}


def verified_text(claim: DocumentClaim, basis: Basis) -> str:
    """Return the text of the cell *Last verified*: the day of the run or of the oldest report."""
    waiting = open_work(claim, basis)
    if waiting:
        return f"not yet: {', '.join(waiting)}"
    if not basis.cases(claim):
        return _oldest_day(claim, basis)
    evidence = basis.shown(claim)
    if evidence is None:
        return NOT_VERIFIED
    verified = str(evidence.verified or NOT_VERIFIED)
    if evidence.red_since:
        return f"{verified}, red since {evidence.red_since}"
    return verified


def _oldest_day(claim: DocumentClaim, basis: Basis) -> str:
    """Return the day of the oldest report that a claim rests on."""
    days = [basis.records.record(name).day for name in basis.records_of(claim)]
    # A report without a day might be the oldest
    is_dated = days and all(days)
    if not is_dated:
        return NOT_VERIFIED
    return min(days)


def open_work(claim: DocumentClaim, basis: Basis) -> tuple[str, ...]:
    """Return the ids of the work rows that a claim names and that are not done."""
    waiting = live_rows(basis.named_rows(claim))
    return tuple(map(attrgetter("id"), waiting))


def open_rows_about(claim: DocumentClaim, basis: Basis) -> tuple[str, ...]:
    """Return the ids of the open rows that are about a case of a claim.

    A row of work counts only if it is about all cases of the claim.
    """
    cases = basis.case_ids(claim)
    return tuple(row.id for row in basis.open_rows if _concerns(row, cases))


def _concerns(row: Decision, cases: Sequence[str]) -> bool:
    """Return whether a row is about some cases.

    A row about a difference must cover one of them; a row of work must name all of them as
    evidence.
    """
    if not row.work:
        return any(map(row.concerns, cases))
    # Without cases, `all` would be true for every row of work
    if not cases:
        return False
    globs = evidence_globs(row)
    return all(matches_any(case, globs) for case in cases)
