"""What differs at a place, in a few words: the titles of findings and of their causes."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from conformance.comparison.causes import CAPTURED
from conformance.comparison.difference import DIFFERS
from conformance.comparison.idioms.catalogue import idiom_of
from conformance.comparison.idioms.error_words import first_clause, names_an_error
from conformance.comparison.member_holders import MemberHolders, holders_in
from conformance.model.finding import DifferenceKind, Finding

_INSTEAD: Final[Mapping[DifferenceKind, str]] = {
    DifferenceKind.STATUS: "status {odd} instead of {rest}",
    DifferenceKind.HEADER: "{place}: {odd} instead of {rest}",
    DifferenceKind.BODY_KIND: "a body that is {odd} instead of {rest}",
    DifferenceKind.MEMBER: "member {place}: {odd} instead of {rest}",
    DifferenceKind.TYPE: "type of {place}: {odd} instead of {rest}",
    DifferenceKind.NOTE: "{place}: {odd} instead of {rest}",
    DifferenceKind.IDENTITY: "identity at {place}: {odd} instead of {rest}",
}
_DIFFERS: Final[Mapping[DifferenceKind, str]] = {
    DifferenceKind.STATUS: "status differs",
    DifferenceKind.HEADER: "{place} differs",
    DifferenceKind.BODY_KIND: "kind of body differs",
    DifferenceKind.MEMBER: "member {place} differs",
    DifferenceKind.TYPE: "type of {place} differs",
    DifferenceKind.LENGTH: "length of {place} differs",
    DifferenceKind.VALUE: "value of {place} differs",
    DifferenceKind.TEXT: "text differs",
    DifferenceKind.BYTES: "bytes differ",
    DifferenceKind.NOTE: "{place} differs",
    DifferenceKind.IDENTITY: "identity at {place} differs",
    DifferenceKind.FAULT: "no answer",
}
_TYPE_OR_VALUE: Final = "type or value of {place} differs"
"""Said where some sides differ in type, and others, which have one type, in their value."""
_LEFT_OUT: Final = "…"
"""What stands in a code for the parts of a message that change from request to request."""
# With the place and both sides a title still fits a line of a report
_LONGEST_CODE: Final = 48


def title_of(finding: Finding) -> str:
    """Return what differs in a few words: the idiom's title, else the kind, place and facts."""
    return title_at(shown_place(finding), finding, holders_in(finding))


def title_at(
    place: str, finding: Finding, holders: MemberHolders | None, *, of_one_thing: bool = True
) -> str:
    """Return the title of a cause, given one of its findings.

    The place and who has the member there are those of all of its findings.  `of_one_thing` says
    that all of them show the same identity in place of the same other one.
    """
    idiom = idiom_of(finding.idiom)
    if idiom is not None:
        return idiom.title
    if finding.kind is DifferenceKind.MEMBER and holders is not None:
        return f"member {place}: {holders}"
    if not of_one_thing:
        return _differs_title(finding, place)
    return _kind_title(finding, place)


def readable_code(code: str) -> str:
    """Return what an error is called as a title has it: a message up to its first clause.

    Nothing for a message that says no more than a status.
    """
    if not names_an_error(code):
        return ""
    first = first_clause(code)
    if len(first) <= _LONGEST_CODE:
        return first
    start = first[:_LONGEST_CODE]
    whole_words = start.rpartition(" ")[0]
    return f"{whole_words or start} {_LEFT_OUT}"


def shown_operation(operation: str) -> str:
    """Return a method and a target as a title has them.

    `GET /things?page=…`; a target that an earlier step captured is named.
    """
    method, _, target = operation.partition(" ")
    path, _, names = target.partition("?")
    captured = CAPTURED.fullmatch(path)
    if captured:
        return f"{method} of the target captured as {captured[1]}"
    if not names:
        return f"{method} {path}"
    query = "&".join(f"{name}=…" for name in names.split("&"))
    return f"{method} {path}?{query}"


def _kind_title(finding: Finding, place: str) -> str:
    signature = finding.signatures[0]
    has_two_facts = finding.kind in _INSTEAD and signature.odd != DIFFERS
    # Of three sides no two facts say all, and without an odd one none is "instead of" the other
    is_one_pair = len(finding.sides) == 2 and bool(finding.odd)  # noqa: PLR2004 - one pair
    if not has_two_facts or not is_one_pair:
        return _differs_title(finding, place)
    codes = [_coded([readable_code(finding.code_of(at))]) for at in (0, 1)]
    rest_code = codes.pop(finding.largest or 0)
    (odd_code,) = codes
    return _INSTEAD[finding.kind].format(
        place=place, odd=f"{signature.odd}{odd_code}", rest=f"{signature.rest}{rest_code}"
    )


def _differs_title(finding: Finding, place: str) -> str:
    """Return what differs, without what each side shows."""
    kinds = set(map(attrgetter("kind"), finding.pairs))
    differs = _DIFFERS[finding.kind]
    if {DifferenceKind.TYPE, DifferenceKind.VALUE} <= kinds:
        differs = _TYPE_OR_VALUE
    return differs.format(place=place) + _coded(_codes(finding))


def _codes(finding: Finding) -> Sequence[str]:
    """Return what each side calls the error; nothing where one side calls it by several names."""
    codes: list[str] = []
    for at, side in enumerate(finding.sides):
        if len(set(side.codes)) > 1:
            return ()
        codes.append(readable_code(finding.code_of(at)))
    return codes


def _coded(codes: Iterable[str]) -> str:
    """Return names of an error as they stand in a title; nothing where there are none."""
    distinct = dict.fromkeys(filter(None, codes))
    if not distinct:
        return ""
    return f" ({' · '.join(distinct)})"


def shown_place(finding: Finding) -> str:
    """Return a place as the odd runtimes spell it: it describes their own answers."""
    if not finding.odd:
        return finding.place
    of_odd = [side.places for at, side in enumerate(finding.sides) if at != finding.largest]
    spelled = filter(None, chain.from_iterable(of_odd))
    return min(spelled, default=finding.place)
