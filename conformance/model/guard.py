"""The result of a guard: files and records that are not as a revision has them."""

import enum
from typing import Final

from msgspec import Struct


class Guarded(enum.Enum):
    """The kinds of guarded things, as messages name them."""

    LEDGER = "the ledger"
    CASES = "cases and rules"
    RUNTIMES = "the runtimes file"
    RECORDING = "a recording"
    BASELINE = "the accepted baseline"
    BASELINE_SOURCE = "the source of the baseline runtime"
    SOURCE = "the source of a runtime"
    PROGRAM = "a file that the runtimes file names"
    RECORD = "the record of the run"


_PLURALS: Final = {"was": "were", "is": "are", "leads": "lead", "lies": "lie"}


class GuardFailure(Struct, frozen=True, kw_only=True):
    """One thing that is not as the revision has it: a path or the id of a run, and how it differs.

    The path is relative to the top of the checkout.
    """

    what: Guarded
    subject: str
    how: str

    def __str__(self) -> str:
        verb, _, rest = self.how.partition(" ")
        verb = _PLURALS.get(verb, verb) if self.what is Guarded.CASES else verb
        return f"{self.subject}: {self.what.value} {verb} {rest}"


class Guard(Struct, frozen=True, kw_only=True):
    """A revision as it was named, its commit, and the things that differ from it.

    `warnings` are sentences on what the guard could not check, `left_out` on what its run did not
    send. `uncommitted` is a digest of the changes in the checkout since its commit, empty without
    changes.
    """

    revision: str
    commit: str
    failures: tuple[GuardFailure, ...] = ()
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    uncommitted: str = ""

    def sentence(self, failure: GuardFailure) -> str:
        """Return the message about a failure."""
        return f"guard {self.revision}: {failure}"


NO_GUARD: Final = Guard(revision="", commit="")
