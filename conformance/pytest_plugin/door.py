"""Hooks of a pytest session with suites: collect, open runtimes, replay, judge at the end.

The end is that of `conformance run`: a record and its reports below `reports/runs/`, judged by the
ledger. A row that makes the run red is a failed test of its own, at its line of the ledger. Under
xdist the controller starts the runtimes and writes the record; workers replay cases, and while a
case that is not isolated is replayed, no other case is.
"""

import contextlib
import os
import shlex
import sys
import time
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from conformance.errors import ConformanceError
from conformance.judging import evidence_of
from conformance.model.case import Case
from conformance.model.decision import Decision
from conformance.model.report import RunReport
from conformance.model.run import RunFooter
from conformance.model.verdict import CaseResult, Judgement, RowState, RowVerdict
from conformance.pipeline import time_now
from conformance.project.cases import LoadedCases, unselected_ids
from conformance.project.files import read_suites, suite_files
from conformance.project.finished_run import finish_run
from conformance.project.ledger import load_ledger
from conformance.project.request import RunRequest
from conformance.project.runs import DEFAULT_RUNS, begin_run, new_header
from conformance.project.runtimes import load_runtimes, refuse_unknown_baseline
from conformance.project.source_link import files_from
from conformance.project.sources import with_source_digests
from conformance.pytest_plugin.items import CaseItem, SuiteFile
from conformance.pytest_plugin.replay import Replay, Turns, attached_to
from conformance.records.write import RecordWriter
from conformance.reporting.console import report_lines
from conformance.reporting.explanation import addresses, explanation_lines
from conformance.reporting.github import tell_github
from conformance.reporting.terminal import view_of
from conformance.suites.case_spool import CaseSpool
from conformance.verdicts.judgement import judge
from conformance.verdicts.ledger_check import check_ledger

_INPUT: Final = "conformance"
_LINE: Final = "conformance_line"
"""The attribute of a report with the number of a case among the items, and its record line."""


def open_door(config: pytest.Config, paths: tuple[Path, ...]) -> "Door":
    """Return the hooks for suites below some paths; a bad ledger ends pytest with its problems."""
    try:
        return Door(config, paths)
    except ConformanceError as error:
        raise pytest.UsageError(str(error)) from error


