"""Sums of what the workers report: counts, times, causes, seconds.

In: outcomes in any order. Out: the figures of a runtime.  A scenario belongs to the time at which
it was planned to begin, so that a slow one that ends after the load is not lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from conformance.load.figures import ClassFigures, FailureCause, Second, StepFigures, Times
from conformance.load.histogram import Histogram
from conformance.load.plan import Scenario
from conformance.load.users import ScenarioOutcome
from conformance.model.case import Case

MAX_CAUSES: Final = 20
"""How many causes of failure are kept for each scenario; all others are counted as one."""
_OTHERS: Final = "further causes"


class _Class(Struct):
    times: Histogram
    steps: tuple[Histogram, ...]
    failed: int = 0
    causes: dict[str, int] = field(default_factory=dict)


class _Second(Struct):
    times: Histogram = field(default_factory=Histogram)
    failed: int = 0


class LoadTally:
    """Adds up the outcomes of scenarios that begin between two times of the monotonic clock."""

    def __init__(self, scenarios: Sequence[Scenario], from_s: float, to_s: float) -> None:
        self._scenarios, self.from_s, self._to_s = scenarios, from_s, to_s
        self._classes = [
            _Class(Histogram(), tuple(Histogram() for _ in scenario.case.steps))
            for scenario in scenarios
        ]
        self._seconds: dict[int, _Second] = {}
        self._examples: dict[tuple[int, str], str] = {}
        self.counted = self.failed = 0
        self.last_s = from_s

    def add(
        self, outcomes: Sequence[ScenarioOutcome], examples: Mapping[tuple[int, str], str]
    ) -> None:
        """Add the outcomes and examples that a worker reports."""
        for key, example in examples.items():
            self._examples.setdefault(key, example)
        for outcome in outcomes:
            if self.from_s <= outcome.began_s < self._to_s:
                self._add(outcome)

    def _add(self, outcome: ScenarioOutcome) -> None:
        each = self._classes[outcome.scenario]
        each.times.add(outcome.elapsed_us)
        for histogram, elapsed_us in zip(each.steps, outcome.steps_us, strict=False):
            histogram.add(elapsed_us)
        second = self._seconds.setdefault(int(outcome.began_s - self.from_s), _Second())
        second.times.add(outcome.elapsed_us)
        self.counted += 1
        self.last_s = max(self.last_s, outcome.began_s + outcome.elapsed_us / 1_000_000)
        if outcome.cause is not None:
            self.failed += 1
            each.failed += 1
            second.failed += 1
            known = outcome.cause in each.causes or len(each.causes) < MAX_CAUSES
            cause = outcome.cause if known else _OTHERS
            each.causes[cause] = each.causes.get(cause, 0) + 1

    def classes(self) -> tuple[ClassFigures, ...]:
        """Return the result of each scenario, in the order of the file."""
        return tuple(
            ClassFigures(
                name=scenario.name,
                weight=scenario.weight,
                allowed_failures_percent=scenario.allowed_failures_percent,
                scenarios=each.times.total,
                failed=each.failed,
                times=_times(each.times),
                steps=tuple(_steps(scenario.case, each.steps)),
            )
            for scenario, each in zip(self._scenarios, self._classes, strict=True)
        )

    def causes(self) -> tuple[FailureCause, ...]:
        """Return why scenarios failed; the most frequent cause is first."""
        found = [
            FailureCause(
                scenario=scenario.name,
                says=says,
                count=count,
                example=self._examples.get((number, says), "not kept"),
            )
            for number, (scenario, each) in enumerate(
                zip(self._scenarios, self._classes, strict=True)
            )
            for says, count in each.causes.items()
        ]
        return tuple(sorted(found, key=lambda cause: (-cause.count, cause.scenario, cause.says)))

    def seconds(self) -> tuple[Second, ...]:
        """Return the figures of each second in which a scenario began."""
        return tuple(
            Second(
                at_s=at_s,
                scenarios=second.times.total,
                failed=second.failed,
                p50_ms=_ms(second.times.percentile(50)),
                p99_ms=_ms(second.times.percentile(99)),
            )
            for at_s, second in sorted(self._seconds.items())
        )


def step_names(case: Case) -> list[str]:
    """Return the names of a scenario's steps in reports: `1. GET /path`."""
    return [
        f"{number}. {step.request.method} {step.request.target}"
        for number, step in enumerate(case.steps, start=1)
    ]


def _steps(case: Case, histograms: Sequence[Histogram]) -> Iterator[StepFigures]:
    for name, histogram in zip(step_names(case), histograms, strict=True):
        yield StepFigures(name=name, exchanges=histogram.total, times=_times(histogram))


def _times(histogram: Histogram) -> Times:
    return Times(
        p50_ms=_ms(histogram.percentile(50)),
        p90_ms=_ms(histogram.percentile(90)),
        p99_ms=_ms(histogram.percentile(99)),
        max_ms=_ms(histogram.most),
    )


def _ms(value_us: int) -> float:
    return round(value_us / 1_000, 3)
