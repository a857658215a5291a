"""What a guarded run or gate found: files and records that are not as a revision has them."""

import enum

from msgspec import Struct


class Guarded(enum.Enum):
    """What is guarded, as messages name it."""

    LEDGER = "the ledger"
    CASES = "cases and rules"
    RUNTIMES = "the runtimes file"
    RECORDING = "a recording"
    BASELINE = "the accepted baseline"
    BASELINE_SOURCE = "the source of the baseline runtime"
    RECORD = "the record of the run"


class GuardFailure(Struct, frozen=True, kw_only=True):
    """One thing that is not as the revision has it: a path or the id of a run, and how it differs.

    The path is from the top of the checkout.
    """

    what: Guarded
    subject: str
    how: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what.value} {self.how}"


class Guard(Struct, frozen=True, kw_only=True):
    """A revision as it was named, its commit, and what is not as it has it."""

    revision: str
    commit: str
    failures: tuple[GuardFailure, ...] = ()
