"""Send probes to every runtime and return the causes of the differences in the answers.

Comparison and causes are those of `run`. The key of a cause has the operation as the API document
names it, so that an unknown path or parameter makes no separate cause.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, filterfalse, product, repeat
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.answers.named_headers import LEFT_OUT, OF_EACH_ANSWER
from conformance.comparison.by_itself.own_differences import compared_with_itself
from conformance.comparison.causes import causes_of
from conformance.comparison.grouping import leading_findings
from conformance.comparison.parity import compare_case
from conformance.distinct import distinct
from conformance.errors import RuntimeUnavailableError
from conformance.fuzzing.form import placeholder_names
from conformance.fuzzing.known_rows import KnownRows
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.shared_setup import joined, positions
from conformance.grouped import grouped
from conformance.model.case import Case
from conformance.model.decision import Ledger
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Answer, Cell, Fault
from conformance.model.rule import Rule
from conformance.model.verdict import Comparison
from conformance.noise.asking import AskedCase
from conformance.noise.case_noise import is_about, learn_case
from conformance.runner.session import Session
from conformance.safe_text import visible

_POSITION: Final = re.compile(r"\[[0-9]+\]")
_NOT_COMPARED: Final = (LEFT_OUT - OF_EACH_ANSWER) | {"date", "age"}
"""Header fields that are not compared.

