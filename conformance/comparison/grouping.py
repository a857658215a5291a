"""Groups the findings of a run by cause: one cause is one group, in all its cases and places."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, filterfalse
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.notes import meaning_of
from conformance.comparison.by_itself.group import OwnDifferenceGroup
from conformance.comparison.causes import Cause, causes_of
from conformance.comparison.evidence.fixes import (
    all_or_none,
    remedies,
    without_language,
)
from conformance.comparison.evidence.routes import route_of
from conformance.comparison.evidence.to_change import to_fix
from conformance.comparison.faults import (
    of_runtimes,
    took_too_long,
)
from conformance.comparison.finding_titles import shown_place, title_at
from conformance.comparison.gathered_cause import (
    EXAMPLES_PER_GROUP,
    MAX_PLACES,
    GatheredCause,
)
from conformance.comparison.group_titles import with_distinct_titles
from conformance.comparison.harm import Harm, harm_of
from conformance.comparison.idioms.catalogue import idiom_of
from conformance.comparison.member_holders import MemberHolders
from conformance.comparison.other_cases import other_facts
from conformance.comparison.sentences import sides_of
from conformance.comparison.side_details import facts_elsewhere, named_between
from conformance.comparison.wider_causes import with_wider
from conformance.distinct import distinct
from conformance.model.evidence import FixEvidence
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.group import Group, GroupExample, Remedy
from conformance.model.request import Request
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult, Judgement

NO_ROWS: Final[Mapping[tuple[int, str], tuple[str, ...]]] = MappingProxyType({})


class Grouping:
    """Takes the judged cases of a run one by one, and gives its groups at the end.

    `languages` has the language of each runtime, if known.
    """

    def __init__(self, languages: Mapping[str, str | None]) -> None:
        self._languages = languages
        self._gathered: dict[Cause, GatheredCause] = {}
        self._by_itself = OwnDifferenceGroup()

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        if result.unstable or result.own_differences:
            self._by_itself.add(result)
        stable = result.stable(judgement)
        findings = list(map(itemgetter(0), stable))
        decisions = list(map(itemgetter(1), stable))
        self.add_findings(
            result.case_id, result.requests, findings, decisions, judgement.fault_rows
        )
        self._add_standing(result, judgement)

    def _add_standing(self, result: CaseResult, judgement: Judgement) -> None:
        """Note which rows each cause reopens, and which runtimes answer differently each time."""
        reopened = judgement.reopened or ((),) * len(result.comparison.findings)
        for finding, rows in zip(result.comparison.findings, reopened, strict=True):
            varying = set(map(itemgetter(0), result.varying(finding)))
            # Finding the causes takes longer than this check that there is nothing to note
            if not any((rows, varying)):
                continue
            causes = causes_of(finding, result.requests[finding.step])
            for cause in filter(self._gathered.__contains__, causes):
                self._gathered[cause].reopens.update(map(attrgetter("id"), rows))
                self._gathered[cause].varying.update(varying)

    def add_findings(
        self,
        case_id: str,
        requests: Sequence[Request],
        findings: Iterable[Finding],
        decisions: Iterable[tuple[str, ...]],
        fault_rows: Mapping[tuple[int, str], tuple[str, ...]] = NO_ROWS,
    ) -> None:
        """Take the findings of a case, each with the decisions that cover it; each case only once.

        `fault_rows` has the rows that decide a fault, by step and runtime.
        """
        together = list(zip(findings, decisions, strict=True))
        for finding, decided in together:
            for leading in leading_findings(finding, together, decided=bool(decided)):
                request = requests[leading.step]
                for cause in causes_of(leading, request):
                    of_cause, rows = _of_cause(cause, leading, decided, fault_rows)
                    gathered = self._gathered.setdefault(cause, GatheredCause(of_cause))
                    gathered.put(route_of(request), of_cause)
                    if leading is not finding:
                        gathered.follow(finding, decided)
                        continue
                    example = GroupExample(case_id=case_id, finding=of_cause, steps=len(requests))
                    gathered.add(example, finding, rows)

    def groups(self, evidence: FixEvidence | None = None) -> tuple[Group, ...]:
        """Return the groups: undecided ones first, then by harm, then by the number of cases.

        Without `evidence` from the whole run, no fix that needs evidence is proposed.
        """
        groups = with_wider(
            {
                cause: self._group(cause, gathered, evidence)
                for cause, gathered in self._gathered.items()
            }
        )
        by_itself = self._by_itself.group()
        if by_itself is not None:
            groups.append(by_itself)
        return tuple(sorted(with_distinct_titles(groups, self._holders()), key=_rank))

    def _holders(self) -> dict[str, MemberHolders]:
        """Return who has the members that causes are about, by the causes' keys."""
        known: dict[str, MemberHolders] = {}
        for cause, gathered in self._gathered.items():
            if gathered.holders is not None:
                known[cause.key] = gathered.holders
        return known

    def without_language(self) -> tuple[str, ...]:
        """Return the runtimes that need a known language to get a fix for an undecided cause."""
        undecided = filter(attrgetter("undecided"), self._gathered.values())
        names: set[str] = set()
        for gathered in undecided:
            fixed, _ = to_fix(gathered.undecided_examples[0].finding, gathered.places)
            names.update(without_language(fixed, self._languages))
        return tuple(sorted(names))

    def _group(self, cause: Cause, gathered: GatheredCause, evidence: FixEvidence | None) -> Group:
        """Return the group of a cause; what its leading finding shows describes all of it."""
        first = gathered.leading
        idiom = idiom_of(first.idiom)
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
            examples=distinct((gathered.undecided_examples, gathered.examples))[
                :EXAMPLES_PER_GROUP
            ],
            agreeing=tuple(filterfalse(first.apart_elsewhere.__contains__, first.agreeing)),
            within=first.within,
            not_compared=first.not_compared,
            beside=(*named_between(first), *facts_elsewhere(first)),
            strangers=first.strangers,
            noisy=first.by_itself,
            varying=tuple(sorted(gathered.varying)),
            reopens=tuple(sorted(gathered.reopens)),
            also=tuple(gathered.also),
            other_facts=tuple(other_facts(first, gathered.shown_facts)),
            places=distinct((gathered.undecided_at, gathered.shown_at)),
        )

    def _fixes(
        self, gathered: GatheredCause, evidence: FixEvidence | None
    ) -> tuple[tuple[Remedy, ...], bool]:
        """Return the fixes of a cause, and whether one of them is enough."""
        # Past the limit some places were not kept, so evidence cannot be complete
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
                of_kind = all_or_none(fixed, of_kind, self._languages)
            found.update(dict.fromkeys(of_kind))
        return tuple(found), for_any


