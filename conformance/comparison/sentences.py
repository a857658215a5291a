"""Sentences about what differs, and between whom, shared by all reports, messages and titles."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS, EXTRA
from conformance.comparison.idioms.catalogue import idiom_of
from conformance.comparison.idioms.error_words import first_clause, names_an_error
from conformance.comparison.member_holders import MemberHolders, holders_in
from conformance.model.finding import DifferenceKind, Finding, Sent, Side
from conformance.model.group import GroupSide
from conformance.wording import some

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
EMPTY: Final = "(empty)"
"""What is shown of a body or a text without characters; an empty JSON text has its quotes."""
_LEFT_OUT: Final = "…"
"""What stands in a code for the parts of a message that change from request to request."""
# With the place and both sides a title still fits a line of a report
_LONGEST_CODE: Final = 48
_CAPTURED: Final = re.compile(r"\$\{([^}]*)\}")
_SHORT_VALUE: Final = 40
"""A value up to this length stands within a sentence: two of them fit a line."""


def title_of(finding: Finding) -> str:
    """Return what differs in a few words: the idiom's title, else the kind, place and facts."""
    return title_at(shown_place(finding), finding, holders_in(finding))


def title_at(place: str, finding: Finding, holders: MemberHolders | None) -> str:
    """Return the same of a cause, for which a finding stands.

    The place and who has the member there are those of all of its findings.
    """
    idiom = idiom_of(finding.idiom)
    if idiom is not None:
        return idiom.title
    if finding.kind is DifferenceKind.MEMBER and holders is not None:
        return f"member {place}: {holders}"
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

    `GET /things?page=…`; what an earlier step captured is named: `GET /things/{id}`.
    """
    method, _, target = operation.partition(" ")
    path, _, names = target.partition("?")
    captured = _CAPTURED.fullmatch(path)
    if captured:
        return f"{method} of the target captured as {captured[1]}"
    readable = _CAPTURED.sub(r"{\1}", path)
    if not names:
        return f"{method} {readable}"
    query = "&".join(f"{name}=…" for name in names.split("&"))
    return f"{method} {readable}?{query}"


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
    kinds = {pair.kind for pair in finding.pairs}
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


def sides_of(finding: Finding) -> tuple[GroupSide, ...]:
    """Return who is where in a finding, with each side's facts and beside whom it shows them."""
    sides: list[GroupSide] = []
    for at, side in enumerate(finding.sides):
        beside = finding.facts_beside(at)
        sides.append(
            GroupSide(
                runtimes=side.runtimes,
                facts=tuple(beside),
                beside=tuple(beside.values()),
                alike=_alike(side, finding),
            )
        )
    return tuple(sides)


def _alike(side: Side, finding: Finding) -> bool:
    """Return whether a side's runtimes name a place alike and sent exactly the same there.

    `1` and `"1"` are the same value of two types: who wrote them does not agree at the place.  Nor
    does it where what is shown of them is never beside each other: each lacks other elements.  Of
    combinations that are left out it is not known: a rule may allow what differs in them.
    """
    several = len(side.runtimes) > 1
    if several and finding.more_sent:
        return False
    if len(set(filter(None, side.places))) > 1:
        return False
    # Where nothing was noted, nothing says that they are not alike
    most_together = 0 if finding.sent else len(side.runtimes)
    for combination in finding.sent:
        values = [value for name, value in combination if name in side.runtimes]
        if len(set(values)) > 1:
            return False
        most_together = max(most_together, len(values))
    return most_together == len(side.runtimes)


def sides_sentence(sides: Sequence[GroupSide], largest: int | None, kind: DifferenceKind) -> str:
    """Return who stands on which side and what each shows.

    `largest` is the side that the others are read against.  Of lists of one length nothing but the
    length is said to agree.
    """
    if len(sides) == 1:
        return f"every runtime that was asked: {side_by_side(sides)}"
    if largest is None:
        return f"they differ: {side_by_side(sides)}"
    others = list(sides)
    reference = others.pop(largest)
    odd, names = _odd(others), ", ".join(reference.runtimes)
    if kind is DifferenceKind.LENGTH and len(reference.runtimes) > 1:
        return f"{odd}; {names} agree in length"
    if not facts_of_side(reference) and not reference.alike:
        return f"{odd} beside {names}"
    return f"{odd}; {_reference(reference)}"


def _odd(sides: Sequence[GroupSide]) -> str:
    """Return who is odd, with what each side shows."""
    if len(sides) > 1:
        return f"{' · '.join(map(_with_facts, sides))} are the odd ones out"
    (side,) = sides
    is_odd = "are the odd ones out" if len(side.runtimes) > 1 else "is the odd one out"
    sentence = f"{', '.join(side.runtimes)} {is_odd}"
    facts = facts_of_side(side)
    return f"{sentence} ({facts})" if facts else sentence


def side_by_side(sides: Sequence[GroupSide]) -> str:
    """Return who shows what, the sides in their order."""
    parts = (f"{', '.join(side.runtimes)} {facts_of_side(side)}" for side in _all_named(sides))
    return " · ".join(map(str.strip, parts))


