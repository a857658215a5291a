"""Folds findings into groups: one cause, one group, however many cases and places show it.

Memory stays flat: three examples a group are kept, the rest is counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.answers.notes import meaning_of
from conformance.comparison.beside_sides import facts_elsewhere, named_between
from conformance.comparison.by_itself.group import ByItself
from conformance.comparison.causes import Cause, causes_of
from conformance.comparison.evidence.fixes import (
    for_all_of,
    remedies,
    to_fix,
    unfit_cures,
    without_language,
)
from conformance.comparison.evidence.routes import route_of
from conformance.comparison.faults import (
    facts_at_exchange,
    of_runtimes,
    took_too_long,
)
from conformance.comparison.group_titles import with_distinct_titles
from conformance.comparison.harm import Harm, harm_of
from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.comparison.idioms.idiom import Cure
from conformance.comparison.other_cases import other_facts
from conformance.comparison.sentences import (
    place_of,
    sides_of,
    title_of,
)
from conformance.model.evidence import FixEvidence
from conformance.model.finding import DifferenceKind, Finding, Signature
from conformance.model.group import Also, Group, GroupExample, Remedy
from conformance.model.request import Request
from conformance.model.verdict import CaseResult, Judgement

EXAMPLES_PER_GROUP: Final = 3
NO_ROWS: Final[Mapping[tuple[int, str], tuple[str, ...]]] = MappingProxyType({})
_WITH_OTHER_FACTS: Final = frozenset({DifferenceKind.FAULT, DifferenceKind.STATUS})
"""Kinds whose runtimes may do something else in another case of a cause, as in those of idioms."""
MAX_PLACES: Final = 1_000
"""Routes and places that are kept of a cause; of one that shows in more, no fix is proposed that
needs evidence.
"""


class _Gathered(Struct):
    first: Finding
    signatures: Counter[Signature] = field(default_factory=Counter)
    undecided_signatures: Counter[Signature] = field(default_factory=Counter)
    cases: int = 0
    undecided: int = 0
    last_case: str = ""
    last_undecided: str = ""
    decisions: set[str] = field(default_factory=set)
    reopens: set[str] = field(default_factory=set)
    varying: set[str] = field(default_factory=set)
    examples: list[GroupExample] = field(default_factory=list)
    undecided_examples: list[GroupExample] = field(default_factory=list)
    also: dict[Also, tuple[Signature, ...]] = field(default_factory=dict)
    places: set[tuple[str, str]] = field(default_factory=set)
    unlike: set[tuple[str, ...]] = field(default_factory=set)
    unfit: set[tuple[str, Cure]] = field(default_factory=set)
    written_as: dict[str, None] = field(default_factory=dict)
    shown_at: dict[str, None] = field(default_factory=dict)
    undecided_at: dict[str, None] = field(default_factory=dict)
    shown_facts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def leading(self) -> Finding:
        """Return the finding that stands for all of the cause.

        What is undecided leads: a new difference never hides behind those that are decided.
        """
        undecided = self.undecided_examples
        return undecided[0].finding if undecided else self.first

    def put(self, route: str, finding: Finding) -> None:
        """Note where a finding shows, and which cures do not fit it."""
        self.unfit.update(unfit_cures(finding))
        self.written_as.setdefault(finding.written_as)
        if len(self.places) <= MAX_PLACES:
            self.places.update((route, place) for place in finding.spellings)

    def add(self, example: GroupExample, whole: Finding, decided: tuple[str, ...]) -> None:
        """Take one occurrence, with the decisions that cover it.

        `whole` is the finding of which the occurrence is a part: a fault of one runtime of several.
        """
        if example.case_id != self.last_case:
            self.cases, self.last_case = self.cases + 1, example.case_id
            if example.finding.kind in _WITH_OTHER_FACTS or example.finding.idiom:
                self.shown_facts.update(facts_at_exchange(whole))
            if len(self.examples) < EXAMPLES_PER_GROUP:
                self.examples.append(example)
        self.signatures.update(example.finding.signatures)
        self.unlike.update(side.runtimes for side in sides_of(example.finding) if not side.alike)
        self.decisions.update(decided)
        for known in (self.shown_at,) if decided else (self.shown_at, self.undecided_at):
            if len(known) < MAX_PLACES:
                known.setdefault(place_of(example.finding, example.steps))
        if not decided:
            self.undecided_signatures.update(example.finding.signatures)
            self.undecided += example.case_id != self.last_undecided
            self.last_undecided = example.case_id
            if len(self.undecided_examples) < EXAMPLES_PER_GROUP:
                self.undecided_examples.append(example)

    def follow(self, finding: Finding, decided: tuple[str, ...]) -> None:
        """Take a finding that only follows from the cause, with the decisions that cover it."""
        if (follows := finding.follows) is None:
            return
        self.also.setdefault(Also(finding.place, follows.how), finding.signatures)
        if (
            not follows.whole_body
        ):  # such a finding has no row of its own, but those of all that it follows
            self.decisions.update(decided)


class Grouping:
    """Takes the judged cases of a run one by one and gives its groups."""

    def __init__(self, languages: Mapping[str, str | None]) -> None:
        self._languages = languages
        self._gathered: dict[Cause, _Gathered] = {}
        self._by_itself = ByItself()

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        if result.unstable or result.own_differences:
            self._by_itself.add(result)
        stable = result.stable(judgement)
        findings, decisions = [finding for finding, _ in stable], [rows for _, rows in stable]
        self.add_findings(
            result.case_id, result.requests, findings, decisions, judgement.fault_rows
        )
        self._add_standing(result, judgement)

    def _add_standing(self, result: CaseResult, judgement: Judgement) -> None:
        """Note by cause which rows are reopened, and who answers another value on each request."""
        reopened = judgement.reopened or ((),) * len(result.comparison.findings)
        for finding, rows in zip(result.comparison.findings, reopened, strict=True):
            varying = {runtime for runtime, _ in result.varying(finding)}
            for cause in (
                causes_of(finding, result.requests[finding.step]) if rows or varying else ()
            ):
                if gathered := self._gathered.get(cause):
                    gathered.reopens.update(row.id for row in rows)
                    gathered.varying.update(varying)

    def add_findings(
        self,
        case_id: str,
        requests: Sequence[Request],
        findings: Iterable[Finding],
        decisions: Iterable[tuple[str, ...]],
        fault_rows: Mapping[tuple[int, str], tuple[str, ...]] = NO_ROWS,
    ) -> None:
        """Take findings of a case, each with the decisions that cover it; a case comes once."""
        together = list(zip(findings, decisions, strict=True))
        for finding, decided in together:
            for leading in leading_findings(finding, together, decided=bool(decided)):
                for cause in causes_of(leading, requests[leading.step]):
                    of_cause, rows = _of_cause(cause, leading, decided, fault_rows)
                    gathered = self._gathered.setdefault(cause, _Gathered(of_cause))
                    gathered.put(route_of(requests[leading.step]), of_cause)
                    if leading is finding:
                        gathered.add(
                            GroupExample(case_id=case_id, finding=of_cause, steps=len(requests)),
                            finding,
                            rows,
                        )
                    else:
                        gathered.follow(finding, decided)

    def groups(self, evidence: FixEvidence | None = None) -> tuple[Group, ...]:
        """Return the groups: undecided first, then by harm, then by the number of cases shown.

        Those that show in most cases come first.

        Without the evidence of the whole run no fix is proposed that needs some.
        """
        groups = [
            self._group(cause, gathered, evidence) for cause, gathered in self._gathered.items()
        ]
        if (by_itself := self._by_itself.group()) is not None:
            groups.append(by_itself)
        return tuple(
            sorted(
                with_distinct_titles(groups),
                key=lambda group: (group.undecided == 0, group.harm, -group.cases, group.key),
            )
        )

    def without_language(self) -> tuple[str, ...]:
        """Return the runtimes where a known language would give undecided causes a fix."""
        undecided = (gathered for gathered in self._gathered.values() if gathered.undecided)
        found = (
            to_fix(gathered.undecided_examples[0].finding, gathered.places)[0]
            for gathered in undecided
        )
        return tuple(
            sorted({name for fixed in found for name in without_language(fixed, self._languages)})
        )

    def _group(self, cause: Cause, gathered: _Gathered, evidence: FixEvidence | None) -> Group:
        first = gathered.leading
        idiom = BY_NAME.get(first.idiom or "")
        fixes, for_any = self._fixes(gathered, evidence)
        return Group(
            key=cause.key,
            title=_title(first, cause, gathered),
            explanation=idiom.explanation if idiom else _explanation(first),
            idiom=first.idiom,
            kind=first.kind,
            facet=first.facet,
            operation=cause.operation,
            sides=tuple(
                replace(each, alike=each.runtimes not in gathered.unlike)
                for each in sides_of(first)
            ),
            largest=first.largest,
            odd=first.odd,
            signatures=tuple(_leading(first, gathered)),
            undecided_signatures=len(gathered.undecided_signatures),
            cases=gathered.cases,
            undecided=gathered.undecided,
            decisions=tuple(sorted(gathered.decisions)),
            remedies=fixes,
            for_any=for_any,
            harm=harm_of_named(first),
            examples=tuple(dict.fromkeys((*gathered.undecided_examples, *gathered.examples)))[
                :EXAMPLES_PER_GROUP
            ],
            agreeing=tuple(pair for pair in first.agreeing if pair not in first.apart_elsewhere),
            within=first.within,
            not_compared=first.not_compared,
            beside=(*named_between(first), *facts_elsewhere(first)),
            strangers=first.strangers,
            noisy=first.by_itself,
            varying=tuple(sorted(gathered.varying)),
            reopens=tuple(sorted(gathered.reopens)),
            also=tuple(gathered.also),
            other_facts=tuple(other_facts(first, gathered.shown_facts)),
            places=tuple(dict.fromkeys((*gathered.undecided_at, *gathered.shown_at))),
        )

    def _fixes(
        self, gathered: _Gathered, evidence: FixEvidence | None
    ) -> tuple[tuple[Remedy, ...], bool]:
        """Return the fixes of a cause, and whether one of them is enough."""
        known = evidence if len(gathered.places) <= MAX_PLACES else None
        found: dict[Remedy, None] = {}
        for_any = False
        for kind in gathered.written_as:
            leading = replace(gathered.leading, written_as=kind)
            fixed, for_any = to_fix(leading, gathered.places)
            of_kind: Sequence[Remedy] = tuple(
                remedies(fixed, self._languages, known, gathered.unfit)
            )
            if for_any:
                of_kind = for_all_of(fixed, of_kind, self._languages)
            found.update(dict.fromkeys(of_kind))
        return tuple(found), for_any


def _of_cause(
    cause: Cause,
    finding: Finding,
    decided: tuple[str, ...],
    fault_rows: Mapping[tuple[int, str], tuple[str, ...]],
) -> tuple[Finding, tuple[str, ...]]:
    """Return what of a finding is of one of its causes, and the rows that decide it."""
    if finding.kind is not DifferenceKind.FAULT:
        return finding, decided
    ((_, runtimes),) = cause.shown
    rows = {row for name in runtimes for row in fault_rows.get((finding.step, name), ())}
    of_each = len(runtimes) == 1 and bool(fault_rows)
    return of_runtimes(finding, runtimes), tuple(sorted(rows)) if of_each else decided


def harm_of_named(finding: Finding) -> Harm:
    """Return the harm of a finding, by the idiom that names it if any does."""
    idiom = BY_NAME.get(finding.idiom or "")
    return harm_of(finding, idiom.harm if idiom else None)


def _leading(first: Finding, gathered: _Gathered) -> Iterable[Signature]:
    """Return all signatures: of the leading finding, undecided ones, others, then followers.

    The others are in the order of their frequency.
    """
    counted = (*gathered.undecided_signatures.most_common(), *gathered.signatures.most_common())
    following = chain.from_iterable(gathered.also.values())
    return dict.fromkeys((*first.signatures, *(known for known, _ in counted), *following))


def leading_findings(
    finding: Finding, findings: Iterable[tuple[Finding, tuple[str, ...]]], *, decided: bool
) -> tuple[Finding, ...]:
    """Return the findings of a case that another one follows, else itself.

    They are followed only where both are decided or neither is.

    There are several only where it follows from whole bodies.
    """
    if finding.follows is None:
        return (finding,)
    known = [
        other for other, rows in findings if bool(rows) is decided and finding.is_led_by(other)
    ]
    return tuple(known if finding.follows.whole_body else known[:1]) or (finding,)


def _title(finding: Finding, cause: Cause, gathered: _Gathered) -> str:
    """Return what differs in a few words that are true of each of its cases.

    A member that is at several places goes by its name; a fault is of one runtime, or of all.
    """
    if finding.kind is not DifferenceKind.FAULT:
        several = len({signature.path for signature in gathered.signatures}) > 1
        return title_of(
            finding, cause.place if several and finding.kind is DifferenceKind.MEMBER else ""
        )
    ((facts, runtimes),) = cause.shown
    if took_too_long(facts[0]):
        return f"answers of {', '.join(runtimes)} took too long to compare: {facts[0]}"
    return f"no answer from {', '.join(runtimes)}: {facts[0]}"


def _explanation(finding: Finding) -> str:
    return (
        meaning_of(finding.place.removeprefix("note "))
        if finding.kind is DifferenceKind.NOTE
        else ""
    )
