"""The living document with all it rests on: read, checked, and brought up to date.

Nothing is written before everything has been read and rendered; each file is then replaced whole.  A region or cell
that somebody has written in, or a file that changed meanwhile, is refused.
"""

import datetime as dt
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from conformance.atomic_file import replace_file
from conformance.errors import BadFileError, Problem, TrackerError
from conformance.ledger.edit import with_budget
from conformance.ledger.file import parse_ledger, read_ledger
from conformance.model.decision import Ledger
from conformance.project.files import read_suites, suite_files
from conformance.reporting.markdown import markdown_template
from conformance.suites.document import source_bytes
from conformance.tracker.claims import Claim, claims_of, edited_cells, rendered_row
from conformance.tracker.evidence import Evidence, evidence_bytes, read_evidence
from conformance.tracker.lint import claim_problems, reused_ids
from conformance.tracker.markdown_file import MarkdownFile, parse_markdown
from conformance.tracker.refresh import open_rows, refreshed
from conformance.tracker.regions import CHART, REGION_NAMES, as_of, rendered_regions
from conformance.tracker.run_evidence import RunEvidence, run_evidence
from conformance.tracker.trend_chart import trend_chart

DEFAULT_DOCUMENT: Final = Path("docs/ARCHITECTURE_COMPARISON.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingDocument:
    """The document as it is, with the ledger, the cases and the evidence that it speaks of."""

    file: Path
    raw: bytes
    markdown: MarkdownFile
    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]
    ledger: Ledger
    evidence: Evidence
    suites: tuple[Path, ...]
    known: frozenset[str]

    @property
    def evidence_file(self) -> Path:
        """Return the file that the evidence is kept in."""
        return evidence_file(self.file)

    @property
    def chart_file(self) -> Path:
        """Return the file of the trend's chart."""
        return self.file.parent / CHART


def evidence_file(document: Path) -> Path:
    """Return the evidence file of a document."""
    return document.with_suffix(".evidence.json")


def open_document(file: Path, ledger_file: Path) -> LivingDocument:
    """Read a document and all it rests on; one that does not exist yet is the template's."""
    raw = file.read_bytes() if file.exists() else _first_document().encode()
    markdown = parse_markdown(raw, str(file))
    claims, problems = claims_of(markdown)
    suites = suite_files([ledger_file.parent])
    known = frozenset(case.id for case in read_suites(suites))
    ledger, evidence = read_ledger(ledger_file), read_evidence(evidence_file(file))
    return LivingDocument(
        file=file,
        raw=raw,
        markdown=markdown,
        claims=claims,
        problems=(
            *(*markdown.problems, *_region_problems(markdown), *problems),
            *(*claim_problems(claims, known), *reused_ids(ledger, evidence)),
        ),
        ledger=ledger,
        evidence=evidence,
        suites=suites,
        known=known,
    )


def _first_document() -> str:
    return markdown_template("conformance.tracker", "document.md.j2").render()


def _region_problems(markdown: MarkdownFile) -> Iterator[Problem]:
    """Yield the regions that the document lacks, and those that nothing is generated for."""
    for name in REGION_NAMES:
        if name not in markdown.regions:
            markers = f"<!-- conformance:begin {name} --> and <!-- conformance:end {name} -->"
            what = f"region {name!r} is missing: write {markers}, each on its own line"
            yield Problem(markdown.place(0), what)
    for region in markdown.regions.values():
        if region.name not in REGION_NAMES:
            known = ", ".join(REGION_NAMES)
            yield Problem(markdown.place(region.begin), f"unknown region {region.name!r}; there are {known}")


def slack_budget(ledger: Ledger) -> dict[str, int]:
    """Return the budgets that are larger than the number of open rows, with that number."""
    counts = open_rows(ledger)
    return {name: counts.get(name, 0) for name, most in ledger.budget.items() if counts.get(name, 0) < most}


