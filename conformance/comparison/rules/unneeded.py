"""Why nothing needed a rule in a case: its place is not there, nothing differed there, or it accepted nothing."""

from collections.abc import Iterable, Iterator, Sequence

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.rules.loosening import names_only
from conformance.comparison.values.lossless_json import Json, canonical
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath
from conformance.model.rule import HeaderRule, NoteRule, Rule
from conformance.model.verdict import Unneeded


def why_unneeded(rule: Rule, steps: Iterable[Sequence[ReadAnswer]]) -> Unneeded:
    """Return why a rule was not needed between the answers of each step of a case."""
    why = Unneeded.NOWHERE
    for answers in steps:
        held = [values for answer in _distinct(rule, answers) if (values := list(_held(rule, answer)))]
        if held:
            if any(values != held[0] for values in held):
                return Unneeded.ACCEPTED_NOTHING
            why = Unneeded.NOTHING_DIFFERED
    return why


def _distinct(rule: Rule, answers: Sequence[ReadAnswer]) -> Iterable[ReadAnswer]:
    """Return one answer of those with the same bytes under one label: what a rule is about is then the same."""
    if isinstance(rule, NoteRule | HeaderRule):
        return answers
    return {(each.answer.body, each.answer.header("content-type")): each for each in answers}.values()


def _held(rule: Rule, answer: ReadAnswer) -> Iterator[object]:
    """Yield what an answer has at the place of a rule, in a form that tells equal from unequal."""
    if isinstance(rule, NoteRule):
        yield from (note for note in (*answer.answer.notes, *answer.body.notes) if note == rule.note)
    elif isinstance(rule, HeaderRule):
        yield from (value for name, value in answer.answer.headers if name.lower() == rule.header)
    elif answer.body.structured:
        in_markup = answer.body.markup is not None
        path = names_only(rule.path) if in_markup else rule.path
        yield from map(canonical, _under([answer.body.value], path, in_markup=in_markup))


def _under(values: list[Json], path: JsonPath, *, in_markup: bool) -> list[Json]:
    """Return what stands at a path in any of some values; in markup lists of tags are gone through by themselves."""
    for segment in path:
        values = [below for value in values for below in _below(value, segment, in_markup=in_markup)]
    return values


def _below(value: Json, segment: object, *, in_markup: bool) -> Iterable[Json]:
    if isinstance(value, list):
        if segment is ANY_ELEMENT:
            return value
        return [found for each in value for found in _below(each, segment, in_markup=in_markup)] if in_markup else ()
    if not isinstance(value, dict):
        return ()
    if segment is ANY_MEMBER:
        return value.values()
    return (value[segment],) if segment in value else ()
