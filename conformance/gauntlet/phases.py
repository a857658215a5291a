"""Execution of a phase: its command as a process, within its budget, and the evidence of it.

In: a phase, the folder for evidence, and the runtimes that already run. Out: evidence. A command
that ends with 0 or 1 and prints its JSON has run. Anything else is a phase that could not run, with
the reason. The same is true of a phase during which the checkout was changed, even if the change
was reverted, because it does not show one state; and of a phase whose output names no record,
because then something other than the harness answered.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from conformance import user_cache
from conformance.gauntlet.calibration import calibrate
from conformance.gauntlet.evidence import lacks_record, record_digest
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import Calibration, PhaseEvidence
from conformance.project.change_diff import has_change
from conformance.project.checkout_state import CheckoutState
from conformance.reporting.github import SUMMARY
from conformance.wording import some

NOTHING_TO_REVIEW: Final = "nothing to review: HEAD has what {base} has"
NO_RECORD: Final = "its output names no record that is kept"
_BYTE_CODE: Final = "PYTHONPYCACHEPREFIX"
"""The folder of Python's compiled modules: an empty one, so that no stale or forged module of the
checkout replaces its source.
"""
_FOLDER_OPTIONS: Final = {
    PhaseKind.RUN: "--runs",
    PhaseKind.LOAD: "--runs",
    PhaseKind.REVIEW: "--reviews",
}
"""The option for the folder of the record; a tracker makes no record."""
_SPENT: Final = "not started: the phases before it have spent the budget of the whole gauntlet"
_RAN: Final = frozenset({0, 1})
# The command stops the services that it started, which may take seconds each
_STOP_S: Final = 20
# An error text has to fit in one line of the report
_SHOWN_CHARACTERS: Final = 300
_ERROR: Final = "error: "


class Ground(Struct, frozen=True, kw_only=True):
    """Where phases run: the folder of their evidence, the checkout, attached runtimes by name.

    `state` returns the state of the checkout, `touched` a mark for the last write of each file.
    `review_base` is the revision that a review starts from if its phase names none.
    """

    folder: Path
    state: Callable[[], CheckoutState]
    touched: Callable[[], Mapping[Path, object]]
    attached: Mapping[str, str]
    review_base: str

    def base_of(self, phase: Phase) -> str:
        """Return the revision that a review phase starts from."""
        return phase.base or self.review_base


def run_phase(
    phase: Phase,
    ground: Ground,
    budget_s: float,
    earlier: Mapping[str, PhaseEvidence],
    byte_code: Path,
) -> PhaseEvidence:
    """Run one phase within a budget in seconds, and return its evidence.

    Compiled modules go to `byte_code`.
    """
    touched, state = ground.touched(), ground.state()
    words = tuple(command_of(phase, ground, earlier))
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    is_load = phase.kind is PhaseKind.LOAD
    before = calibrate() if is_load else ()
    run_of = phase.run_of or ""
    variables = {_BYTE_CODE: str(byte_code)}
    outcome = _nothing_to_review(phase, ground) or call(words, budget_s, variables)
    calibration = Calibration(before=before, after=calibrate()) if is_load else None
    code, printed, complaint = outcome
    output = _document(printed)
    left = PhaseEvidence(
        phase=phase.name,
        kind=phase.kind,
        command=words,
        started=started,
        elapsed_s=round(time.monotonic() - clock, 1),
        state=state,
        exit_code=code,
        problem=_problem(code, output, complaint, budget_s) or _moved(state, touched, ground),
        red=code != 0,
        used=earlier[run_of].record if run_of in earlier else "",
        calibration=calibration,
        output=output or {},
    )
    whole = replace(left, record=record_digest(ground.folder, left))
    if whole.problem is None and lacks_record(whole):
        return replace(whole, problem=NO_RECORD)
    return whole


def _moved(before: CheckoutState, touched: Mapping[Path, object], ground: Ground) -> str | None:
    """Return a sentence if the checkout was changed during a phase, else None.

    If the change was reverted, the sentence names the files.
    """
    if before.mismatch(ground.state()):
        return "the checkout was changed while it ran"
    now = ground.touched()
    written = sorted({str(file) for file, _ in touched.items() ^ now.items()})
    if not written:
        return None
    return f"the checkout was changed while it ran, and changed back: {some(written)}"


def command_of(phase: Phase, ground: Ground, earlier: Mapping[str, PhaseEvidence]) -> Iterator[str]:
    """Yield the words of the command that runs a phase."""
    yield phase.kind.value
    if phase.kind is PhaseKind.TRACKER:
        run = run_folder(earlier, str(phase.run_of), ground)
        yield from ("check", "--synced", "--run", str(run))
    if phase.kind is PhaseKind.REVIEW:
        yield from ("--base", ground.base_of(phase))
    yield from phase.words
    for name in phase.runtimes:
        attached = name in ground.attached
        yield from ("--runtime", f"{name}={ground.attached[name]}" if attached else name)
    option = _FOLDER_OPTIONS.get(phase.kind)
    if option is not None:
        yield from (option, str(ground.folder / phase.name))
    yield "--json"


def run_folder(earlier: Mapping[str, PhaseEvidence], name: str, ground: Ground) -> Path:
    """Return the folder of a phase's run; it does not exist if the phase made no run."""
    run = earlier[name].output.get("run", {}) if name in earlier else {}
    return ground.folder / name / str(run.get("run_id", "missing"))


