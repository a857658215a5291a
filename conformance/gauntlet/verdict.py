"""The evidence that phases left, and the verdict on all of it.

Invariants: a phase without evidence that it ran is never a pass; evidence counts only for the state
of the checkout that it is bound to; the verdict follows from the evidence by one rule, the first
that applies.
"""

import enum
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from conformance.gauntlet.plan import PhaseKind
from conformance.project.checkout_state import CheckoutState


class Round(Struct, frozen=True, kw_only=True):
    """The rate of a fixed work: for all cores in a second, and for one in CPU time.

    The second is by one core in a second of CPU time.
    """

    per_s: float
    per_cpu_s: float


class Calibration(Struct, frozen=True, kw_only=True):
    """How fast this machine was before and after a load, round by round."""

    before: tuple[Round, ...]
    after: tuple[Round, ...]


class PhaseEvidence(Struct, frozen=True, kw_only=True):
    """What a phase left: whether it ran, on what, and the JSON that its verb printed.

    `problem` says why it could not run, and is None where it did; `red` is what the verb's own gate
    said. `record` is the digest of the record that it made, and `used` that of the run of another
    phase that it rests on.
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
    """What a lead may do."""

    SHIP = "ship"
    SHIP_WITH_KNOWN_GAP = "ship-with-known-gap"
    HOLD = "hold"


class Reason(Struct, frozen=True, kw_only=True):
    """A fact that a verdict rests on, in one line, and the phase whose evidence shows it."""

    phase: str
    says: str


class KnownGap(Struct, frozen=True, kw_only=True):
    """What is known not to be as it should be, and who will see to it.

    A gap that is no row of the ledger has no estimate, owner, age or fix. `age_days` counts to the
    day of the gauntlet.
    """

    says: str
    row: str = ""
    loc_estimate: int | None = None
    owner: str = ""
    age_days: int | None = None
    fix: str = ""


class Assessment(Struct, frozen=True, kw_only=True):
    """The verdict, the rule that led to it, and the facts that the rule found.

    `changes` are what is otherwise than in the accepted baseline, for better or worse.
    """

    verdict: GauntletVerdict
    rule: str
    reasons: tuple[Reason, ...]
    gaps: tuple[KnownGap, ...]
    changes: tuple[str, ...]
