"""The noise of one case: rules by which each runtime equals itself, and what has no rule.

A rule is proposed only if with it the runtime no longer differs from itself there, and if it hides
no difference between runtimes that the same askings have shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.by_itself.differences import CaseDifferences
from conformance.comparison.by_itself.general_places import general_place
from conformance.comparison.by_itself.hiding import hidden_by, in_two_forms, left_at
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
"""What tells that a runtime differs from itself in the same way: step, place and kind."""


class CaseNoise(Struct):
    """What was learned of a case: rules with the runtimes that need them, and what has no rule.

    Sentences say what is not proposed.

    Nothing is learned of a case whose answers come from a changed state, as its statuses show:
    `unlearned`.
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
        """Return in what a runtime differs from itself under the accepted rules and some more."""
        return self.differences.by_itself(runtime, (*self.rules, *more))

    def hidden_by(self, *rules: Rule) -> str:
        """Return a difference between runtimes that more rules would hide.

        Nothing where they hide none.
        """
        more = [rule for rule in rules if rule not in self.rules]
        if not more or self.unlearned:
            return ""
        return hidden_by(self.differences, self.accepted, more)

    def in_two_forms(self, rule: Rule) -> bool:
        """Return whether runtimes write a time in two ways that a rule about a clock is about."""
        others = [other for other in self.rules if other != rule]
        return in_two_forms(self.differences, others, rule)

    def fits(self, runtime: str, rules: Sequence[Rule], findings: Sequence[Finding]) -> bool:
        """Return whether rules leave no value differing between runtimes where one is unstable.

        A runtime is unstable where it differs from itself.
        """
        together = (*self.accepted, *rules)
        return not any(
            left_at(self.differences, together, runtime, finding) for finding in findings
        )

    def accept(self, *rules: Rule) -> None:
        """Take rules, each with the runtimes that they stop from differing from themselves.

        These runtimes no longer differ from themselves at a place that the rule is about.
        """
        before = self._all_keys()
        gone = {name: keys - self._keys(name, *rules) for name, keys in before.items()}
        for rule in rules:
            need = (name for name, keys in gone.items() if _is_about_any(rule, keys))
            self.rules[rule] = dict.fromkeys(need)

    def drop_needless(self) -> None:
        """Drop the rules that another one, accepted after them, has made needless.

        Who needed them needs the rules that cover the same place.
        """
        for rule in list(filter(self._is_replaced, self.rules)):
            before = self._all_keys()
            need = self.rules.pop(rule)
            if self._all_keys() != before:
                self.rules[rule] = need
                continue
            for other, needing in self.rules.items():
                together = needing | need if _contains(other, rule) else needing
                self.rules[other] = dict.fromkeys(filter(together.__contains__, before))

    def _is_replaced(self, rule: Rule) -> bool:
        return any(_replaces(other, rule) for other in self.rules)

    def leave(self, sentence: str, runtime: str) -> None:
        """Note for what nothing is proposed, and for which runtime."""
        self.left.setdefault(sentence, {})[runtime] = None

    def _keys(self, runtime: str, *more: Rule) -> set[Key]:
        return set(map(_key, self.own(runtime, *more)))

    def _all_keys(self) -> dict[str, set[Key]]:
        return {name: self._keys(name) for name in self.differences.cells}


def _key(finding: Finding) -> Key:
    return finding.step, finding.place, finding.kind


def _is_about(rule: Rule, place: str) -> bool:
    """Return whether a rule is about a place, or about what it stands in."""
    if isinstance(rule, NoteRule):
        return place == f"note {rule.note}"
    if isinstance(rule, HeaderRule):
        return place in {f"header {rule.header}", f"header {rule.header};{rule.cookie};value"}
    path = path_of_place(place)
    return path is not None and covers(rule.path, path[: len(rule.path)])


def _is_about_any(rule: Rule, keys: Iterable[Key]) -> bool:
    return any(_is_about(rule, place) for _, place, _ in keys)


def _replaces(rule: Rule, other: Rule) -> bool:
    """Return whether a rule may make another one needless.

    This is so where it is about the same place, contains the other one, or where the other one is
    about names only.
    """
    if isinstance(rule, NoteRule | HeaderRule) or rule == other:
        return False
    return _contains(rule, other) or isinstance(other, MapRule)


def _contains(rule: Rule, other: Rule) -> bool:
    """Return whether a rule is about the place of another one, or about what that stands in."""
    without_path = NoteRule | HeaderRule
    if isinstance(rule, without_path) or isinstance(other, without_path):
        return False
    return covers(rule.path, other.path[: len(rule.path)])


def learn_case(asked: AskedCase) -> CaseNoise:
    """Return the noise of a case; of a runtime that was not asked it twice nothing is learned."""
    again = asked.asked_again
    noise = CaseNoise(CaseDifferences(asked.case, asked.asked))
    for name, reason in asked.down.items():
        times = len(asked.asked.get(name, ()))
        noise.leave(f"asked {times} of {len(asked.cells[name])} times: {reason}", name)
    for name, cells in again.items():
        for sentence in _changed_outcomes(cells, asked.case):
            noise.leave(sentence, name)
            noise.unlearned = True
    # Answers from a changed state would make rules for what only the state explains
    if noise.unlearned:
        return noise
    for name in again:
        _learn_orders(noise, name)
    for name in again:
        _learn_values(noise, name)
    noise.drop_needless()
    return noise


