"""The evidence files of a gauntlet: one a phase, written when it has ended, read when the gauntlet goes on."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from conformance.atomic_file import replace_file
from conformance.errors import Place, RunRecordError
from conformance.gauntlet.plan import Phase
from conformance.gauntlet.verdict import Evidence


def write_evidence(folder: Path, evidence: Evidence) -> None:
    """Keep what a phase left, as JSON that a person can read."""
    raw = msgspec.json.format(msgspec.json.encode(evidence), indent=2)
    replace_file(evidence_file(folder, evidence.phase), raw + b"\n")


def read_evidence(folder: Path, phases: Sequence[Phase]) -> dict[str, Evidence]:
    """Return the evidence that there is, by phase; raises RunRecordError for a file that is none."""
    found = {}
    for phase in phases:
        file = evidence_file(folder, phase.name)
        if file.is_file():
            try:
                found[phase.name] = msgspec.json.decode(file.read_bytes(), type=Evidence)
            except msgspec.MsgspecError as error:
                raise RunRecordError(f"no evidence of a phase: {error}", place=Place(str(file))) from error
    return found


def evidence_file(folder: Path, phase: str) -> Path:
    """Return where the evidence of a phase is kept."""
    return folder / f"{phase}.json"


def holds(evidence: Evidence | None, commit: str, digest: str) -> bool:
    """Tell whether evidence still holds: the phase ran, on the same commit, as the same file says."""
    return evidence is not None and evidence.problem is None and (evidence.commit, evidence.digest) == (commit, digest)


def elapsed_of(folder: Path | None) -> dict[str, float]:
    """Return how long each phase of an earlier gauntlet took, for an estimate; nothing where that cannot be read."""
    times: dict[str, float] = {}
    for file in sorted(folder.glob("*.json")) if folder else ():
        try:
            row = json.loads(file.read_bytes())
            times[row["phase"]] = float(row["elapsed_s"])
        except (ValueError, KeyError, TypeError):
            continue
    return times
