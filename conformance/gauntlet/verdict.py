"""The evidence of the phases, and the verdict on all of it.

Invariants: a phase without evidence never passes; evidence is valid only for the state of the
checkout that it is bound to; the verdict follows from the evidence by one rule, the first that
applies.
"""

import enum
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from conformance.gauntlet.plan import PhaseKind
from conformance.project.checkout_state import CheckoutState


class Round(Struct, frozen=True, kw_only=True):
    """The rates of a fixed work: of all cores per second, and of a core per second of CPU time."""

    per_s: float
    per_cpu_s: float


class Calibration(Struct, frozen=True, kw_only=True):
    """The speed of this machine before and after a load, round by round."""

    before: tuple[Round, ...]
    after: tuple[Round, ...]


class PhaseEvidence(Struct, frozen=True, kw_only=True):
    """The evidence of a phase: whether it ran, on which state, and the JSON that it printed.

    `problem` is why it could not run, or None; `red` says that the command reported red. `record`
    is the digest of the record that the phase made, and `used` that of the run of another phase
    that it used.
    """

    phase: str
    kind: PhaseKind
    command: tuple[str, ...]
    started: str
    elapsed_s: float
    state: CheckoutState
    exit_code: int | None
    problem: str | None
    red: bool
    record: str = ""
    used: str = ""
    calibration: Calibration | None = None
    output: Mapping[str, Any] = field(default_factory=dict)


class GauntletVerdict(enum.Enum):
    """The recommendation: ship, ship with known gaps, or hold back."""

    SHIP = "ship"
    SHIP_WITH_KNOWN_GAP = "ship-with-known-gap"
    HOLD = "hold"


class Reason(Struct, frozen=True, kw_only=True):
    """A fact behind a verdict, in one line, and the phase whose evidence shows it."""

    phase: str
    says: str


class KnownGap(Struct, frozen=True, kw_only=True):
    """A known defect or limit, and who will fix it.

    A gap that is not in the ledger has no estimate, owner, age or fix. `age_days` counts up to the
    day of the gauntlet.
    """

    says: str
    row: str = ""
    loc_estimate: int | None = None
    owner: str = ""
    age_days: int | None = None
    fix: str = ""


class Assessment(Struct, frozen=True, kw_only=True):
    """The verdict, the rule that gave it, and the reasons that the rule found.

    `changes` are all differences from the accepted baseline, better or worse.
    """

    verdict: GauntletVerdict
    rule: str
    reasons: tuple[Reason, ...]
    gaps: tuple[KnownGap, ...]
    changes: tuple[str, ...]
