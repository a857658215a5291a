"""Which runtimes of a row have changed sides in a finding, in words.

A runtime is at home where its side of the finding still shows what the row says of it.  Of runtimes
of two sides that no longer differ, those have moved that are not at home; of runtimes of one side
that now differ, those have left it.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding
from conformance.wording import some


def moved(row: Decision, finding: Finding) -> str:
    """Return how runtimes have changed sides, and who still differs.

    Nothing where all sides stand as in the row.
    """
    side_of = finding.side_of
    if finding.kind is DifferenceKind.FAULT:
        return "; ".join(_other_faults(row, finding, side_of))
    there = [[name for name in side.runtimes if name in side_of] for side in row.sides]
    everybody = list(chain.from_iterable(there))
    stayed = [name for name in everybody if _is_home(row, name, finding)]
    changes = [*_joined(there, side_of, stayed), *_split(there, side_of, stayed)]
    if not changes:
        return ""
    if len({side_of[name] for name in stayed}) > 1:
        changes.append(f"{some(stayed)} still differ")
    return ", and ".join(changes)


def _other_faults(row: Decision, finding: Finding, side_of: dict[str, int]) -> Iterator[str]:
    """Yield who has another fault than the row says, and which."""
    for name, fault in row.side_of.items():
        now = finding.facts_of(side_of[name])[0] if name in side_of else fault
        if now != fault:
            yield f"{name} now shows `{now}`, no longer `{fault}`"


def _is_home(row: Decision, runtime: str, finding: Finding) -> bool:
    """Return whether a runtime still shows its side's fact or sent a value listed for that side."""
    side = row.side_of[runtime]
    if row.pin is None:
        return side in finding.facts_of(finding.side_of[runtime])
    sent = chain(*finding.sent, *finding.to_pin)
    values = [value for name, value in sent if name == runtime]
    return any(row.pin.lists(side, value) for value in values)


def _joined(
    there: Sequence[Sequence[str]], side_of: dict[str, int], home: Collection[str]
) -> Iterator[str]:
    """Yield who no longer differs: runtimes of several row sides on one side of the finding."""
    for index in sorted(set(side_of.values())):
        together = [[name for name in names if side_of[name] == index] for names in there]
        if sum(map(bool, together)) > 1:
            names = list(chain.from_iterable(together))
            came, stayed = _came_and_stayed(names, home)
            verb = "has" if len(came) == 1 else "have"
            if came and stayed:
                yield f"{some(came)} {verb} moved to the side of {some(stayed)}"
            else:
                yield f"{some(names)} no longer differ"


def _split(
    there: Sequence[Sequence[str]], side_of: dict[str, int], home: Collection[str]
) -> Iterator[str]:
    """Yield who now differs: runtimes of one row side that are on several sides of the finding."""
    for names in there:
        if len({side_of[name] for name in names}) > 1:
            left, stayed = _came_and_stayed(names, home)
            verb = "differs" if len(left) == 1 else "differ"
            if left and stayed:
                yield f"{some(left)} now {verb} from {some(stayed)}"
            else:
                yield f"{some(names)} now differ from each other"


def _came_and_stayed(names: Sequence[str], home: Collection[str]) -> tuple[list[str], list[str]]:
    came = [name for name in names if name not in home]
    stayed = [name for name in names if name in home]
    return came, stayed
