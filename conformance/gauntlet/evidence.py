"""The evidence files of a gauntlet, one for each phase.

A file is written when its phase has ended, and read when the gauntlet is continued. In: a folder of
evidence and the state of the checkout. Out: the valid evidence, and for each phase with invalid
evidence the reason. A file contains a digest of its content, so that an edit is noticed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, field

from conformance.atomic_file import replace_file
from conformance.errors import UNREADABLE_JSON
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import PhaseEvidence
from conformance.load.record import LOAD_NAME
from conformance.project.checkout_state import CheckoutState
from conformance.records.write import FILE_NAME as RUN_NAME
from conformance.review.record import FILE_NAME as REVIEW_RECORD_NAME

FORMAT: Final = 2
_RECORDS: Final = {
    PhaseKind.RUN: ("run", "run_id", RUN_NAME),
    PhaseKind.LOAD: ("run", "run_id", LOAD_NAME),
    PhaseKind.REVIEW: ("review", "review_id", REVIEW_RECORD_NAME),
}
"""The member, and the member within it, that name the record in an output; and the file's name."""


class Left(Struct, frozen=True, kw_only=True):
    """The evidence of the phases by phase: what is valid, and why other evidence is rejected."""

    evidence: dict[str, PhaseEvidence] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def completed(self) -> dict[str, PhaseEvidence]:
        """Return the valid evidence of the phases that ran to their end."""
        return {phase: each for phase, each in self.evidence.items() if each.problem is None}


def write_evidence(folder: Path, evidence: PhaseEvidence) -> None:
    """Write the evidence of a phase as indented JSON."""
    plain = msgspec.to_builtins(evidence)
    whole = {"format": FORMAT, "digest": _digest(plain), "evidence": plain}
    raw = msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"
    replace_file(evidence_file(folder, evidence.phase), raw)


def evidence_file(folder: Path, phase: str) -> Path:
    """Return the path of the evidence of a phase."""
    return folder / f"{phase}.json"


def read_evidence(folder: Path, phases: Sequence[Phase], state: CheckoutState) -> Left:
    """Return the evidence of the phases that is valid for a state of the checkout."""
    left = Left()
    for phase in phases:
        file = evidence_file(folder, phase.name)
        if not file.is_file():
            continue
        evidence = _read(file)
        if isinstance(evidence, str):
            left.missing[phase.name] = evidence
        elif why := _mismatch(evidence, folder, left.evidence, phase, state):
            left.missing[phase.name] = why
        else:
            left.evidence[phase.name] = evidence
    return left


def _read(file: Path) -> PhaseEvidence | str:
    """Return the evidence in a file, or the reason why it is rejected."""
    try:
        whole = msgspec.json.decode(file.read_bytes())
        if whole["format"] != FORMAT:
            return f"{file} is of another format"
        if whole["digest"] != _digest(whole["evidence"]):
            return f"{file} was edited"
        return msgspec.convert(whole["evidence"], PhaseEvidence)
    except UNREADABLE_JSON:
        return f"{file} is no evidence of a phase"


def _mismatch(
    found: PhaseEvidence,
    folder: Path,
    earlier: Mapping[str, PhaseEvidence],
    phase: Phase,
    state: CheckoutState,
) -> str:
    """Return why evidence does not count; empty if it does.

    The reason is another state of the checkout, another record, or another run that it is based on.
    Evidence of a phase that could not run is kept, as it gives a reason itself.
    """
    if found.problem is not None:
        return ""
    if why := found.state.mismatch(state):
        return why
    if found.kind is not phase.kind:
        return f"it is of a phase that does {found.kind.value}"
    if lacks_record(found) or found.record != record_digest(folder, found):
        return "its record is gone, or was changed"
    if phase.run_of is None:
        return ""
    run = earlier.get(phase.run_of)
    rests_on_run = run is not None and run.record == found.used
    return "" if rests_on_run else f"it is not of this run of {phase.run_of}"


def record_folder(folder: Path, evidence: PhaseEvidence) -> Path | None:
    """Return the folder of the record that a phase made; None if it made none."""
    try:
        member, name, _ = _RECORDS[evidence.kind]
        record = evidence.output[member][name]
    except (KeyError, TypeError):
        return None
    return folder / evidence.phase / str(record)


def record_digest(folder: Path, evidence: PhaseEvidence) -> str:
    """Return the SHA-256 of the record that a phase made as hex; empty if it made none."""
    kept = record_folder(folder, evidence)
    if kept is None:
        return ""
    _, _, file_name = _RECORDS[evidence.kind]
    file = kept / file_name
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def lacks_record(evidence: PhaseEvidence) -> bool:
    """Return whether the record of a phase is missing; a review of no change makes none."""
    if evidence.kind not in _RECORDS or evidence.record:
        return False
    is_review = evidence.kind is PhaseKind.REVIEW
    says_outcome_only = evidence.output.keys() == {"outcome"}
    no_change = is_review and says_outcome_only and not evidence.red
    return not no_change


def _digest(plain: object) -> str:
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def elapsed_of(folder: Path | None) -> Iterator[tuple[str, float]]:
    """Yield the phases of an earlier gauntlet with their durations in seconds.

    Evidence that cannot be read is skipped.
    """
    for file in sorted(folder.glob("*.json")) if folder else ():
        try:
            row = json.loads(file.read_bytes())["evidence"]
            yield row["phase"], float(row["elapsed_s"])
        except UNREADABLE_JSON:
            continue
