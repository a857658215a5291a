"""Sentences about what differs between whom, for all reports, messages and titles."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, repeat
from operator import itemgetter, ne
from typing import Final

from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS, EXTRA
from conformance.comparison.finding_titles import shown_place, title_of
from conformance.model.finding import DifferenceKind, Finding, Sent
from conformance.model.group import GroupSide
from conformance.model.side import Side
from conformance.wording import some

EMPTY: Final = "(empty)"
"""Printed for a body or a text without characters; an empty JSON string has its quotes."""
_SHORT_VALUE: Final = 40
"""The longest value that is printed within a sentence: two of them fit on a line."""


def sides_of(finding: Finding) -> tuple[GroupSide, ...]:
    """Return a finding's sides with their facts, and for each fact the runtimes compared with."""
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
    """Return whether a side's runtimes spell the place alike and sent exactly the same there.

    False if `1` and `"1"` are on one side, if no combination has all of its runtimes, or if some
    combinations are left out, as a rule may accept a difference in these.
    """
    several = len(side.runtimes) > 1
    places = set(filter(None, side.places))
    is_unknown = several and bool(finding.more_sent)
    if is_unknown or len(places) > 1:
        return False
    # Without noted values, nothing shows that they differ
    if not finding.sent:
        return True
    return _sent_the_same(side, finding.sent)


def _sent_the_same(side: Side, sent: Iterable[Sent]) -> bool:
    """Return whether a side's runtimes sent equal values in each combination, and all in one."""
    most_together = 0
    for combination in sent:
        values = [value for name, value in combination if name in side.runtimes]
        if len(set(values)) > 1:
            return False
        most_together = max(most_together, len(values))
    return most_together == len(side.runtimes)


def sides_sentence(sides: Sequence[GroupSide], largest: int | None, kind: DifferenceKind) -> str:
    """Return a sentence with the runtimes and facts of each side.

    `largest` is the side that the others are read against.  Lists of one length are only said to
    agree in length.
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
    """Return which runtimes are odd, with the facts of each side."""
    if len(sides) > 1:
        return f"{' · '.join(map(_with_facts, sides))} are the odd ones out"
    (side,) = sides
    is_odd = "are the odd ones out" if len(side.runtimes) > 1 else "is the odd one out"
    return _followed_by_facts(f"{', '.join(side.runtimes)} {is_odd}", side)


def side_by_side(sides: Sequence[GroupSide]) -> str:
    """Return the runtimes and facts of all sides in their order."""
    parts = (f"{', '.join(side.runtimes)} {facts_of_side(side)}" for side in _all_named(sides))
    return " · ".join(map(str.strip, parts))


def described(finding: Finding, steps: int) -> str:
    """Return a finding of a case in one line: what differs, where, and who is on which side.

    `steps` is the number of steps of the case.
    """
    title = title_of(finding)
    place = shown_place(finding)
    # Most titles include the place; that of an idiom does not
    where = "" if place in title else f" at {place}"
    sides = shown_sides(finding)
    if finding.largest is None:
        who = side_by_side(sides)
    else:
        who = sides_sentence(sides, finding.largest, finding.kind)
    return f"{_step(finding, steps)}{title}{where}: {who}"


def first_sent(finding: Finding) -> dict[str, str]:
    """Return what each runtime sent in the first occurrence.

    For a list that is its length and its extra elements, with the names of the runtimes that lack
    these unless all others do.
    """
    if finding.kind is not DifferenceKind.LENGTH:
        return dict(chain.from_iterable(finding.sent[:1]))
    beside: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for of_pair in _of_first_list(finding.sent):
        both_names = list(map(itemgetter(0), of_pair))
        for name, text in of_pair:
            others = filter(partial(ne, name), both_names)
            beside[name].setdefault(text, []).extend(others)
    names = filter(beside.__contains__, finding.runtimes)
    return {name: _list_beside(beside[name], len(beside) - 1) for name in names}


def _of_first_list(sent: Iterable[Sent]) -> Iterator[Sent]:
    """Yield what pairs of runtimes show of the first of several lists, each pair once."""
    pairs: set[tuple[str, ...]] = set()
    for of_pair in sent:
        pair = tuple(map(itemgetter(0), of_pair))
        if pair in pairs:
            return
        pairs.add(pair)
        yield of_pair


def _list_beside(texts: Mapping[str, Sequence[str]], all_others: int) -> str:
    """Return a list's length and extra elements as one text, combined from its comparisons."""
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
    """Return the place of a finding, with its step if the case has several."""
    return f"{_step(finding, steps)}{shown_place(finding)}"


def _step(finding: Finding, steps: int) -> str:
    return f"step {finding.step + 1}: " if steps > 1 else ""


def shown_sides(finding: Finding) -> tuple[GroupSide, ...]:
    """Return the sides of a finding; if facts do not say enough, with short values as facts.

    Values are only used if the finding has a single combination of them.
    """
    sides = sides_of(finding)
    # Several combinations do not say in one value who sent what
    if finding.more_sent or len(finding.sent) != 1:
        return sides
    sent = dict(finding.sent[0])
    longest = max(map(len, sent.values()), default=0)
    is_short = bool(sent) and longest <= _SHORT_VALUE
    if not is_short or all(map(_says_all, sides)):
        return sides
    return tuple(map(_with_values, sides, repeat(sent)))


def _says_all(side: GroupSide) -> bool:
    """Return whether a side has exactly one fact, and this is not only that values differ."""
    return len(side.facts) == 1 and bool(facts_of_side(side))


def _with_values(side: GroupSide, sent: Mapping[str, str]) -> GroupSide:
    """Return a side with the distinct values of its runtimes as facts."""
    names = filter(sent.__contains__, side.runtimes)
    values = dict.fromkeys(sent[name] or EMPTY for name in names)
    return replace(side, facts=tuple(values) or side.facts, beside=())


def _reference(side: GroupSide) -> str:
    """Return a text about the side that the others are read against."""
    names, facts = ", ".join(side.runtimes), facts_of_side(side)
    if facts:
        return f"{names}: {facts}"
    if len(side.runtimes) > 1:
        return f"{names} agree"
    return f"{names} is the baseline"


def _with_facts(side: GroupSide) -> str:
    return _followed_by_facts(", ".join(side.runtimes), side)


def _followed_by_facts(words: str, side: GroupSide) -> str:
    """Return a text about a side, followed by its facts in brackets, if any."""
    facts = facts_of_side(side)
    return f"{words} ({facts})" if facts else words


def facts_of_side(side: GroupSide) -> str:
    """Return the facts of a side as text; `` for the fact that only says that values differ.

    Each of several facts is given with the runtimes that the side differs from in this way.
    """
    if side.facts == (DIFFERS,):
        return ""
    if len(side.facts) == 1 or not side.beside:
        return some(side.facts)
    telling: list[str] = []
    for fact, others in zip(side.facts, side.beside, strict=True):
        if fact != DIFFERS:
            telling.append(f"{fact} beside {', '.join(others)}")
    return ", ".join(telling)


def _all_named(sides: Sequence[GroupSide]) -> Sequence[GroupSide]:
    """Return the sides with facts only if all have one, or if they say beside whom they show it.

    A fact of only some sides would suggest that the others lack it.
    """
    if all(map(facts_of_side, sides)):
        return sides
    named: list[GroupSide] = []
    for side in sides:
        names_others = len(side.beside) > 1
        named.append(side if names_others else replace(side, facts=(), beside=()))
    return named
