"""Run a whole fuzz: bases, sequences, values, wire forms, pairs, then the random stage.

The random stage runs until it finds no further cause.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.errors import RuntimeUnavailableError
from conformance.fuzzing.answer_values import kind_of_answer
from conformance.fuzzing.bases import Base, Preparation
from conformance.fuzzing.exhaustion import answers
from conformance.fuzzing.found_cause import FoundCause
from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.moves import Move, moves
from conformance.fuzzing.openapi import LeftOutOperation
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Oracle, Outcome
from conformance.fuzzing.order import StageInputs, short_sequences, stages
from conformance.fuzzing.pages import PagedList, pages_of
from conformance.fuzzing.permission import may_change
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.resources import Resources, resources_of
from conformance.fuzzing.search import Search
from conformance.fuzzing.search_limits import FuzzEndedError, Limits
from conformance.fuzzing.sequences import longer_sequences, sequences_in_states
from conformance.fuzzing.shared_setup import together
from conformance.fuzzing.spots import Subject, place_texts
from conformance.fuzzing.state_walks import walks_of
from conformance.grouped import grouped
from conformance.model.decision import Ledger
from conformance.model.runtime import Runtime
from conformance.runner import event_loop
from conformance.runner.open_session import open_session

_BETWEEN_S: Final = 1.1
"""Pause in seconds before a base is sent again, so that clocks with whole seconds differ."""
_MOST_RESTARTS: Final = 200
"""Most restarts of a runtime that exits: each exit is a finding, and the search continues."""
_QUIET_ROUNDS: Final = 2
"""Rounds without a further cause after which a fuzz is dry."""


class FuzzPlan(Struct, frozen=True, kw_only=True):
    """What to fuzz: the runtimes, the operations, what is left out and why, and when to stop.

    `setup` are operations that only create or read what others need. `skip` is how many probes an
    earlier fuzz has tried, and `known` are probes whose causes are already reported. `seconds` and
    `requests` are limits; None is no limit.
    """

    runtimes: tuple[Runtime, ...]
    operations: tuple[Operation, ...]
    left_out: tuple[LeftOutOperation, ...]
    ledger: Ledger
    baseline: str | None
    seed: int
    seconds: float | None
    requests: int | None
    logs: Path
    skip: int = 0
    known: tuple[Probe, ...] = ()
    setup: tuple[Operation, ...] = ()

    @property
    def all_operations(self) -> tuple[Operation, ...]:
        """Return all operations that may be sent, those for setup too."""
        return (*self.operations, *self.setup)

    @property
    def is_under_test(self) -> Callable[[str], bool]:
        """Return a function: True for ids of operations to fuzz, False for setup only."""
        return frozenset(map(attrgetter("id"), self.operations)).__contains__


class Progress(Struct):
    """Functions that are called for each found cause, and after each probe."""

    cause: Callable[[FoundCause], None]
    tick: Callable[["Fuzz"], None]


class Fuzz(Struct):
    """A fuzz in progress or ended: what was found, and whether it is dry or why it ended.

    `gone` names the runtime that no longer answers, if the fuzz ended for that.
    """

    plan: FuzzPlan
    search: Search
    started: float
    stage: str = "bases"
    dry: bool = False
    bases: dict[str, Base] = field(default_factory=dict)
    seconds: float = 0.0
    tried: int = 0
    interrupted: bool = False
    gone: RuntimeUnavailableError | None = None

    @property
    def elapsed_s(self) -> float:
        """Return how long the fuzz has run, in seconds."""
        return self.seconds or time.monotonic() - self.started


def fuzz(plan: FuzzPlan, progress: Progress) -> Fuzz:
    """Fuzz the runtimes of a plan; raise RuntimeUnavailableError where one cannot be opened."""
    return event_loop.run(_fuzz(plan, progress))


async def _fuzz(plan: FuzzPlan, progress: Progress) -> Fuzz:
    started = time.monotonic()
    opened = open_session(
        [replace(each, fallback=None) for each in plan.runtimes],
        plan.logs,
        run_id=f"fuzz {plan.seed}",
        max_restarts=_MOST_RESTARTS,
        same_names=True,
    )
    async with opened as session:
        oracle = Oracle(session, plan.baseline, plan.ledger, plan.all_operations)
        isolation = Isolation(session, plan.runtimes)
        limits = Limits(
            deadline=None if plan.seconds is None else started + plan.seconds,
            seconds=plan.seconds or 0.0,
            requests=plan.requests,
        )
        operations = {each.id: each for each in plan.all_operations}
        search = Search(oracle, isolation, operations, limits, progress.cause)
        if plan.setup:
            search.is_under_test = plan.is_under_test
        run = Fuzz(plan, search, started)
        search.coverage.start(filter(plan.is_under_test, operations))
        search.coverage.not_sent.extend(plan.left_out)
        if isolation.possible:
            await isolation.reset()
        try:
            await _stages(run, oracle, progress)
            run.dry = True
        except FuzzEndedError:
            pass
        except RuntimeUnavailableError as error:
            run.gone = error
        except asyncio.CancelledError:
            run.interrupted = True
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - this code runs in a task
            task.uncancel()  # what was found so far is written
        run.seconds = time.monotonic() - started
        if run.gone is None and not run.interrupted:
            await _note_stopped(run)
        if isolation.cheap and run.gone is None:  # the next probe starts from equal states
            await isolation.reset()
        return run


async def _note_stopped(run: Fuzz) -> None:
    """Report the operations whose valid request is now refused, even from a fresh state."""
    search = run.search
    for name in search.exhaustion.long_refused():
        if name not in search.bases or not run.bases[name].accepted:
            continue
        if search.isolation.possible:
            await search.isolation.reset()
        outcome = await search.oracle.send(search.bases[name])
        if not outcome.accepted():
            why = search.exhaustion.refusal_text(name, outcome)
            search.coverage.stopped.append(f"no longer accepted: {name}: {why}")
    search.coverage.stopped.extend(search.exhaustion.lines())


async def _stages(run: Fuzz, oracle: Oracle, progress: Progress) -> None:
    preparation = Preparation(oracle, run.plan.all_operations)
    variants = await _prepared(run, preparation)
    await _learn_noise(run, oracle)
    for probe in run.plan.known:
        run.search.mark_reported(await run.search.send(probe))
    await _send_bases(run)
    is_under_test = run.plan.is_under_test
    resources = await resources_of(preparation, run.search.send_fresh)
    every = [
        await _with_answer_kinds(run, await resources.subject(base)) for base in run.bases.values()
    ]
    fullest = {each.base.operation.id: replace(each.base, probe=each.probe) for each in every}
    subjects = [each for each in every if is_under_test(each.base.operation.id)]
    lists = await _paged_lists(run, subjects)
    others = [await _further_subject(resources, base, subjects) for base in variants]
    in_states: list[Iterator[Probe]] = []
    longer = [longer_sequences(creator, fullest) for creator in resources.seconds]
    inputs = StageInputs(
        subjects=subjects,
        others=others,
        lists=lists,
        sequences=[_under_test(run, each) for each in short_sequences(resources.seconds, fullest)],
        longer=[_under_test(run, each) for each in longer],
        methods=_methods(run.plan.all_operations),
        unsafe=all(map(may_change, run.plan.runtimes)),
        in_states=in_states,
    )
    for name, probes in stages(inputs):
        run.stage = name
        for group in together(probes):
            run.tried += len(group)
            if run.tried > run.plan.skip:
                await run.search.attempt_together(group)
                progress.tick(run)
                await run.search.look_at_late_forms()
        await run.search.investigate_deferred()
        if in_states:
            await run.search.look_at_forms()
        else:
            in_states += [each async for each in _in_states(run, resources, fullest)]
    run.stage = "random"
    further = chain.from_iterable(moves(creator, fullest) for creator in resources.seconds)
    await _random(run, tuple(each for each in further if is_under_test(each.operation)), progress)


async def _paged_lists(run: Fuzz, subjects: Sequence[Subject]) -> list[PagedList]:
    """Return the lists in pages among the subjects; their first pages count as valid requests."""
    tried = [await pages_of(subject, run.search.send_fresh) for subject in subjects]
    lists = list(filter(None, tried))
    for paged in lists:
        name = paged.subject.base.operation.id
        run.search.known.triggers.note_base(name, paged.pager.first)
    return lists


async def _in_states(
    run: Fuzz, resources: Resources, fullest: Mapping[str, Base]
) -> AsyncIterator[Iterator[Probe]]:
    """Yield for each creator what can be asked of its resources in their further states."""
    for creator in resources.seconds:
        walks = await walks_of(creator, fullest, run.search.send_fresh)
        yield _under_test(run, sequences_in_states(creator, fullest, walks))


async def _prepared(run: Fuzz, preparation: Preparation) -> list[Base]:
    """Find the bases of a run, and return the further requests of the operations to fuzz."""
    if run.search.isolation.instant:
        preparation.reset = run.search.isolation.reset
    await preparation.find()
    variants = await preparation.variants()
    run.search.isolation.touched, run.search.accepted_once = True, preparation.accepted_once
    run.bases = preparation.bases
    return [each for each in variants if run.plan.is_under_test(each.operation.id)]


async def _send_bases(run: Fuzz) -> None:
    """Send each base once, and note the operations to fuzz whose base is refused."""
    for base in run.bases.values():
        operation = base.operation.id
        run.search.bases[operation] = base.probe
        outcome = await run.search.send_usual(operation, base.probe)
        if run.plan.is_under_test(operation) and not base.accepted:
            run.search.coverage.refused[operation] = answers(outcome)
        run.search.known.triggers.note_base(operation, base.form)


def _under_test(run: Fuzz, probes: Iterator[Probe]) -> Iterator[Probe]:
    """Yield the sequences whose target or last operation is one to fuzz."""
    for probe in probes:
        if any(map(run.plan.is_under_test, (probe.target, *probe.operations[-1:]))):
            yield probe


async def _with_answer_kinds(run: Fuzz, subject: Subject) -> Subject:
    """Send a subject's request unchanged, and return the subject with the kinds of its answers."""
    operation = subject.base.operation
    run.search.known.triggers.note_usual(operation, subject.form)
    outcome = await run.search.send_usual(operation.id, subject.usual, "as usual")
    at = len(subject.probe.steps) - 1
    kinds = map(kind_of_answer, outcome.answers(at))
    return replace(subject, answer_kinds=tuple(kinds))


