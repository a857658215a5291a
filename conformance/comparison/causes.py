"""Causes: what a report counts, and what one decision can be about.

A cause is the name of a difference, the odd runtimes with their facts, and as much of the place as
distinguishes it from other causes.  An idiom is one cause at all places.  The key of a cause is the
same in every run.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS
from conformance.comparison.faults import faulted, took_too_long
from conformance.comparison.idioms.catalogue import idiom_of
from conformance.comparison.idioms.error_words import first_clause, names_an_error
from conformance.comparison.idioms.member_names import last_name
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import parse_path
from conformance.model.request import Request

# 60 bits: no two causes of a report have the same key by chance
KEY_LETTERS: Final = 12
# Four letters, 20 bits, rarely fit two causes, even in later runs
LEAST_KEY_LETTERS: Final = 4
_OF_AN_OPERATION: Final = frozenset(
    {
        DifferenceKind.VALUE,
        DifferenceKind.LENGTH,
        DifferenceKind.TEXT,
        DifferenceKind.BYTES,
        DifferenceKind.STATUS,
    }
)
"""Kinds of difference that are a cause for each operation: the total of a search and the price of a
book are two causes."""
CAPTURED: Final = re.compile(r"\$\{([^}]*)\}")
_LEFT_OPEN: Final = "{}"
_ID: Final = re.compile(
    r"[0-9]+"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?=[^/]*[0-9])[0-9A-Za-z_-]{16,}"  # a token: no name of a route is so long and has a digit
    r"|[a-z0-9]+(?::|%3[Aa])[0-9a-fA-F]{32,}"  # a digest with its algorithm
)


class Cause(Struct, frozen=True):
    """What the findings of one cause share: name, relevant part of the place, runtimes and facts.

    - `sides`: the facts and the runtimes of the odd sides, or of all where none is odd.
    - `beside`: the facts of the largest side, if no idiom says what the odd facts mean: where one
      runtime sends a text, it matters whether the others send an integer or a fraction.
    """

    name: str
    place: str
    operation: str
    code: str
    sides: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    beside: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the letters that name the cause; they are the same in every run.

        Any prefix that is unique can be used instead.
        """
        text = "\n".join(
            (self.name, self.place, self.operation, self.code, repr(self.sides), *self.beside)
        )
        digest = hashlib.sha256(text.encode()).digest()
        return base64.b32encode(digest).decode("ascii").lower()[:KEY_LETTERS]


def causes_of(finding: Finding, request: Request) -> tuple[Cause, ...]:
    """Return the causes of a finding in the answers to a request.

    There is one; for faults one for each runtime with a fault, unless all runtimes have the same.
    """
    if finding.kind is DifferenceKind.FAULT:
        return tuple(_fault_causes(finding))
    return (_cause_of(finding, request),)


def _fault_causes(finding: Finding) -> Iterator[Cause]:
    """Yield a cause for each runtime with a fault; only one if all runtimes share the fault."""
    for at, side in enumerate(finding.sides):
        facts = tuple(filter(faulted, finding.facts_of(at)))
        if not facts:
            continue
        runtimes = tuple(sorted(side.runtimes))
        # a fault of all runtimes, such as a comparison that took too long, is not one runtime's own
        is_of_all = len(finding.sides) == 1 or any(map(took_too_long, facts))
        for names in [runtimes] if is_of_all else zip(side.runtimes, strict=True):
            yield Cause(
                name=finding.name,
                place=finding.place,
                operation="",
                code="",
                sides=((facts, names),),
            )


def _cause_of(finding: Finding, request: Request) -> Cause:
    """Return the cause of a finding that is not about faults."""
    cause = Cause(
        name=finding.name,
        place="",
        operation="",
        code="",
        sides=_sides(finding),
        beside=_beside(finding),
    )
    if finding.idiom is not None:
        return cause
    operation = operation_of(request) if _is_of_an_operation(finding) else ""
    return replace(cause, place=_place(finding), operation=operation, code=_codes(finding))


def _is_of_an_operation(finding: Finding) -> bool:
    """Return whether a finding is a separate cause in each operation.

    Not where every side names its error: the same names for one refusal come from one handler of
    errors, whatever the operation.
    """
    return finding.kind in _OF_AN_OPERATION and not _names_of_all(finding)


def _codes(finding: Finding) -> str:
    """Return the error codes of all sides, or the refusing side's code and the field it refuses.

    Codes of all sides are used where all have one that is more than a status.
    """
    refused = "\n".join(filter(None, (finding.code, cause_field(finding))))
    return "\n".join(_names_of_all(finding)) or refused


def cause_field(finding: Finding) -> str:
    """Return the place in the request that the refusing side names.

    Empty if every side refuses: then one side's place does not distinguish causes.
    """
    fields = [(finding.facts_of(at), side.fields) for at, side in enumerate(finding.sides)]
    (least, _), (_, named) = min(fields), max(fields)
    return next(filter(None, named), "") if least < (str(FIRST_ERROR),) else ""


def _names_of_all(finding: Finding) -> Sequence[str]:
    """Return for each side of a finding about statuses its fact and its codes, as first clauses.

    Empty if a side has no code, or one that adds nothing to its status.
    """
    if finding.kind is not DifferenceKind.STATUS:
        return ()
    names: list[str] = []
    for at, side in enumerate(finding.sides):
        if not side.codes or not all(map(names_an_error, side.codes)):
            return ()
        clauses = {*map(first_clause, side.codes)}
        names.append(f"{finding.facts_of(at)} {sorted(clauses)}")
    return sorted(names)


def operation_of(request: Request) -> str:
    """Return the method and target of a request, with ids, numbers and query values as `{}`.

    So are values captured in earlier steps, unless the whole target is captured.
    """
    path, _, query = request.target.partition("?")
    if CAPTURED.fullmatch(path) is None:
        path = CAPTURED.sub(_LEFT_OPEN, path)
    steps = [_LEFT_OPEN if _ID.fullmatch(step) else step for step in path.split("/")]
    pairs = filter(None, query.split("&"))
    names = sorted({pair.partition("=")[0] for pair in pairs})
    operation = f"{request.method} {'/'.join(steps)}"
    return f"{operation}?{'&'.join(names)}" if names else operation


def _place(finding: Finding) -> str:
    """Return the place as far as it belongs to a cause: of a member only its name."""
    if finding.kind is not DifferenceKind.MEMBER:
        return finding.lasting_place
    try:
        return last_name(parse_path(finding.lasting_place))
    except ValueError:
        return finding.lasting_place


def _beside(finding: Finding) -> tuple[str, ...]:
    """Return the facts of the largest side, without the one that only says that values differ.

    For an idiom, only if its cures depend on them.
    """
    if finding.largest is None or finding.kind is DifferenceKind.IDENTITY:
        return ()
    idiom = idiom_of(finding.idiom)
    if idiom is not None and not idiom.names_others:
        return ()
    return tuple(sorted({*finding.facts_of(finding.largest)} - {DIFFERS}))


def _sides(finding: Finding) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the facts and runtimes of the odd sides, or of all sides where none is odd."""
    sides: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for at, side in enumerate(finding.sides):
        if at != finding.largest:
            # the names that a case captured identify things, but do not distinguish causes
            is_of_identity = finding.kind is DifferenceKind.IDENTITY
            facts = [DIFFERS] if is_of_identity else sorted(finding.facts_of(at))
            sides.append((tuple(facts), tuple(sorted(side.runtimes))))
    return tuple(sorted(sides))
