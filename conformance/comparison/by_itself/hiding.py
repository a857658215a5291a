"""Whether a proposed rule would hide a difference between runtimes.

A difference that exists only because one runtime differs by itself may be hidden.  Everything else
must stay visible: other facts, and values that are stable in both runtimes but not equal.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import chain, product, repeat
from operator import attrgetter, is_not
from typing import Final, TypeGuard

from msgspec.structs import replace

from conformance.comparison.by_itself.differences import CaseDifferences, PairDifference
from conformance.comparison.by_itself.general_places import general_place
from conformance.comparison.by_itself.own_differences import spelled_places
from conformance.comparison.by_itself.steady_values import steady_values
from conformance.comparison.finding_values import steps_to
from conformance.comparison.idioms.catalogue import OF_ORDER
from conformance.comparison.idioms.times import TIMESTAMP_FORM
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import ANY_MEMBER, JsonPath, covers
from conformance.model.rule import AlignRule, MapRule, OrderRule, Rule, RuleKind, ValueRule

_OF_LAYOUT: Final = {AlignRule, MapRule, OrderRule}
"""Rules that change which values are compared with each other, and accept none."""
_is_of_times: Final = attrgetter("is_of_times")


def reason_against(
    differences: CaseDifferences, rules: Sequence[Rule], rule: Rule, runtime: str, finding: Finding
) -> str:
    """Return why a rule is not proposed for an own difference of a runtime; empty if it fits.

    `rules` are in force already.  A rule that leaves values different is useless: a ledger row
    about them would hold only until they change again.
    """
    left = remaining_difference(differences, (*rules, rule), runtime, finding)
    if left:
        return f"does not fit every runtime: it leaves {left}"
    hidden = hidden_by(differences, rules, (rule,))
    if not hidden:
        return ""
    return f"would hide {hidden}"


def remaining_difference(
    differences: CaseDifferences, rules: Sequence[Rule], runtime: str, finding: Finding
) -> str:
    """Return a difference that remains at the finding's place under the rules, or an empty text.

    It is a value difference between the runtime and another one, or two forms of a time within the
    runtime itself.
    """
    here = set(product({finding.step}, spelled_places(finding)))
    left: list[str] = []
    for each in filter(attrgetter("is_only_of_values"), differences.between(rules)):
        is_here = (each.step, each.place_of(runtime)) in here
        if is_here:
            runtimes = " and ".join(each.runtimes)
            left.append(f"{each.name}@{each.place} between {runtimes}")
    for own in differences.by_itself(runtime, rules):
        is_of_times = own.idiom == TIMESTAMP_FORM.name
        if is_of_times and own.where in here:
            left.append(f"{own.idiom}@{own.place} in {runtime} alone")
    # Any of them will do; the smallest is the same in every run
    return min(left, default="")


def in_two_forms(differences: CaseDifferences, rules: Sequence[Rule], rule: Rule) -> bool:
    """Return whether the runtimes write the times of a timestamp rule in two forms."""
    if not is_of_clock(rule):
        return False
    # Without its `form: any`, the rule still finds the two forms
    strict = replace(rule, any_form=False)
    left = differences.between((*rules, strict))
    of_times = filter(_is_of_values_or_times, left)
    return any(map(partial(_is_about, rule), of_times))


def is_of_clock(rule: Rule) -> TypeGuard[ValueRule]:
    """Return whether a rule accepts timestamps."""
    return isinstance(rule, ValueRule) and rule.accepts is RuleKind.TIMESTAMP


def _is_of_values_or_times(difference: PairDifference) -> bool:
    """Return whether a difference is about values only, or about two forms of a time."""
    return difference.is_only_of_values or difference.is_of_times


def _is_about(rule: ValueRule, difference: PairDifference) -> bool:
    """Return whether the path of a rule covers the place of a difference."""
    in_bodies = filter(partial(is_not, None), difference.paths)
    return any(map(partial(covers, rule.path), in_bodies))


def _frees_form(rule: Rule, lost: PairDifference) -> bool:
    """Return whether a difference is in the form of a time, which the rule accepts on purpose."""
    if not is_of_clock(rule):
        return False
    if not rule.any_form or not lost.is_of_times:
        return False
    return _is_about(rule, lost)


def hidden_by(differences: CaseDifferences, rules: Sequence[Rule], more: Sequence[Rule]) -> str:
    """Return a difference between runtimes that the rules `more` would hide, or an empty text.

    `rules` are in force already.  Rules about the order of lists, or about member names that are
    data, change which values are compared with each other, but accept no value.
    """
    lost = _lost(differences, rules, more)
    if not lost:
        return ""
    beyond: Callable[[PairDifference], str] = partial(_lost_besides_noise, differences, rules)
    if set(map(type, more)) <= _OF_LAYOUT:
        beyond = _lost_besides_order
    named = {name: _of_names(differences, rules, name) for name in differences.cells}
    # Sorted, so that every run names the same difference
    for each in sorted(lost, key=str):
        is_purpose = any(map(_frees_form, more, repeat(each)))
        if is_purpose or _differs_only_in_new_names(each, named):
            continue
        hidden = beyond(each)
        if hidden:
            return hidden
    return ""


def _lost(
    differences: CaseDifferences, rules: Sequence[Rule], more: Sequence[Rule]
) -> frozenset[PairDifference]:
    """Return the differences between runtimes that disappear with more rules.

    A timestamp rule may rename a difference between two forms of a time, because it names the
    precision of the forms whatever times were sent: such a difference is not lost.
    """
    left = differences.between((*rules, *more))
    lost = differences.between(rules) - left
    still_in_two_forms = set(map(_where, filter(_is_of_times, left)))
    lost_times = filter(_is_of_times, lost)
    named_otherwise = {each for each in lost_times if _where(each) in still_in_two_forms}
    return lost - named_otherwise


def _where(difference: PairDifference) -> tuple[int, tuple[str, str], tuple[str, str]]:
    """Return the step, the runtimes and the places of a difference."""
    return difference.step, difference.runtimes, difference.places


def _lost_besides_order(lost: PairDifference) -> str:
    """Return a lost difference as text, or an empty text if the order may have caused it."""
    if lost.is_only_of_values or lost.name in OF_ORDER:
        return ""
    return str(lost)


def _lost_besides_noise(
    differences: CaseDifferences, rules: Sequence[Rule], lost: PairDifference
) -> str:
    """Return a lost difference as text, or an empty text if it is noise."""
    if not _may_be_noise(differences, rules, lost):
        return str(lost)
    steady = steady_values(differences, lost)
    if not steady:
        return ""
    return f"{steady}, which stay the same"


_Named = Mapping[tuple[int, DifferenceKind], Collection[JsonPath]]
"""Paths by step and kind of difference, with `.*` for each name that was made for one run."""


def _of_names(differences: CaseDifferences, rules: Sequence[Rule], runtime: str) -> _Named:
    """Return the places at which a runtime uses new member names in every attempt."""
    cells = differences.cells[runtime]
    named: defaultdict[tuple[int, DifferenceKind], set[JsonPath]] = defaultdict(set)
    for each in differences.by_itself(runtime, rules):
        path = steps_to(general_place(each, cells))
        if ANY_MEMBER in path:
            named[each.step, each.kind].add(path)
    return named


def _differs_only_in_new_names(lost: PairDifference, named: Mapping[str, _Named]) -> bool:
    """Return whether a difference is only that both runtimes use new names in each attempt."""
    here = lost.step, lost.kind
    for name, path in zip(lost.runtimes, lost.paths, strict=True):
        patterns = named[name].get(here, ())
        has_new_names = any(map(covers, patterns, repeat(path or ())))
        if not has_new_names:
            return False
    return True


def _may_be_noise(
    differences: CaseDifferences, rules: Sequence[Rule], lost: PairDifference
) -> bool:
    """Return whether a difference is in values or order, and one of the two runtimes is unstable.

    Unstable means that the runtime differs by itself at the place of the difference.
    """
    # Noise is in values and in their order; any other fact is a property of the runtime
    if not lost.is_only_of_values and lost.name not in OF_ORDER:
        return False
    by_runtime = map(differences.by_itself, lost.runtimes, repeat(rules))
    noisy = set(map(attrgetter("where"), chain.from_iterable(by_runtime)))
    return not noisy.isdisjoint(product({lost.step}, lost.places))
