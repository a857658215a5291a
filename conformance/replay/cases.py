"""Cases replayed over one session: observed, compared, judged, and repeated to detect noise.

The modules that compare and judge are imported after the first answers have come: the import takes
about as long as all the rest of the start, and so no request waits for it.
"""

import contextlib
from collections.abc import AsyncGenerator, Iterable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from conformance.model.case import Case
from conformance.model.decision import Ledger
from conformance.model.evidence import FixEvidence
from conformance.model.gap import CaseGap, GapKind
from conformance.model.verdict import CaseResult
from conformance.replay.replayed import Replayed
from conformance.runner.scheduler import in_suite_order
from conformance.runner.session import Session
from conformance.runner.work_on_cells import are_very_large

if TYPE_CHECKING:
    from conformance.comparison.evidence.gathering import EvidenceTally


class CaseReplay:
    """Replays cases over a session, judges them by a ledger, and gathers their evidence."""

    def __init__(self, session: Session, baseline: str | None, ledger: Ledger) -> None:
        self._session = session
        self._baseline = baseline
        self._ledger = ledger
        self._tally: EvidenceTally | None = None

    async def replayed(self, cases: Iterable[Case]) -> AsyncGenerator[Replayed, None]:
        """Yield each case with its judgement, in the order of the cases."""
        async with contextlib.aclosing(in_suite_order(cases, self._replay)) as results:
            async for result in results:
                from conformance.verdicts.judgement import judge  # noqa: PLC0415 - as said above

                await self._gather(result)
                judgement = judge(result, self._ledger)
                yield Replayed(result.case_id, result.place, judgement, result)

    def evidence(self) -> FixEvidence:
        """Return the evidence of all cases so far."""
        return self._tally.evidence() if self._tally else FixEvidence()

    def join(self, evidence: FixEvidence) -> None:
        """Add the evidence of cases that a worker replayed."""
        self._evidence_tally().add_evidence(evidence)

    async def _replay(self, case: Case) -> CaseResult:
        return await replay_case(case, self._session, self._baseline, self._ledger)

    async def _gather(self, result: CaseResult) -> None:
        tally, work = self._evidence_tally(), self._session.work
        if are_very_large(result.cells):
            tally.add_evidence(await work.on(result.cells, partial(_evidence_of_case, result)))
        else:
            await work.on(result.cells, partial(tally.add, result))

    def _evidence_tally(self) -> "EvidenceTally":
        from conformance.comparison.evidence.gathering import EvidenceTally  # noqa: PLC0415 - as said above

        self._tally = self._tally or EvidenceTally()
        return self._tally


def _evidence_of_case(result: CaseResult) -> FixEvidence:
    from conformance.comparison.evidence.gathering import EvidenceTally  # noqa: PLC0415 - as said above

    tally = EvidenceTally()
    tally.add(result)
    return tally.evidence()


async def replay_case(
    case: Case, session: Session, baseline: str | None, ledger: Ledger
) -> CaseResult:
    """Observe and compare a case; add a gap if its `against` is a label of no runtime."""
    result = await _observed(case, session, baseline, ledger)
    if not result.cells or session.knows_label(case.against):
        return result
    gap = CaseGap(GapKind.UNKNOWN_LABEL, str(case.against))
    return replace(
        result, comparison=replace(result.comparison, gaps=(*result.comparison.gaps, gap))
    )


async def _observed(
    case: Case, session: Session, baseline: str | None, ledger: Ledger
) -> CaseResult:
    """Observe and compare a case.

    If a finding is undecided, observe the case a second time, to separate a difference from noise.
    """
    cells = await session.observe(case)
    from conformance.comparison.case_result import compared, repeated_result  # noqa: PLC0415 - as said above
    from conformance.verdicts.judgement import undecided  # noqa: PLC0415

    result = await session.work.on(cells, partial(compared, case, cells, baseline))
    live = any(cell.live for cell in result.cells)
    if not live or not undecided(result, ledger):
        return result
    cells = await session.observe(case, attempt=2)
    again = partial(repeated_result, case, result, cells, baseline)
    twice = await session.work.on((*result.cells, *cells), again)
    if twice.unstable:
        session.reconnect(
            always=True
        )  # answers on a kept connection may belong to earlier requests
    return twice
