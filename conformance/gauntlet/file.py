"""Gauntlet files: the grammar of `gauntlet:` documents, with the phases that a change must pass.

Paths are relative to the folder of the file, and become arguments of the command of a phase.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from conformance.errors import BadFileError, Problem
from conformance.gauntlet.plan import DEFAULT_TOLERANCE_PERCENT, Gauntlet, Phase, PhaseKind
from conformance.project.files import REVIEW_NAME
from conformance.suites.document import read_document
from conformance.suites.field_check import check
from conformance.suites.fields import Field, FieldTable, Flag, ListOf, OneOrMany, Text, Whole
from conformance.suites.nodes import Node, is_true, items, members, text
from conformance.suites.runtime_fields import FILE, NAME_PATTERN

# Ten minutes: the file gives a budget for a phase that takes longer
DEFAULT_PHASE_BUDGET_S: Final = 600
# An hour, which every CI job gets at least
DEFAULT_BUDGET_S: Final = 3_600
BASELINE: Final = "baseline"
"""The word for the commit of the accepted baseline."""

_NAME = Text(pattern=NAME_PATTERN, meaning="a lower-case name")
_GLOB = Text(pattern=r"\S+", meaning="a glob over case ids")
_SECONDS = Whole(least=1, most=86_400)
_REVISION = Text(pattern=r"[^-\s]\S*", meaning="a revision that git knows")
_DURATION = Text(pattern=r"[0-9]+(?:ms|s|m|h)", meaning="a duration such as 20s or 5m")

PHASE = FieldTable(
    fields={
        "run": Field(spec=OneOrMany(item=FILE), says="suites to replay: files or folders"),
        "review": Field(
            spec=_REVISION,
            says=f"review what HEAD has and this revision has not; `{BASELINE}` is the commit of "
            "the accepted baseline",
        ),
        "load": Field(spec=FILE, says="a load file to drive"),
        "tracker": Field(
            spec=_NAME, says="fold the run of this earlier phase into the living document"
        ),
        "runtimes": Field(
            spec=ListOf(item=_NAME, least=1), says="the runtimes to use, by their declared names"
        ),
        "cases": Field(spec=ListOf(item=_GLOB, least=1), says="only cases whose id matches"),
        "min_cases": Field(
            spec=Whole(least=1, most=1_000_000), says="how many cases there must be"
        ),
        "strict": Field(spec=Flag(), says="hold if a run left something unchecked [false]"),
        "duration": Field(spec=_DURATION, says="how long to drive the load"),
        "users": Field(spec=Whole(least=1, most=100_000), says="how many users drive it"),
        "corpus": Field(
            spec=Whole(least=1, most=1_000_000_000), says="how much data to prepare for it"
        ),
        "tolerance_percent": Field(
            spec=Whole(least=1, most=1_000),
            says="how much slower or larger than in the accepted baseline a load may be [30]",
        ),
        "reviewers": Field(spec=ListOf(item=_NAME, least=1), says="only these reviewers"),
        "budget_s": Field(spec=_SECONDS, says="how long the phase may take"),
    },
    one_of=("run", "review", "load", "tracker"),
    needs={
        "cases": "run",
        "min_cases": "run",
        "strict": "run",
        "duration": "load",
        "users": "load",
        "corpus": "load",
        "tolerance_percent": "load",
        "reviewers": "review",
    },
)
GAUNTLET = FieldTable(
    fields={
        "gauntlet": Field(
            spec=FieldTable(
                fields={
                    "budget_s": Field(spec=_SECONDS, says="how long all phases together may take"),
                    "phases": Field(
                        spec=FieldTable(keyed=(NAME_PATTERN, "names of phases", PHASE)),
                        required=True,
                        says="each phase by name, in the order in which they run",
                    ),
                }
            ),
            required=True,
            says="the chain that a change has to pass",
        )
    }
)


def read_gauntlet(file: Path) -> Gauntlet:
    """Return a gauntlet file, parsed; raises BadFileError with all of its problems."""
    root = read_document(file)
    problems = list(check(GAUNTLET, root)) or list(_meaning_problems(root))
    if problems:
        raise BadFileError(problems)
    given = members(members(root)["gauntlet"])
    phases = members(given["phases"])
    return Gauntlet(
        phases=tuple(_phase(name, node, file.parent) for name, node in phases.items()),
        budget_s=_whole(given.get("budget_s"), DEFAULT_BUDGET_S),
    )


def _meaning_problems(root: Node) -> Iterator[Problem]:
    phases = members(members(root)["gauntlet"])["phases"]
    earlier_runs: set[str] = set()
    if not members(phases):
        yield Problem(phases.place, "wanted at least one phase")
    for name, phase in members(phases).items():
        given = members(phase)
        yield from _phase_problems(given, earlier_runs)
        if "run" in given:
            earlier_runs.add(name)


def _phase_problems(given: dict[str, Node], earlier_runs: Collection[str]) -> Iterator[Problem]:
    tracker = given.get("tracker")
    if tracker is not None and text(tracker) not in earlier_runs:
        says = f"{text(tracker)} is no earlier phase that replays suites"
        yield Problem(tracker.place, says)
    runtimes = given.get("runtimes")
    asks_none = given.keys().isdisjoint(("run", "load"))
    if runtimes is not None and asks_none:
        yield Problem(runtimes.place, "field 'runtimes' goes with 'run' or 'load' only")


def _phase(name: str, node: Node, folder: Path) -> Phase:
    given = members(node)
    kind = next(kind for kind in PhaseKind if kind.value in given)
    return Phase(
        name=name,
        kind=kind,
        words=tuple(_words(kind, given, folder)),
        budget_s=_whole(given.get("budget_s"), DEFAULT_PHASE_BUDGET_S),
        runtimes=tuple(map(text, items(given.get("runtimes")))),
        run_of=text(given["tracker"]) if kind is PhaseKind.TRACKER else None,
        base=_base(given),
        tolerance_percent=_whole(given.get("tolerance_percent"), DEFAULT_TOLERANCE_PERCENT),
    )


def _whole(node: Node | None, default: int) -> int:
    """Return the integer of a field, or the default if the field is missing."""
    return int(text(node) or default)


def _base(given: dict[str, Node]) -> str | None:
    """Return the revision that a review starts from; None for the baseline's commit."""
    written = text(given.get("review"))
    if written == BASELINE:
        return None
    return written or None


