"""Find out why no comparison of a case needed a rule.

Either no answer has its place, or nothing differed there, or the rule did not accept what differed.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.token import read_token, spelled_tokens
from conformance.comparison.identities.own_urls import base_in_field, own_spelled
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.rules.rule_paths import names_only
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.steps import below, values_at
from conformance.comparison.values.walk import Walk
from conformance.model.case import CompareLevel
from conformance.model.json_path import ANY_ELEMENT, JsonPath, Segment
from conformance.model.rule import HeaderRule, NoteRule, Rule
from conformance.model.verdict import Unneeded


def why_unneeded(
    rule: Rule,
    answers: Iterable[ReadAnswer],
    compared: Iterable[tuple[ReadAnswer, ReadAnswer]],
    level: CompareLevel,
) -> Unneeded:
    """Return why a rule was not needed in a case.

    `answers` are the case's answers, `compared` the pairs as they were compared.  At `level` shape,
    two values of one shape do not differ.  Two answers with different statuses are not compared
    further, so nothing differs at a place in them.
    """
    pairs = list(compared)
    for first, second in pairs:
        if _are_unequal(rule, first, second) and _differ(rule, first, second, level):
            return Unneeded.ACCEPTED_NOTHING
    # In compared answers identities are spelled alike: a name may be in these alone
    every_answer = chain(*pairs, answers)
    is_anywhere = any(map(partial(_content_at_rule, rule), every_answer))
    return Unneeded.NOTHING_DIFFERED if is_anywhere else Unneeded.NOWHERE


def _are_unequal(rule: Rule, first: ReadAnswer, second: ReadAnswer) -> bool:
    """Return whether both answers have something at the place of a rule, and it is not equal."""
    held, other_held = _content_at_rule(rule, first), _content_at_rule(rule, second)
    return all((held, other_held)) and held != other_held


def _differ(rule: Rule, first: ReadAnswer, second: ReadAnswer, level: CompareLevel) -> bool:
    """Return whether two answers differ at the place of a rule, at this level of comparison."""
    if level is CompareLevel.VALUE or isinstance(rule, NoteRule):
        return True
    if isinstance(rule, HeaderRule):
        return _facts(rule, first) != _facts(rule, second)
    if level is not CompareLevel.SHAPE:
        return False
    walk = Walk(level, Loosening())
    walk.compare(_values(rule.path, first), _values(rule.path, second))
    return bool(walk.differences)


def _facts(rule: HeaderRule, answer: ReadAnswer) -> Sequence[str]:
    """Return the facts that are compared by shape for the header field of a rule.

    The value of a cookie has none, and so `set-cookie` as a whole has none.
    """
    of_field: list[str] = []
    for name, fact in answer.header.facts:
        field, _, _ = name.partition(";")
        if field == rule.header:
            of_field.append(fact)
    return of_field


def _content_at_rule(rule: Rule, answer: ReadAnswer) -> Sequence[object]:
    """Return what an answer has at the place of a rule, in a form that can be compared by `==`."""
    if isinstance(rule, NoteRule):
        notes = [*answer.answer.notes, *answer.body.notes]
        return [rule.note] * notes.count(rule.note)
    if isinstance(rule, HeaderRule):
        return list(_fields(rule, answer))
    if not answer.body.structured:
        return ()
    return list(map(canonical, _values(rule.path, answer)))


def _values(path: JsonPath, answer: ReadAnswer) -> list[Json]:
    """Return the values at a path of a structured body."""
    in_markup = answer.body.markup is not None
    spelled = names_only(path) if in_markup else path
    return values_at_path([answer.body.value], spelled, in_markup=in_markup)


def _fields(rule: HeaderRule, answer: ReadAnswer) -> Iterator[str]:
    """Yield the values of a rule's header field or cookie, spelled as they are compared."""
    for name, value in answer.header.fields:
        cookie, _, _ = value.partition("=")
        is_about_cookie = rule.cookie in {None, cookie.strip()}
        if name == rule.header and is_about_cookie:
            yield own_spelled(spelled_tokens(value), base_in_field(name, answer.base_url))


def values_at_path(values: list[Json], path: JsonPath, *, in_markup: bool) -> list[Json]:
    """Return all values at a path below some values, also inside decoded tokens.

    In markup, the path has no step for the list of a repeated tag.
    """
    step = _below_in_markup if in_markup else _below_or_in_token
    return values_at(values, path, step)


def _below_in_markup(value: Json, segment: Segment) -> Iterable[Json]:
    """Return what is one step below a value of markup; a list is entered without a step."""
    is_list = isinstance(value, list)
    if not is_list or segment is ANY_ELEMENT:
        return _below_or_in_token(value, segment)
    # Whether a tag is repeated depends on the document, so the path has no step for its list
    return values_at(value, (segment,), _below_in_markup)


def _below_or_in_token(value: Json, segment: Segment) -> Iterable[Json]:
    """Return what is one step below a value; a token is decoded first."""
    holder = read_token(value) if isinstance(value, str) else value
    return below(holder, segment)