def described(finding: Finding, steps: int) -> str:
    """Return a finding of a case in one line: what differs, where, and who is on which side.

    The number of steps of the case is given.
    """
    title = title_of(finding)
    place = shown_place(finding)
    # Most titles name the place themselves; that of an idiom does not
    where = "" if place in title else f" at {place}"
    sides = shown_sides(finding)
    if finding.largest is None:
        who = side_by_side(sides)
    else:
        who = sides_sentence(sides, finding.largest, finding.kind)
    return f"{_step(finding, steps)}{title}{where}: {who}"


def first_sent(finding: Finding) -> dict[str, str]:
    """Return what each runtime sent in the first occurrence.

    Of a list it is how long each is, and what is extra in it: beside all others, or beside which.
    """
    if finding.kind is not DifferenceKind.LENGTH:
        return dict(chain.from_iterable(finding.sent[:1]))
    beside: dict[str, dict[str, list[str]]] = {}
    for of_pair in _of_first_list(finding.sent):
        for name, text in of_pair:
            others = [other for other, _ in of_pair if other != name]
            beside.setdefault(name, {}).setdefault(text, []).extend(others)
    names = filter(beside.__contains__, finding.runtimes)
    return {name: _list_beside(beside[name], len(beside) - 1) for name in names}


def _of_first_list(sent: Iterable[Sent]) -> Iterator[Sent]:
    """Yield what pairs of runtimes show of the first of several lists: each pair is shown once."""
    pairs: set[tuple[str, ...]] = set()
    for of_pair in sent:
        pair = tuple(name for name, _ in of_pair)
        if pair in pairs:
            return
        pairs.add(pair)
        yield of_pair


def _list_beside(texts: Mapping[str, Sequence[str]], all_others: int) -> str:
    """Return one text of a list from what is said of it beside each other one."""
    first = next(iter(texts))
    if len(texts[first]) == all_others:
        return first
    length, _, _ = first.partition(EXTRA)
    extras: list[str] = []
    for text, others in texts.items():
        _, _, extra = text.partition(EXTRA)
        if extra:
            extras.append(f"{extra} beside {', '.join(others)}")
    if not extras:
        return length
    return f"{length}{EXTRA}{'; '.join(extras)}"


def place_of(finding: Finding, steps: int) -> str:
    """Return the place of a finding, with its step where its case has several."""
    return f"{_step(finding, steps)}{shown_place(finding)}"


def shown_place(finding: Finding) -> str:
    """Return a place as the odd runtimes spell it: it describes their own answers."""
    if not finding.odd:
        return finding.place
    of_odd = (side.places for at, side in enumerate(finding.sides) if at != finding.largest)
    return min(filter(None, chain.from_iterable(of_odd)), default=finding.place)


def _step(finding: Finding, steps: int) -> str:
    return f"step {finding.step + 1}: " if steps > 1 else ""


def shown_sides(finding: Finding) -> tuple[GroupSide, ...]:
    """Return who stands where.

    Where only values differ, with what was sent, if that is short and seen once.
    """
    sides = sides_of(finding)
    # Of several combinations no single one says who sent what
    if finding.more_sent or len(finding.sent) != 1:
        return sides
    sent = dict(finding.sent[0])
    longest = max(map(len, sent.values()), default=0)
    if not sent or longest > _SHORT_VALUE or all(map(_says_all, sides)):
        return sides
    return tuple(_with_values(side, sent) for side in sides)


def _says_all(side: GroupSide) -> bool:
    """Return whether a side has one fact that says what it shows."""
    return len(side.facts) == 1 and bool(facts_of_side(side))


def _with_values(side: GroupSide, sent: Mapping[str, str]) -> GroupSide:
    names = filter(sent.__contains__, side.runtimes)
    values = dict.fromkeys(sent[name] or EMPTY for name in names)
    return replace(side, facts=tuple(values) or side.facts, beside=())


def _reference(side: GroupSide) -> str:
    """Return what the side says that the others are read against."""
    names, facts = ", ".join(side.runtimes), facts_of_side(side)
    if facts:
        return f"{names}: {facts}"
    if len(side.runtimes) > 1:
        return f"{names} agree"
    return f"{names} is the baseline"


def _with_facts(side: GroupSide) -> str:
    names, facts = ", ".join(side.runtimes), facts_of_side(side)
    return f"{names} ({facts})" if facts else names


def facts_of_side(side: GroupSide) -> str:
    """Return the facts of a side, but for the word that says no more than that values differ.

    Where it shows several, each stands with the runtimes that it differs from in this way.
    """
    if side.facts == (DIFFERS,):
        return ""
    if len(side.facts) == 1 or not side.beside:
        return some(side.facts)
    both = zip(side.facts, side.beside, strict=True)
    telling = ((fact, others) for fact, others in both if fact != DIFFERS)
    return ", ".join(f"{fact} beside {', '.join(others)}" for fact, others in telling)


def _all_named(sides: Sequence[GroupSide]) -> Sequence[GroupSide]:
    """Return sides each with a fact, or with those alone that are said beside some of the others.

    A bare fact of some would say of the others that they lack it.
    """
    if all(map(facts_of_side, sides)):
        return sides
    return [side if len(side.beside) > 1 else replace(side, facts=(), beside=()) for side in sides]
