"""Judgement of saved runs: a record is read once, and every consumer gets each case.

No runtime receives a request, so a saved run can be judged by any ledger.
"""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from conformance.comparison.evidence.gathering import EvidenceTally
from conformance.model.decision import Ledger
from conformance.model.evidence import FixEvidence
from conformance.model.fold import Fold
from conformance.model.guard import Guard
from conformance.model.report import RunReport
from conformance.model.run import Demands, RunFooter, RunHeader
from conformance.model.verdict import CaseResult, Judgement
from conformance.records.read import read_record, read_start
from conformance.records.write import RecordWriter
from conformance.verdicts.fold import ReportFold
from conformance.verdicts.judgement import judge
from conformance.verdicts.shards import refuse_twice, united_footer, united_header


def join_records(folders: Sequence[Path], header: RunHeader, into: Path) -> RunHeader:
    """Write the cases of several records into one, judged by the first one's ledger.

    `header` names the new run. Return it with the runtimes and the number of cases filled in. The
    records must be of the same runtimes and must have no case in common.
    """
    starts = [read_start(folder) for folder in folders]
    ledger = starts[0].ledger
    selected = sum(start.header.selected for start in starts)
    header = replace(header, runtimes=starts[0].header.runtimes, selected=selected)
    footers: list[RunFooter] = []
    with RecordWriter(into) as record:
        record.header(header, ledger)
        for line in itertools.chain.from_iterable(map(read_record, folders)):
            if isinstance(line, RunFooter):
                footers.append(line)
            elif isinstance(line, CaseResult):
                record.case(line, judge(line, ledger))
        if len(footers) == len(folders):
            record.footer(united_footer(footers))
    return header


class CaseJudge:
    """Judges the cases of a run one by one, and passes them to the report and all other folds."""

    def __init__(self, header: RunHeader, ledger: Ledger, folds: Sequence[Fold] = ()) -> None:
        header = replace(header, ledger_file=ledger.file, ledger_digest=ledger.digest)
        self._ledger = ledger
        self._report = ReportFold(header, ledger)
        self._folds = (self._report, *folds)

    def add(self, result: CaseResult) -> None:
        """Judge one case and pass it to every fold."""
        judgement = judge(result, self._ledger)
        for fold in self._folds:
            fold.add(result, judgement)

    def report(self, footer: RunFooter | None) -> RunReport:
        """Return the report of all cases; without a footer the run counts as unfinished."""
        return self._report.report(footer)


def judge_record(
    folder: Path, ledger: Ledger | None = None, folds: Sequence[Fold] = ()
) -> RunReport:
    """Judge a saved run by its own ledger, or by another one."""
    return judge_records([folder], ledger, folds)


def judge_records(
    folders: Sequence[Path],
    ledger: Ledger | None = None,
    folds: Sequence[Fold] = (),
    demands: Demands | None = None,
    guard: Guard | None = None,
) -> RunReport:
    """Judge several saved runs as one, and pass each case to the report and all other folds.

    `ledger`, `demands` and `guard` replace those of the runs. Raises ShardError if the runs do not
    belong together, or if two of them contain the same case.
    """
    starts = [read_start(folder) for folder in folders]
    ledger = ledger or starts[0].ledger
    header = united_header([start.header for start in starts])
    header = replace(header, demands=demands or header.demands, guard=guard or header.guard)
    cases = CaseJudge(header, ledger, folds)
    footers: list[RunFooter] = []
    run_of: dict[str, str] = {}
    for folder, start in zip(folders, starts, strict=True):
        for line in read_record(folder):
            if isinstance(line, RunFooter):
                footers.append(line)
            elif isinstance(line, CaseResult):
                if len(folders) > 1:
                    refuse_twice(line.case_id, start.header.run_id, run_of)
                cases.add(line)
    return cases.report(united_footer(footers) if len(footers) == len(folders) else None)


def judged_cases(folder: Path) -> Iterator[tuple[CaseResult, Judgement]]:
    """Yield the cases of a saved run, judged by the run's own ledger."""
    ledger = read_start(folder).ledger
    for line in read_record(folder):
        if isinstance(line, CaseResult):
            yield line, judge(line, ledger)


def evidence_of(folder: Path) -> FixEvidence:
    """Return the evidence in the cases of a record; the record may still have no footer."""
    tally = EvidenceTally()
    for line in read_record(folder):
        if isinstance(line, CaseResult):
            tally.add(line)
    return tally.evidence()
