"""The living document with everything it depends on: read, rendered and brought up to date.

Nothing is written before everything has been read and rendered; then each file is replaced as a
whole.  A region or cell that a person has edited, or a file that changed meanwhile, is refused.
"""

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.errors import BadFileError, Problem, TrackerError
from conformance.ledger.edit import with_budget
from conformance.ledger.file import parse_ledger, read_ledger
from conformance.model.case_digest import case_digest
from conformance.model.decision import Ledger
from conformance.project.files import RUNTIMES_NAME, find_above, read_suites, suite_files
from conformance.reporting.markdown import markdown_template
from conformance.suites.document import source_bytes
from conformance.suites.runtimes_file import declared_sources
from conformance.tracker import page
from conformance.tracker.accepted_gauntlet import AcceptedGauntlet, read_accepted, with_accepted
from conformance.tracker.claims import MEASURED, Columns, DocumentClaim
from conformance.tracker.evidence import DocumentEvidence
from conformance.tracker.evidence_file import evidence_bytes, read_evidence
from conformance.tracker.freshness import Sources
from conformance.tracker.hand_edits import edits_in_page, generated_digests
from conformance.tracker.lint import reused_ids
from conformance.tracker.merge_attributes import ATTRIBUTES, with_attributes
from conformance.tracker.merged_sides import digests_of_sides
from conformance.tracker.page import Basis, Page
from conformance.tracker.refresh import open_rows, refreshed
from conformance.tracker.regions import CHART, REGION_NAMES, as_of, rendered_regions
from conformance.tracker.report_records import ReportRecords, repository_root
from conformance.tracker.run_evidence import RunEvidence, run_evidence
from conformance.tracker.standing import unknown_proofs
from conformance.tracker.state_of_play import FILE_NAME, read_state_of_play, state_problems
from conformance.tracker.trend_chart import trend_chart

DEFAULT_DOCUMENT: Final = Path("docs/ARCHITECTURE_COMPARISON.md")


class LivingDocument(Struct, frozen=True, kw_only=True):
    """The two pages as they are, with the ledger, the cases and the evidence they are about.

    `cases_now` are the digests of all cases by id, `sources` the code files of the declared
    runtimes, and `accepted` the verdict of the accepted gauntlet.  `problems` are what prevents an
    update of the pages.
    """

    comparison: Page
    state: Page
    columns: Columns
    ledger: Ledger
    evidence: DocumentEvidence
    records: ReportRecords
    sources: Sources
    accepted: AcceptedGauntlet | None
    suites: tuple[Path, ...]
    cases_now: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def file(self) -> Path:
        """Return the file of the comparison."""
        return self.comparison.file

    @property
    def known(self) -> frozenset[str]:
        """Return the ids of all cases."""
        return frozenset(self.cases_now)

    @property
    def pages(self) -> tuple[Page, Page]:
        """Return both pages."""
        return self.comparison, self.state

    @property
    def basis(self) -> Basis:
        """Return the input of the generated parts."""
        return Basis(
            ledger=self.ledger,
            evidence=self.evidence,
            records=self.records,
            cases_now=self.cases_now,
        )

    @property
    def claims(self) -> tuple[DocumentClaim, ...]:
        """Return the claims of both pages."""
        return tuple(chain.from_iterable(each.claims.once for each in self.pages))

    @property
    def evidence_file(self) -> Path:
        """Return the file of the evidence."""
        return evidence_file(self.file)

    @property
    def chart_file(self) -> Path:
        """Return the file of the trend's chart."""
        return self.file.parent / CHART


def evidence_file(document: Path) -> Path:
    """Return the evidence file of a document."""
    return document.with_suffix(".evidence.ndjson")


def open_document(file: Path, ledger_file: Path) -> LivingDocument:
    """Read a document and everything it depends on; a missing page starts from its template."""
    suites = suite_files([ledger_file.parent])
    cases_now = {case.id: case_digest(case) for case in read_suites(suites)}
    ledger, evidence = read_ledger(ledger_file), read_evidence(evidence_file(file))
    runtimes = find_above(RUNTIMES_NAME, [ledger_file])
    declared = declared_sources(runtimes) if runtimes else {}
    seen = {each.runtime: each.language for claim in evidence.claims for each in claim.runtimes}
    columns = Columns(
        languages={**seen, **{name: language for name, (language, _) in declared.items()}}
    )
    state = file.parent / FILE_NAME
    document = LivingDocument(
        comparison=page.read_page(file, _bytes(file, "document.md.j2"), columns, REGION_NAMES),
        state=read_state_of_play(
            state, _bytes(state, "state_of_play.md.j2"), columns, cases_now.keys()
        ),
        columns=columns,
        ledger=ledger,
        evidence=evidence,
        records=ReportRecords(ledger),
        sources={name: source for name, (_, source) in declared.items()},
        accepted=read_accepted(repository_root(ledger)),
        suites=suites,
        cases_now=cases_now,
    )
    return replace(document, problems=tuple(_problems(document)))


def _bytes(file: Path, template: str) -> bytes:
    """Return the bytes of a page, or those of its template if it does not exist."""
    return (
        file.read_bytes()
        if file.exists()
        else markdown_template("conformance.tracker", template).render().encode()
    )


def _problems(document: LivingDocument) -> Iterator[Problem]:
    for each in document.pages:
        yield from page.page_problems(each)
        yield from unknown_proofs(each, document.basis)
    yield from state_problems(document.state)
    yield from reused_ids(document.ledger, document.evidence)


