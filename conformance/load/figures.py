"""The results of a load: times, failures and resources, by scenario and runtime."""

from msgspec import Struct

from conformance.load.plan import Pace


class Times(Struct, frozen=True, kw_only=True):
    """How long something took, by how many of a hundred took no longer, in milliseconds."""

    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float


class StepFigures(Struct, frozen=True, kw_only=True):
    """The exchanges of one step of a scenario that had an answer."""

    name: str
    exchanges: int
    times: Times


class ClassFigures(Struct, frozen=True, kw_only=True):
    """The result of one scenario."""

    name: str
    weight: float
    allowed_failures_percent: float
    scenarios: int
    failed: int
    times: Times
    steps: tuple[StepFigures, ...]

    @property
    def failed_percent(self) -> float:
        """Return how many of a hundred failed."""
        return 100 * self.failed / self.scenarios if self.scenarios else 0.0

    @property
    def red(self) -> bool:
        """Return whether too many scenarios failed, or none was counted.

        Nothing can be said of a load in which none was counted.
        """
        return not self.scenarios or self.failed_percent > self.allowed_failures_percent


class FailureCause(Struct, frozen=True, kw_only=True):
    """One reason for which scenarios of a class failed, how many, and one of them in full."""

    scenario: str
    says: str
    count: int
    example: str


class ProcessFigures(Struct, frozen=True, kw_only=True):
    """What processes of one name used while scenarios counted."""

    name: str
    max_rss_mib: float
    cpu_s: float


class GeneratorFigures(Struct, frozen=True, kw_only=True):
    """What the load itself used, and whether it may have been what was slow.

    `busiest_percent` is the share of a core that its busiest process used; `lag_p99_ms` how late
    its clock ticked.
    """

    processes: int
    cpu_s: float
    busiest_percent: float
    lag_p99_ms: float
    max_rss_mib: float

    @property
    def saturated(self) -> bool:
        """Return whether the times may be the generator's own: it used up a core."""
        return self.busiest_percent > SATURATED_PERCENT


SATURATED_PERCENT = 90.0


class Second(Struct, frozen=True, kw_only=True):
    """One second of those that count."""

    at_s: int
    scenarios: int
    failed: int
    p50_ms: float
    p99_ms: float


class RuntimeFigures(Struct, frozen=True, kw_only=True):
    """What one runtime made of the load.

    `others_percent` is how much of the machine was used by neither of the two.
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
        """Return how many scenarios count."""
        return sum(each.scenarios for each in self.classes)

    @property
    def failed(self) -> int:
        """Return how many of them failed."""
        return sum(each.failed for each in self.classes)

    @property
    def scenarios_per_s(self) -> float:
        """Return how many there were in a second."""
        return self.per_s(self.scenarios)

    @property
    def exchanges_per_s(self) -> float:
        """Return how many exchanges there were in a second."""
        return self.per_s(sum(step.exchanges for each in self.classes for step in each.steps))

    def per_s(self, count: int) -> float:
        """Return how many of something there were in a second."""
        return count / self.counted_s if self.counted_s else 0.0

    @property
    def red(self) -> bool:
        """Return whether the runtime did not carry the load."""
        return any(each.red for each in self.classes)


class LoadHeader(Struct, frozen=True, kw_only=True):
    """What a load run was: as those of other runs, and the pace."""

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
    """A load run, one entry a runtime in the order in which they were driven.

    One that was interrupted is not complete: its last runtime may have been driven for less than
    the whole time, and others not at all.
    """

    header: LoadHeader
    runtimes: tuple[RuntimeFigures, ...]
    complete: bool = True

    @property
    def red(self) -> bool:
        """Return whether any runtime did not carry the load, or may not have."""
        return not self.complete or any(each.red for each in self.runtimes)

    @property
    def nothing_counted(self) -> bool:
        """Return whether a finished load has no verdict.

        It has none if no scenario of some runtime was counted.
        """
        return self.complete and any(not each.scenarios for each in self.runtimes)
