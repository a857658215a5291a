"""The trial: each plant is put in front of a runtime, and a run must find it and name it.

The runtime is compared with itself behind two proxies; one of them plants. First a run without a
plant finds the cases that differ from themselves, which prove nothing and are left out. Then each
plant has its own run, in cases whose answers have a place for it.
"""

import contextlib
import enum
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.faults import EXCHANGE
from conformance.errors import NothingSelectedError, Place
from conformance.judging import judged_cases
from conformance.model.case import Case, CompareLevel
from conformance.model.decision import Ledger
from conformance.model.expectation import Expectation
from conformance.model.observation import Answer
from conformance.model.request import HeaderList
from conformance.model.run import RunHeader
from conformance.model.runtime import AttachedRuntime, CommandRuntime, Runtime
from conformance.model.verdict import CaseResult
from conformance.pipeline import RunPlan, replay
from conformance.selftest.background import in_background
from conformance.selftest.delivery import Delivery
from conformance.selftest.plant import Plant
from conformance.selftest.plants import PLANTS
from conformance.selftest.proxy import NOTHING, open_proxy

UNPLANTED: Final = "unplanted"
PLANTED: Final = "planted"
# One case may hide a defect by chance; more than three cases add nothing new
_CASES_A_PLANT: Final = 3
# Long enough for an answer from loopback, and short, as several plants let the timeout pass
_FAULT_TIMEOUT_MS: Final = 600
_PLACE: Final = Place("selftest")
_PACKAGE_PARENT: Final = Path(__file__).parents[2]


class PlantState(enum.Enum):
    """The result for a plant."""

    FOUND = "found"
    MISSED = "missed"
    MISNAMED = "misnamed"
    NO_PLACE = "no place"


class PlantOutcome(Struct, frozen=True, kw_only=True):
    """The result for one plant, and in words where it was found or what was found instead."""

    plant: str
    state: PlantState
    detail: str


class TrialSubject(Struct, frozen=True, kw_only=True):
    """The runtime that the plants are put in front of: its URL, header fields, and cases.

    The header fields are sent with each request.
    """

    url: str
    headers: HeaderList
    cases: tuple[Case, ...]


