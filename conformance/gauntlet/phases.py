"""Running a phase: its verb as a process of its own, within its budget, and what it left.

In: a phase, where its evidence goes, and the runtimes that run already. Out: evidence. A verb that ends with 0 or 1 and
prints its JSON has run; whatever else happens is a phase that could not run, with the reason.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import Evidence

_RAN: Final = frozenset({0, 1})
_STOP_S: Final = 20
_TOLD_CHARACTERS: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where phases run: the folder of their evidence, the commit and digest it is of, and attached runtimes by name."""

    folder: Path
    commit: str
    digest: str
    attached: Mapping[str, str]


def run_phase(phase: Phase, ground: Ground, budget_s: float, earlier: Mapping[str, Evidence]) -> Evidence:
    """Run one phase for at most so many seconds."""
    words = tuple(command_of(phase, ground, earlier))
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    code, said, complaint = _call(words, budget_s)
    output = _document(said)
    return Evidence(
        phase=phase.name,
        kind=phase.kind,
        command=words,
        started=started,
        elapsed_s=round(time.monotonic() - clock, 1),
        commit=ground.commit,
        digest=ground.digest,
        exit_code=code,
        problem=_problem(code, output, complaint, budget_s),
        red=code != 0,
        output=output or {},
    )


def command_of(phase: Phase, ground: Ground, earlier: Mapping[str, Evidence]) -> Iterator[str]:
    """Yield the words of the command that runs a phase."""
    yield phase.kind.value
    if phase.kind is PhaseKind.TRACKER:
        yield "sync"
        yield from ("--run", str(_run_folder(earlier, str(phase.run_of), ground)))
    yield from phase.words
    for name in phase.runtimes:
        yield from ("--runtime", f"{name}={ground.attached[name]}" if name in ground.attached else name)
    if phase.kind is not PhaseKind.TRACKER:
        yield from ("--reviews" if phase.kind is PhaseKind.REVIEW else "--runs", str(ground.folder / phase.name))
    yield "--json"


def _run_folder(earlier: Mapping[str, Evidence], name: str, ground: Ground) -> Path:
    run = earlier[name].output.get("run", {}) if name in earlier else {}
    return ground.folder / name / str(run.get("run_id", "missing"))


def _call(words: Sequence[str], budget_s: float) -> tuple[int | None, bytes, str]:
    """Run the harness's own command; None is the code of one that had to be stopped.

    It is stopped as a person stops it, so that it stops what it started.
    """
    argv = (sys.executable, "-m", "conformance", *words)
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own
        try:
            said, complaint = process.communicate(timeout=max(budget_s, 0.1))
        except (subprocess.TimeoutExpired, KeyboardInterrupt) as stopped:
            process.send_signal(signal.SIGTERM)
            said, complaint = _last_words(process)
            if isinstance(stopped, KeyboardInterrupt):
                raise
            return None, said, complaint.decode("utf-8", "replace")
    return process.returncode, said, complaint.decode("utf-8", "replace")


def _last_words(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    try:
        return process.communicate(timeout=_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()


def _document(said: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(said)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _problem(code: int | None, output: object, complaint: str, budget_s: float) -> str | None:
    """Say why a phase could not run, or nothing where it did."""
    if code is None:
        return f"stopped: its budget of {budget_s:.0f} s was spent"
    if code not in _RAN:
        told = complaint.strip()[-_TOLD_CHARACTERS:]
        return f"exit code {code}" + (f": {told}" if told else "")
    return "it printed no JSON" if output is None else None
