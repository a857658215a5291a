"""The gauntlet file: the phases of a chain that a change has to pass."""

import enum
from typing import Final

from msgspec import Struct

DEFAULT_TOLERANCE_PERCENT: Final = 30
"""Rates of one load on one machine, each relative to its calibration, differ by 10 to 20 % from run
to run.
"""


class PhaseKind(enum.Enum):
    """What a phase does; the value is the verb that does it."""

    RUN = "run"
    REVIEW = "review"
    LOAD = "load"
    TRACKER = "tracker"


class Phase(Struct, frozen=True, kw_only=True):
    """One phase: the words of the verb that it calls, and how long it may take.

    `runtimes` are the names of those that are asked; `run_of` is the phase whose run the tracker
    folds in; `base` is the revision that a review starts from, None for the commit of the accepted
    baseline. `tolerance_percent` is how much slower or larger than in the baseline a load may be.
    """

    name: str
    kind: PhaseKind
    words: tuple[str, ...]
    budget_s: int
    runtimes: tuple[str, ...] = ()
    run_of: str | None = None
    base: str | None = None
    tolerance_percent: int = DEFAULT_TOLERANCE_PERCENT


class Gauntlet(Struct, frozen=True, kw_only=True):
    """A gauntlet file: its phases in their order, and a budget for all."""

    phases: tuple[Phase, ...]
    budget_s: int