def _changed_outcomes(cells: Sequence[Cell], case: Case) -> Iterator[str]:
    """Yield a sentence for each step with varying outcomes, a fault, or too few requests.

    The last is a step that was not asked each time.
    """
    for step, seen in enumerate(zip(*(cell.observations for cell in cells), strict=True)):
        at = _step(case, step, " ")
        asked = [each for each in seen if not isinstance(each, NotAsked)]
        outcomes = list(dict.fromkeys(map(_outcome, asked)))
        varies = len(outcomes) > 1
        if varies or Fault in map(type, asked):
            verb = "answered" if isinstance(asked[0], Answer) else "gave"
            isolate = _advice(case) if varies else ""
            yield f"{at}{verb} {', then '.join(outcomes)}{isolate}"
        elif 0 < len(asked) < len(seen):
            yield f"{at}asked {len(asked)} of {len(seen)} times"


def _advice(case: Case) -> str:
    """Return what to do about a case that may change what it reads."""
    return f"; {if_it_changes(case.unsafe_method)}" if case.changes_what_it_reads else ""


def _outcome(seen: Answer | Fault) -> str:
    return str(seen.status) if isinstance(seen, Answer) else f"no answer ({seen.kind.value})"


def _learn_orders(noise: CaseNoise, runtime: str) -> None:
    """Accept rules for lists that come in another order, so that their elements are compared.

    The elements are compared with themselves.
    """
    cells = noise.differences.cells[runtime]
    for step in range(len(noise.differences.case.steps)):
        places = [finding.place for finding in noise.own(runtime) if finding.step == step]
        # The whole body has an empty path, and no rule can be about its order
        paths = filter(None, map(path_of_place, places))
        for rule in order_rules(cells, step, paths):
            helps = len(noise.own(runtime, rule)) < len(noise.own(runtime))
            if helps and not noise.hidden_by(rule):
                noise.accept(rule)


def _learn_values(noise: CaseNoise, runtime: str) -> None:
    """Accept a rule for each place where a runtime differs from itself, or note why not."""
    left, tried = set[Key](), set[Key]()
    while findings := _without(noise.own(runtime), left):
        if untried := _without(findings, tried):
            tried.update(map(_key, untried))
            _accept_narrowest(noise, runtime, untried)
            continue
        first = findings[0]
        why_not = _learn_value(noise, runtime, first)
        if why_not is not None:
            left.add(_key(first))
            place = general_place(first, noise.differences.cells[runtime])
            signature = replace(first.signatures[0], path=place)
            step = _step(noise.differences.case, first.step, ": ")
            noise.leave(f"{step}{signature}: {why_not}", runtime)


def _without(findings: Iterable[Finding], keys: AbstractSet[Key]) -> list[Finding]:
    """Return the findings that have none of some keys."""
    return [finding for finding in findings if _key(finding) not in keys]


def _accept_narrowest(noise: CaseNoise, runtime: str, findings: Sequence[Finding]) -> None:
    """Accept the narrowest rule of each difference, as far as these work.

    All are accepted at once, else half by half.
    """
    cells = noise.differences.cells[runtime]
    narrowest: list[Rule | None] = [
        next(loosening_rules(finding, cells), None) for finding in findings
    ]
    rules: tuple[Rule, ...] = tuple(dict.fromkeys(filter(None, narrowest)))
    if rules and _suffice(noise, runtime, rules, findings):
        noise.accept(*rules)
    elif len(findings) > 1:
        middle = len(findings) // 2
        _accept_narrowest(noise, runtime, findings[:middle])
        _accept_narrowest(noise, runtime, findings[middle:])


def _suffice(
    noise: CaseNoise, runtime: str, rules: Sequence[Rule], findings: Sequence[Finding]
) -> bool:
    """Return whether rules end differences of a runtime from itself, and hide none of others."""
    left = set(map(_key, noise.own(runtime, *rules)))
    if not left.isdisjoint(map(_key, findings)):
        return False
    return noise.fits(runtime, rules, findings) and not noise.hidden_by(*rules)


def _learn_value(noise: CaseNoise, runtime: str, finding: Finding) -> str | None:
    """Accept the narrowest rule that does; return why there is none.

    What a rule hides, a broader one hides, too.
    """
    unfit: list[str] = []
    for rule in loosening_rules(finding, noise.differences.cells[runtime]):
        if _key(finding) in map(_key, noise.own(runtime, rule)):
            continue
        # Broader rules hide it too, so there is no use in trying them
        if hidden := noise.hidden_by(rule):
            return "; ".join((*unfit[:1], f"`{form_of(rule)}` would hide {hidden}"))
        if left := left_at(noise.differences, (*noise.accepted, rule), runtime, finding):
            unfit.append(f"`{form_of(rule)}` does not fit every runtime: it leaves {left}")
            continue
        noise.accept(rule)
        return None
    return "; ".join(unfit[:1]) or why_none(finding)


def _step(case: Case, step: int, end: str) -> str:
    """Return which step of a case it is, empty where the case has only one."""
    return f"step {step + 1}{end}" if len(case.steps) > 1 else ""
