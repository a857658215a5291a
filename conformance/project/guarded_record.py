"""Records held against the checkout: of a guarded gate, none may leave anything out.

In: the folders of saved runs, what their commands asked for, and the cases as they are now, which
`guard` has held against a revision. Out: what a record lacks, or holds otherwise. What a record
says of answers is taken as it is: no one can see whether it was written by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from conformance.model.case_digest import case_digest
from conformance.model.guard import Guarded, GuardFailure
from conformance.model.run import RunHeader
from conformance.project.cases import Cases
from conformance.project.git import head_commit
from conformance.records.read import case_rows
from conformance.wording import plural, some

_LOOSENING: Final = {
    "globs": "--case",
    "tags": "--tag",
    "last_failed": "--last-failed",
    "runtime_options": "--runtime",
    "runtimes_file": "--runtimes",
    "supports_options": "--supports",
    "ledger_file": "--ledger",
}
"""Options by which a run leaves cases or runtimes out, or takes others."""


def header_failures(
    header: RunHeader, given: Mapping[str, Any], *, declared: bool
) -> Iterator[GuardFailure]:
    """Yield what keeps a run from being the whole run of this checkout.

    `given` are the options of its command. `declared` says whether a runtimes file says who is
    asked; without one the command line has to.
    """
    now = head_commit(Path.cwd())
    if header.commit != now:
        yield _failure(header.run_id, f"is of commit {header.commit or 'unknown'}, this is {now}")
    options = [
        name
        for member, name in _LOOSENING.items()
        if given.get(member) and (declared or member != "runtime_options")
    ]
    if options:
        yield _failure(header.run_id, f"was made with {some(options, len(options))}")


def case_failures(folders: Sequence[Path], run_id: str, cases: Cases) -> Iterator[GuardFailure]:
    """Yield which cases a run lacks, and which it asked otherwise than they are written."""
    recorded = {row["case"]: row.get("digest", "") for each in folders for row in case_rows(each)}
    written = {case.id: case_digest(case) for case in cases.selected}
    lacking = sorted((written.keys() | cases.unselected) - recorded.keys())
    other = sorted(
        case for case, digest in recorded.items() if case in written and digest != written[case]
    )
    unknown = sorted(recorded.keys() - written.keys())
    if lacking:
        yield _failure(run_id, f"lacks {plural(len(lacking), 'case')}: {some(lacking)}")
    if other:
        yield _failure(run_id, f"asked {plural(len(other), 'case')} otherwise: {some(other)}")
    if unknown:
        yield _failure(run_id, f"has {plural(len(unknown), 'more case')}: {some(unknown)}")


def _failure(run_id: str, how: str) -> GuardFailure:
    return GuardFailure(what=Guarded.RECORD, subject=run_id, how=how)
