"""Parity, the second oracle: the answers to a step are compared two by two, giving findings."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, filterfalse, repeat
from operator import attrgetter, itemgetter, methodcaller
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.answers.after_the_cut import after_the_cut
from conformance.comparison.answers.answer import ReadAnswer, Terms, kinds_sent, read_answer
from conformance.comparison.answers.comparison import AnswerComparison, compare_answers
from conformance.comparison.answers.cookies import SET_COOKIE
from conformance.comparison.answers.layout import documents_in_one_layout
from conformance.comparison.answers.named_headers import named_fields
from conformance.comparison.bodies.reading import OF_JSON
from conformance.comparison.budget import Budget, OverBudgetError
from conformance.comparison.derived import with_what_they_follow
from conformance.comparison.difference import HEADER_PLACE, Verbatim
from conformance.comparison.error_codes import code_in_success, error_code, has_code
from conformance.comparison.faults import fault_finding, over_budget_finding
from conformance.comparison.findings import step_findings
from conformance.comparison.gaps import empty_bodies, shared_notes, too_large, unsent_headers
from conformance.comparison.lasting_values import lasting
from conformance.comparison.located import Located
from conformance.comparison.refused_fields import refused_field
from conformance.comparison.rendered_values import rendered_together
from conformance.comparison.rule_counts import RuleCounts
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.sides import Pair, agreement, pair_of
from conformance.comparison.step_answers import StepAnswers
from conformance.comparison.uncompared import uncompared
from conformance.comparison.values.known_forms import KnownForms, known_forms
from conformance.model.case import Case, CompareLevel
from conformance.model.finding import DifferenceKind, Facet, Finding, Sent
from conformance.model.gap import CaseGap, GapKind
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request
from conformance.model.rule import rule_name
from conformance.model.side import Side
from conformance.model.verdict import Comparison, Uncompared

MAX_FINDINGS: Final = 200
"""How many findings of a step are kept; more are only counted, as they are never decided one by
one."""
_TOO_LONG: Final = "comparing the answers took more than {} ms of CPU time"


class _CaseComparison(Struct):
    """The comparison of a case's steps, built up step by step."""

    case: Case
    cells: Sequence[Cell]
    baseline: str | None
    budget: Budget
    in_pages: bool = False
    counts: RuleCounts = field(default_factory=RuleCounts)
    located: list[Located] = field(default_factory=list)
    folded: list[Finding] = field(default_factory=list)
    answers: list[Mapping[str, ReadAnswer]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    gaps: dict[CaseGap, None] = field(default_factory=dict)
    uncompared: list[Uncompared] = field(default_factory=list)
    compared: bool = False
    more: int = 0
    over_budget: str = ""

    def add(self, index: int) -> None:
        """Compare a step; if that takes too long, the only finding is that it does."""
        seen = {cell.runtime: cell.observations[index] for cell in self.cells}
        answers = self._read(index)
        self.answers.append(answers)
        self.answered.update(answers)
        # A single answer was compared with nothing
        self.compared |= len(answers) > 1
        silent = list(filterfalse(answers.__contains__, seen))
        fault = fault_finding(index, seen, self.baseline) if silent else None
        method = self.case.steps[index].request.method
        read = list(answers.values())
        try:
            found = self._findings(index, answers, silent)
            self._note_gaps(chain(shared_notes(read), empty_bodies(read, method)))
        except OverBudgetError:  # what was found so far is dropped: the rest is not known
            self.over_budget = f"step {index + 1}: {_TOO_LONG.format(self.case.timeout_ms)}"
            late = over_budget_finding(index, seen, self.baseline, self.over_budget)
            self.located.append(Located(late))
            return
        if fault is not None:
            self.located.append(Located(fault))
        past_limit = found[MAX_FINDINGS:]
        self.located.extend(found[:MAX_FINDINGS])
        self.folded.extend(map(attrgetter("finding"), past_limit))
        self.more += len(past_limit)

    def _read(self, index: int) -> dict[str, ReadAnswer]:
        """Return the answers to a step by runtime, read as the suite says that they are written."""
        given: list[tuple[Cell, Answer]] = []
        for cell in self.cells:
            seen = cell.observations[index]
            if isinstance(seen, Answer):
                given.append((cell, seen))
        fields = named_fields(self.case.headers, map(itemgetter(1), given))
        kind = self.case.steps[index].body
        return {
            cell.runtime: read_answer(answer, cell.names, cell.base_url, fields, kind)
            for cell, answer in given
        }

    def _note_gaps(self, gaps: Iterable[CaseGap]) -> None:
        self.gaps.update(dict.fromkeys(gaps))

    def _findings(
        self, index: int, answers: Mapping[str, ReadAnswer], silent: Sequence[str]
    ) -> list[Located]:
        """Return the findings of a step; empty if all answers are the same bytes."""
        read = list(answers.values())
        first_alike = _first_alike(read)
        if not any(first_alike):
            return []
        self.budget.start()
        if len(set(first_alike)) > 2:  # noqa: PLR2004 - two are laid out when they are compared
            read = documents_in_one_layout(read)
        make_terms = _terms(self.case, index, in_pages=self.in_pages)
        pairs = _compared(make_terms, read, first_alike, self.counts)
        self.more += max(map(attrgetter("stops.more"), pairs.values()))
        self._note_gaps(_gaps_of(pairs.values()))
        cells = filter(lambda cell: cell.runtime in answers, self.cells)
        spell = [lasting(cell.base_url, cell.names) for cell in cells]
        self.uncompared += uncompared(index, list(answers), pairs, spell, self.case.level_of(index))
        step = StepAnswers(list(answers), silent, pairs, self.baseline, spell)
        request = self.case.steps[index].request
        return [
            replace(
                each,
                finding=_with_own_facts(each.finding, answers, request),
                after_the_cut=step.is_after_the_cut(each.finding),
                of_extra=step.is_of_extra(each.finding),
            )
            for each in step_findings(index, step)
        ]


def _first_alike(answers: Sequence[ReadAnswer]) -> list[int]:
    """Return for each answer the index of the first one with the same bytes."""
    first: list[int] = []
    for answer in answers:
        alike = (at for at, other in enumerate(answers) if other.equals_in_all_compared(answer))
        first.append(next(alike))
    return first


def _gaps_of(pairs: Collection[AnswerComparison]) -> Iterator[CaseGap]:
    """Yield the gaps of a step: bodies compared as bytes, parts of large lists, what rules hide."""
    unread = map(attrgetter("unread"), pairs)
    for label in filter(None, unread):
        yield CaseGap(GapKind.BYTES_ONLY, label)
    yield from too_large(map(attrgetter("stops"), pairs))
    hiding = {", ".join(sorted(map(rule_name, pair.hiding))) for pair in pairs}
    for names in sorted(filter(None, hiding)):
        yield CaseGap(GapKind.HIDDEN, names)


def _with_own_facts(
    finding: Finding, answers: Mapping[str, ReadAnswer], request: Request
) -> Finding:
    """Return a finding with its codes, fields or kind of body from each runtime's own answer."""
    if finding.facet is Facet.HEADERS:
        return _with_own_fields(finding, answers)
    return _with_kind(_with_code(finding, answers, request), answers)


def _with_own_fields(finding: Finding, answers: Mapping[str, ReadAnswer]) -> Finding:
    """Return a finding about a fact of a header field with the field as each runtime sent it.

    Answers with the same facts are compared only once, though their values may differ.
    """
    name = finding.place.removeprefix(HEADER_PLACE).partition(";")[0]
    if name == SET_COOKIE or finding.kind is not DifferenceKind.HEADER:
        return finding
    sent: list[Sent] = []
    for combination in finding.sent:
        own = ((who, _own_field(answers[who], name, text)) for who, text in combination)
        sent.append(tuple(own))
    return replace(finding, sent=tuple(sent))


def _own_field(answer: ReadAnswer, name: str, text: str) -> str:
    """Return a field of an answer as text, cut if long; the given text if the answer lacks it."""
    field = answer.answer.header(name)
    return text if field is None else rendered_together([Verbatim(field)])[0]


def compare_case(
    case: Case, cells: Sequence[Cell], baseline: str | None = None, *, in_pages: bool = False
) -> Comparison:
    """Compare the cells of a case step by step; a runtime without an answer only shows its fault.

    With `in_pages`, error pages are compared place by place, not each as a whole.  The CPU time is
    limited to the case's timeout: steps that are left then are not compared.
    """
    supported = [cell for cell in cells if cell.unsupported is None]
    with Budget(case.timeout_ms) as budget:
        steps = _CaseComparison(case, supported, baseline, budget, in_pages=in_pages)
        for index in range(len(case.steps)):
            if not steps.over_budget:
                steps.add(index)
    answers = chain.from_iterable(map(methodcaller("values"), steps.answers))
    steps.gaps.update(dict.fromkeys(unsent_headers(case.headers, answers)))
    compared, counts = steps.compared and not steps.over_budget, steps.counts
    level = max(map(case.level_of, range(len(case.steps))), key=list(CompareLevel).index)
    rules = case.all_rules if compared else ()
    uses = map(counts.use_of, rules, repeat(steps.answers), repeat(level))
    answered = filter(steps.answered.__contains__, map(attrgetter("runtime"), supported))
    found = list(map(attrgetter("finding"), steps.located))
    return Comparison(
        findings=with_what_they_follow(steps.located, steps.answers),
        classes=agreement(found, list(answered)),
        compared=compared,
        more_findings=steps.more,
        folded=tuple(steps.folded),
        rule_uses=tuple(uses),
        over_budget=steps.over_budget,
        gaps=tuple(steps.gaps),
        uncompared=tuple(steps.uncompared),
    )


def _with_code(finding: Finding, answers: Mapping[str, ReadAnswer], request: Request) -> Finding:
    """Return a finding about refusals with each runtime's error code, and the field it refuses."""
    if not has_code(finding.name):
        return finding
    code_of = error_code if finding.kind is DifferenceKind.STATUS else code_in_success

    def with_code(side: Side) -> Side:
        of_side = list(map(answers.__getitem__, side.runtimes))
        codes = tuple(map(code_of, of_side))
        fields = tuple(map(refused_field, of_side, repeat(request)))
        return replace(side, codes=codes, fields=fields)

    return replace(finding, sides=tuple(map(with_code, finding.sides)))


def _with_kind(finding: Finding, answers: Mapping[str, ReadAnswer]) -> Finding:
    """Return a finding with the kind of the bodies that it is about."""
    if not finding.place.startswith("$"):
        return finding
    kinds = kinds_sent(finding, answers)
    # JSON formats are the default of a finding
    if kinds <= OF_JSON:
        return finding
    return replace(finding, written_as=kinds.pop() if len(kinds) == 1 else "")


def _compared(
    make_terms: Callable[[], Terms],
    answers: Sequence[ReadAnswer],
    first_alike: Sequence[int],
    counts: RuleCounts,
) -> dict[Pair, AnswerComparison]:
    """Compare every two answers, and again if other pairs show that they have a form in common.

    `first_alike` has for each answer the index of the first one with the same bytes.  Such answers
    are compared with others only once.
    """
    known: dict[Pair, AnswerComparison] = {}
    pairs: dict[Pair, Pair] = {}
    for pair in combinations(range(len(answers)), 2):
        low, high = pairs[pair] = (first_alike[pair[0]], first_alike[pair[1]])
        key = pair_of(low, high)
        if low == high:
            known.setdefault(key, AnswerComparison(()))
        elif key not in known:
            known[key] = compare_answers(answers[key[0]], answers[key[1]], make_terms())
    _compare_forms(known, answers, make_terms)
    for (low, high), compared in known.items():
        both = answers[low], answers[high]
        after = after_the_cut(both, compared, lambda a, b: compare_answers(a, b, make_terms()))
        if after:
            known[low, high] = replace(compared, after_the_cut=after)
    for compared in known.values():
        counts.add(compared)
    return {pair: _as_seen_by(known, *key) for pair, key in pairs.items()}


def _compare_forms(
    known: dict[Pair, AnswerComparison],
    answers: Sequence[ReadAnswer],
    make_terms: Callable[[], Terms],
) -> None:
    """Compare those pairs again that, according to other pairs, have a form in common."""
    differences = map(attrgetter("differences"), known.values())
    forms = known_forms(dict(zip(known, differences, strict=True)))
    # A form is known from one answer compared with another: two answers are needed to share it
    if len(forms) <= 1:
        return
    for first, second in known:
        both = KnownForms(forms.get(first, frozenset()), forms.get(second, frozenset()))
        are_two = first != second
        if both and are_two:
            terms = replace(make_terms(), forms=both)
            known[first, second] = compare_answers(answers[first], answers[second], terms)


def _as_seen_by(
    known: Mapping[Pair, AnswerComparison], first: int, second: int
) -> AnswerComparison:
    """Return the comparison of two answers with `first` as its first side."""
    if first <= second:
        return known[first, second]
    return known[second, first].swapped()


def _terms(case: Case, step: int, *, in_pages: bool) -> Callable[[], Terms]:
    """Return a function that makes the terms for comparing two answers to a step.

    Each comparison needs its own, as they count rules and stops.
    """
    request = case.steps[step].request
    text = f"{request.target}\n{(request.body or b'').decode('utf-8', 'replace')}"
    return lambda: Terms(
        level=case.level_of(step),
        numbers=case.numbers,
        target=request.target,
        request_text=text,
        loosening=Loosening(case.rules_of(step)),
        in_pages=in_pages,
    )