def _rank(group: Group) -> tuple[bool, int, int, str]:
    """Return the sort key of groups."""
    return group.undecided == 0, group.harm, -group.cases, group.key


def _of_cause(
    cause: Cause,
    finding: Finding,
    decided: tuple[str, ...],
    fault_rows: Mapping[tuple[int, str], tuple[str, ...]],
) -> tuple[Finding, tuple[str, ...]]:
    """Return the part of a finding that belongs to one of its causes, and the rows deciding it."""
    if finding.kind is not DifferenceKind.FAULT:
        return finding, decided
    ((_, runtimes),) = cause.sides
    of_cause = of_runtimes(finding, runtimes)
    # A fault that all runtimes share is decided as one
    if len(runtimes) > 1 or not fault_rows:
        return of_cause, decided
    rows = fault_rows.get((finding.step, runtimes[0]), ())
    return of_cause, tuple(sorted(set(rows)))


def harm_of_named(finding: Finding) -> Harm:
    """Return the harm of a finding, using the idiom that names it, if any."""
    idiom = idiom_of(finding.idiom)
    return harm_of(finding, idiom.harm if idiom else None)


def _leading(first: Finding, gathered: GatheredCause) -> Iterable[Signature]:
    """Return all signatures, each once: the leading finding's, undecided, others, followers'.

    Undecided ones and others are in the order of their frequency.
    """
    counted = (*gathered.undecided_signatures.most_common(), *gathered.signatures.most_common())
    following = chain.from_iterable(gathered.also.values())
    return dict.fromkeys((*first.signatures, *map(itemgetter(0), counted), *following))


def leading_findings(
    finding: Finding, findings: Iterable[tuple[Finding, tuple[str, ...]]], *, decided: bool
) -> tuple[Finding, ...]:
    """Return the findings of a case that a finding follows, or itself if it follows none.

    A finding only follows another one if both are decided or neither is.  There are several only if
    it follows from whole bodies.
    """
    if finding.follows is None:
        return (finding,)
    alike = [other for other, rows in findings if bool(rows) is decided]
    leading = tuple(filter(finding.is_led_by, alike)) or (finding,)
    if finding.follows.whole_body:
        return leading
    return leading[:1]


def _title(finding: Finding, cause: Cause, gathered: GatheredCause) -> str:
    """Return the title of a cause, true of all its cases.

    A member at several places is given by its name; a fault with its runtimes.
    """
    if finding.kind is not DifferenceKind.FAULT:
        paths = set(map(attrgetter("path"), gathered.signatures))
        by_name = len(paths) > 1 and finding.kind is DifferenceKind.MEMBER
        place = cause.place if by_name else shown_place(finding)
        of_one_thing = finding.kind is not DifferenceKind.IDENTITY or len(gathered.signatures) == 1
        return title_at(place, finding, gathered.holders, of_one_thing=of_one_thing)
    ((facts, runtimes),) = cause.sides
    if took_too_long(facts[0]):
        return f"answers of {', '.join(runtimes)} took too long to compare: {facts[0]}"
    return f"no answer from {', '.join(runtimes)}: {facts[0]}"


def _explanation(finding: Finding) -> str:
    """Return the meaning of the note that a finding is about; `` for any other finding."""
    if finding.kind is not DifferenceKind.NOTE:
        return ""
    return meaning_of(finding.place.removeprefix("note "))
