"""Whether a rule would hide a difference between runtimes that their answers have shown.

What only one runtime's noise shows is no such difference.  So a value may go unseen where a runtime
differs from itself there, but no other fact may, and no value that stays the same in either runtime
and is not the same in both.
"""

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from msgspec.structs import replace

from conformance.comparison.by_itself.columns import columns_at, compared_columns, same_at
from conformance.comparison.by_itself.differences import Between, CaseDifferences
from conformance.comparison.by_itself.general_places import general_place
from conformance.comparison.idioms.catalogue import OF_ORDER
from conformance.comparison.idioms.times import TIMESTAMP_FORM
from conformance.comparison.shown_values import shown_together
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import ANY_MEMBER, JsonPath, covers, path_of_place
from conformance.model.observation import Cell
from conformance.model.rule import AlignRule, MapRule, OrderRule, Rule, RuleKind, ValueRule


def why_not(
    differences: CaseDifferences, rules: Sequence[Rule], rule: Rule, runtime: str, finding: Finding
) -> str:
    """Return why a rule is not proposed for a difference of a runtime from itself.

    Nothing where it is right.

    A rule is no use where it leaves values that differ: a row about these would hold until the
    value changes again.
    """
    if left := left_at(differences, (*rules, rule), runtime, finding):
        return f"does not fit every runtime: it leaves {left}"
    hidden = hidden_by(differences, rules, (rule,))
    return f"would hide {hidden}" if hidden else ""


def left_at(
    differences: CaseDifferences, rules: Sequence[Rule], runtime: str, finding: Finding
) -> str:
    """Return in which values a runtime still differs from another where it differs from itself.

    A runtime that writes its times in two forms by itself still differs from itself.
    """
    spelled = {finding.place} | {place for side in finding.sides for place in side.places}
    left = [
        f"{each.name}@{each.places[0] or each.places[1]} between {' and '.join(each.runtimes)}"
        for each in differences.between(rules)
        if each.plain
        and each.step == finding.step
        and runtime in each.runtimes
        and each.places[each.runtimes.index(runtime)] in spelled
    ]
    left += [
        f"{each.idiom}@{each.place} in {runtime} alone"
        for each in differences.by_itself(runtime, rules)
        if each.idiom == TIMESTAMP_FORM.name and each.step == finding.step and each.place in spelled
    ]
    return min(left, default="")


def in_two_forms(differences: CaseDifferences, rules: Sequence[Rule], rule: Rule) -> bool:
    """Return whether runtimes write a time in two ways that a rule about a clock is about."""
    if not is_of_clock(rule):
        return False
    strict = replace(rule, any_form=False)
    return any(
        (each.plain or each.name == TIMESTAMP_FORM.name) and _is_about(rule, each)
        for each in differences.between((*rules, strict))
    )


def is_of_clock(rule: Rule) -> TypeGuard[ValueRule]:
    """Return whether a rule is about the times of a clock."""
    return isinstance(rule, ValueRule) and rule.accepts is RuleKind.TIMESTAMP


def _is_about(rule: ValueRule, found: Between) -> bool:
    paths = map(path_of_place, found.places)
    return any(path is not None and covers(rule.path, path) for path in paths)


def _frees_form(rule: Rule, lost: Between) -> bool:
    """Return whether a rule says that a time may be written in two ways, which is its purpose."""
    return (
        is_of_clock(rule)
        and rule.any_form
        and lost.name == TIMESTAMP_FORM.name
        and _is_about(rule, lost)
    )


def hidden_by(differences: CaseDifferences, rules: Sequence[Rule], more: Sequence[Rule]) -> str:
    """Return a difference between runtimes that more rules would hide beside some.

    Nothing where they hide none.

    Rules about the order of lists, or about names that are data, change which values are compared
    with which: they hide no value.
    """
    lost = _lost(differences, rules, more)
    of_layout = all(isinstance(rule, AlignRule | MapRule | OrderRule) for rule in more)
    named = (
        {name: _of_names(differences, rules, name) for name in differences.cells} if lost else {}
    )
    for each in sorted(lost, key=str):
        if _is_of_names(each, named) or any(_frees_form(rule, each) for rule in more):
            continue
        if of_layout:
            if not each.plain and each.name not in OF_ORDER:
                return str(each)
        elif not _may_be_noise(differences, rules, each):
            return str(each)
        elif steady := _steady_values(differences, each):
            return f"{steady}, which stay the same"
    return ""


def _lost(
    differences: CaseDifferences, rules: Sequence[Rule], more: Sequence[Rule]
) -> set[Between]:
    """Return the differences between runtimes that are no longer there with more rules.

    Beside a rule about a clock two forms of a time are named with their precision, whatever moments
    the runtimes happened to send: that is no other difference.
    """
    left = differences.between((*rules, *more))
    in_two_forms = {_where(each) for each in left if each.name == TIMESTAMP_FORM.name}
    return {
        each
        for each in differences.between(rules) - left
        if each.name != TIMESTAMP_FORM.name or _where(each) not in in_two_forms
    }


