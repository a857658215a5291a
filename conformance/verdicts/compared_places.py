"""Whether a case compared what a ledger row is about, at one of the row's places.

That a difference is not seen says nothing where the answers were not compared: their statuses
differ, they differ above the place, or a rule accepts what they have there.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import Final

from conformance.comparison.answers.answer import read_answer
from conformance.comparison.faults import ANSWERED, EXCHANGE
from conformance.comparison.rules.rule_paths import names_only
from conformance.comparison.rules.unneeded import under
from conformance.model.answer_place import AnswerPlace, parse_place
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import (
    ANY_DEPTH,
    ANY_ELEMENT,
    ANY_MEMBER,
    IN_TEXT,
    JsonPath,
    covers,
)
from conformance.model.observation import Answer, Cell, NotAsked
from conformance.model.verdict import CaseResult, Uncompared
from conformance.wording import plural

_WITHOUT_BODY: Final = frozenset({"status", EXCHANGE})
_NOTHING_THERE: Final = "no answer has anything there"
_OF_VALUES: Final = frozenset(
    {DifferenceKind.VALUE.value, DifferenceKind.TEXT.value, DifferenceKind.BYTES.value}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whether a case compared the sides of a row at a place, and if not, why.

    `rules` are the rules that accept what the sides have there.
    """

    compared: bool
    why: str = ""
    rules: tuple[str, ...] = ()


def look_at(row: Decision, written: str, result: CaseResult) -> Look:
    """Return whether a case compared the sides of a row at one of its places.

    At least two runtimes of two sides must be compared there, and each runtime that is to be fixed
    and answered with one of another side.
    """
    place = parse_place(written)
    step = (place.step or 1) - 1
    if row.cause == DifferenceKind.FAULT.value:
        return Look(compared=_was_asked(row, step, result))
    there = {cell.runtime for cell in result.cells if _answered(cell, step)}
    reasons: list[Uncompared | str] = []
    compared: set[str] = set()
    for side, other in combinations(row.sides, 2):
        for pair in product(there.intersection(side.runtimes), there.intersection(other.runtimes)):
            why = _why_not(row, place, step, pair, result)
            if why is None:
                compared.update(pair)
            else:
                reasons.append(why)
    if compared and there.intersection(row.to_fix) <= compared:
        reached = place.path is None or _is_reached(place.path, step, compared, result)
        return Look(compared=reached, why="" if reached else _NOTHING_THERE)
    first = next(iter(reasons), "")
    return Look(
        compared=False,
        why=first.why if isinstance(first, Uncompared) else first,
        rules=tuple(
            dict.fromkeys(
                each.rule for each in reasons if isinstance(each, Uncompared) and each.rule
            )
        ),
    )


def _is_reached(path: JsonPath, step: int, runtimes: Collection[str], result: CaseResult) -> bool:
    """Return whether an answer has an object or a list in which something could be at a place.

    In an empty list nothing stands at the places of its elements.
    """
    written = _without_pattern(path)
    if IN_TEXT in written or not written:
        return True
    around = written if written[-1] is ANY_ELEMENT else written[:-1]
    for cell in result.cells:
        seen = cell.observations[step] if cell.runtime in runtimes else None
        if isinstance(seen, Answer):
            body = read_answer(seen, read_as=result.kind_of_step(step)).body
            in_markup = body.markup is not None
            asked = names_only(around) if in_markup else around
            if not body.structured or under([body.value], asked, in_markup=in_markup):
                return True
    return False


def _was_asked(row: Decision, step: int, result: CaseResult) -> bool:
    """Return whether a runtime with a fault was asked the step in which it had it."""
    faults = [side for side in row.sides if side.name != ANSWERED]
    faulting = {name for side in faults for name in side.runtimes}
    return any(
        cell.runtime in faulting
        and step < len(cell.observations)
        and not isinstance(cell.observations[step], NotAsked)
        for cell in result.cells
    )


def _answered(cell: Cell, step: int) -> bool:
    return step < len(cell.observations) and isinstance(cell.observations[step], Answer)


def _why_not(
    row: Decision, place: AnswerPlace, step: int, pair: tuple[str, str], result: CaseResult
) -> Uncompared | str | None:
    """Return why two runtimes were not compared at a place of a row, or None if they were."""
    for each in result.comparison.uncompared:
        if each.step != step or {*each.runtimes} != {*pair}:
            continue
        if each.values and row.pin is None and row.cause not in _OF_VALUES:
            continue
        if any(_is_below(place, above, by_rule=bool(each.rule)) for above in each.places):
            return each
    return next(_not_steady(place, step, pair, result), None)


def _not_steady(
    place: AnswerPlace, step: int, pair: tuple[str, str], result: CaseResult
) -> Iterator[str]:
    """Yield why nothing is known at a place that was compared: runtimes change, or a limit."""
    for own in result.own_differences:
        if own.runtime in pair and _is_there(own.finding, place, step):
            yield f"{own.runtime} differs by itself there"
    for finding in result.unstable:
        if {*pair} <= {*finding.runtimes} and _is_there(finding, place, step):
            yield "they differ there in only one of two askings"
    if more := result.comparison.more_findings:
        yield f"the case has {plural(more, 'more difference')} than a report holds"


def _is_there(finding: Finding, place: AnswerPlace, step: int) -> bool:
    spelled = {spelling for side in finding.sides for spelling in side.places}
    return finding.step == step and any(
        spelling and _is_below(place, spelling, by_rule=False)
        for spelling in (finding.place, *spelled)
    )


def _is_below(place: AnswerPlace, above: str, *, by_rule: bool) -> bool:
    """Return whether a place of a row is at another place, or below it.

    A row that is written with a pattern is also hidden by a rule at a place that it stands for.
    """
    if not above:
        return place.part not in _WITHOUT_BODY
    path = _path(above)
    if path is None or place.path is None:
        return path is None and (place.part == above or place.part.startswith(f"{above};"))
    written = _without_pattern(place.path)
    begins = len(path) <= len(written) and all(
        name == wanted or (wanted is ANY_MEMBER and isinstance(name, str))
        for name, wanted in zip(written, path, strict=False)
    )
    return begins or (by_rule and covers(place.path, path))


def _without_pattern(path: JsonPath) -> JsonPath:
    """Return the beginning of a path that stands for one place."""
    wild = (at for at, segment in enumerate(path) if segment in {ANY_MEMBER, ANY_DEPTH})
    return path[: next(wild, len(path))]


@lru_cache(maxsize=4096)
def _path(place: str) -> JsonPath | None:
    """Return the path of a place in a body; None for another part of an answer."""
    try:
        return parse_place(place).path
    except ValueError:
        return None