class Trial:
    """Puts every plant in front of one runtime."""

    def __init__(self, subject: TrialSubject, header: RunHeader, folder: Path) -> None:
        self._subject = subject
        self._header = header
        self._folder = folder
        self._answers: dict[str, Answer] = {}

    def prepare(self) -> int:
        """Find the cases that can prove something.

        Return how many are left out, because they differ from themselves or do not have just one
        step.
        """
        plain = [case for case in self._subject.cases if len(case.steps) == 1 and not case.setup]
        bare = list(map(self._bare, plain))
        with self._proxied(NOTHING, PLANTED) as planted:
            for result in self._run("nothing", bare, planted):
                answer = result.cells[0].observations[0]
                differs = bool(result.comparison.findings or _faults(result))
                if isinstance(answer, Answer) and not differs:
                    self._answers[result.case_id] = answer
        if not self._answers:
            raise NothingSelectedError(
                "no case with one step answers the same twice",
                hint="name a suite of stable answers",
            )
        return len(self._subject.cases) - len(self._answers)

    def outcomes(self) -> Iterator[PlantOutcome]:
        """Yield the result for each plant, one run after the other."""
        for plant in PLANTS:
            # A fault has the same name in every case
            most = _CASES_A_PLANT if plant.delivery is Delivery.WHOLE else 1
            with_place = filter(partial(self._has_place, plant), self._subject.cases)
            cases = list(islice(with_place, most))
            if not cases:
                yield PlantOutcome(
                    plant=plant.name,
                    state=PlantState.NO_PLACE,
                    detail="no answer offers a place for it",
                )
                continue
            bare = [self._bare(case, plant) for case in cases]
            with self._proxied(plant, PLANTED) as planted:
                results = list(self._run(plant.name, bare, planted))
            yield self._outcome(plant, results)

    def _has_place(self, plant: Plant, case: Case) -> bool:
        answer = self._answers.get(case.id)
        return answer is not None and plant.has_place(case.steps[0].request.method, answer)

    def _bare(self, case: Case, plant: Plant = NOTHING) -> Case:
        """Return a case that compares everything, without rules and expectations.

        Its timeout is short if the plant is a faulty delivery.
        """
        is_whole = plant.delivery is Delivery.WHOLE
        timeout_ms = case.timeout_ms if is_whole else min(case.timeout_ms, _FAULT_TIMEOUT_MS)
        return replace(
            case,
            steps=tuple(replace(step, expectation=Expectation()) for step in case.steps),
            against=None,
            compare=CompareLevel.VALUE,
            rules=(),
            timeout_ms=timeout_ms,
        )

    @contextlib.contextmanager
    def _proxied(self, plant: Plant, name: str) -> Iterator[Runtime]:
        """Yield the runtime behind a proxy, under another name."""
        if plant.delivery is Delivery.CRASHED:
            yield self._crashing(plant)
            return
        with in_background(partial(open_proxy, self._subject.url, plant)) as url:
            yield Runtime(
                name=name,
                reach=AttachedRuntime(url=url),
                place=_PLACE,
                headers=self._subject.headers,
            )

    def _crashing(self, plant: Plant) -> Runtime:
        argv = (
            "${python}",
            "-m",
            "conformance.selftest.proxy",
            self._subject.url,
            "${port}",
            plant.name,
        )
        reach = CommandRuntime(
            argv=argv, directory=_PACKAGE_PARENT, start_timeout_ms=10_000, stop_timeout_ms=3_000
        )
        return Runtime(name=PLANTED, reach=reach, place=_PLACE, headers=self._subject.headers)

    def _run(self, name: str, cases: Sequence[Case], planted: Runtime) -> Iterator[CaseResult]:
        """Replay cases against the runtime with and without a plant, behind a proxy each time.

        No proxy has the runtime's own address, so links of the runtime to itself are the same in
        both.
        """
        folder = self._folder / name
        header = replace(self._header, run_id=name)
        with self._proxied(NOTHING, UNPLANTED) as unplanted:
            runtimes = (unplanted, planted)
            replay(
                RunPlan(
                    header=header,
                    cases=tuple(cases),
                    runtimes=runtimes,
                    ledger=Ledger(),
                    folder=folder,
                )
            )
        for result, _ in judged_cases(folder):
            yield result

    def _outcome(self, plant: Plant, results: Sequence[CaseResult]) -> PlantOutcome:
        """Judge the run of a plant: every case must show the plant correctly, and nothing else.

        Correctly means: with a correct name, at its place.
        """
        steady = [each for each in results if not each.unstable and not each.changes_itself]
        if not steady:
            detail = "each answer that offers a place for it differs from itself"
            return PlantOutcome(plant=plant.name, state=PlantState.NO_PLACE, detail=detail)
        where: dict[str, None] = {}
        for result in steady:
            outcome = self._outcome_of_case(plant, result)
            if outcome.state is not PlantState.FOUND:
                return outcome
            where[outcome.detail] = None
        return PlantOutcome(plant=plant.name, state=PlantState.FOUND, detail="; ".join(where))

    def _outcome_of_case(self, plant: Plant, result: CaseResult) -> PlantOutcome:
        """Judge the run of a plant in one case."""
        findings = [finding for finding in result.comparison.findings if finding.place != EXCHANGE]
        right_names, right_places = self._wanted(plant, result.case_id)
        wanted = f"{result.case_id}: wanted {_either(right_names)}{_at(right_places)}"
        names = {finding.name for finding in findings} | _faults(result)
        if not names:
            detail = f"{wanted}, and nothing was found"
            return PlantOutcome(plant=plant.name, state=PlantState.MISSED, detail=detail)
        places = {finding.place for finding in findings} if right_places else set()
        if not names <= right_names or not places <= right_places:
            got = sorted(str(finding.signatures[0]) for finding in findings) or sorted(names)
            detail = f"{wanted}, got {', '.join(got)}"
            return PlantOutcome(plant=plant.name, state=PlantState.MISNAMED, detail=detail)
        detail = f"{', '.join(sorted(names))}{_at(places)}"
        return PlantOutcome(plant=plant.name, state=PlantState.FOUND, detail=detail)

    def _wanted(self, plant: Plant, case_id: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the names that are correct for a plant in a case, and its places.

        A fault has no places.
        """
        planted = plant.planted_in(self._answers[case_id])
        if planted is not None:
            return planted.names, planted.places
        names = {plant.fault.value} if plant.fault else ()
        return frozenset(names), frozenset()


def _either(texts: Collection[str]) -> str:
    return " or ".join(sorted(texts))


def _at(places: Collection[str]) -> str:
    return f" at {_either(places)}" if places else ""


def _faults(result: CaseResult) -> set[str]:
    faults = chain.from_iterable(cell.faults for cell in result.cells)
    return {fault.kind.value for fault in faults}
