"""Update of the living document from the run of a gauntlet, on request."""

from collections.abc import Iterator

from conformance.errors import UsageError
from conformance.gauntlet.conduct import Course
from conformance.gauntlet.evidence import read_evidence
from conformance.gauntlet.phases import call, error_line, run_folder
from conformance.gauntlet.plan import PhaseKind


def write_document(course: Course) -> Iterator[str]:
    """Fold the run of the tracker phase into the document, and yield the lines of the output.

    Raises UsageError if there is no such phase, or if it is red.
    """
    ground = course.ground
    phase = next((each for each in course.gauntlet.phases if each.kind is PhaseKind.TRACKER), None)
    if phase is None:
        raise UsageError("--write: this gauntlet has no tracker phase")
    left = read_evidence(ground.folder, course.gauntlet.phases, ground.state())
    synced = left.completed.get(phase.name)
    if synced is None or synced.red:
        raise UsageError(f"--write: {phase.name} does not hold, so the document was not written")
    words = ("tracker", "sync", "--run", str(run_folder(left.evidence, str(phase.run_of), ground)))
    code, printed, complaint = call(words, phase.budget_s, {})
    if code != 0:
        raise UsageError(f"--write: {error_line(complaint)}")
    yield from printed.decode("utf-8", "replace").splitlines()
