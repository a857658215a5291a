"""A load: scenarios with weights, the pace of the users, and the command for the data.

Invariants: a scenario is an ordinary case; weights are not negative, and at least one is above 0;
an arrival rate makes an open loop, in which times count from the planned start of a scenario.
"""

from pathlib import Path

from msgspec import Struct

from conformance.model.case import Case


class Scenario(Struct, frozen=True, kw_only=True):
    """One case, its weight among the scenarios, and the percentage that may fail."""

    name: str
    case: Case
    weight: float
    allowed_failures_percent: float = 0.0


class Pace(Struct, frozen=True, kw_only=True):
    """How many users there are, how fast they go, and when the load ends.

    None means no limit; without a rate, the load is a closed loop. Scenarios that begin before the
    ramp and the warm-up are over do not count.
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
        """Return the seconds until scenarios count."""
        return self.ramp_s + self.warm_up_s


class DataPreparation(Struct, frozen=True, kw_only=True):
    """A command that brings data to a runtime.

    `corpus` is the amount; the command gives it a meaning.
    """

    argv: tuple[str, ...]
    directory: Path
    corpus: int


class Load(Struct, frozen=True, kw_only=True):
    """A load file; `rows` is a file of JSON Lines, and each scenario draws one of them.

    Instead of such a file, the preparation may write the rows.
    """

    scenarios: tuple[Scenario, ...]
    pace: Pace
    prepare: DataPreparation | None = None
    rows: Path | None = None
    against: str | None = None
    requires: frozenset[str] = frozenset()
    digest: str
