"""The evidence that phases left, and the verdict on all of it.

Invariants: a phase without evidence that it ran is never a pass; the verdict follows from the evidence by one rule, the
first that applies.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.gauntlet.plan import PhaseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a phase left: whether it ran, and the JSON that its verb printed.

    `problem` says why it could not run, and is None where it did; `red` is what the verb's own gate said.
    """

    phase: str
    kind: PhaseKind
    command: tuple[str, ...]
    started: str
    elapsed_s: float
    commit: str
    digest: str
    exit_code: int | None
    problem: str | None
    red: bool
    output: Mapping[str, Any] = field(default_factory=dict)


class GauntletVerdict(enum.Enum):
    """What a lead may do."""

    SHIP = "ship"
    SHIP_WITH_KNOWN_GAP = "ship-with-known-gap"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A fact that a verdict rests on, and the phase whose evidence shows it."""

    phase: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The verdict, the rule that led to it, and the facts that the rule found."""

    verdict: GauntletVerdict
    rule: str
    reasons: tuple[Reason, ...]
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