def _words(kind: PhaseKind, given: dict[str, Node], folder: Path) -> Iterator[str]:
    """Yield the arguments of a phase's command, after the name of the command."""
    yield from _WORDS_OF_KIND[kind](given, folder)
    for name in ("min_cases", "duration", "users", "corpus"):
        if name in given:
            yield from (f"--{name.replace('_', '-')}", text(given[name]))


def _words_of_run(given: dict[str, Node], folder: Path) -> Iterator[str]:
    yield from (str(folder / text(path)) for path in items(given["run"]) or (given["run"],))
    yield from _options("--case", given.get("cases"))
    if is_true(given.get("strict")):
        yield "--strict"


def _words_of_load(given: dict[str, Node], folder: Path) -> Iterator[str]:
    yield str(folder / text(given["load"]))


def _words_of_review(given: dict[str, Node], folder: Path) -> Iterator[str]:
    yield from ("--config", str(folder / REVIEW_NAME))
    yield from _options("--reviewer", given.get("reviewers"))


def _words_of_tracker(_given: dict[str, Node], _folder: Path) -> Iterator[str]:
    """Yield nothing: the arguments of the tracker come from the run of another phase."""
    yield from ()


_WORDS_OF_KIND: Final = {
    PhaseKind.RUN: _words_of_run,
    PhaseKind.LOAD: _words_of_load,
    PhaseKind.REVIEW: _words_of_review,
    PhaseKind.TRACKER: _words_of_tracker,
}


def _options(option: str, node: Node | None) -> Iterator[str]:
    for item in items(node):
        yield from (option, text(item))
