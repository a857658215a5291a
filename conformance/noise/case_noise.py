"""The noise of one case: rules under which each runtime equals itself, and what has no rule.

A rule is proposed only if it ends a difference of a runtime from itself, and if it hides no
difference between runtimes in the same answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import filterfalse, islice
from operator import attrgetter, itemgetter

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.by_itself.differences import CaseDifferences
from conformance.comparison.by_itself.general_places import general_place
from conformance.comparison.by_itself.hiding import hidden_by, in_two_forms, remaining_difference
from conformance.comparison.rules.rule_text import form_of
from conformance.model.case import Case
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import covers, path_of_place
from conformance.model.observation import Answer, Cell, Fault, NotAsked
from conformance.model.rule import HeaderRule, MapRule, NoteRule, Rule
from conformance.noise.asking import AskedCase
from conformance.noise.candidates import loosening_rules, order_rules, why_none
from conformance.wording import if_it_changes

Key = tuple[int, str, DifferenceKind]
"""The step, place and kind of a difference of a runtime from itself: equal if it is the same."""


class CaseNoise(Struct):
    """What was learned from a case.

    `rules` are the accepted rules, each with the runtimes that need it. `left` are sentences about
    differences without a rule, each with its runtimes. `unlearned` says that the statuses show a
    changed state: then nothing is learned from the case.
    """

    differences: CaseDifferences
    rules: dict[Rule, dict[str, None]] = field(default_factory=dict)
    left: dict[str, dict[str, None]] = field(default_factory=dict)
    unlearned: bool = False

    @property
    def accepted(self) -> tuple[Rule, ...]:
        """Return the rules that are accepted so far."""
        return tuple(self.rules)

    def own(self, runtime: str, *more: Rule) -> tuple[Finding, ...]:
        """Return how a runtime differs from itself under the accepted rules and some more."""
        return self.differences.by_itself(runtime, (*self.rules, *more))

    def hidden_by(self, *rules: Rule) -> str:
        """Return a difference between runtimes that further rules would hide; empty if none."""
        # Rules that are accepted already hide nothing new
        more = list(filterfalse(self.rules.__contains__, rules))
        if not more or self.unlearned:
            return ""
        return hidden_by(self.differences, self.accepted, more)

    def in_two_forms(self, rule: Rule) -> bool:
        """Return whether runtimes write the time that a rule is about in two formats."""
        others = [other for other in self.rules if other != rule]
        return in_two_forms(self.differences, others, rule)

    def fits(self, runtime: str, rules: Sequence[Rule], findings: Sequence[Finding]) -> bool:
        """Return whether, under the rules, runtimes agree at each place where one is unstable.

        A runtime is unstable at a place if it differs from itself there.
        """
        together = (*self.accepted, *rules)
        left = partial(remaining_difference, self.differences, together, runtime)
        return not any(map(left, findings))

    def accept(self, *rules: Rule) -> None:
        """Accept rules, and note for each one the runtimes that need it.

        A runtime needs a rule if the rules end one of its differences from itself at the rule's
        place.
        """
        before = self._all_keys()
        gone = {name: keys - self._keys(name, *rules) for name, keys in before.items()}
        for rule in rules:
            needing = [name for name, keys in gone.items() if _is_about_any(rule, keys)]
            self.rules[rule] = dict.fromkeys(needing)

    def drop_needless(self) -> None:
        """Drop each rule that a rule accepted later makes needless.

        The runtimes that needed the dropped rule are added to the rules that cover its place.
        """
        for rule in list(filter(self._is_replaced, self.rules)):
            before = self._all_keys()
            needing = self.rules.pop(rule)
            is_needed = self._all_keys() != before
            if is_needed:
                self.rules[rule] = needing
                continue
            for other in filter(partial(_contains, other=rule), self.rules):
                together = self.rules[other] | needing
                # In the order of the runtimes
                self.rules[other] = dict.fromkeys(filter(together.__contains__, before))

    def _is_replaced(self, rule: Rule) -> bool:
        return any(map(partial(_replaces, other=rule), self.rules))

    def leave(self, sentence: str, runtime: str) -> None:
        """Note a sentence about a difference without a rule, and its runtime."""
        self.left.setdefault(sentence, {})[runtime] = None

    def _keys(self, runtime: str, *more: Rule) -> set[Key]:
        return set(map(_key, self.own(runtime, *more)))

    def _all_keys(self) -> dict[str, set[Key]]:
        runtimes = self.differences.cells
        return dict(zip(runtimes, map(self._keys, runtimes), strict=True))


def _key(finding: Finding) -> Key:
    return finding.step, finding.place, finding.kind


def is_about(rule: Rule, place: str) -> bool:
    """Return whether a rule applies at a place, or at a value that contains the place."""
    if isinstance(rule, NoteRule):
        return place == f"note {rule.note}"
    if isinstance(rule, HeaderRule):
        field = f"header {rule.header}"
        return place in {field, f"{field};{rule.cookie};value"}
    path = path_of_place(place)
    if path is None:
        return False
    return covers(rule.path, path[: len(rule.path)])


def _is_about_any(rule: Rule, keys: Iterable[Key]) -> bool:
    places = map(itemgetter(1), keys)
    return any(map(partial(is_about, rule), places))


def _replaces(rule: Rule, other: Rule) -> bool:
    """Return whether a rule may make another one needless.

    That is so if it covers the other rule's path, or if the other rule is about names of members
    only.
    """
    if isinstance(rule, NoteRule | HeaderRule) or rule == other:
        return False
    # A rule about names only is needless once their values may be anything
    if isinstance(other, MapRule):
        return True
    return _contains(rule, other)


def _contains(rule: Rule, other: Rule) -> bool:
    """Return whether the path of a rule is that of another rule, or of a value around it."""
    without_path = NoteRule | HeaderRule
    if isinstance(rule, without_path) or isinstance(other, without_path):
        return False
    return covers(rule.path, other.path[: len(rule.path)])


def learn_case(asked: AskedCase) -> CaseNoise:
    """Return the noise of a case; runtimes that answered it only once teach nothing."""
    again = asked.asked_again
    noise = CaseNoise(CaseDifferences(asked.case, asked.asked))
    for name, reason in asked.down.items():
        times = len(asked.asked.get(name, ()))
        noise.leave(f"asked {times} of {len(asked.cells[name])} times: {reason}", name)
    for name, cells in again.items():
        for sentence in _changed_outcomes(cells, asked.case):
            noise.leave(sentence, name)
            noise.unlearned = True
    # A changed state explains the differences itself, and rules would hide it
    if noise.unlearned:
        return noise
    # Lists are compared element by element, so their order is learned first
    for name in again:
        _learn_orders(noise, name)
    for name in again:
        _learn_values(noise, name)
    noise.drop_needless()
    return noise


def _changed_outcomes(cells: Sequence[Cell], case: Case) -> Iterator[str]:
    """Yield a sentence for each step with different outcomes, a fault, or missing requests.

    Requests are missing if the step was sent in some of the repetitions only.
    """
    steps = zip(*map(attrgetter("observations"), cells), strict=True)
    for step, seen in enumerate(steps):
        at = _step(case, step, " ")
        asked = [each for each in seen if not isinstance(each, NotAsked)]
        outcomes = list(dict.fromkeys(map(_outcome, asked)))
        # The same fault each time is no change
        varies = len(outcomes) > 1
        has_fault = Fault in map(type, asked)
        if varies or has_fault:
            verb = "answered" if isinstance(asked[0], Answer) else "gave"
            advice = _advice(case, varies=varies)
            yield f"{at}{verb} {', then '.join(outcomes)}{advice}"
            continue
        is_lacking = len(asked) < len(seen)
        if asked and is_lacking:
            yield f"{at}asked {len(asked)} of {len(seen)} times"


def _advice(case: Case, *, varies: bool) -> str:
    """Return advice about a case that may change what it reads, if its outcomes differ."""
    if not varies or not case.changes_what_it_reads:
        return ""
    return f"; {if_it_changes(case.unsafe_method)}"


def _outcome(seen: Answer | Fault) -> str:
    if isinstance(seen, Answer):
        return str(seen.status)
    return f"no answer ({seen.kind.value})"


def _learn_orders(noise: CaseNoise, runtime: str) -> None:
    """Accept rules for lists that come in another order each time.

    Under such a rule each element is compared with itself.
    """
    cells = noise.differences.cells[runtime]
    for step in range(len(noise.differences.case.steps)):
        before = noise.own(runtime)
        places = [finding.place for finding in before if finding.step == step]
        # The whole body has an empty path, and no rule can be about its order
        paths = filter(None, map(path_of_place, places))
        for rule in order_rules(cells, step, paths):
            # A rule for a list may show new differences within its elements
            helps = len(noise.own(runtime, rule)) < len(noise.own(runtime))
            if helps and not noise.hidden_by(rule):
                noise.accept(rule)


def _learn_values(noise: CaseNoise, runtime: str) -> None:
    """Accept a rule for each place where a runtime differs from itself, or note why not."""
    left: set[Key] = set()
    tried: set[Key] = set()
    while findings := _without(noise.own(runtime), left):
        # An accepted rule may show new differences that it does not cover
        untried = _without(findings, tried)
        if untried:
            tried.update(map(_key, untried))
            _accept_narrowest(noise, runtime, untried)
            continue
        first = findings[0]
        why_not = _learn_value(noise, runtime, first)
        if why_not is not None:
            left.add(_key(first))
            noise.leave(f"{_in_general(noise, runtime, first)}: {why_not}", runtime)


def _in_general(noise: CaseNoise, runtime: str, finding: Finding) -> str:
    """Return a difference and its place, without the names that were made for one run."""
    place = general_place(finding, noise.differences.cells[runtime])
    signature = replace(finding.signatures[0], path=place)
    step = _step(noise.differences.case, finding.step, ": ")
    return f"{step}{signature}"


def _without(findings: Iterable[Finding], keys: AbstractSet[Key]) -> list[Finding]:
    """Return the findings whose key is not among some keys."""
    return [finding for finding in findings if _key(finding) not in keys]


def _accept_narrowest(noise: CaseNoise, runtime: str, findings: Sequence[Finding]) -> None:
    """Accept the narrowest rule of each finding.

    All rules are tried at once; if they do not work together, each half is tried alone.
    """
    cells = noise.differences.cells[runtime]
    narrowest: dict[Rule, None] = {}
    for finding in findings:
        rules = loosening_rules(finding, cells)
        narrowest.update(dict.fromkeys(islice(rules, 1)))
    if narrowest and _suffice(noise, runtime, tuple(narrowest), findings):
        noise.accept(*narrowest)
    elif len(findings) > 1:
        middle = len(findings) // 2
        _accept_narrowest(noise, runtime, findings[:middle])
        _accept_narrowest(noise, runtime, findings[middle:])


def _suffice(
    noise: CaseNoise, runtime: str, rules: Sequence[Rule], findings: Sequence[Finding]
) -> bool:
    """Return whether rules end findings of a runtime, fit all runtimes and hide no difference."""
    left = set(map(_key, noise.own(runtime, *rules)))
    if not left.isdisjoint(map(_key, findings)):
        return False
    if not noise.fits(runtime, rules, findings):
        return False
    return not noise.hidden_by(*rules)


def _learn_value(noise: CaseNoise, runtime: str, finding: Finding) -> str | None:
    """Accept the narrowest rule that works, or return why there is none."""
    unfit: list[str] = []
    for rule in loosening_rules(finding, noise.differences.cells[runtime]):
        if _key(finding) in map(_key, noise.own(runtime, rule)):
            continue
        # A broader rule hides the same difference, so it is not tried
        hidden = noise.hidden_by(rule)
        if hidden:
            return "; ".join((*unfit[:1], f"`{form_of(rule)}` would hide {hidden}"))
        left = remaining_difference(noise.differences, (*noise.accepted, rule), runtime, finding)
        if left:
            unfit.append(f"`{form_of(rule)}` does not fit every runtime: it leaves {left}")
            continue
        noise.accept(rule)
        return None

    return "; ".join(unfit[:1]) or why_none(finding)


def _step(case: Case, step: int, end: str) -> str:
    """Return the number of a step as the start of a sentence; empty if the case has one step."""
    if len(case.steps) == 1:
        return ""
    return f"step {step + 1}{end}"
