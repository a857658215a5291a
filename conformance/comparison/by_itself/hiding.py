"""Whether a rule would hide a difference between runtimes that their answers have shown.

What only one runtime's noise shows is no such difference.  So a value may go unseen where a runtime
differs from itself there, but no other fact may, and no value that stays the same in either runtime
and is not the same in both.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import chain, product, repeat
from operator import attrgetter, is_not
from typing import Final, TypeGuard

from msgspec.structs import replace

from conformance.comparison.by_itself.differences import Between, CaseDifferences
from conformance.comparison.by_itself.general_places import general_place
from conformance.comparison.by_itself.own_differences import spelled_places
from conformance.comparison.by_itself.steady_values import steady_values
from conformance.comparison.idioms.catalogue import OF_ORDER
from conformance.comparison.idioms.times import TIMESTAMP_FORM
from conformance.comparison.shown_in_findings import steps_to
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import ANY_MEMBER, JsonPath, covers
from conformance.model.rule import AlignRule, MapRule, OrderRule, Rule, RuleKind, ValueRule

_OF_LAYOUT: Final = {AlignRule, MapRule, OrderRule}
"""Rules that change which values are compared with which, and hide none."""
_is_of_times: Final = attrgetter("is_of_times")


def why_not(
    differences: CaseDifferences, rules: Sequence[Rule], rule: Rule, runtime: str, finding: Finding
) -> str:
    """Return why a rule is not proposed for a difference of a runtime from itself.

    Nothing where it is right.

    A rule is no use where it leaves values that differ: a row about these would hold until the
    value changes again.
    """
    left = left_at(differences, (*rules, rule), runtime, finding)
    if left:
        return f"does not fit every runtime: it leaves {left}"
    hidden = hidden_by(differences, rules, (rule,))
    if not hidden:
        return ""
    return f"would hide {hidden}"


def left_at(
    differences: CaseDifferences, rules: Sequence[Rule], runtime: str, finding: Finding
) -> str:
    """Return in which values a runtime still differs from another where it differs from itself.

    A runtime that writes its times in two forms by itself still differs from itself.
    """
    here = set(product({finding.step}, spelled_places(finding)))
    left: list[str] = []
    for each in filter(attrgetter("plain"), differences.between(rules)):
        is_here = (each.step, each.place_of(runtime)) in here
        if is_here:
            runtimes = " and ".join(each.runtimes)
            left.append(f"{each.name}@{each.place} between {runtimes}")
    for own in differences.by_itself(runtime, rules):
        is_of_times = own.idiom == TIMESTAMP_FORM.name
        if is_of_times and own.where in here:
            left.append(f"{own.idiom}@{own.place} in {runtime} alone")
    # Any of them will do; the least is the same in every run
    return min(left, default="")


def in_two_forms(differences: CaseDifferences, rules: Sequence[Rule], rule: Rule) -> bool:
    """Return whether runtimes write a time in two ways that a rule about a clock is about."""
    if not is_of_clock(rule):
        return False
    # Without its `form: any` the rule leaves what is written in two forms
    strict = replace(rule, any_form=False)
    left = differences.between((*rules, strict))
    of_times = filter(_is_plain_or_of_times, left)
    return any(map(partial(_is_about, rule), of_times))


def is_of_clock(rule: Rule) -> TypeGuard[ValueRule]:
    """Return whether a rule is about the times of a clock."""
    return isinstance(rule, ValueRule) and rule.accepts is RuleKind.TIMESTAMP


def _is_plain_or_of_times(difference: Between) -> bool:
    return difference.plain or difference.is_of_times


def _is_about(rule: ValueRule, difference: Between) -> bool:
    in_bodies = filter(partial(is_not, None), difference.paths)
    return any(map(partial(covers, rule.path), in_bodies))


def _frees_form(rule: Rule, lost: Between) -> bool:
    """Return whether a rule says that a time may be written in two ways, which is its purpose."""
    if not is_of_clock(rule):
        return False
    if not rule.any_form or not lost.is_of_times:
        return False
    return _is_about(rule, lost)


def hidden_by(differences: CaseDifferences, rules: Sequence[Rule], more: Sequence[Rule]) -> str:
    """Return a difference between runtimes that more rules would hide beside some.

    Nothing where they hide none.

    Rules about the order of lists, or about names that are data, change which values are compared
    with which: they hide no value.
    """
    lost = _lost(differences, rules, more)
    if not lost:
        return ""
    beyond: Callable[[Between], str] = partial(_beyond_noise, differences, rules)
    if set(map(type, more)) <= _OF_LAYOUT:
        beyond = _beyond_order
    named = {name: _of_names(differences, rules, name) for name in differences.cells}
    # In one order, so that the same difference is named in every run
    for each in sorted(lost, key=str):
        is_purpose = any(map(_frees_form, more, repeat(each)))
        if is_purpose or _is_of_names(each, named):
            continue
        hidden = beyond(each)
        if hidden:
            return hidden
    return ""


def _lost(
    differences: CaseDifferences, rules: Sequence[Rule], more: Sequence[Rule]
) -> frozenset[Between]:
    """Return the differences between runtimes that are no longer there with more rules.

    Beside a rule about a clock two forms of a time are named with their precision, whatever moments
    the runtimes happened to send: that is no other difference.
    """
    left = differences.between((*rules, *more))
    lost = differences.between(rules) - left
    still_in_two_forms = set(map(_where, filter(_is_of_times, left)))
    lost_times = filter(_is_of_times, lost)
    named_otherwise = {each for each in lost_times if _where(each) in still_in_two_forms}
    return lost - named_otherwise


def _where(difference: Between) -> tuple[int, tuple[str, str], tuple[str, str]]:
    return difference.step, difference.runtimes, difference.places


def _beyond_order(lost: Between) -> str:
    """Return a difference that is lost, in words; nothing where it may come from the order."""
    if lost.plain or lost.name in OF_ORDER:
        return ""
    return str(lost)


def _beyond_noise(differences: CaseDifferences, rules: Sequence[Rule], lost: Between) -> str:
    """Return what is lost and is no noise, in words."""
    if not _may_be_noise(differences, rules, lost):
        return str(lost)
    steady = steady_values(differences, lost)
    if not steady:
        return ""
    return f"{steady}, which stay the same"


_Named = Mapping[tuple[int, DifferenceKind], Collection[JsonPath]]
"""By step and kind, paths with any name in the place of one that was made for one run."""


def _of_names(differences: CaseDifferences, rules: Sequence[Rule], runtime: str) -> _Named:
    """Return where a runtime has other names whenever it is asked."""
    cells = differences.cells[runtime]
    named: defaultdict[tuple[int, DifferenceKind], set[JsonPath]] = defaultdict(set)
    for each in differences.by_itself(runtime, rules):
        path = steps_to(general_place(each, cells))
        if ANY_MEMBER in path:
            named[each.step, each.kind].add(path)
    return named


def _is_of_names(lost: Between, named: Mapping[str, _Named]) -> bool:
    """Return whether two runtimes have other names where each has new ones on every request."""
    here = lost.step, lost.kind
    for name, path in zip(lost.runtimes, lost.paths, strict=True):
        patterns = named[name].get(here, ())
        has_new_names = any(map(covers, patterns, repeat(path or ())))
        if not has_new_names:
            return False
    return True


def _may_be_noise(differences: CaseDifferences, rules: Sequence[Rule], lost: Between) -> bool:
    """Return whether two runtimes differ only in values or order, where one is unstable.

    One of them differs from itself there.
    """
    # Noise is in values and in their order: any other fact is the runtime's own
    if not lost.plain and lost.name not in OF_ORDER:
        return False
    by_runtime = map(differences.by_itself, lost.runtimes, repeat(rules))
    noisy = set(map(attrgetter("where"), chain.from_iterable(by_runtime)))
    return not noisy.isdisjoint(product({lost.step}, lost.places))