class Door:
    """The plugin object of one pytest process: a plain session, xdist's controller, or a worker."""

    def __init__(self, config: pytest.Config, paths: tuple[Path, ...]) -> None:
        self._config = config
        self._worker: dict[str, Any] | None = getattr(config, "workerinput", {}).get(_INPUT)
        options = tuple(config.getoption("conformance_runtime"))
        self._request = RunRequest(
            paths=paths, runtime_options=options, runs=config.rootpath / DEFAULT_RUNS
        )
        self._files = frozenset(suite_files(paths))
        self._baseline: str | None = config.getoption("conformance_baseline")
        self._ledger = load_ledger(None, paths)
        run = ["pytest", *map(str, config.invocation_params.args)]
        self._header = replace(
            new_header(self._ledger, frozenset(), self._baseline),
            command=shlex.join(run),
            files=files_from(self._request.runs),
        )
        self._replay: Replay | None = None
        self._turns: Turns | None = None
        self._refusal: ConformanceError | None = None
        self._seen: dict[int, str] = {}
        self._report: RunReport | None = None
        config.add_cleanup(self._ensure_closed)

    @property
    def _folder(self) -> Path:
        return self._request.runs / self._header.run_id

    @pytest.hookimpl
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
        """Collect a file if it is one of the suites."""
        if file_path in self._files:
            file: SuiteFile = SuiteFile.from_parent(parent, path=file_path)
            file.replays = self
            return file
        return None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give an xdist worker the URLs of the runtimes; start them before the first."""
        if self._replay is None and not self._config.option.collectonly:
            self._open_or_stop(None)
        node.workerinput[_INPUT] = {
            "run_id": self._header.run_id,
            "urls": self._replay.urls if self._replay else {},
            "turns": str(self._folder / "turns"),
        }

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Open the runtimes for the cases that all filters have left.

        Judge the run when all cases have been replayed.
        """
        items = [item for item in session.items if isinstance(item, CaseItem)]
        if self._config.option.collectonly or session.testsfailed:
            return (yield)
        for number, item in enumerate(items):
            item.number = number
        if items:
            self._open_or_stop(tuple(item.case for item in items))
        started, finished = time.monotonic(), False
        try:
            done = yield
            finished = True
        finally:
            remarks = self._close()
            if self._worker is None and self._seen:
                elapsed_s, count = round(time.monotonic() - started, 3), len(self._seen)
                footer = RunFooter(
                    finished=time_now(), cases=count, elapsed_s=elapsed_s, remarks=remarks
                )
                self._report = self._whole(
                    footer if finished else None, len(items) or session.testscollected
                )
        if self._report is not None:
            self._fail_for_rows(self._report)
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the record line of a case on its report: a worker sends nothing else."""
        report = yield
        if call.when == "call" and isinstance(item, CaseItem) and item.record_line is not None:
            setattr(
                report, _LINE, (item.number, item.record_line.decode())
            )  # text: reports are written as JSON, too
        return report

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the record line of a case."""
        if self._worker is None and (seen := getattr(report, _LINE, None)):
            self._seen[seen[0]] = seen[1]

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the report, groups first."""
        if self._report is None:
            return
        if terminalreporter.verbosity >= 0:
            terminalreporter.section("conformance")
            for line, style in report_lines(self._report, view_of(sys.stdout)):
                terminalreporter.write_line(
                    line, **{word: True for word in style.split() if word != "dim"}
                )
            terminalreporter.write_line(f"reports: {self._folder}")
        tell_github(self._report, sys.stdout)

    def replayed(self, case: Case) -> tuple[CaseResult, Judgement]:
        """Replay and judge a case; an isolated one may run in parallel with others."""
        if self._replay is None:
            raise self._refusal or ConformanceError("the runtimes are not open")
        with (
            self._turns.one(beside_others=case.isolated)
            if self._turns
            else contextlib.nullcontext()
        ):
            result = self._replay.result(case, self._baseline, self._ledger)
        return result, judge(result, self._ledger)

    def explained(self, result: CaseResult, judgement: Judgement) -> str:
        """Return why a case did not pass, and the case in full."""
        lines = explanation_lines(result, judgement, addresses(self._header))
        return "\n".join(text for text, _ in lines)

    def decision(self, decision_id: str) -> Decision:
        """Return the ledger row with an id."""
        return next(row for row in self._ledger.decisions if row.id == decision_id)

    def _open_or_stop(self, cases: tuple[Case, ...] | None) -> None:
        """Open the runtimes for some cases, or for all cases of the suites.

        An error ends pytest; in a worker, it fails each case of the worker.
        """
        try:
            self._open(cases)
        except ConformanceError as error:
            self._refusal = error
            if self._worker is None:
                raise pytest.UsageError(str(error)) from error

    def _open(self, cases: tuple[Case, ...] | None) -> None:
        runtimes = with_source_digests(load_runtimes(self._request))
        refuse_unknown_baseline(self._baseline, runtimes)
        run_id = self._header.run_id
        if self._worker is not None:
            self._turns = Turns(Path(self._worker["turns"]))
            runtimes, run_id = attached_to(runtimes, self._worker["urls"]), self._worker["run_id"]
        else:
            files = suite_files(self._request.paths)
            known = tuple(read_suites(files))
            ids = frozenset(
                case.id for case in known
            )  # pytest has not filtered yet; the cases replayed are removed at the end
            unselected = unselected_ids(
                LoadedCases(selected=CaseSpool(), unselected=ids, files=files), self._ledger
            )
            check_ledger(self._ledger, unselected, {runtime.name for runtime in runtimes})
            self._header = replace(self._header, unselected=unselected)
            cases = known if cases is None else cases
            begin_run(self._request.runs, run_id)
        self._replay = Replay(runtimes, self._folder / "logs", cases or (), run_id)
        self._header = replace(self._header, runtimes=self._replay.facts)

    def _close(self) -> tuple[str, ...]:
        replay, self._replay = self._replay, None
        return replay.close() if replay is not None else ()

    def _ensure_closed(self) -> None:
        self._close()

    def _whole(self, footer: RunFooter | None, selected: int) -> RunReport:
        """Write the record and its reports, and return the report.

        A run that was interrupted has no footer.
        """
        with RecordWriter(self._folder) as record:
            record.header(
                replace(self._header, selected=footer.cases if footer else selected), self._ledger
            )
            for _, line in sorted(self._seen.items()):
                record.line((line.encode(),))
            if footer is not None:
                record.footer(replace(footer, evidence=evidence_of(self._folder)))
        return finish_run(self._folder, self._request.runs)

    def _fail_for_rows(self, report: RunReport) -> None:
        for row in report.rows:
            for failure in self._failed_row(row) if row.red else ():
                self._config.hook.pytest_runtest_logreport(report=failure)

    def _failed_row(self, row: RowVerdict) -> Iterator[pytest.TestReport]:
        """Yield the pytest reports of a ledger row as a failed test: its call and its teardown."""
        decision = self.decision(row.decision_id)
        file = os.path.relpath(decision.place.file, self._config.rootpath)
        how = "[XPASS(strict)] " if row.state is RowState.STALE else ""
        message = (
            f"{how}{row.decision_id} {row.state.value}: {row.reason}\n{decision.place}: "
            f"{decision.title}"
        )
        report = partial(
            pytest.TestReport,
            nodeid=f"{file}::{row.decision_id}",
            location=(file, decision.place.line - 1, row.decision_id),
            keywords={},
            user_properties=[("decision", row.decision_id), ("row", row.state.value)],
        )
        yield report(outcome="failed", longrepr=message, when="call")
        yield report(outcome="passed", longrepr=None, when="teardown")