def _where(found: Between) -> tuple[int, tuple[str, str], tuple[str, str]]:
    return found.step, found.runtimes, found.places


_Named = tuple[int, DifferenceKind, JsonPath]
"""A step, a kind, and a path with any name in the place of one that was made for one run."""


def _of_names(differences: CaseDifferences, rules: Sequence[Rule], runtime: str) -> list[_Named]:
    """Return where a runtime has other names whenever it is asked."""
    cells = differences.cells[runtime]
    own = differences.by_itself(runtime, rules)
    named = [
        (each.step, each.kind, path_of_place(general_place(each, cells)) or ()) for each in own
    ]
    return [each for each in dict.fromkeys(named) if ANY_MEMBER in each[2]]


def _is_of_names(lost: Between, named: Mapping[str, Sequence[_Named]]) -> bool:
    """Return whether two runtimes have other names where each has new ones on every request."""
    return all(
        any(
            (lost.step, lost.kind) == (step, kind) and covers(path, path_of_place(place) or ())
            for step, kind, path in named[name]
        )
        for name, place in zip(lost.runtimes, lost.places, strict=True)
    )


def _may_be_noise(differences: CaseDifferences, rules: Sequence[Rule], lost: Between) -> bool:
    """Return whether two runtimes differ only in values or order, where one is unstable.

    One of them differs from itself there.
    """
    here = [(lost.step, place) for place in lost.places]
    noisy = [
        (each.step, each.place)
        for name in lost.runtimes
        for each in differences.by_itself(name, rules)
    ]
    return (lost.plain or lost.name in OF_ORDER) and not set(here).isdisjoint(noisy)


def _steady_values(differences: CaseDifferences, lost: Between) -> str:
    """Return two values in words: each is stable in its runtime, and the two are not the same.

    Each is the same whenever its runtime is asked.
    """
    cells = [differences.cells[name] for name in lost.runtimes]
    paths = [path for place in lost.places if (path := path_of_place(place)) is not None]
    if len(paths) < len(cells):  # a header field has one value, so that it is noise as a whole
        return ""
    steady = [_steady(own, lost.step, path) for own, path in zip(cells, paths, strict=True)]
    same = same_at((cells[0][0], cells[1][0]), lost.step, (paths[0], paths[1]))
    if same is None or steady[0] is None or steady[1] is None:
        return _steady_anywhere(lost, cells, paths)
    for at, (x, y, z) in enumerate(zip(steady[0], steady[1], same, strict=True)):
        if x and y and not z:
            values = [
                columns_at(own[:1], lost.step, path)[0][at]
                for own, path in zip(cells, paths, strict=True)
            ]
            first, second = shown_together(values)
            return f"{lost.runtimes[0]} {first} | {lost.runtimes[1]} {second} at {lost.places[0]}"
    return ""


def _steady_anywhere(
    lost: Between, cells: Sequence[Sequence[Cell]], paths: Sequence[JsonPath]
) -> str:
    """Return two values in words that each runtime has on every request, and the other has not.

    Of lists with other lengths no position tells which values belong together.
    """
    columns = compared_columns((cells[0][0], cells[1][0]), lost.step, (paths[0], paths[1]))
    if columns is None:
        return ""
    first, second = (
        _kept(column, own, lost.step, path)
        for column, own, path in zip(columns, cells, paths, strict=True)
    )
    alone = [list(first.keys() - second.keys()), list(second.keys() - first.keys())]
    if not all(alone):
        return ""
    x, y = shown_together([first[min(alone[0])], second[min(alone[1])]])
    return f"{lost.runtimes[0]} {x} | {lost.runtimes[1]} {y} at {lost.places[0]}"


def _kept(column: Column, cells: Sequence[Cell], step: int, path: JsonPath) -> dict[bytes, Json]:
    """Return the values of a runtime's first answer that it has on every request, by their JSON."""
    sent = [list(map(canonical, each)) for each in columns_at(cells, step, path)]
    if len(column) != len(sent[0]):  # laid out otherwise beside another document
        return {}
    everywhere = set(sent[0]).intersection(*sent[1:])
    return {
        canonical(value): value
        for value, was in zip(column, sent[0], strict=True)
        if was in everywhere
    }


def _steady(cells: Sequence[Cell], step: int, path: JsonPath) -> list[bool] | None:
    """Return for each position at a path whether a runtime has one value there on every request."""
    compared = [same_at((cells[0], cell), step, (path, path)) for cell in cells[1:]]
    known = [each for each in compared if each is not None]
    return [all(position) for position in zip(*known, strict=True)] if known == compared else None
