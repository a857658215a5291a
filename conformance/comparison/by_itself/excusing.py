"""The rule that would excuse a difference of a runtime from itself.

It is proposed only if it fits and hides no difference between runtimes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.by_itself.differences import CaseDifferences
from conformance.comparison.by_itself.hiding import in_two_forms, is_of_clock, reason_against
from conformance.comparison.idioms.catalogue import OF_ORDER
from conformance.comparison.idioms.markup import ELEMENT_ORDER
from conformance.comparison.rules.header_values import accepts_field_values
from conformance.comparison.rules.kinds import kinds_of_all
from conformance.comparison.rules.one_off_names import made_in, of_any_name
from conformance.comparison.rules.rule_text import rule_line
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse
from conformance.errors import Place
from conformance.model.case import Case
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.json_path import JsonPath, path_of_place
from conformance.model.observation import Cell
from conformance.model.own_difference import OwnDifference
from conformance.model.rule import AlignRule, HeaderRule, OrderRule, RuleKind, ValueRule

ProposedRule = ValueRule | HeaderRule | AlignRule | OrderRule
_HEADER: Final = "header "
_VALUE: Final = ";value"
_PROPOSED: Final = Place("proposed")
"""The place of a proposed rule, which is in no file yet."""
_OF_FIELDS: Final = (RuleKind.UUID, RuleKind.TIMESTAMP, RuleKind.INTEGER, RuleKind.NUMBER)
"""The kinds for a header rule, the narrowest first."""
_OF_VALUES: Final = frozenset({DifferenceKind.VALUE, DifferenceKind.IDENTITY})
"""The kinds of differences that a value rule can excuse."""
_LEAVES_FORMS: Final = (
    "  # runtimes write this time in two ways, which `form: any` beside it would excuse, too"
)
"""The YAML comment after a timestamp rule that still finds two forms of the time."""
_WITHOUT_FORMS: Final = "  # runtimes write this time in two ways, so it takes `form: any`"
"""The YAML comment after a timestamp rule with `form: any`."""


def with_rules(
    case: Case, own: Sequence[OwnDifference], attempts: Mapping[str, tuple[Cell, ...]]
) -> tuple[OwnDifference, ...]:
    """Return own differences, each with the rule that would excuse it, or with a reason.

    The reason says why no rule is proposed.  `attempts` has the cells of each runtime, one for each
    attempt.
    """
    if not own:
        return ()
    cells = chain.from_iterable(attempts.values())
    names = chain.from_iterable(map(attrgetter("names"), cells))
    known = set(map(attrgetter("text"), names))
    differences = CaseDifferences(case, attempts)
    with_rules_or_reasons: list[OwnDifference] = []
    for each in own:
        rule = excusing_rule(each.finding, known)
        with_rules_or_reasons.append(_with_rule(each, rule, differences))
    return tuple(with_rules_or_reasons)


def _with_rule(
    own: OwnDifference, rule: ProposedRule | None, differences: CaseDifferences
) -> OwnDifference:
    """Return an own difference with the rule as YAML, or with the reason against the rule."""
    if rule is None:
        return own
    reason = reason_against(differences, (), rule, own.runtime, own.finding)
    # A timestamp rule that does not fit may fit if it accepts any form of the time
    if reason and is_of_clock(rule):
        any_form = replace(rule, any_form=True)
        is_right = not reason_against(differences, (), any_form, own.runtime, own.finding)
        if is_right:
            rule, reason = any_form, ""
    if reason:
        return replace(own, no_rule=f"{rule_line(rule)} {reason}")
    return replace(own, rule=f"{rule_line(rule)}{_about_forms(rule, differences)}")


def _about_forms(rule: ProposedRule, differences: CaseDifferences) -> str:
    """Return a YAML comment if the rule is about times that runtimes write in two forms."""
    if not is_of_clock(rule):
        return ""
    says_forms = _WITHOUT_FORMS if rule.any_form else _LEAVES_FORMS
    return says_forms if in_two_forms(differences, (), rule) else ""


def excusing_rule(finding: Finding, known: Collection[str] = ()) -> ProposedRule | None:
    """Return the rule that would excuse a runtime's difference from itself; None if no rule can.

    A rule is about the order of a list, or about values within a body, in a header field or in a
    cookie.  Its kind is the narrowest that fits all values sent.  `known` are the values that the
    case has made or captured: a member name made for one run becomes `.*` in the path.
    """
    if finding.kind is DifferenceKind.HEADER and finding.facet is Facet.VALUE:
        return _header_rule(finding)
    path = path_of_place(finding.place)
    if path is None:
        return None
    made = made_in(path, known)
    if 0 in made:
        # With `.*` in its place, the rule would accept every member of the body
        return None
    general = of_any_name(path, made)
    if finding.idiom in OF_ORDER:
        return _order_rule(general, finding)
    return _value_rule(general, finding)


def _value_rule(path: JsonPath, finding: Finding) -> ValueRule | None:
    """Return a rule for the values at a path; None for the whole body.

    Return None also for a difference in more than values.
    """
    if finding.kind not in _OF_VALUES or not path:
        return None
    values = list(map(_value, _texts_of(finding)))
    # A value that the report has shortened may be of any kind
    kinds = kinds_of_all(values) if None not in values else iter(())
    return ValueRule(
        path=path,
        accepts=next(kinds, RuleKind.ANY),
        why="",
        place=_PROPOSED,
    )


def _texts_of(finding: Finding) -> list[str]:
    """Return the values that the runtimes sent, as the report shows them."""
    return list(map(itemgetter(1), chain.from_iterable(finding.sent)))


def _order_rule(path: JsonPath, finding: Finding) -> AlignRule | OrderRule:
    """Return the rule that ignores the order of a list or element, but compares its contents."""
    if finding.idiom == ELEMENT_ORDER.name:
        return OrderRule(path=path, why="", place=_PROPOSED)
    return AlignRule(path=path, key=(), why="", place=_PROPOSED)


def _header_rule(finding: Finding) -> HeaderRule:
    """Return the rule for a header field, or for the value of a cookie in `set-cookie`."""
    name, _, cookie = finding.place.removeprefix(_HEADER).partition(";")
    texts = _texts_of(finding)
    kinds = (kind for kind in _OF_FIELDS if _fits_all(kind, texts))
    return HeaderRule(
        header=name,
        accepts=next(kinds, RuleKind.STRING),
        cookie=cookie.removesuffix(_VALUE) or None,
        why="",
        place=_PROPOSED,
    )


def _fits_all(kind: RuleKind, texts: Iterable[str]) -> bool:
    """Return whether every text is of a kind."""
    return all(accepts_field_values(kind, (text, text)) for text in texts)


def _value(text: str) -> Json:
    """Return the JSON value of a text in a report.

    A shortened string counts as a string; any other shortened value is None.
    """
    try:
        return parse(text.encode()).value
    except NoJsonError:
        is_cut_text = text.startswith('"')
        return text if is_cut_text else None