def with_lower_budget(document: LivingDocument) -> LivingDocument:
    """Return the document with each budget lowered to the open rows that there are; `sync` writes it down."""
    budget = {**document.ledger.budget, **slack_budget(document.ledger)}
    return replace(document, ledger=replace(document.ledger, budget=budget))


def with_evidence(document: LivingDocument, run: Path | None, today: dt.date) -> LivingDocument:
    """Return the document with the ledger, and a run if one is named, folded into its evidence."""
    shown: RunEvidence | None = None
    claims = [claim.cases for claim in document.claims]
    if run is not None:
        shown = run_evidence(run, document.ledger, claims, document.known)
        before = document.evidence.refresh
        if before is not None and shown.refresh.started < before.started:
            raise TrackerError(
                f"run {shown.refresh.run} is older than run {before.run}, which the document rests on",
                hint="name a later run",
            )
    return replace(document, evidence=refreshed(document.evidence, document.ledger, claims, shown, today))


def rendered(document: LivingDocument) -> bytes:
    """Return the document's bytes as the ledger and the evidence have them."""
    rows = {
        claim.index: rendered_row(document.markdown.lines[claim.index], claim, document.evidence.claim(claim.cases))
        for claim in document.claims
    }
    return document.markdown.rewritten(rendered_regions(document.ledger, document.evidence), rows)


def chart(document: LivingDocument) -> bytes:
    """Return the trend's chart as the evidence has it."""
    return trend_chart(document.evidence.trend, as_of(document.evidence)).encode()


def hand_edits(document: LivingDocument) -> Iterator[Problem]:
    """Yield the generated regions and cells that somebody has written in."""
    for region in document.markdown.regions.values():
        if document.markdown.edited(region):
            what = f"region {region.name!r} is generated, and somebody has written in it"
            yield Problem(document.markdown.place(region.begin), what)
    for claim in document.claims:
        for column in edited_cells(claim):
            what = f"the cell {column.capitalize()!r} is generated, and somebody has written in it"
            yield Problem(claim.place, what)


def difference(document: LivingDocument) -> str:
    """Return what bringing the document up to date would change, as a unified diff."""
    name = str(document.file)
    now, wanted = (raw.decode("utf-8", "backslashreplace").splitlines() for raw in (document.raw, rendered(document)))
    return "\n".join(difflib.unified_diff(now, wanted, name, f"{name} (generated)", lineterm="", n=1))


def out_of_date(document: LivingDocument) -> dict[Path, bytes]:
    """Return the generated files that are not as the ledger and the evidence have them, with what they should be."""
    generated = {
        document.evidence_file: evidence_bytes(document.evidence),
        document.chart_file: chart(document),
        document.file: rendered(document),
    }
    stale = {file: content for file, content in generated.items() if not file.exists() or file.read_bytes() != content}
    return _lowered_ledger(document.ledger) | stale


def _lowered_ledger(ledger: Ledger) -> dict[Path, bytes]:
    """Return the ledger's file with the budgets that it has larger than they are to be, if there are any."""
    name = ledger.file or ""
    raw = source_bytes(Path(name), name)
    written = parse_ledger(raw, name).budget
    lowered = {runtime: most for runtime, most in ledger.budget.items() if written[runtime] > most}
    return {Path(name): with_budget(raw, name, lowered)} if lowered else {}


def sync(document: LivingDocument) -> tuple[Path, ...]:
    """Write what is not up to date and return the files written; raises before anything is written."""
    if document.problems:
        raise BadFileError(document.problems)
    edits = list(hand_edits(document))
    if edits:
        found = "\n".join(map(str, edits))
        hint = "move your words outside the markers or cells, take the lines marked + back, and sync again"
        raise TrackerError(f"{found}\n{difference(document)}", hint=hint)
    stale = out_of_date(document)
    if document.file.exists() and document.file.read_bytes() != document.raw:
        raise TrackerError(f"{document.file} changed while it was read; nothing was written", hint="sync again")
    for file, content in stale.items():
        replace_file(file, content)
    return tuple(stale)