async def _random(run: Fuzz, known_moves: Sequence[Move], progress: Progress) -> None:
    """Send rounds of random probes until two rounds in a row show no further cause."""
    from conformance.fuzzing.guided import round_of  # noqa: PLC0415 - Hypothesis is loaded only when it is needed

    search, quiet = run.search, 0
    while quiet < _QUIET_ROUNDS:
        before = len(search.known.causes)
        for probe in round_of(search.corpus, known_moves, run.plan.seed + run.tried):
            run.tried += 1
            if run.tried > run.plan.skip:
                await search.attempt(probe)
                progress.tick(run)
        await search.investigate_deferred()
        await search.look_at_forms()
        quiet = quiet + 1 if len(search.known.causes) == before else 0


async def _further_subject(
    resources: Resources, base: Base, subjects: Sequence[Subject]
) -> Subject:
    """Return a further request of an operation as a subject, without the places tried before."""
    own = [each for each in subjects if each.base.operation.id == base.operation.id]
    tried = chain.from_iterable(map(place_texts, own))
    other = replace(await resources.subject(base), tried=frozenset(tried))
    if base.form.header("accept") is None:
        return other
    outcome = await resources.send(other.probe)
    return replace(other, answer_kinds=tuple(map(kind_of_answer, outcome.answers())))


