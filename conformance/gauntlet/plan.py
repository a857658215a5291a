"""The gauntlet file: the phases of a chain that a change has to pass."""

import enum
from dataclasses import dataclass


class PhaseKind(enum.Enum):
    """What a phase does; the value is the verb that does it."""

    RUN = "run"
    REVIEW = "review"
    LOAD = "load"
    TRACKER = "tracker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase: the words of the verb that it calls, and how long it may take.

    `runtimes` are the names of those that are asked; `run_of` is the phase whose run the tracker folds in.
    """

    name: str
    kind: PhaseKind
    words: tuple[str, ...]
    budget_s: int
    runtimes: tuple[str, ...] = ()
    run_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauntlet:
    """A gauntlet file: its phases in their order, a budget for all, and the digest of what it says."""

    phases: tuple[Phase, ...]
    budget_s: int
    digest: str
