"""Verification of one cause: a new run of its cases, with the options of the earlier run."""

from pathlib import Path

from msgspec.structs import replace

from conformance import user_cache
from conformance.cli import run
from conformance.cli.asked_again import asked_for
from conformance.errors import UsageError
from conformance.judging import judge_record
from conformance.model.group import Group
from conformance.model.guard import Guard
from conformance.model.run import RunHeader
from conformance.pipeline import RunPlan
from conformance.project.request import RunRequest
from conformance.reporting.next_cause import UndecidedCases
from conformance.reporting.verification import Verification, verification
from conformance.safe_text import visible
from conformance.suites.read_files import noted_files


def verified(group: Group, was: RunHeader, before: UndecidedCases, runs: Path) -> Verification:
    """Replay the cases of a cause with the options and the guard of their run.

    The new run is saved, but it is not the latest, because it has only a part of the cases.
    """
    request, given = asked_for(was)
    cases = tuple(case.id for case in before.of(group.key))
    if not cases:
        raise UsageError(
            f"[{group.key}] {visible(group.title)} has no undecided case in {was.run_id}"
        )
    request = replace(request, globs=cases, tags=(), last_failed=False, shard=None, runs=runs)
    plan = _plan(request, given["baseline"], len(cases), was.guard)
    run.replay_plan(plan)
    after = UndecidedCases()
    report = judge_record(plan.folder, folds=(after,))
    return verification(group, was, before, after, report)


def _plan(request: RunRequest, baseline: str | None, cases: int, guard: Guard | None) -> RunPlan:
    """Return the plan for the cases, guarded by the same commit as the earlier run."""
    if guard is None:
        return run.plan_of(request, baseline, None, at_least=cases)
    with user_cache.unused(), noted_files() as read:
        plan = run.plan_of(request, baseline, None, at_least=cases)
        plan = run.guarded_plan(guard.commit, request, plan, read)
    now = plan.header.guard or guard
    header = replace(plan.header, guard=replace(now, revision=guard.revision))
    return replace(plan, header=header)
