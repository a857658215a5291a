"""Suites and cases as files and items of pytest: names, YAML positions, outcomes, messages.

An item passes, is skipped, or fails like its case. A known case gets a strict xfail mark, which
names the decision, and fails with an exception of its own. The mark is added only after the
judgement: the `where` of a decision does not say whether its difference can occur between the
runtimes of this run.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from conformance.errors import BadFileError, ConformanceError
from conformance.model.case import Case
from conformance.model.decision import Decision
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.records.write import case_line
from conformance.suites.suite_file import read_suite


class DivergenceError(Exception):
    """A red case; the text says why, and shows the case in full."""


class KnownDifferenceError(Exception):
    """A case whose differences are all decided; the text is for `--runxfail`."""


class Replays(Protocol):
    """The object that replays, judges and explains the case of an item."""

    def replayed(self, case: Case) -> tuple[CaseResult, Judgement]:
        """Replay and judge a case."""

    def explained(self, result: CaseResult, judgement: Judgement) -> str:
        """Return why a case did not pass, and the case in full."""

    def decision(self, decision_id: str) -> Decision:
        """Return the ledger row with an id."""


class SuiteFile(pytest.File):
    """A suite as a file of pytest; each of its cases is an item."""

    replays: Replays

    def collect(self) -> Iterator["CaseItem"]:
        """Yield the cases in file order; raise one CollectError with all problems of a bad file."""
        try:
            cases = read_suite(self.path, os.path.relpath(self.path))
        except BadFileError as error:
            raise self.CollectError(str(error)) from error
        for case in cases:
            item: CaseItem = CaseItem.from_parent(
                self, name=case.name, case=case, replays=self.replays
            )
            yield item


class CaseItem(pytest.Item):
    """One case as an item of pytest; `-k` matches its name, its suite and its tags."""

    def __init__(self, *, case: Case, replays: Replays, **given: Any) -> None:
        super().__init__(**given)
        self.case = case
        self.number = 0
        self.record_line: bytes | None = None
        self._replays = replays
        self.extra_keyword_matches.update({case.suite, *case.tags})

    def runtest(self) -> None:
        """Replay the case and turn its verdict into an outcome."""
        result, judgement = self._replays.replayed(self.case)
        self.record_line = case_line(result, judgement)
        self.user_properties += _properties(result, judgement)
        if judgement.verdict is Verdict.SKIPPED:
            raise pytest.skip.Exception(judgement.reason, _use_item_location=True)
        if judgement.verdict is Verdict.KNOWN:
            self.add_marker(
                pytest.mark.xfail(
                    raises=KnownDifferenceError, strict=True, reason=self._known(judgement)
                )
            )
            raise KnownDifferenceError(self._replays.explained(result, judgement))
        if judgement.verdict is not Verdict.PASSED:
            raise DivergenceError(self._replays.explained(result, judgement))

    def _known(self, judgement: Judgement) -> str:
        return "; ".join(f"{row}: {self._replays.decision(row).title}" for row in judgement.rows)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the text of an error, without a traceback if the harness worked as it should."""
        if isinstance(excinfo.value, DivergenceError | KnownDifferenceError | ConformanceError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the file, line (from 0) and id of the case."""
        return self.path, self.case.place.line - 1, self.case.id


def _properties(result: CaseResult, judgement: Judgement) -> Iterator[tuple[str, object]]:
    """Yield the JUnit properties of a case: names and values."""
    yield "case", result.case_id
    yield "verdict", judgement.verdict.value
    yield from (("decision", row) for row in judgement.rows)
    for finding in result.comparison.findings:
        yield from (("signature", str(signature)) for signature in finding.signatures)
    if odd := sorted({name for finding in result.comparison.findings for name in finding.odd}):
        yield "odd", ", ".join(odd)
