"""A load: scenarios with weights, how many users drive them for how long, and what brings the data.

Invariants: a scenario is an ordinary case; weights are positive; an arrival rate makes it an open
loop, in which times count from the intended start of a scenario.
"""

from pathlib import Path

from msgspec import Struct

from conformance.model.case import Case


class Scenario(Struct, frozen=True, kw_only=True):
    """One case, how often it is chosen among the others, and how many of a hundred may fail."""

    name: str
    case: Case
    weight: float
    allowed_failures_percent: float = 0.0


class Pace(Struct, frozen=True, kw_only=True):
    """How the users go about it; None is no bound, or a closed loop where there is no rate.

    Nothing counts that starts before the ramp and the warm-up are over.
    """

    users: int
    duration_s: float
    ramp_s: float = 0.0
    warm_up_s: float = 0.0
    think_time_s: float = 0.0
    rate_per_s: float | None = None
    seed: int = 0
    stop_after_scenarios: int | None = None
    stop_after_failures: int | None = None

    @property
    def lead_s(self) -> float:
        """Return how long it takes until scenarios count."""
        return self.ramp_s + self.warm_up_s


class DataPreparation(Struct, frozen=True, kw_only=True):
    """A command that brings a runtime its data.

    `corpus` is how much of it, for the command to make sense of.
    """

    argv: tuple[str, ...]
    directory: Path
    corpus: int


class Load(Struct, frozen=True, kw_only=True):
    """A load file; `rows` are JSON Lines of which each scenario draws one.

    A preparation may write them.
    """

    scenarios: tuple[Scenario, ...]
    pace: Pace
    prepare: DataPreparation | None = None
    rows: Path | None = None
    against: str | None = None
    requires: frozenset[str] = frozenset()
    digest: str
