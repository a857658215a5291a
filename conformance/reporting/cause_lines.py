"""Causes as lines for a terminal: in full, in one line each, or as many as fit on a screen."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from conformance.comparison.finding_titles import shown_place
from conformance.comparison.sentences import place_of
from conformance.grouped import grouped
from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.report import RunReport
from conformance.reporting import phrases
from conformance.reporting.excerpts import columns_of, cut_middle, cut_together
from conformance.reporting.terminal import Line, Style, View, more_lines, styled
from conformance.safe_text import visible
from conformance.wording import plural, some

SCREEN_LINES: Final = 40
"""The limit for the lines of the head and the causes; the first cause alone may take more."""
LISTED_CAUSES: Final = 15
"""How many causes get one line each before there is room for another one in full."""
SHOWN_PLACES: Final = 3
SHOWN_FIXES: Final = 2
SHOWN_DECISIONS: Final = 3
SHOWN_RULES: Final = 3
_LINES_OF_A_COUNT: Final = 3
"""A blank line before the listed causes, another one after them, and the count of the others."""
_PLACE_COLUMNS: Final = 60
_UNDECIDED: Final[Style] = "red"
_DECIDED: Final[Style] = "yellow"
ROW_TO_BE: Final = "the row that this command writes, without reason and owner:"
_INDENT: Final = "   "


class CauseLines:
    """The causes of a run, as lines in one view."""

    def __init__(self, report: RunReport, view: View) -> None:
        self._report = report
        self._view = view
        self._keys = phrases.short_keys(report.groups)
        self._titles = phrases.short_titles(report.groups)

    def lines(self, used: int) -> Iterator[Line]:
        """Yield as many causes as fit after `used` lines.

        The first causes are in full, the next ones in one line each, and then the number of the
        others. The meaning of idioms is included if there is room for all causes.
        """
        full, listed, explained = self._division(used)
        for at in range(full):
            yield "", ""
            yield from self.in_full(at, explained=explained)
        if listed:
            yield "", ""
        yield from (self._in_one_line(at) for at in range(full, full + listed))
        if more := len(self._report.groups) - full - listed:
            yield "", ""
            hint = (
                "without --top: all"
                if self._view.everything
                else "--verbose shows all, --top N shows N"
            )
            yield f"… and {plural(more, 'more cause')} ({hint})", "dim"

    def _division(self, used: int) -> tuple[int, int, bool]:
        """Return the number of causes in full and in one line, and whether idioms are explained."""
        total, room = len(self._report.groups), SCREEN_LINES - used
        if self._view.everything or self._view.top is not None:
            return min(total, self._view.top or total), 0, True
        if self._all_fit(room):
            return total, 0, True
        full, room = 0, room - _LINES_OF_A_COUNT
        for at in range(total):
            block = 1 + self._rows(self.in_full(at, explained=False))
            listed = min(total - at - 1, LISTED_CAUSES)
            if full and block + listed > room:
                break
            full, room = at + 1, room - block
        return full, max(0, min(total - full, room)), False

    def _all_fit(self, room: int) -> bool:
        """Return whether all causes fit in full, each after a blank line."""
        for at in range(len(self._report.groups)):
            room -= 1 + self._rows(self.in_full(at, explained=True))
            if room < 0:
                return False
        return True

    def _rows(self, lines: Iterable[Line]) -> int:
        """Return the number of screen rows of some lines; a long line takes several rows."""
        return sum(max(1, -(-columns_of(text) // self._view.columns)) for text, _ in lines)

    def in_full(self, at: int, *, explained: bool) -> Iterator[Line]:
        """Yield a cause, given by its index, in full."""
        group, view = self._report.groups[at], self._view
        yield self._title(at)
        yield _INDENT + view.fit(visible(phrases.sides(group)), 2), ""
        if group.explanation and explained:
            yield _INDENT + view.fit(group.explanation, 2), "dim"
        yield from _fix_lines(group, view)
        yield from _example_lines(group, view)
        yield from self._standing_lines(group)

    def explained(
        self, at: int, rows: Sequence[Sequence[str]], *, everything: bool
    ) -> Iterator[Line]:
        """Yield a cause, given by its index, without an example.

        It has one signature and one of `rows` (the rows that would decide or do decide it), or
        everything.
        """
        group = self._report.groups[at]
        yield self._title(at)
        yield _INDENT + visible(phrases.sides(group)), ""
        if group.explanation:
            yield _INDENT + group.explanation, "dim"
        yield from _fix_lines(group, self._view)
        most = None if everything else 1
        for signature in group.signatures[:most]:
            yield f"{_INDENT}signature: {visible(str(signature))}", ""
        yield from _count_lines(group.signatures[1:], "signature", everything=everything)
        yield from _rule_lines(group.rules, group.no_rules)
        if group.decidable:
            yield from self._undecided_lines(group)
        for row in rows[:most]:
            yield f"{_INDENT}{ROW_TO_BE}", ""
            yield from styled((f"{_INDENT}  {visible(line)}" for line in row), "dim")
        yield from _count_lines(rows[1:], "row", everything=everything)
        lines = decision_lines(group, group.decisions[:most], self._report)
        yield from styled((_INDENT + visible(line) for line in lines), "yellow")
        yield from _count_lines(group.decisions[1:], "decision", everything=everything)

    def _title(self, at: int) -> Line:
        """Return the first line of a cause, red if a case of it is undecided."""
        is_undecided = self._report.groups[at].undecided
        return self._headline(at), "bold red" if is_undecided else "bold yellow"

    def _headline(self, at: int) -> str:
        """Return the number, key and title of a cause, and how many cases show it."""
        group = self._report.groups[at]
        title = group.title if self._view.everything else self._titles[group.key]
        cases = phrases.explains(group, sum(self._report.counts.values()))
        return f"{at + 1}. [{self._keys[group.key]}] {visible(title)} — {cases}"

    def _in_one_line(self, at: int) -> Line:
        """Return a cause in one line, with its sides or with the rows that decide it."""
        group = self._report.groups[at]
        if group.undecided:
            what, style = visible(phrases.shown(group)), _UNDECIDED
        else:
            what, style = phrases.standing(group, self._report), _DECIDED
        return self._view.fit(f"{self._headline(at)}: {what}"), style

    def _standing_lines(self, group: Group) -> Iterator[Line]:
        """Yield the number of undecided cases with the command for them, then the rows."""
        view = self._view
        if group.by_itself:
            rules = view.first(group.rules, SHOWN_RULES)
            yield from _rule_lines(rules, view.first(group.no_rules, SHOWN_RULES))
        elif group.undecided:
            yield from self._undecided_lines(group)
        ids = view.first(group.decisions, SHOWN_DECISIONS)
        lines = decision_lines(group, ids, self._report)
        yield from styled((_INDENT + view.fit(visible(line), 2) for line in lines), "yellow")
        more = len(group.decisions) - len(ids)
        yield from more_lines(more, "decision", style="yellow", start=f"{_INDENT}… ")

    def _undecided_lines(self, group: Group) -> Iterator[Line]:
        """Yield the number of undecided cases and the command that decides them.

        A warning about values that change each time comes first.
        """
        if group.varying:
            yield _INDENT + phrases.varying(group), ""
        command = phrases.decide(group, self._keys[group.key])
        yield f"{_INDENT}{phrases.undecided(group)}: {command}", "red"


def _count_lines(others: Sequence[object], noun: str, *, everything: bool) -> Iterator[Line]:
    """Yield a line with the number of items left out, unless everything is shown."""
    if not everything:
        yield from more_lines(len(others), noun, " (--all)", start=_INDENT)


def decision_lines(group: Group, ids: Sequence[str], report: RunReport) -> Iterator[str]:
    """Yield a sentence on each of the given rows, which cover a cause or a part of it."""
    by_id = {decision.id: decision for decision in report.decisions}
    for decision in map(by_id.__getitem__, ids):
        state = decision.state.value
        standing = [
            f"{state} in {decision.commit}" if decision.commit else state,
            decision.kind.value,
        ]
        if decision.loc_estimate:
            standing.append(f"about {plural(decision.loc_estimate, 'line')}")
        what = "the rest" if group.undecided else "it"
        covers = f"covers {what}" if decision.live else "says that this is fixed, and it is back"
        yield f"{decision.id} {covers} ({', '.join(standing)}): {decision.title}"


def _rule_lines(rules: Sequence[str], no_rules: Sequence[str]) -> Iterator[Line]:
    would_excuse = f"{_INDENT}a rule would excuse it, if that is right: "
    yield from styled(would_excuse + visible(rule) for rule in rules)
    yield from styled(f"{_INDENT}no rule is proposed: {visible(reason)}" for reason in no_rules)


def _fix_lines(group: Group, view: View) -> Iterator[Line]:
    remedies = view.first(group.remedies, SHOWN_FIXES)
    yield from styled(_INDENT + view.fit(phrases.fix(remedy, group), 2) for remedy in remedies)
    if others := [remedy.runtime for remedy in group.remedies[len(remedies) :]]:
        conjunction = "or" if group.for_any else "and"
        yield f"{_INDENT}… {conjunction} in {phrases.names(others)}", ""


def _example_lines(group: Group, view: View) -> Iterator[Line]:
    """Yield one occurrence with what each runtime sent, and the other places of the cause."""
    example = group.examples[0]
    place = visible(place_of(example.finding, example.steps))
    beside = view.fit(visible(_other_spellings(example.finding)))
    yield f"{_INDENT}for example {example.case_id} at {_fit_place(place, view)}{beside}", ""
    if example.finding.detail:
        yield f"{_INDENT}  {view.fit(visible(example.finding.detail), 2)}", ""
    yield from sent_lines(example.finding, f"{_INDENT}  ", view)
    if group.also:
        yield f"{_INDENT}{view.fit(visible(phrases.also(group)), 2)}", ""
    here = place_of(example.finding, example.steps)
    if others := [visible(other) for other in group.places if other != here]:
        names = [_fit_place(other, view) for other in others]
        most = len(view.first(names, SHOWN_PLACES))
        yield f"{_INDENT}also at {some(names, most)}", ""


def _fit_place(place: str, view: View) -> str:
    return place if view.everything else cut_middle(place, _PLACE_COLUMNS)


def _other_spellings(finding: Finding) -> str:
    """Return how other runtimes spell the place of a finding, in brackets; empty if none."""
    places = chain.from_iterable(side.places for side in finding.sides)
    place_of_runtime = dict(zip(finding.runtimes, places, strict=True))
    calling = grouped(place_of_runtime, place_of_runtime.__getitem__)
    calling.pop(shown_place(finding), None)
    calling.pop("", None)
    others = (f"{place} in {phrases.names(runtimes)}" for place, runtimes in calling.items())
    spelled = "; ".join(others)
    return spelled and f" ({spelled})"


def sent_lines(finding: Finding, indent: str, view: View) -> Iterator[Line]:
    """Yield what each runtime sent in one occurrence of a finding.

    Runtimes that sent the same value share a line.
    """
    lines = phrases.sent_lines(finding)
    width = max((len(who) for who, _ in lines), default=0)
    values = [visible(value) for _, value in lines]
    if values and not view.everything:
        values = cut_together(
            values, max(view.columns - len(indent) - width - 2, _PLACE_COLUMNS // 2)
        )
    yield from styled(
        f"{indent}{who:<{width}}  {value}" for (who, _), value in zip(lines, values, strict=True)
    )