A request id that only one runtime sends is a difference, so it is not in this set; its value is
learned as noise.
"""
_SUCCESS: Final = range(200, 300)
_REFUSALS: Final = range(400, 500)

Key = tuple[object, ...]


class Outcome(Struct, frozen=True, kw_only=True):
    """The answers of the runtimes to a probe, and the causes of their differences.

    `causes` maps the key of each cause to a finding of it; `known` are the keys that the ledger
    decides.
    """

    probe: Probe
    case: Case
    cells: tuple[Cell, ...]
    causes: Mapping[Key, Finding] = field(default_factory=dict)
    known: frozenset[Key] = frozenset()

    def statuses(self, step: int = -1) -> tuple[int, ...]:
        """Return the status of each runtime at a step; 0 for a fault."""
        return tuple(map(_status, self.answers(step)))

    def answers(self, step: int = -1) -> list[object]:
        """Return the answer of each runtime at a step, or its fault."""
        return [cell.observations[step] for cell in self.cells]

    @property
    def runtimes(self) -> list[str]:
        """Return the names of the runtimes, in the order of the cells."""
        return list(map(attrgetter("runtime"), self.cells))

    def successes(self, step: int = -1) -> int:
        """Return how many runtimes answered a step with a 2xx status."""
        return sum(map(_SUCCESS.__contains__, self.statuses(step)))

    def accepted(self, step: int = -1) -> bool:
        """Return whether every runtime answered a step with a 2xx status."""
        return self.successes(step) == len(self.cells)

    @property
    def was_answered(self) -> bool:
        """Return whether every runtime answered every step without a fault."""
        return 0 not in chain.from_iterable(self._every_status())

    @property
    def refused(self) -> int | None:
        """Return the 4xx status if it is the only status of all runtimes and steps, else None."""
        status, *others = set(chain.from_iterable(self._every_status()))
        return status if not others and status in _REFUSALS else None

    @property
    def diverged(self) -> bool:
        """Return whether the runtimes may hold different data afterwards.

        They may if the answers to an unsafe step differ, unless every runtime refused it with 4xx.
        """
        changing = filterfalse(self._is_refused, self.probe.changing_steps)
        differing = {finding.step for finding in self.causes.values()}
        return not differing.isdisjoint(changing)

    def _is_refused(self, step: int) -> bool:
        return all(map(_REFUSALS.__contains__, self.statuses(step)))

    def statuses_at(self, key: Key) -> tuple[int, ...]:
        """Return the status of each runtime at the step that shows a cause."""
        return self.statuses(self.causes[key].step)

    def first_step(self, keys: Iterable[Key]) -> int:
        """Return the first step that shows one of the given causes."""
        return min(self.causes[key].step for key in keys)

    @property
    def signature(self) -> tuple[object, ...]:
        """Return what can be new about an outcome: the operations, the statuses, the causes."""
        return self.probe.operations, tuple(self._every_status()), frozenset(self.causes)

    def _every_status(self) -> Iterator[tuple[int, ...]]:
        """Yield the statuses of the runtimes for each step."""
        return map(self.statuses, range(len(self.probe.steps)))


class Oracle:
    """Send probes, compare the answers, and remember noise and header fields.

    `rules` are by operation id: those of the suites, and those learned for parts that differ by
    themselves. `headers` has for each compared field the runtimes that send it; `requests` counts
    the answers.
    """

    def __init__(
        self,
        session: Session,
        baseline: str | None,
        ledger: Ledger,
        operations: Iterable[Operation] = (),
    ) -> None:
        self._session = session
        self._baseline = baseline
        self._rows = KnownRows(ledger)
        self._numbers = itertools.count(1)
        self._seen_headers: set[tuple[str, ...]] = set()
        self.headers: dict[str, set[str]] = {}
        self.rules = {each.id: dict.fromkeys(each.rules) for each in operations}
        self.requests = 0

    async def send(self, probe: Probe, name: str = "") -> Outcome:
        """Send a probe once and return its outcome.

        It has its own fresh names, or those of the case `name`. Raises RuntimeUnavailableError
        where a runtime goes down and cannot be restarted.
        """
        return self._outcome(probe, *await self._compared(probe, name))

    async def try_out(self, probe: Probe) -> Outcome:
        """Send a probe only to see its answers: they are not compared, so there are no causes."""
        case, cells = await self._observed(probe)
        return Outcome(probe=probe, case=case, cells=cells)

    async def send_together(self, probes: Sequence[Probe]) -> list[Outcome]:
        """Send probes with common setup steps as one case, and return the outcome of each."""
        case, cells, comparison = await self._compared(joined(probes))
        outcomes: list[Outcome] = []
        for probe, steps in zip(probes, positions(probes), strict=True):
            own_case = replace(case, steps=tuple(map(case.steps.__getitem__, steps)))
            own_cells = tuple(map(partial(_at_steps, steps=steps), cells))
            own = replace(comparison, findings=_findings_at(comparison.findings, steps))
            outcomes.append(self._outcome(probe, own_case, own_cells, own))
        return outcomes

    async def _compared(
        self, probe: Probe, name: str = ""
    ) -> tuple[Case, tuple[Cell, ...], Comparison]:
        case, cells = await self._observed(probe, name)
        compare = partial(compare_case, case, cells, self._baseline)
        return case, cells, await self._session.work.on(cells, compare)

    async def _observed(self, probe: Probe, name: str = "") -> tuple[Case, tuple[Cell, ...]]:
        rules = self.rules_for(probe)
        case = probe.case(name or f"p{next(self._numbers)}", self.headers, rules)
        cells = await self._session.observe(case)
        for cell in cells:
            self.requests += len(cell.answers)
            for answer in cell.answers:
                self._note_headers(cell.runtime, answer)
        down = self._session.down
        lost = [_gone(probe, case, cell, down) for cell in cells if cell.runtime in down]
        if lost:
            raise RuntimeUnavailableError("\n".join(lost))
        return case, cells

    def _outcome(
        self, probe: Probe, case: Case, cells: tuple[Cell, ...], comparison: Comparison
    ) -> Outcome:
        if not comparison.findings:
            return Outcome(probe=probe, case=case, cells=cells)
        causes: dict[Key, Finding] = {}
        known: set[Key] = set()
        for finding in _leading(comparison.findings, _diverging_step(probe, cells)):
            is_known = self._rows.decide(finding, len(case.steps))
            for key in keys_of(finding, case, probe.operations):
                causes.setdefault(key, finding)
                if is_known:
                    known.add(key)
        return Outcome(probe=probe, case=case, cells=cells, causes=causes, known=frozenset(known))

    def rules_for(self, probe: Probe) -> tuple[Rule, ...]:
        """Return the rules of the operations of a probe and of the paths that its steps request."""
        requested = map(attrgetter("form.operation_id"), probe.steps)
        operations = (*probe.operations, *requested)
        return distinct(self.rules.get(operation, ()) for operation in operations)

    def differs_by_itself(self, first: Outcome, again: Outcome, finding: Finding) -> bool:
        """Return whether a runtime's own two answers differ at the place of a finding.

        A runtime that goes down or times out both times does not differ from itself. True where the
        two outcomes do not have the same runtimes.
        """
        if first.runtimes != again.runtimes:
            return True
        own = compared_with_itself(first.case, first.cells, again.cells)
        findings = map(attrgetter("finding"), own.differences)
        return _general(finding) in map(_general, filterfalse(_is_shared_fault, findings))

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Learn the rules under which each runtime's answers equal its own earlier answers.

        `outcomes` are of one probe, sent several times; each rule is kept for the operation whose
        answer needs it.
        """
        first = outcomes[0]
        every_cell = list(chain.from_iterable(map(attrgetter("cells"), outcomes)))
        by_runtime = grouped(every_cell, lambda cell: cell.runtime)
        cells = {name: tuple(own) for name, own in by_runtime.items()}
        noise = learn_case(AskedCase(case=first.case, cells=cells))
        own = list(chain.from_iterable(map(noise.differences.by_itself, cells)))
        for rule, finding in product(noise.rules, own):
            if is_about(rule, finding.place):
                operation = first.probe.operations[finding.step]
                self.rules.setdefault(operation, {})[rule] = None

    def _note_headers(self, runtime: str, answer: Answer) -> None:
        names = (runtime, *map(itemgetter(0), answer.headers))
        if names in self._seen_headers:
            return
        self._seen_headers.add(names)
        lowered = map(str.lower, names[1:])
        for name in filterfalse(_NOT_COMPARED.__contains__, lowered):
            self.headers.setdefault(name, set()).add(runtime)


