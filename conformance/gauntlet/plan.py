"""The gauntlet plan: the phases that a change has to pass."""

import enum
from typing import Final

from msgspec import Struct

DEFAULT_TOLERANCE_PERCENT: Final = 30
"""Calibrated rates of the same load on one machine differ by 10 to 20 % from run to run."""


class PhaseKind(enum.Enum):
    """The kinds of phases; the value is the command that a phase runs."""

    RUN = "run"
    REVIEW = "review"
    LOAD = "load"
    TRACKER = "tracker"


class Phase(Struct, frozen=True, kw_only=True):
    """One phase: its command with its arguments, and its budget.

    `runtimes` are names of runtimes; `run_of` is the phase whose run the tracker uses; `base` is
    the revision that a review starts from, None for the commit of the accepted baseline.
    `tolerance_percent` is how much slower or larger than in the baseline a load may be.
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
    """A gauntlet file: its phases in order, and a budget for all together."""

    phases: tuple[Phase, ...]
    budget_s: int
