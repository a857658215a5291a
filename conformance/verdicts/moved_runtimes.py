"""Which runtimes of a row have changed sides in a finding, in words.

A runtime is at home where its side of the finding still shows what the row says of it.  Of runtimes
of two sides that no longer differ, those have moved that are not at home; of runtimes of one side
that now differ, those have left it.
"""

from collections.abc import Iterator, Sequence

from conformance.model.decision import Decision, RowSide
from conformance.model.finding import DifferenceKind, Finding
from conformance.wording import some


def moved(row: Decision, finding: Finding) -> str:
    """Return how runtimes have changed sides, and who still differs.

    Nothing where all sides stand as in the row.
    """
    side_of = {name: at for at, side in enumerate(finding.sides) for name in side.runtimes}
    if finding.kind is DifferenceKind.FAULT:
        return "; ".join(_other_faults(row, finding, side_of))
    there = [
        RowSide(side.name, tuple(name for name in side.runtimes if name in side_of))
        for side in row.sides
    ]
    home: set[str] = set()
    for side in there:
        home.update(
            name for name in side.runtimes if _is_home(row, side.name, name, finding, side_of[name])
        )
    changes = [*_joined(there, side_of, home), *_split(there, side_of, home)]
    if not changes:
        return ""
    everybody = [name for side in there for name in side.runtimes]
    stayed = [name for name in everybody if name in home]
    apart = len({side_of[name] for name in stayed}) > 1
    return ", and ".join([*changes, *([f"{some(stayed)} still differ"] if apart else [])])


def _other_faults(row: Decision, finding: Finding, side_of: dict[str, int]) -> Iterator[str]:
    """Yield who has another fault than the row says, and which."""
    for side in row.sides:
        for name in side.runtimes:
            fact = finding.facts_of(side_of[name])[0] if name in side_of else side.name
            if fact != side.name:
                yield f"{name} now shows `{fact}`, no longer `{side.name}`"


def _is_home(row: Decision, side: str, runtime: str, finding: Finding, at: int) -> bool:
    """Return whether a runtime still shows its side's fact or sent a value listed for that side."""
    if row.pin is None:
        return side in finding.facts_of(at)
    both = (*finding.sent, *finding.to_pin)
    sent = [pair for each in both for pair in each]
    return any(row.pin.lists(side, value) for name, value in sent if name == runtime)


def _joined(there: Sequence[RowSide], side_of: dict[str, int], home: set[str]) -> Iterator[str]:
    """Yield who no longer differs: runtimes of several row sides on one side of the finding."""
    for at in sorted(set(side_of.values())):
        together = [[name for name in side.runtimes if side_of[name] == at] for side in there]
        names = [name for side in together for name in side]
        if sum(map(bool, together)) > 1:
            came, stayed = _came_and_stayed(names, home)
            verb = "has" if len(came) == 1 else "have"
            if came and stayed:
                yield f"{some(came)} {verb} moved to the side of {some(stayed)}"
            else:
                yield f"{some(names)} no longer differ"


def _split(there: Sequence[RowSide], side_of: dict[str, int], home: set[str]) -> Iterator[str]:
    """Yield who now differs: runtimes of one row side that are on several sides of the finding."""
    for side in there:
        if len({side_of[name] for name in side.runtimes}) > 1:
            left, stayed = _came_and_stayed(side.runtimes, home)
            verb = "differs" if len(left) == 1 else "differ"
            if left and stayed:
                yield f"{some(left)} now {verb} from {some(stayed)}"
            else:
                yield f"{some(side.runtimes)} now differ from each other"


def _came_and_stayed(names: Sequence[str], home: set[str]) -> tuple[list[str], list[str]]:
    return [name for name in names if name not in home], [name for name in names if name in home]
