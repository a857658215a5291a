"""Causes: what a report counts, and what one decision can be about.

A cause is the name of a difference, what the odd runtimes show and which these are, and as much of
the place as tells one cause from another.  An idiom is one cause over all places.  Its key is
stable from run to run.
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
# Four letters, 20 bits, seldom stand for two causes, also of a later run
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
"""Kinds that mean another thing in each operation: the total of a search and the price of a book
are two causes.
"""
CAPTURED: Final = re.compile(r"\$\{([^}]*)\}")
_LEFT_OPEN: Final = "{}"
_ID: Final = re.compile(
    r"[0-9]+"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?=[^/]*[0-9])[0-9A-Za-z_-]{16,}"  # a token: no name of a route is so long and has a digit
    r"|[a-z0-9]+(?::|%3[Aa])[0-9a-fA-F]{32,}"  # a digest with its algorithm
)


class Cause(Struct, frozen=True):
    """What findings of one cause share: its name, its place so far as it counts, who shows what.

    `sides` are the facts and the runtimes of those that are odd, or of all where nobody is.
    `beside` is what the largest side shows, where no idiom says what two facts mean: an integer
    where a text is odd is another cause than a number with a fraction.
    """

    name: str
    place: str
    operation: str
    code: str
    sides: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    beside: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return letters that name the cause, the same in every run.

        Any prefix that is unique will do.
        """
        text = "\n".join(
            (self.name, self.place, self.operation, self.code, repr(self.sides), *self.beside)
        )
        digest = hashlib.sha256(text.encode()).digest()
        return base64.b32encode(digest).decode("ascii").lower()[:KEY_LETTERS]


def causes_of(finding: Finding, request: Request) -> tuple[Cause, ...]:
    """Return a finding's causes in the answers to a request.

    There is one, or for faults one for each runtime that has one, where not all have the same.
    """
    if finding.kind is DifferenceKind.FAULT:
        return tuple(_fault_causes(finding))
    return (_cause_of(finding, request),)


def _fault_causes(finding: Finding) -> Iterator[Cause]:
    for at, side in enumerate(finding.sides):
        facts = tuple(filter(faulted, finding.facts_of(at)))
        if not facts:
            continue
        runtimes = tuple(sorted(side.runtimes))
        # what all runtimes show, as that a comparison took too long, is nobody's fault alone
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
    """Return whether a difference means another thing in each operation.

    Two statuses do not where every side names its error: the same two names for one refusal come
    from one handler of errors, whatever was asked for.
    """
    return finding.kind in _OF_AN_OPERATION and not _names_of_all(finding)


def _codes(finding: Finding) -> str:
    """Return what the refusing side calls its error, and which part of the request it refuses.

    Where every side has a name, all of them.
    """
    refused = "\n".join(filter(None, (finding.code, cause_field(finding))))
    return "\n".join(_names_of_all(finding)) or refused


def cause_field(finding: Finding) -> str:
    """Return the place that the refusing side of a finding names.

    Nothing where every side refuses: what one of them says then tells no two causes apart.
    """
    fields = [(finding.facts_of(at), side.fields) for at, side in enumerate(finding.sides)]
    (least, _), (_, named) = min(fields), max(fields)
    return next(filter(None, named), "") if least < (str(FIRST_ERROR),) else ""


def _names_of_all(finding: Finding) -> Sequence[str]:
    """Return what each side of two statuses or more calls its error, up to the first clause.

    Nothing where one has no name, or one that says no more than a status does.
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
    """Return method and target of a request with ids, numbers and query values left open.

    So is what earlier steps captured, whatever its name, but for a target that is all captured.
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
    if finding.kind is not DifferenceKind.MEMBER:
        return finding.lasting_place
    try:
        return last_name(parse_path(finding.lasting_place))
    except ValueError:
        return finding.lasting_place


def _beside(finding: Finding) -> tuple[str, ...]:
    """Return the facts of the largest side, without the word that only says that values differ.

    Of an idiom they are part of the cause only where its fixes name them.
    """
    if finding.largest is None or finding.kind is DifferenceKind.IDENTITY:
        return ()
    idiom = idiom_of(finding.idiom)
    if idiom is not None and not idiom.beside_others:
        return ()
    return tuple(sorted({*finding.facts_of(finding.largest)} - {DIFFERS}))


def _sides(finding: Finding) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the facts and the runtimes of the odd sides; of all sides where nobody is odd."""
    sides: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for at, side in enumerate(finding.sides):
        if at != finding.largest:
            # the names that a case captured say which things, and tell no two causes apart
            is_of_identity = finding.kind is DifferenceKind.IDENTITY
            facts = [DIFFERS] if is_of_identity else sorted(finding.facts_of(at))
            sides.append((tuple(facts), tuple(sorted(side.runtimes))))
    return tuple(sorted(sides))
