"""The group of all that runtimes answered differently when they were asked the same again: no cause, but noise."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from conformance.comparison.causes import Cause
from conformance.comparison.harm import Harm
from conformance.comparison.rules.header_values import fits
from conformance.comparison.rules.kinds import narrowest_kind
from conformance.comparison.rules.one_off_names import made_in, of_any_name
from conformance.comparison.rules.rule_text import rule_line
from conformance.comparison.values.lossless_json import NoJsonError, parse
from conformance.errors import Place
from conformance.model.finding import DifferenceKind, Facet, Finding, Signature
from conformance.model.group import Group, GroupExample, GroupSide
from conformance.model.json_path import path_of_place
from conformance.model.rule import HeaderRule, RuleKind, ValueRule
from conformance.model.verdict import CaseResult

TITLE: Final = "differs by itself"
_EXPLANATION: Final = "Asked the same twice, a runtime answered in two ways. No decision can be about it."
_ONCE: Final = "in one of two askings"
_EXAMPLES: Final = 3
_HEADER: Final = "header "
_VALUE: Final = ";value"
_PROPOSED: Final = Place("proposed")
_OF_FIELDS: Final = (RuleKind.UUID, RuleKind.TIMESTAMP, RuleKind.INTEGER, RuleKind.NUMBER)
_OF_VALUES: Final = frozenset({DifferenceKind.VALUE, DifferenceKind.IDENTITY})


@dataclass(slots=True)
class ByItself:
    """Takes the cases of a run that were asked twice and gives one group, or None where all answers were stable."""

    cases: int = 0
    places: dict[tuple[str, ...], dict[str, None]] = field(default_factory=dict)
    signatures: dict[Signature, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    examples: list[GroupExample] = field(default_factory=list)

    def add(self, result: CaseResult) -> None:
        """Take one case."""
        known = {each.text for cell in result.cells for each in cell.names}
        for own in result.own_differences:
            self._note((own.runtime,), own.finding.place, own.finding)
            if rule := excusing_rule(own.finding, known):
                self.rules[rule] = None
        for finding in () if result.own_differences else result.unstable:
            self._note(finding.runtimes, f"{finding.place} {_ONCE}", finding)
        if shown := [own.finding for own in result.own_differences] or list(result.unstable):
            self.cases += 1
            if len(self.examples) < _EXAMPLES:
                self.examples.append(GroupExample(case_id=result.case_id, finding=shown[0]))

    def _note(self, runtimes: tuple[str, ...], place: str, finding: Finding) -> None:
        self.places.setdefault(runtimes, {})[place] = None
        self.signatures.update(dict.fromkeys(finding.signatures))

    def group(self) -> Group | None:
        """Return the group; its sides are the runtimes with the places at which they differ by themselves."""
        if not self.cases:
            return None
        first = self.examples[0].finding
        return Group(
            key=Cause(name=TITLE, place="", operation="", code="", shown=()).key,
            title=TITLE,
            explanation=_EXPLANATION,
            idiom=None,
            kind=first.kind,
            facet=first.facet,
            operation="",
            sides=tuple(GroupSide(runtimes=who, facts=tuple(places)) for who, places in self.places.items()),
            largest=None,
            odd=(),
            signatures=tuple(self.signatures),
            undecided_signatures=len(self.signatures),
            cases=self.cases,
            undecided=self.cases,
            decisions=(),
            remedies=(),
            for_any=False,
            harm=Harm.HEADERS,
            examples=tuple(self.examples),
            by_itself=True,
            rules=tuple(self.rules),
            places=tuple(dict.fromkeys(place for places in self.places.values() for place in places)),
        )


def excusing_rule(finding: Finding, known: Collection[str] = ()) -> str:
    """Return the rule that would excuse a runtime's difference from itself, as YAML; nothing where none can.

    A rule is about values within a body, in a header field or in a cookie.  Its kind is the narrowest that holds for
    all that was sent.  `known` are the values that the case has made or captured: a name that was made for one run
    stands for any other.
    """
    if finding.kind is DifferenceKind.HEADER and finding.facet is Facet.VALUE:
        return _header_rule(finding)
    path = path_of_place(finding.place)
    made = made_in(path or (), known)
    if finding.kind not in _OF_VALUES or not path or 0 in made:
        return ""
    kinds = {_kind(value) for sent in finding.sent for _, value in sent}
    kind = kinds.pop() if len(kinds) == 1 else RuleKind.ANY
    return rule_line(ValueRule(path=of_any_name(path, made), accepts=kind, why="", place=_PROPOSED))


def _header_rule(finding: Finding) -> str:
    """Return the rule for a header field, or for the value of a cookie that it sets."""
    name, _, cookie = finding.place.removeprefix(_HEADER).partition(";")
    texts = [value for sent in finding.sent for _, value in sent]
    kind = next((kind for kind in _OF_FIELDS if all(fits(kind, (text, text)) for text in texts)), RuleKind.STRING)
    value_of = cookie.removesuffix(_VALUE) or None
    return rule_line(HeaderRule(header=name, accepts=kind, cookie=value_of, why="", place=_PROPOSED))


def _kind(text: str) -> RuleKind:
    """Return the kind of a value by what a report shows of it; a text that is cut is still a text."""
    try:
        return narrowest_kind(parse(text.encode()).value)
    except NoJsonError:
        return RuleKind.STRING if text.startswith('"') else RuleKind.ANY