def _gone(probe: Probe, case: Case, cell: Cell, down: Mapping[str, str]) -> str:
    """Return an error text: which runtime no longer answers, and since which request.

    `down` has the reason for each runtime.
    """
    step = probe.steps[list(map(type, cell.observations)).index(Fault)]
    request = visible(f"{step.form.method} {step.form.target}")
    why = down[cell.runtime].replace(case.id, request)
    return f"runtime {cell.runtime}: no longer answers; {why}"


def _at_steps(cell: Cell, steps: Sequence[int]) -> Cell:
    """Return the cell with only some of its steps."""
    sent = tuple(map(cell.sent.__getitem__, steps)) if cell.sent else ()
    return replace(cell, observations=tuple(map(cell.observations.__getitem__, steps)), sent=sent)


def _findings_at(findings: Iterable[Finding], steps: Sequence[int]) -> tuple[Finding, ...]:
    """Return the findings of some steps, with their step numbers counted within these steps."""
    numbers = dict(zip(steps, itertools.count()))
    own = [each for each in findings if each.step in numbers]
    return tuple(replace(each, step=numbers[each.step]) for each in own)


def _general(finding: Finding) -> tuple[int, str]:
    """Return the step and the place of a finding with `[*]` for each list position.

    So a finding in one element counts for all: a time in another may be equal by chance.
    """
    return finding.step, _POSITION.sub("[*]", finding.place)


def with_needed_captures(outcome: Outcome) -> Probe:
    """Return the probe without useless captures.

    In a step that some runtime did not accept, only captures that a step uses are kept.
    """
    probe = outcome.probe
    used = set(placeholder_names(probe.steps))
    steps = list(probe.steps)
    for index, step in enumerate(steps):
        if not outcome.accepted(index):
            needed = tuple(capture for capture in step.captures if capture.name in used)
            steps[index] = replace(step, captures=needed)
    return replace(probe, steps=tuple(steps))


def _leading(findings: Sequence[Finding], last_step: int) -> Iterator[Finding]:
    """Yield the findings up to a step that do not follow from another finding."""
    together = list(zip(findings, repeat(())))
    for finding in findings:
        if finding.step > last_step or _is_shared_fault(finding):
            continue
        leader, *_ = leading_findings(finding, together, decided=False)
        if leader is finding:
            yield finding


def _is_shared_fault(finding: Finding) -> bool:
    """Return whether a finding is a fault of all runtimes alike.

    `run` reports it, but it is no difference between runtimes.
    """
    return finding.kind is DifferenceKind.FAULT and len(finding.sides) == 1


def _diverging_step(probe: Probe, cells: Sequence[Cell]) -> int:
    """Return the first unsafe step that succeeded on some runtimes only.

    Later differences follow from it. The number of steps if there is no such step.
    """
    for at in probe.changing_steps:
        succeeded = {_status(cell.observations[at]) in _SUCCESS for cell in cells}
        if len(succeeded) > 1:
            return at
    return len(probe.steps)


def _status(observation: object) -> int:
    """Return the status of an answer; 0 for a fault."""
    return observation.status if isinstance(observation, Answer) else 0


def keys_of(finding: Finding, case: Case, operations: Sequence[str]) -> Iterator[Key]:
    """Yield the keys of a finding's causes, with the operation as the API document names it."""
    for cause in causes_of(finding, case.steps[finding.step].request):
        operation = operations[finding.step] if cause.operation else ""
        yield cause.name, cause.place, operation, cause.code, cause.sides, cause.beside
