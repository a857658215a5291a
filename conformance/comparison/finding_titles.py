"""Titles of findings and causes: what differs at a place, in a few words."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Final

from conformance.comparison.causes import CAPTURED
from conformance.comparison.difference import DIFFERS
from conformance.comparison.finding_values import KIND, is_of_kinds
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
_KIND_OF_PART: Final = "kind of {place}"
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
"""The title where some sides differ in type, and others, which have one type, in value."""
_LEFT_OUT: Final = "…"
"""Replaces, in a code, the parts of a message that change from request to request."""
# So long that a title with the place and both sides still fits a line of a report
_LONGEST_CODE: Final = 48


def title_of(finding: Finding) -> str:
    """Return the title of a finding: the idiom's, else kind, place and facts in a few words."""
    return title_at(shown_place(finding), finding, holders_in(finding))


def title_at(
    place: str, finding: Finding, holders: MemberHolders | None, *, of_one_thing: bool = True
) -> str:
    """Return the title of a cause, given one of its findings.

    `place` and `holders` are true of all findings of the cause.  `of_one_thing` is true if all of
    them show the same two identities.
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
    """Return the error's code for a title: a message up to its first clause.

    `` for a code that adds nothing to the status.
    """
    if not names_an_error(code):
        return ""
    return _cut(first_clause(code))


def rest_of_code(code: str) -> str:
    """Return the part of a message after its first clause; `` for a code."""
    return _cut(code.strip(_LEFT_OUT).removeprefix(first_clause(code)).strip(f" :;.{_LEFT_OUT}"))


def _cut(message: str) -> str:
    """Return a message cut at a word, so that it fits in a title."""
    if len(message) <= _LONGEST_CODE:
        return message
    start = message[:_LONGEST_CODE]
    whole_words = start.rpartition(" ")[0]
    return f"{whole_words or start} {_LEFT_OUT}"


def shown_operation(operation: str) -> str:
    """Return a method and a target for a title: `GET /things?page=…`.

    A target that an earlier step captured is given by the name of the capture.
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
    """Return the title with the facts of two sides, if there is an odd one; else without facts."""
    signature = finding.signatures[0]
    has_two_facts = finding.kind in _INSTEAD and signature.odd != DIFFERS
    # Two facts do not describe three sides; without an odd side, none is "instead of" the other
    is_one_pair = len(finding.sides) == 2 and bool(finding.odd)  # noqa: PLR2004 - one pair
    if not has_two_facts or not is_one_pair:
        return _differs_title(finding, place)
    codes = [_coded([readable_code(finding.code_of(at))]) for at in (0, 1)]
    rest_code = codes.pop(finding.largest or 0)
    (odd_code,) = codes
    instead = _INSTEAD[finding.kind]
    if _is_kind_of_part(finding):
        instead = f"{_KIND_OF_PART}: {{odd}} instead of {{rest}}"
    return instead.format(
        place=place, odd=f"{signature.odd}{odd_code}", rest=f"{signature.rest}{rest_code}"
    )


def _differs_title(finding: Finding, place: str) -> str:
    """Return the title that says what differs, without the facts of the sides."""
    kinds = set(map(attrgetter("kind"), finding.pairs))
    differs = _DIFFERS[finding.kind]
    if DifferenceKind.TYPE in kinds and _are_texts(finding):
        differs = _DIFFERS[DifferenceKind.VALUE]
    elif {DifferenceKind.TYPE, DifferenceKind.VALUE} <= kinds:
        differs = _TYPE_OR_VALUE
    if _is_kind_of_part(finding):
        differs = f"{_KIND_OF_PART} differs"
    return differs.format(place=place) + _coded(_codes(finding))


def _is_kind_of_part(finding: Finding) -> bool:
    """Return whether a finding is about the kinds of parts, not of whole bodies."""
    return is_of_kinds(finding) and finding.place != KIND


def _are_texts(finding: Finding) -> bool:
    """Return whether all sides sent texts, though an idiom names the forms of some: timestamps."""
    sent = map(itemgetter(1), chain.from_iterable(finding.sent))
    return {text[:1] for text in sent} == {'"'}


def _codes(finding: Finding) -> Sequence[str]:
    """Return the error's code on each side; empty if one side has several codes."""
    codes: list[str] = []
    for at, side in enumerate(finding.sides):
        if len(set(side.codes)) > 1:
            return ()
        codes.append(readable_code(finding.code_of(at)))
    return codes


def _coded(codes: Iterable[str]) -> str:
    """Return codes in brackets for a title; `` if there are none."""
    distinct = dict.fromkeys(filter(None, codes))
    if not distinct:
        return ""
    return f" ({' · '.join(distinct)})"


def shown_place(finding: Finding) -> str:
    """Return the place as the odd runtimes spell it, as the title describes their answers."""
    if not finding.odd:
        return finding.place
    of_odd = [side.places for at, side in enumerate(finding.sides) if at != finding.largest]
    spelled = filter(None, chain.from_iterable(of_odd))
    return min(spelled, default=finding.place)
