"""The results of a load: times, failures and resources, by scenario and runtime."""

from msgspec import Struct

from conformance.load.plan import Pace


class Times(Struct, frozen=True, kw_only=True):
    """Latency percentiles and the maximum, in milliseconds."""

    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float


class StepFigures(Struct, frozen=True, kw_only=True):
    """The answered exchanges of one step of a scenario."""

    name: str
    exchanges: int
    times: Times


class ClassFigures(Struct, frozen=True, kw_only=True):
    """The figures of one scenario of the load, over all its repetitions."""

    name: str
    weight: float
    allowed_failures_percent: float
    scenarios: int
    failed: int
    times: Times
    steps: tuple[StepFigures, ...]

    @property
    def failed_percent(self) -> float:
        """Return the percentage of failed scenarios."""
        return 100 * self.failed / self.scenarios if self.scenarios else 0.0

    @property
    def red(self) -> bool:
        """Return whether too many scenarios failed, or no scenario counted."""
        return not self.scenarios or self.failed_percent > self.allowed_failures_percent


class FailureCause(Struct, frozen=True, kw_only=True):
    """One reason for the failure of scenarios, how many failed so, and one example in full."""

    scenario: str
    says: str
    count: int
    example: str


class ProcessFigures(Struct, frozen=True, kw_only=True):
    """The memory and CPU time of the processes of one name, while scenarios counted."""

    name: str
    max_rss_mib: float
    cpu_s: float


class GeneratorFigures(Struct, frozen=True, kw_only=True):
    """The resources of the load generator, which show whether it was the bottleneck.

    `busiest_percent` is the share of a core that its busiest process used; `lag_p99_ms` is how late
    its clock ticked.
    """

    processes: int
    cpu_s: float
    busiest_percent: float
    lag_p99_ms: float
    max_rss_mib: float

    @property
    def saturated(self) -> bool:
        """Return whether the generator used up a core, so that the times may be its own."""
        return self.busiest_percent > SATURATED_PERCENT


SATURATED_PERCENT = 90.0


class Second(Struct, frozen=True, kw_only=True):
    """The figures of one second of the load, counted from the end of the warm-up."""

    at_s: int
    scenarios: int
    failed: int
    p50_ms: float
    p99_ms: float


class RuntimeFigures(Struct, frozen=True, kw_only=True):
    """The figures of one runtime under the load.

    `others_percent` is the share of the machine that neither the runtime nor the load used. Without
    `processes` the runtime was not watched, and its share is part of it.
    """

    runtime: str
    reached: str
    counted_s: float
    classes: tuple[ClassFigures, ...]
    causes: tuple[FailureCause, ...]
    processes: tuple[ProcessFigures, ...]
    generator: GeneratorFigures
    others_percent: float
    seconds: tuple[Second, ...]

    @property
    def scenarios(self) -> int:
        """Return the number of scenarios that count."""
        return sum(each.scenarios for each in self.classes)

    @property
    def failed(self) -> int:
        """Return the number of failed scenarios."""
        return sum(each.failed for each in self.classes)

    @property
    def scenarios_per_s(self) -> float:
        """Return the scenarios per second."""
        return self.per_s(self.scenarios)

    @property
    def exchanges_per_s(self) -> float:
        """Return the exchanges per second."""
        return self.per_s(sum(step.exchanges for each in self.classes for step in each.steps))

    def per_s(self, count: int) -> float:
        """Return a count per second of the measured time."""
        return count / self.counted_s if self.counted_s else 0.0

    @property
    def red(self) -> bool:
        """Return whether any class of scenarios is red."""
        return any(each.red for each in self.classes)


class LoadHeader(Struct, frozen=True, kw_only=True):
    """The description of a load run: as for other runs, with the pace and the corpus."""

    run_id: str
    started: str
    command: str
    version: str
    machine: str
    commit: str
    file: str
    digest: str
    pace: Pace
    corpus: int | None


class LoadRun(Struct, frozen=True, kw_only=True):
    """A load run, with the figures of each runtime in the order in which they were driven.

    An interrupted run is not complete: its last runtime may have been driven for less than the
    whole time, and others not at all.
    """

    header: LoadHeader
    runtimes: tuple[RuntimeFigures, ...]
    complete: bool = True

    @property
    def red(self) -> bool:
        """Return whether the run is incomplete, or any runtime is red."""
        return not self.complete or any(each.red for each in self.runtimes)

    @property
    def nothing_counted(self) -> bool:
        """Return whether a complete run proves nothing: some runtime has no counted scenario."""
        return self.complete and any(not each.scenarios for each in self.runtimes)