def slack_budget(ledger: Ledger) -> dict[str, int]:
    """Return the number of open rows for each budget that is larger than this number."""
    counts = Counter(open_rows(ledger))
    return {name: counts[name] for name, most in ledger.budget.items() if counts[name] < most}


def with_lower_budget(document: LivingDocument) -> LivingDocument:
    """Return the document with each budget lowered to the number of open rows.

    `sync` writes these budgets into the ledger.
    """
    budget = {**document.ledger.budget, **slack_budget(document.ledger)}
    return replace(document, ledger=replace(document.ledger, budget=budget))


def with_evidence(document: LivingDocument, run: Path | None, today: dt.date) -> LivingDocument:
    """Return the document with its evidence updated by the ledger and, if named, by a run."""
    of_run: RunEvidence | None = None
    claims = _figures_shown(document)
    if run is not None:
        of_run = run_evidence(run, document.ledger, claims, document.known)
        before = document.evidence.refresh
        if before is not None and of_run.refresh.started < before.started:
            raise TrackerError(
                f"run {of_run.refresh.run} is older than run {before.run}, which the document "
                "rests on",
                hint="name a later run",
            )
    evidence = refreshed(document.evidence, document.ledger, claims, of_run, today)
    return replace(
        document, evidence=with_accepted(evidence, document.accepted, document.evidence_file)
    )


def _figures_shown(document: LivingDocument) -> dict[tuple[str, ...], bool]:
    """Return the globs of each claim, with whether the comparison shows its figure."""
    figures: dict[tuple[str, ...], bool] = {}
    for each in document.pages:
        for claim in each.claims.once:
            cases = document.basis.cases(claim)
            figures[cases] = figures.get(cases, False) or MEASURED in claim.output
    return figures


def rendered(document: LivingDocument) -> dict[Path, bytes]:
    """Return the new bytes of both pages, from the ledger, the evidence and committed reports."""
    regions = rendered_regions(document.ledger, document.evidence, document.accepted)
    return {each.file: page.rendered_page(each, document.basis, regions) for each in document.pages}


def chart(document: LivingDocument) -> bytes:
    """Return the trend's chart, from the evidence."""
    return trend_chart(document.evidence.trend, as_of(document.evidence)).encode()


def hand_edits(document: LivingDocument) -> Iterator[Problem]:
    """Yield the generated lines and cells that a person edited: neither old nor new output."""
    generated = document.evidence.generated | _digests(document)
    # Git is asked only if something looks edited, as most pages were never merged
    if any(_edits(document, generated)):
        generated |= digests_of_sides(document.evidence_file)
    yield from _edits(document, generated)


def _edits(document: LivingDocument, generated: AbstractSet[str]) -> Iterator[Problem]:
    for each in document.pages:
        yield from edits_in_page(each, generated)


def _digests(document: LivingDocument) -> frozenset[str]:
    """Return the digests of everything that `sync` would generate."""
    pages = rendered(document)
    digests = (
        generated_digests(each, pages[each.file], document.columns) for each in document.pages
    )
    return frozenset().union(*digests)


def difference(document: LivingDocument) -> str:
    """Return the changes that an update of the pages would make, as a unified diff."""
    pages = rendered(document)
    return "\n".join(line for each in document.pages for line in _diff(each, pages[each.file]))


def _diff(each: Page, wanted: bytes) -> Iterator[str]:
    name = str(each.file)
    now, then = (raw.decode("utf-8", "backslashreplace").splitlines() for raw in (each.raw, wanted))
    yield from difflib.unified_diff(now, then, name, f"{name} (generated)", lineterm="", n=1)


def out_of_date(document: LivingDocument) -> dict[Path, bytes]:
    """Return the generated files that are out of date, each with its new content."""
    evidence = replace(document.evidence, generated=_digests(document))
    attributes = document.file.parent / ATTRIBUTES
    generated = {
        document.evidence_file: evidence_bytes(evidence),
        document.chart_file: chart(document),
        attributes: with_attributes(
            attributes,
            [document.file, document.state.file, document.evidence_file, document.chart_file],
        ),
        **rendered(document),
    }
    stale = {file: content for file, content in generated.items() if not _holds(file, content)}
    return _lowered_ledger(document.ledger) | stale


def _holds(file: Path, content: bytes) -> bool:
    return file.exists() and file.read_bytes() == content


def _lowered_ledger(ledger: Ledger) -> dict[Path, bytes]:
    """Return the ledger's file with lowered budgets; empty if no budget is too large."""
    name = ledger.file or ""
    raw = source_bytes(Path(name), name)
    written = parse_ledger(raw, name).budget
    lowered = {runtime: most for runtime, most in ledger.budget.items() if written[runtime] > most}
    return {Path(name): with_budget(raw, name, lowered)} if lowered else {}


def sync(document: LivingDocument) -> tuple[Path, ...]:
    """Write the files that are out of date, and return them.

    All errors are raised before the first file is written.
    """
    if document.problems:
        raise BadFileError(document.problems)
    edits = list(hand_edits(document))
    if edits:
        edited = "\n".join(map(str, edits))
        hint = (
            "move your words outside the markers or cells, take the lines marked + back, and "
            "sync again"
        )
        raise TrackerError(f"{edited}\n{difference(document)}", hint=hint)
    stale = out_of_date(document)
    for each in document.pages:
        if each.file.exists() and each.file.read_bytes() != each.raw:
            raise TrackerError(
                f"{each.file} changed while it was read; nothing was written", hint="sync again"
            )
    for file, content in stale.items():
        replace_file(file, content)
    return tuple(stale)
