"""The facts about a run: where, when and how it was made, its runtimes, and its end."""

import datetime as dt
from operator import attrgetter
from typing import Final

from msgspec import Struct, field

from conformance.model.api_document import ApiDocument
from conformance.model.evidence import FixEvidence
from conformance.model.guard import Guard, GuardFailure
from conformance.model.request import HeaderList
from conformance.model.shard import Shard


class RuntimeFacts(Struct, frozen=True, kw_only=True):
    """How a runtime took part: live or recorded, how it was reached, and its origin.

    `provenance` is what is known about how it was built or recorded.

    `url` is the base URL of a runtime that outlives the run. `in_place_of` says why the runtime
    itself is missing, if a recording stands in for it. `source` is the digest of the code from
    which a live runtime was started, if its files are declared. `headers` are sent to this runtime
    only, with `${env:NAME}` for secrets.
    """

    name: str
    live: bool
    reached: str
    url: str = ""
    provenance: str = ""
    language: str | None = None
    in_place_of: str = ""
    source: str = ""
    headers: HeaderList = ()


class Demands(Struct, frozen=True, kw_only=True):
    """What a run must prove to be green: enough compared cases, and if `strict`, no gaps."""

    min_compared: int = 0
    strict: bool = False


NO_DEMANDS: Final = Demands()


class RunHeader(Struct, frozen=True, kw_only=True):
    """The first line of a run record.

    `unselected` holds the ids of all cases that the ledger's folder has and this run did not
    select: a ledger row is judged stale only if none of its cases is among them.  `shard` is the
    part of the selection that this run is; `documents` are the OpenAPI documents of all suites in
    the selection. `files` leads from the report to the working folder of the run: a URL, or
    `../../` and the like; empty if there is no way. `guard` is the result of a comparison with a
    revision, if one was requested. `runtimes_digest` is of the runtimes file, empty without one.
    """

    run_id: str
    started: str
    command: str
    version: str
    machine: str
    commit: str
    runtimes: tuple[RuntimeFacts, ...]
    baseline: str | None = None
    ledger_file: str | None = None
    ledger_digest: str = ""
    selected: int = 0
    unselected: frozenset[str] = field(default=frozenset())
    shard: Shard | None = None
    demands: Demands = NO_DEMANDS
    documents: tuple[ApiDocument, ...] = ()
    files: str = ""
    guard: Guard | None = None
    runtimes_digest: str = ""

    @property
    def runtime_names(self) -> tuple[str, ...]:
        """Return the names of the runtimes, in their order."""
        return tuple(map(attrgetter("name"), self.runtimes))

    @property
    def languages(self) -> dict[str, str | None]:
        """Return the language of each runtime by its name."""
        return {facts.name: facts.language for facts in self.runtimes}

    @property
    def day(self) -> dt.date:
        """Return the day on which the run was started."""
        return dt.date.fromisoformat(self.started[:10])


class RunFooter(Struct, frozen=True, kw_only=True):
    """The last line of a run record; a record without one is incomplete.

    `remarks` are notes on runtimes that belong to no answer: `name: what: detail`.
    `evidence` is what the run shows about its runtimes at places where they do not differ.
    `guard_failures` are guarded things that changed during the run.
    """

    finished: str
    cases: int
    elapsed_s: float
    remarks: tuple[str, ...] = ()
    evidence: FixEvidence | None = None
    guard_failures: tuple[GuardFailure, ...] = ()
