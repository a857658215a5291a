"""The accepted baseline, with which a gauntlet is compared.

The file `reports/gauntlet/baseline.json` is committed, so that reviewers see when it changes. It
has one line per item, sorted, so that a diff is easy to read. A digest over its content shows an
edit.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.errors import UNREADABLE_JSON, Place, RunRecordError
from conformance.project.files import find_above
from conformance.project.git import git, is_shallow, no_files

FORMAT: Final = 1
BASELINE: Final = Path("reports/gauntlet/baseline.json")
"""From the top of a project; tracked by git, so that every fresh checkout has it."""
ACCEPT: Final = "`conformance gauntlet accept` writes one"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST: Final = "digest"
_AT_THE_TOP: Final = "accepted"


class Accepted(Struct, frozen=True, kw_only=True):
    """The accepted gauntlet: its id, commit, day and verdict, and why it was accepted.

    `reason` is only needed if the verdict was HOLD. `configuration` is the digest of the
    configuration files, empty in an early baseline.
    """

    gauntlet: str
    commit: str
    day: str
    verdict: str
    machine: str
    version: str
    reason: str = ""
    configuration: str = ""


class RuntimeIn(Struct, frozen=True, kw_only=True):
    """A runtime that took part in a phase."""

    phase: str
    runtime: str
    live: bool


class SuiteFigures(Struct, frozen=True, kw_only=True):
    """The cases of a suite in a phase: their names by verdict.

    `asked` has the digest of the requests and expectations of each case, empty in an early
    baseline.
    """

    phase: str
    suite: str
    passed: tuple[str, ...]
    known: tuple[str, ...]
    skipped: tuple[str, ...]
    red: tuple[str, ...]
    asked: Mapping[str, str] = field(default_factory=dict)

    def case_ids(self, names: Iterable[str]) -> list[str]:
        """Return the ids of cases of this suite, given their names."""
        return [f"{self.suite}/{name}" for name in names]


class CauseFigures(Struct, frozen=True, kw_only=True):
    """A cause of differences in a phase: its key, its title, and in how many cases it occurs."""

    phase: str
    key: str
    title: str
    cases: int


class LoadFigures(Struct, frozen=True, kw_only=True):
    """The speed of a runtime under a load.

    `spread_percent` is half the interquartile range of scenarios per second, in percent of the
    median. `work_per_s` is the calibrated speed of the machine in units of work per second,
    `work_per_cpu_s` per second of CPU time. `noise_percent` is the share of the machine that other
    programs used, or the range of the calibration rounds, whichever is larger. `cpu_ms` is the CPU
    time per scenario, 0 if the processes of the runtime were not seen; `cpu_s` is the sum, None in
    an early baseline.
    """

    phase: str
    runtime: str
    pace: str
    scenarios_per_s: float
    spread_percent: float
    cpu_ms: float
    work_per_s: float
    work_per_cpu_s: float
    noise_percent: float
    cpu_s: float | None = None

    @property
    def relative_rate(self) -> float:
        """Return the rate relative to the calibration of the same phase; 0 without calibration."""
        return self.scenarios_per_s / self.work_per_s if self.work_per_s else 0.0

    @property
    def relative_cpu(self) -> float:
        """Return the CPU cost of a scenario in units of the fixed work; 0 if it is unknown."""
        return self.cpu_ms * self.work_per_cpu_s / 1_000


class MemoryFigures(Struct, frozen=True, kw_only=True):
    """The highest memory that the processes of one name held together during a load."""

    phase: str
    runtime: str
    process: str
    max_rss_mib: float


class Engagement(Struct, frozen=True, kw_only=True):
    """The figures of a reviewer in a review: bytes shown, characters answered, and claims."""

    phase: str
    reviewer: str
    lineage: str
    shown_bytes: int
    answered_characters: int
    claims: int


class Baseline(Struct, frozen=True, kw_only=True):
    """The results of an accepted gauntlet; each list is sorted.

    `edited` says that the file was changed after `accept` wrote it.
    """

    accepted: Accepted
    phases: tuple[str, ...]
    runtimes: tuple[RuntimeIn, ...]
    suites: tuple[SuiteFigures, ...]
    causes: tuple[CauseFigures, ...]
    load: tuple[LoadFigures, ...]
    memory: tuple[MemoryFigures, ...]
    review: tuple[Engagement, ...]
    edited: bool = False


NOTHING_ACCEPTED: Final = Baseline(
    accepted=Accepted(gauntlet="", commit="", day="", verdict="", machine="", version=""),
    phases=(),
    runtimes=(),
    suites=(),
    causes=(),
    load=(),
    memory=(),
    review=(),
)


def baseline_file() -> Path:
    """Return the path of the baseline in or above the working folder.

    If no folder has one, return the path where it will be written.
    """
    return find_above(str(BASELINE), [Path()]) or BASELINE


def read_baseline(file: Path) -> Baseline | None:
    """Return the accepted baseline, or None if there is no such file.

    Raises RunRecordError for a file that is no baseline.
    """
    if not file.exists():
        return None
    place = Place(str(file))
    try:
        whole = msgspec.json.decode(file.read_bytes())
        if whole.get("format") != FORMAT:
            why = f"no baseline of format {FORMAT}, but {whole.get('format')}"
            raise RunRecordError(why, place=place, hint=ACCEPT)
        baseline = msgspec.convert(whole, Baseline)
    except (OSError, *UNREADABLE_JSON) as error:
        why = f"no accepted baseline: {error}"
        raise RunRecordError(why, place=place, hint=ACCEPT) from error
    commit = baseline.accepted.commit
    if not _COMMIT.fullmatch(commit):
        why = f"no accepted baseline: wanted the whole id of a commit, got {commit!r}"
        raise RunRecordError(why, place=place, hint=ACCEPT)
    return replace(baseline, edited=_is_edited(whole))


def _is_edited(whole: Mapping[str, Any]) -> bool:
    """Return whether a baseline was edited; one without a digest counts as edited."""
    return whole.get(_DIGEST) != _digest_of(whole)


def _digest_of(whole: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the content of a baseline, independent of spaces and order."""
    without_digest = dict(whole)
    without_digest.pop(_DIGEST, None)
    return hashlib.sha256(msgspec.json.encode(without_digest, order="sorted")).hexdigest()