def _methods(operations: Iterable[Operation]) -> dict[tuple[str, ...], set[str]]:
    """Return the methods of each path."""
    found: dict[tuple[str, ...], set[str]] = {}
    for operation in operations:
        found.setdefault(operation.path, set()).add(operation.method)
    return found


def _may_change(base: Base) -> bool:
    """Return whether a base may change stored data."""
    return len(base.probe.steps) > 1 or not base.operation.safe


async def _learn_noise(run: Fuzz, oracle: Oracle) -> None:
    """Learn which parts of answers differ by themselves, from each base sent twice.

    Bases that only read are sent twice in a row, with a pause of about one second between them;
    bases that change data are sent before and after that.
    """
    search = run.search
    by_change = grouped(run.bases.values(), _may_change)
    changing, reading = by_change.get(True, []), by_change.get(False, [])
    outcomes: dict[str, list[Outcome]] = {base.operation.id: [] for base in run.bases.values()}
    for again, group in enumerate((changing, reading, reading, changing)):
        if again == 2:  # noqa: PLR2004 - between the two requests of each
            await asyncio.sleep(_BETWEEN_S)
        for base in group:
            outcomes[base.operation.id].append(await search.send_fresh(base.probe))
    for twice in outcomes.values():
        oracle.learn(twice)
