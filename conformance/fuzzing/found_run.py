"""Write found causes as a suite, read it back and replay it as a run.

The replay verifies each case. A case that shows nothing is removed, and the others are sent again.
So each case in the file is red under `run`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, compress, count, repeat
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.comparison.finding_titles import title_of
from conformance.comparison.grouping import leading_findings
from conformance.errors import Place
from conformance.fuzzing.case_file import (
    FoundCase,
    headers_of,
    literal,
    named,
    suite_lines,
    with_compared_rules,
)
from conformance.fuzzing.form import FormStep, form_of
from conformance.fuzzing.fuzzer import Fuzz
from conformance.fuzzing.probe import SUITE, Probe
from conformance.judging import judged_cases
from conformance.model.report import RunReport
from conformance.model.rule import HeaderRule, Rule, RuleKind, ValueRule
from conformance.model.run import RunHeader
from conformance.model.runtime import CommandRuntime
from conformance.model.verdict import Unneeded
from conformance.pipeline import RunPlan, replay
from conformance.project.cases import LoadedCases, unselected_ids
from conformance.project.files import read_suites
from conformance.project.finished_run import finish_run
from conformance.project.stamp import Stamp
from conformance.suites.case_spool import CaseSpool

_NOTHING: Final[frozenset[str]] = frozenset()


class FoundRun(Struct, frozen=True, kw_only=True):
    """The report of the found cases, and how many cases were dropped because they showed nothing.

    `kept` says whether cases were written; without a report they were not replayed.
    """

    report: RunReport | None
    dropped: int = 0
    kept: bool = False


def replayed(run: Fuzz, runs: Path, suite: Path, stamp: Stamp) -> FoundRun:
    """Write the suite of found causes and replay it into the folder of the run.

    The report is None where no case is left, or where a runtime no longer answers.
    """
    cases = _cases(run)
    found, folder = len(cases), runs / stamp["run_id"]
    reset = _common_reset(run)
    places = map(attrgetter("finding.place"), run.search.known.causes.values())
    headers = headers_of(places, run.search.oracle.headers)
    cases = [with_compared_rules(case, headers) for case in cases]
    if reset is not None and _are_concurrent(run):
        accepted_once = run.search.accepted_once
        cases = [
            _after_reset(c, reset) if _is_about_all(c.probe, accepted_once) else c for c in cases
        ]
    rounds = count()
    while cases:
        _write(suite, cases, headers, stamp)
        if run.gone is not None:
            return FoundRun(report=None, kept=True)
        _run_once(run, folder, suite, stamp, next(rounds))
        seen = dict(_red_cases(folder))
        folder_id = suite_id(suite)
        kept = [_fit(case, seen.get(f"{folder_id}/{case.name}"), reset) for case in cases]
        if kept == cases:
            report = finish_run(folder, runs)
            return FoundRun(report=report, dropped=found - len(cases), kept=True)
        cases = list(filter(None, kept))
    if found:
        suite.unlink()
    return FoundRun(report=None, dropped=found)


class _RedCase(Struct, frozen=True):
    """The titles that a case shows, and for each of its rules whether an answer has its place."""

    titles: frozenset[str]
    placed: tuple[bool, ...]


def _red_cases(folder: Path) -> Iterator[tuple[str, _RedCase]]:
    """Yield the id of each red case of a run, with what it shows."""
    for result, judgement in judged_cases(folder):
        if judgement.verdict.red:
            together = list(zip(result.comparison.findings, repeat(())))
            leading = (leading_findings(each, together, decided=False) for each, _ in together)
            titles = frozenset(map(title_of, chain.from_iterable(leading)))
            uses = result.comparison.rule_uses
            placed = tuple(use.unneeded is not Unneeded.NOWHERE for use in uses)
            yield result.case_id, _RedCase(titles, placed)


def _fit(case: FoundCase, seen: _RedCase | None, reset: FormStep | None) -> FoundCase | None:
    """Return the case to keep after a replay; None if it shows nothing.

    A rule whose place is in no answer is removed. Data stored by earlier cases may hide what the
    case shows, or add to it: such a case gets the reset request as its first step.
    """
    if seen is not None:
        case = replace(case, rules=tuple(compress(case.rules, seen.placed)))
        if seen.titles <= case.shows:
            return case
    if reset is None or case.probe.steps[0] == reset:
        return None if seen is None else case
    return _after_reset(case, reset)


def _after_reset(case: FoundCase, reset: FormStep) -> FoundCase:
    """Return a case that begins with the request that makes runtimes forget.

    It needs no fresh names then, and is sent alone.
    """
    probe = literal(case.probe)
    operations = ("reset", *probe.operations)
    return replace(case, probe=replace(probe, steps=(reset, *probe.steps), operations=operations))


def _common_reset(run: Fuzz) -> FormStep | None:
    """Return the reset request of the runtimes if it is the same for all, else None."""
    first, *others = map(attrgetter("reset"), run.plan.runtimes)
    is_common = others == [first] * len(others)
    if not is_common or first is None or first.request is None:
        return None
    return FormStep(form_of(first.request))


def _are_concurrent(run: Fuzz) -> bool:
    """Return whether cases have fresh names, so that they can be sent at the same time."""
    return not all(isinstance(each.reach, CommandRuntime) for each in run.plan.runtimes)


def _is_about_all(probe: Probe, accepted_once: AbstractSet[str]) -> bool:
    """Return whether what other cases store may show in a case that changes something.

    It may in a list, and where a request is accepted only once.
    """
    if probe.is_safe:
        return False
    return probe.reads_all or not accepted_once.isdisjoint(probe.operations)


def _cases(run: Fuzz) -> list[FoundCase]:
    fresh, titles = _are_concurrent(run), dict[tuple[FormStep, ...], frozenset[str]]()
    forms = []
    for cause in run.search.known.causes.values():
        for probe in cause.forms:
            own = _rules_for_ids(run, probe)
            learned = cause.rules_for(probe, run.search.oracle.rules_for(probe))
            forms.append((cause.title, probe, _each_once((*learned, *own))))
        titles |= cause.titles_by_form
    steps = dict.fromkeys(probe.steps for _, probe, _ in forms)
    cases = zip(named(forms, fresh=fresh), steps, strict=True)
    return [replace(case, shows=titles.get(known, _NOTHING)) for case, known in cases]


def _each_once(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return each rule once; rules that differ only in reason and place are the same."""
    place = Place(SUITE)
    return tuple({replace(rule, why="", place=place): rule for rule in rules}.values())