def _nothing_to_review(phase: Phase, ground: Ground) -> tuple[int, bytes, str] | None:
    """Return the outcome of a review without a change, which needs no reviewer.

    Return None if there is a change.
    """
    if phase.kind is not PhaseKind.REVIEW:
        return None
    base = ground.base_of(phase)
    if has_change(Path.cwd(), base) is not False:
        return None
    return 0, json.dumps({"outcome": NOTHING_TO_REVIEW.format(base=base)}).encode(), ""


def call(
    words: Sequence[str], budget_s: float, variables: Mapping[str, str]
) -> tuple[int | None, bytes, str]:
    """Run a command of the harness; return its exit code, its output and its error text.

    The code is None if the time ran out, or if the budget left no time to start. A command that is
    out of time gets SIGTERM, so that it stops the services that it started.
    """
    if budget_s <= 0:
        return None, b"", ""
    # -P: a folder with this name in the checkout is not imported
    argv = (sys.executable, "-P", "-m", "conformance", *words)
    # A verdict is based on the files of the checkout, not on cached results
    environment = {**os.environ, **variables, user_cache.NO_CACHE: "1"}
    environment.pop(SUMMARY, None)  # the gauntlet writes that file itself
    with subprocess.Popen(  # noqa: S603 - our own
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        try:
            printed, complaint = process.communicate(timeout=budget_s)
        except (subprocess.TimeoutExpired, KeyboardInterrupt) as stopped:
            process.send_signal(signal.SIGTERM)
            printed, complaint = _last_words(process)
            if isinstance(stopped, KeyboardInterrupt):
                raise
            return None, printed, complaint.decode("utf-8", "replace")
    return process.returncode, printed, complaint.decode("utf-8", "replace")


def _last_words(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    try:
        return process.communicate(timeout=_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()


def _document(printed: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(printed)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _problem(
    code: int | None, output: Mapping[str, Any] | None, complaint: str, budget_s: float
) -> str | None:
    """Return why a phase could not run, in one line; None if it ran."""
    was_stopped = code is None
    if was_stopped and budget_s <= 0:
        return _SPENT
    if was_stopped:
        return f"stopped: its budget of {budget_s:.0f} s was spent"
    if code not in _RAN:
        outcome = (output or {}).get("outcome")
        why = str(outcome or error_line(complaint))
        return ": ".join(filter(None, (f"exit code {code}", why)))
    if output is None:
        return "it printed no JSON"
    return None


def error_line(complaint: str) -> str:
    """Return the line with the error, else the last line; empty for an empty text."""
    lines = list(filter(None, map(str.strip, complaint.splitlines())))
    errors = [line for line in lines if line.startswith(_ERROR)]
    *_, last = ("", *lines, *errors)
    return last.removeprefix(_ERROR)[:_SHOWN_CHARACTERS]