def review_base(baseline: Baseline, file: Path) -> str:
    """Return the revision that a review starts from.

    It is the commit of the baseline. After a squash or rebase this commit is not in the history:
    then the review starts before the commit that added the baseline file, so that all changes in
    that commit are reviewed, too. If that commit has no parent, it is reviewed whole. For an edited
    baseline, the latest committed version that was not edited counts.
    """
    folder = file.absolute().parent
    commit = baseline.accepted.commit
    if baseline.edited:
        commit = _last_accepted(file) or commit
    if git(folder, "merge-base", "--is-ancestor", commit, "HEAD") is not None:
        return commit
    brought = git(folder, "rev-list", "-1", "HEAD", "--", file.name)
    if not brought:
        return commit
    parent = f"{brought}^"
    has_parent = git(folder, "rev-parse", "--verify", parent) is not None
    # A shallow clone lacks parents that exist
    return parent if has_parent or is_shallow(folder) else no_files(folder)


def _last_accepted(file: Path) -> str:
    """Return the commit in the latest committed baseline that was not edited; empty if none."""
    folder = file.absolute().parent
    commits = git(folder, "rev-list", "HEAD", "--", file.name) or ""
    for commit in commits.split():
        text = git(folder, "cat-file", "blob", f"{commit}:./{file.name}") or ""
        try:
            whole = msgspec.json.decode(text)
            if not _is_edited(whole):
                return str(whole[_AT_THE_TOP]["commit"])
        except UNREADABLE_JSON:
            continue
    return ""


def write_baseline(file: Path, baseline: Baseline) -> None:
    """Write the baseline file, one line per item."""
    plain: dict[str, Any] = msgspec.to_builtins(baseline)
    del plain["edited"]
    digest = _digest_of({"format": FORMAT, **plain})
    members = [f' "format": {FORMAT}', f' "{_DIGEST}": {_line(digest)}']
    members.append(f' "{_AT_THE_TOP}": {_line(plain.pop(_AT_THE_TOP))}')
    for name, rows in plain.items():
        lines = ",\n".join(f"  {_line(row)}" for row in rows)
        members.append(f' "{name}": [\n{lines}\n ]' if rows else f' "{name}": []')
    replace_file(file, ("{\n" + ",\n".join(members) + "\n}\n").encode())


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