def _rules_for_ids(run: Fuzz, probe: Probe) -> Iterator[Rule]:
    """Yield rules for ids that only some runtimes give.

    Such ids are different each time, and all runtimes give one when the cause is fixed.
    """
    place = Place(SUITE)
    for step, operation in zip(probe.steps, probe.operations, strict=True):
        base = run.search.bases.get(operation)
        if base is None or step.captures:
            continue
        usual = base.steps[-1].captures
        for capture in usual:
            if capture.path is not None:
                path = capture.path
                yield ValueRule(path=path, accepts=RuleKind.ANY, why="an id", place=place)
        if usual:
            yield HeaderRule(header="location", accepts=RuleKind.ANY, why="an id", place=place)


def _write(suite: Path, cases: Sequence[FoundCase], headers: Sequence[str], stamp: Stamp) -> None:
    suite.parent.mkdir(parents=True, exist_ok=True)
    lines = suite_lines(suite_id(suite), stamp["command"], cases, headers)
    replace_file(suite, "".join(f"{line}\n" for line in lines).encode())


def suite_id(suite: Path) -> str:
    """Return the id of the suite in a file: `fuzz/` and the name of the file."""
    words = re.sub(r"[^a-z0-9]", "-", suite.stem.lower()).strip("-")
    return f"fuzz/{words or 'found'}"


def _run_once(run: Fuzz, folder: Path, suite: Path, stamp: Stamp, again: int) -> RunHeader:
    selected = CaseSpool()
    for case in read_suites([suite]):
        selected.add(case)
    ledger = run.plan.ledger
    cases = LoadedCases(selected=selected, unselected=frozenset(), files=(suite,))
    header = RunHeader(
        **stamp,
        runtimes=(),
        baseline=run.plan.baseline,
        ledger_file=ledger.file,
        ledger_digest=ledger.digest,
        unselected=unselected_ids(cases, ledger),
    )
    return replay(
        RunPlan(
            header=header,
            cases=selected,
            runtimes=run.plan.runtimes,
            ledger=ledger,
            folder=folder,
            again=again,
        )
    )
