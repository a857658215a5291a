"""Whether each row of a comparison is verified by the evidence that it names, and if not, why.

Evidence is cases that passed in the last complete run on live runtimes, done work whose evidence
holds, and figures of committed reports within their bounds.  The evidence of a runtime must show
what the cell of just this runtime says, so that two cells cannot be exchanged.
"""

import enum
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import filterfalse, islice
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.errors import Problem
from conformance.model.case_glob import matches
from conformance.model.decision import Decision
from conformance.suites.field_check import suggestion
from conformance.tracker.cell_evidence import cell_problems
from conformance.tracker.claims import Columns, DocumentClaim
from conformance.tracker.evidence import ClaimEvidence
from conformance.tracker.page import Basis, Page, open_work
from conformance.tracker.refresh import ALARMS
from conformance.tracker.rendered_text import rendered
from conformance.tracker.typed_figures import typed_in_row
from conformance.tracker.work_evidence import work_problems

_UNBUILT: Final = re.compile(
    r"\b(?:not (?:yet "
    r")?(?:available|built|done|finished|implemented|measured|ported|supported|there|written)|not "
    r"yet"
    r"|to do|to be (?:built|measured|done|held|implemented|ported|written)"
    r"|todo|tbd|planned|unimplemented|unsupported|missing)\b",
    re.IGNORECASE,
)
"""Words that say that something does not exist yet."""
_NO_PROOF: Final = (
    "nothing verifies this row: name cases, a row of work or a bound of a report in code, or move "
    'it below "Owner\'s statement, not verified here"'
)
_WANTED_BOUND: Final = (
    "wanted a report's record with a bound, such as `reports/load.json scenarios_per_s >= 438`"
)
_NEVER_VERIFIED: Final = (
    "not verified by any run in which all runtimes were live: `conformance run`, then "
    "`conformance tracker sync --run latest`"
)


class Standing(enum.Enum):
    """How a row of a comparison stands, in the words in which `tracker check` counts rows."""

    VERIFIED = "verified"
    BY_REPORT = "by report"
    OWNERS = "owner's statement"
    TO_DO = "to do"
    UNVERIFIED = "not verified"


class RowStanding(Struct, frozen=True, kw_only=True):
    """A row, how it stands, and the problems that keep it from being verified."""

    claim: DocumentClaim
    standing: Standing
    problems: tuple[Problem, ...]


def unknown_proofs(page: Page, basis: Basis) -> Iterator[Problem]:
    """Yield the rows that name no evidence, or evidence that does not exist."""
    for claim in page.claims.once:
        for what in _unknown(claim, basis):
            yield Problem(claim.place, what)


def _unknown(claim: DocumentClaim, basis: Basis) -> Iterator[str]:
    proofs = claim.proofs
    if proofs.empty:
        yield _NO_PROOF
    for glob in proofs.cases:
        if not _has_case(glob, basis):
            yield f"no case matches {glob}{suggestion(glob, sorted(basis.known))}"
    for row in filterfalse(attrgetter("work"), basis.named_rows(claim)):
        yield f"{row.id} is about a difference and verifies nothing: name its cases"
    for span in proofs.unread:
        yield f"{_WANTED_BOUND}; got {span!r}"


def _has_case(glob: str, basis: Basis) -> bool:
    return any(matches(case, glob) for case in basis.known)


def standings(page: Page, basis: Basis, columns: Columns) -> tuple[RowStanding, ...]:
    """Return how each row of a page stands."""
    return tuple(_standing(claim, basis, columns) for claim in page.claims.once)


def _standing(claim: DocumentClaim, basis: Basis, columns: Columns) -> RowStanding:
    if open_work(claim, basis):
        return RowStanding(claim=claim, standing=Standing.TO_DO, problems=())
    problems = _row_problems(claim, basis, columns)
    # Problems of work that is no longer shown are reported at the ledger row
    is_regressed = any(_regressed(row, basis) for row in basis.named_rows(claim))
    is_shown = not problems and not is_regressed and not claim.proofs.empty
    if is_shown:
        problems = tuple(_said_to_be_missing(claim))
    if problems or not is_shown:
        return RowStanding(claim=claim, standing=Standing.UNVERIFIED, problems=problems)
    standing = Standing.VERIFIED if basis.cases(claim) else Standing.BY_REPORT
    return RowStanding(claim=claim, standing=standing, problems=())


def _said_to_be_missing(claim: DocumentClaim) -> Iterator[Problem]:
    """Yield the first words in a verified row that say that something does not exist."""
    found = map(_UNBUILT.search, map(rendered, claim.words))
    for unbuilt in islice(filter(None, found), 1):
        what = (
            f"this row says {unbuilt[0]!r}, and its evidence shows that it is there: write what is"
        )
        yield Problem(claim.place, what)


def _row_problems(claim: DocumentClaim, basis: Basis, columns: Columns) -> tuple[Problem, ...]:
    """Return what keeps a row without open work from being verified."""
    problems = (
        *_evidence_problems(claim, basis),
        *_bound_problems(claim, basis),
        *cell_problems(claim, basis, columns),
        *typed_in_row(claim),
    )
    return tuple(Problem(claim.place, what) for what in problems)


def _regressed(row: Decision, basis: Basis) -> bool:
    """Return whether done work is no longer shown.

    The details are reported at the row of the ledger.
    """
    known = basis.evidence.row(row.id)
    if known is not None and known.seen in ALARMS:
        return True
    problems = work_problems(row, basis.ledger, basis.records)
    return any(problems)


def _evidence_problems(claim: DocumentClaim, basis: Basis) -> Iterator[str]:
    if not basis.cases(claim):
        return
    evidence = basis.shown(claim) or ClaimEvidence(cases=())
    if evidence.red_since is not None:
        yield f"its cases are red since {evidence.red_since}: correct the row, or what it is about"
    elif evidence.verified is None:
        yield _NEVER_VERIFIED


def _bound_problems(claim: DocumentClaim, basis: Basis) -> Iterator[str]:
    for each in claim.proofs.bounds:
        record = basis.records.record(each.file)
        yield from record.problems
        yield from filter(None, [record.wrong(each.bound)])
    bounded = basis.records_of(claim)
    for cell in claim.figures:
        name = cell.figure.file
        field = cell.figure.field
        record = basis.records.record(name)
        if name not in bounded:
            yield (
                f"the figure {field} is from {name}, and nothing in 'Verified by' holds that "
                "report to a bound"
            )
        elif record.content is not None and record.figure(field) is None:
            yield f"{name} has no figure {field!r}"


def counted(standings: Sequence[RowStanding], owners: int) -> dict[Standing, int]:
    """Return the number of rows of a comparison by standing, with the owners' statements."""
    counts = Counter(map(attrgetter("standing"), standings))
    every_standing = {standing: counts[standing] for standing in Standing}
    return {**every_standing, Standing.OWNERS: owners}
