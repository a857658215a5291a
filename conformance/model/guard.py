"""What a guarded run or gate found: files and records that are not as a revision has them."""

import enum
from dataclasses import dataclass


class Guarded(enum.Enum):
    """What is guarded, as messages name it."""

    LEDGER = "the ledger"
    CASES = "cases and rules"
    RUNTIMES = "the runtimes file"
    RECORDING = "a recording"
    BASELINE = "the accepted baseline"
    BASELINE_SOURCE = "the source of the baseline runtime"
    RECORD = "the record of the run"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFailure:
    """One thing that is not as the revision has it: a path or the id of a run, and how it differs.

    The path is from the top of the checkout.
    """

    what: Guarded
    subject: str
    how: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what.value} {self.how}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A revision as it was named, its commit, and what is not as it has it."""

    revision: str
    commit: str
    failures: tuple[GuardFailure, ...] = ()
